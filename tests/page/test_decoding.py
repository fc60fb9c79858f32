"""Bytes to text by rule: labels of the Chinese charsets as WHATWG's table has them, declarations in
header, prolog and meta element, and what is done where they are wrong."""

from __future__ import annotations

import pytest

from archive.page.decoding import decode

# Some of these characters are in Big5-HKSCS and not in Big5.
CANTONESE = "深水埗嘅街坊喺度開會，討論邨內食水"
NOTICE = "关于做好供水保障工作的通知，朱镕基"  # 镕 is in GBK and not in GB 2312
# Bytes of GB 2312 that are valid UTF-8 too, but few.
SHORT = "实施"


@pytest.mark.parametrize("label", ["big5", "Big5-HKSCS", "cn-big5", "csbig5", "x-x-big5"])
@pytest.mark.parametrize("place", ["header", "meta"])
def test_a_page_that_declares_big5_is_read_as_big5_hkscs(label: str, place: str) -> None:
    page = f'<meta charset="{label if place == "meta" else ""}"><p>{CANTONESE}</p>'
    header = f"text/html; charset={label}" if place == "header" else "text/html"

    decoded = decode(page.encode("big5hkscs"), header)

    assert (decoded.encoding, decoded.damaged) == ("big5hkscs", False)
    assert CANTONESE in decoded.text


@pytest.mark.parametrize(
    "label", ["gb2312", "GBK", "x-gbk", "gb_2312-80", "csgb2312", "chinese", "cp936", "gb18030"]
)
@pytest.mark.parametrize("place", ["header", "meta"])
def test_a_page_that_declares_a_gb_charset_is_read_as_gb18030(label: str, place: str) -> None:
    page = f'<meta charset="{label if place == "meta" else ""}"><p>{SHORT}</p>'
    header = f"text/html; charset={label}" if place == "header" else "text/html"

    decoded = decode(page.encode("gb18030"), header)

    assert (decoded.encoding, decoded.damaged) == ("gb18030", False)
    assert SHORT in decoded.text


@pytest.mark.parametrize("label", ["gb2312", "gbk", "gb18030"])
def test_a_feed_whose_prolog_names_a_gb_charset_is_read_by_it(label: str) -> None:
    feed = f'<?xml version="1.0" encoding="{label}"?><rss><item><title>{SHORT}</title></item></rss>'

    decoded = decode(feed.encode("gb18030"), "text/xml")

    assert decoded.encoding == "gb18030"
    assert SHORT in decoded.text


def test_the_prolog_of_an_xhtml_page_is_not_asked() -> None:
    page = f'<?xml version="1.0" encoding="gb2312"?><html><p>{SHORT}é</p></html>'

    decoded = decode(page.encode())

    assert decoded.encoding == "utf-8"
    assert f"{SHORT}é" in decoded.text


def test_a_byte_order_mark_is_stronger_than_header_and_meta() -> None:
    page = f'<meta charset="gbk"><p>{NOTICE}</p>'.encode("utf-8-sig")

    decoded = decode(page, "text/html; charset=big5")

    assert decoded.encoding == "utf-8"
    assert decoded.text == f'<meta charset="gbk"><p>{NOTICE}</p>'


@pytest.mark.parametrize("label", ["nonsense", "hex", "rot13", "undefined", "x-user-defined"])
def test_a_label_that_names_no_charset_is_passed_over(label: str) -> None:
    decoded = decode(NOTICE.encode("gbk"), f"text/html; charset={label}")

    assert (decoded.text, decoded.encoding) == (NOTICE, "gb18030")


def test_a_character_cut_off_in_utf8_damages_itself_alone() -> None:
    page = f"<p>{NOTICE}</p>".encode().replace("镕".encode(), "镕".encode()[:2])

    decoded = decode(page, "text/html; charset=utf-8")

    assert (decoded.encoding, decoded.damaged) == ("utf-8", True)
    assert decoded.text == f"<p>{NOTICE}</p>".replace("镕", "\ufffd")


def test_a_latin_header_on_a_gbk_page_gives_way_to_meta_where_the_bytes_are_not_latin() -> None:
    page = f'<meta charset="gbk"><p>{NOTICE}峯</p>'.encode("gbk")  # 峯 is 0x8D6F

    decoded = decode(page, "text/html; charset=ISO-8859-1")

    assert decoded.encoding == "gb18030"
    assert NOTICE in decoded.text


@pytest.mark.xfail(reason="bytes of GB 2312 alone are valid windows-1252, and the header is first")
def test_a_latin_header_on_a_gb2312_page_gives_way_to_meta() -> None:
    page = '<meta charset="gbk"><p>关于做好供水保障工作的通知</p>'.encode("gbk")

    decoded = decode(page, "text/html; charset=ISO-8859-1")

    assert decoded.encoding == "gb18030"
