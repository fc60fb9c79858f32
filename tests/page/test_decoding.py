"""Bytes to text by rule: labels of the Chinese charsets as WHATWG's table has them, declarations in
header, prolog and meta element, and what is done where they are wrong."""

from __future__ import annotations

import pytest

from archive.page.decoding import decode

pytestmark = pytest.mark.slow  # tries many inputs

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


HEADERS = ["ISO-8859-1", "iso8859-1", "latin1", "us-ascii", "windows-1252", "iso-8859-15"]


@pytest.mark.parametrize("label", HEADERS)
@pytest.mark.parametrize("place", ["meta", "prolog", "none"])
@pytest.mark.parametrize("text", ["供水", "关于做好供水保障工作的通知", NOTICE])
def test_a_latin_header_is_a_servers_default(label: str, place: str, text: str) -> None:
    """Bytes of GB 2312 alone are valid windows-1252."""
    before = {
        "meta": '<html><meta charset="gbk"><p>',
        "prolog": '<?xml version="1.0" encoding="GB2312"?><rss><title>',
        "none": "<html><p>",
    }[place]

    decoded = decode((before + text).encode("gbk"), f"text/html; charset={label}")

    assert (decoded.text, decoded.encoding) == (before + text, "gb18030")


@pytest.mark.parametrize("label", HEADERS)
@pytest.mark.parametrize("text", ["“供水”", "é", "政府", "通知·公告"])
def test_a_latin_header_gives_way_to_bytes_that_are_utf8(label: str, text: str) -> None:
    decoded = decode(f"<p>{text}</p>".encode(), f"text/html; charset={label}")

    assert (decoded.text, decoded.encoding) == (f"<p>{text}</p>", "utf-8")


@pytest.mark.parametrize("text", ["Café", "München", "naïve – “déjà vu”", "créée à l’été", "£5"])
@pytest.mark.parametrize("place", ["header", "meta"])
def test_latin_letters_are_read_as_declared(text: str, place: str) -> None:
    page = f'<html><meta charset="{"iso-8859-1" if place == "meta" else ""}"><p>{text}</p>'
    header = "text/html; charset=ISO-8859-1" if place == "header" else "text/html"

    decoded = decode(page.encode("cp1252"), header)

    assert (decoded.text, decoded.encoding) == (page, "cp1252")


@pytest.mark.parametrize(
    ("pair", "character"),
    [
        (b"\xa3\xe1", "€"),
        (b"\xc6\xcf", "廴"),
        (b"\xc6\xd7", "隶"),
        (b"\xc6\xde", "〃"),
        (b"\x87\x7a", "㡵"),
        (b"\x87\xdf", "鿋"),
    ],
)
@pytest.mark.parametrize("place", ["header", "meta", "prolog"])
def test_big5_has_the_pairs_of_whatwgs_table(pair: bytes, character: str, place: str) -> None:
    before = {
        "header": "<html>",
        "meta": '<html><meta charset="big5">',
        "prolog": '<?xml version="1.0" encoding="big5"?><rss>',
    }[place]
    header = "text/html; charset=big5" if place == "header" else "text/html"

    decoded = decode(before.encode() + pair + CANTONESE.encode("big5hkscs"), header)

    assert (decoded.encoding, decoded.damaged) == ("big5hkscs", False)
    assert decoded.text == before + character + CANTONESE


@pytest.mark.parametrize(
    ("label", "codec", "damage"),
    [
        ("big5", "big5hkscs", b"\x81\x81"),
        ("big5-hkscs", "big5hkscs", b"\x86\xa1"),
        ("gbk", "gb18030", b"\xff\xff"),
        ("utf-8", "utf-8", b"\xb9\xa9"),
        ("utf-8", "utf-8", b"\xe9"),
    ],
)
@pytest.mark.parametrize("place", ["header", "meta"])
def test_a_declared_charset_is_kept_with_a_little_damage(
    label: str, codec: str, damage: bytes, place: str
) -> None:
    """Another Chinese charset takes any pair of bytes, and makes nonsense of all."""
    page = f'<html><meta charset="{label if place == "meta" else ""}"><p>{CANTONESE * 3}'
    header = f"text/html; charset={label}" if place == "header" else "text/html"

    decoded = decode(page.encode(codec) + damage + b"<p>", header)

    assert (decoded.encoding, decoded.damaged) == (codec, True)
    assert decoded.text.startswith(page + "\ufffd") and decoded.text.endswith("<p>")


