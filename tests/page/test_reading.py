"""Bytes to text, text to paragraphs, messages to bodies: the small functions that all else is built on."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Unreadable
from archive.extraction import extract
from archive.model import Article, Failure
from archive.page.dates import agreed_time, from_local
from archive.page.decoding import decode
from archive.page.fields import author_and_source
from archive.page.page import fragment
from archive.page.paragraphs import blocks
from archive.warc import codings, http

CHINESE = "政府公告：疫情防控，王䶮。"


@pytest.mark.parametrize(
    ("body", "header", "encoding"),
    [
        (CHINESE.encode(), "", "utf-8"),
        (CHINESE.encode("gb18030"), "", "gb18030"),
        (CHINESE.encode("gb18030"), "text/html; charset=GB2312", "gb18030"),
        (b'<meta charset="gbk">' + CHINESE.encode("gb18030"), "", "gb18030"),
        (b'<meta charset="gb2312">' + CHINESE.encode(), "", "utf-8"),
        (CHINESE.encode(), "text/html; charset=gbk", "utf-8"),
        (b"\xef\xbb\xbf" + CHINESE.encode(), "text/html; charset=gbk", "utf-8"),
        (CHINESE.encode("utf-16"), "", "utf-16-le"),
        ("臺灣政府".encode("big5"), "text/html; charset=big5", "big5hkscs"),
        (CHINESE.encode(), "text/html; charset=nonsense", "utf-8"),
    ],
)
def test_bytes_are_decoded_by_rule(body: bytes, header: str, encoding: str) -> None:
    decoded = decode(body, header)

    assert (decoded.encoding, decoded.damaged) == (encoding, False)
    assert CHINESE in decoded.text or "臺灣政府" in decoded.text


DAMAGES = {  # codec, the bytes, what is read
    "a byte that is none of UTF-8": ("utf-8", "供".encode() + b"\xff" + "水".encode(), "供\ufffd水"),
    "a character cut off": ("utf-8", "供".encode()[:2] + "水".encode(), "\ufffd水"),
    "a byte within a character": ("utf-8", b"\xe4\xff\x9b" + "水".encode(), "\ufffd水"),
    "a first byte that is lost": ("utf-8", "供".encode()[1:] + "水".encode(), "\ufffd水"),
    "a pair that is no character": ("gb18030", b"\xb9\xff" + "水".encode("gbk"), "\ufffd水"),
    "a byte that is none of GBK": ("gb18030", "供".encode("gbk") + b"\xff" + "水".encode("gbk"), "供\ufffd水"),
    "a text cut by bytes": ("gb18030", "供".encode("gbk") + b"\xcb...", "供\ufffd..."),
    "a pair that is none of Big5": ("big5hkscs", b"\x81\xff" + "水".encode("big5"), "\ufffd水"),
    "a pair that is of nobody": ("big5hkscs", b"\x86\xa1" + "水".encode("big5"), "\ufffd水"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_character_is_one_sign_and_no_lost_article(damage: str) -> None:
    codec, damaged, expected = DAMAGES[damage]
    text = "，".join(["供水公告" * 8] * 4)
    page = f'<meta charset="{codec.removesuffix("hkscs")}"><div class="newscontent"><h1 class="news_title">公告</h1><div class="news_txt">開始{text}('
    body = page.encode(codec) + damaged + ")結束</div></div>".encode(codec)

    article = extract(body, "https://www.thepaper.cn/newsDetail_forward_1")

    assert isinstance(article, Article), article
    assert article.text == f"開始{text}({expected})結束"
    assert article.undecoded == 1


def test_a_text_of_another_charset_than_any_is_a_failure() -> None:
    body = (
        '<html><div class="newscontent"><h1 class="news_title">标题</h1><div class="news_txt">正文'.encode()
        + b"\xff\xfe\xfa" * 9
        + b"</div></div>"
    )

    assert decode(body).damaged
    failure = extract(body, "https://www.thepaper.cn/newsDetail_forward_1")
    assert isinstance(failure, Failure) and failure.reason == "undecodable"


def test_paragraphs_are_those_a_reader_sees() -> None:
    body = fragment(
        "<p>　　一、\n 二  三</p>四<br>五<script>x</script><div>六<b>七</b><p>八&nbsp;九</p>十</div>"
        "<ul><li>甲</li><li>乙</li></ul><table><tr><td>丙</td><td>丁 戊</td></tr></table><h2>己</h2>"
    )

    paragraphs = [text for _, text in blocks(body)]

    assert paragraphs == [
        "一、二 三",
        "四",
        "五",
        "六七",
        "八\xa0九",
        "十",
        "甲",
        "乙",
        "丙\t丁 戊",
        "己",
    ]
    assert blocks(body)[-1][0] == "h2"


def test_a_line_break_counts_where_the_page_declares_it() -> None:
    """Old notices are in a `pre`, a line a paragraph; elsewhere a break in the source is none."""
    body = fragment("<div>通\n知<pre>一、甲\r\n\n  二、<b>乙\n</b>三、丙<br>丁\n</pre>落\n款</div>")

    assert [text for _, text in blocks(body)] == [
        "通知",
        "一、甲",
        "二、乙",
        "三、丙",
        "丁",
        "落款",
    ]


def test_a_layout_table_is_no_data() -> None:
    body = fragment("<table><tr><td><p>一</p><p>二</p></td></tr></table>")

    assert [text for _, text in blocks(body)] == ["一", "二"]


def test_hostile_nesting_is_read() -> None:
    assert blocks(fragment("<div>" * 200 + "正文" + "</div>" * 200))[-1] == ("p", "正文")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2020-02-02 20:52", "2020-02-02T20:52:00+08:00"),
        ("2020年2月2日 20:52", "2020-02-02T20:52:00+08:00"),
        ("发布于 2020/02/02", "2020-02-02"),
        ("6小时前", None),
        ("2020-13-02 20:52", None),
        (None, None),
    ],
)
def test_printed_times(text: str | None, time: str | None) -> None:
    assert from_local(text) == time


def test_the_printed_minute_decides() -> None:
    assert agreed_time(1_790_045_984_634, "2026-09-22 10:59") == "2026-09-22T10:59:44+08:00"
    assert agreed_time(1_790_045_984_634, "2026-09-22 12:00") == "2026-09-22T12:00:00+08:00"
    assert agreed_time(None, "2026-09-22 12:00") == "2026-09-22T12:00:00+08:00"
    assert agreed_time(True, None) is None


def test_bylines() -> None:
    assert author_and_source("石佳/中国青年报") == ("石佳", "中国青年报")
    assert author_and_source("澎湃新闻首席记者 贺梨萍") == ("贺梨萍", "澎湃新闻")
    assert author_and_source("张三") == ("张三", None)
    assert author_and_source(None) == (None, None)


@given(
    st.lists(st.binary(min_size=1, max_size=200)),
    st.binary(max_size=50).filter(lambda tail: b"\n" not in tail),
)
def test_chunk_frames_come_off(pieces: list[bytes], tail: bytes) -> None:
    framed = (
        b"".join(b"%x;n=v\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n" + tail
    )

    message = http.dechunk(framed)

    assert (message.body, message.trailer, message.complete) == (b"".join(pieces), tail, True)


ONCE, TWICE = (
    gzip.compress(b"x" * 99, mtime=0),
    gzip.compress(b"x" * 50, mtime=0) + gzip.compress(b"x" * 49, mtime=0),
)


@pytest.mark.parametrize(
    "packed", [ONCE, TWICE, b"x" * 99], ids=["one member", "two members", "not packed"]
)
def test_gzip_is_undone_and_a_false_label_is_not_believed(packed: bytes) -> None:
    assert codings.decode(packed, "GZIP").body == b"x" * 99


def test_other_codings() -> None:
    raw = zlib.compressobj(wbits=-15)
    assert codings.decode(zlib.compress(b"abc"), "deflate").body == b"abc"
    assert codings.decode(raw.compress(b"abc") + raw.flush(), "deflate").body == b"abc"
    assert codings.decode(gzip.compress(bytes(range(256)) * 9)[:-20], "gzip").body.startswith(
        bytes(range(200))
    )
    with pytest.raises(Unreadable, match="compress cannot be undone"):
        codings.decode(b"abc", "compress")
    with pytest.raises(Unreadable, match="grows beyond"):
        codings.decode(gzip.compress(bytes(10**7)), "gzip", largest=10**6)