def test_a_page_in_utf8_that_was_cut_is_read_as_such_without_a_declaration() -> None:
    text = "会议要求落实四早措施" * 3

    decoded = decode(f"<html><p>{text}".encode()[:-2])

    assert (decoded.encoding, decoded.damaged) == ("utf-8", True)
    assert decoded.text == f"<html><p>{text[:-1]}\ufffd"


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "windows-1251", "euc-kr", "shift_jis", "utf-8", "nonsense"]
)
def test_only_a_chinese_prolog_counts(label: str) -> None:
    feed = (
        f'<?xml version="1.0" encoding="{label}"?><rss><item><title>{NOTICE}</title></item></rss>'
    )

    decoded = decode(feed.encode("gbk"), "text/xml")

    assert (decoded.text, decoded.encoding) == (feed, "gb18030")


def test_the_prolog_of_an_xhtml_page_counts_where_nothing_else_decides() -> None:
    page = f'<?xml version="1.0" encoding="big5"?><html><p>{CANTONESE}</p>'

    decoded = decode(page.encode("big5hkscs"), "text/html")

    assert (decoded.text, decoded.encoding) == (page, "big5hkscs")


@pytest.mark.parametrize(
    "label", ["utf-16", "UTF-16LE", "utf-16be", "utf-32", "utf-7", "unicode_escape", "punycode"]
)
@pytest.mark.parametrize("place", ["header", "meta", "prolog"])
def test_a_charset_that_a_page_of_ascii_letters_cannot_be_in_is_ignored(
    label: str, place: str
) -> None:
    """UTF-16 without its bytes; and what browsers do not know."""
    page = {
        "header": "<html>",
        "meta": f'<html><meta charset="{label}">',
        "prolog": f'<?xml version="1.0" encoding="{label}"?><rss>',
    }[place] + rf"{NOTICE}+AGE- \u4e00"
    header = f"text/html; charset={label}" if place == "header" else "text/html"

    for codec in ("utf-8", "gb18030"):
        assert decode(page.encode(codec), header).text == page


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_is_read_by_its_mark(codec: str) -> None:
    decoded = decode(f"\ufeff<p>{NOTICE}".encode(codec), "text/html; charset=gbk")

    assert (decoded.text, decoded.encoding) == (f"<p>{NOTICE}", codec)


TRADITIONAL = [
    "臺北市政府公告：為確保供水安全，請市民配合節約用水。",
    "香港特別行政區政府新聞公報：天文臺發出暴雨警告信號。",
    "關於調整自來水價格的說明會將於下週三舉行，歡迎參加。",
    "本局網站今日起改版，舊網址將保留三個月，請更新書籤。",
    "深水埗嘅街坊喺社區會堂開會，討論邨內食水嘅問題。",
    "行政院會議通過預算案，總額較去年增加百分之五。",
]


@pytest.mark.parametrize("text", TRADITIONAL)
@pytest.mark.parametrize("header", ["", "text/html", "text/html; charset=ISO-8859-1"])
def test_big5_that_nobody_declares_is_seen_by_its_pairs(text: str, header: str) -> None:
    page = f"<html><head><title>{text}</title></head><body><p>{text}</p></body></html>"

    decoded = decode(page.encode("big5hkscs"), header)

    assert (decoded.text, decoded.encoding) == (page, "big5hkscs")


@pytest.mark.parametrize("text", [*TRADITIONAL, NOTICE, "关于调整自来水价格的说明会将于下周三举行"])
def test_a_gb_text_that_nobody_declares_is_no_big5(text: str) -> None:
    page = f"<html><p>{text}</p>"

    assert decode(page.encode("gb18030")).text == page


@pytest.mark.parametrize("text", TRADITIONAL)
@pytest.mark.parametrize(
    ("declared", "codec"), [("gbk", "big5hkscs"), ("utf-8", "big5hkscs"), ("big5", "gb18030")]
)
def test_a_declaration_of_the_other_charset_gives_way_to_many_pairs(
    text: str, declared: str, codec: str
) -> None:
    written = (text if codec != "gb18030" else "关于调整自来水价格的说明会将于下周三举行。") * 3
    page = f'<html><meta charset="{declared}"><p>{written}</p>'

    assert decode(page.encode(codec), f"text/html; charset={declared}").text == page
