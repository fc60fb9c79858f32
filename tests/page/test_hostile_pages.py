"""Pages, lists and answers that are made to stop or fool who reads them: each ends in an article or
in a failure with its reason, in a time that is linear in its size."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from time import process_time

import pytest

from archive import extract, platforms
from archive.errors import Unreadable
from archive.model import Article, Failure
from archive.model.words import PAGE_FAULTS
from archive.page import limits
from archive.page.attributes import without_crowds
from archive.page.page import Page
from archive.warc.codings import decode
from archive.warc.http import Head, dechunk

pytestmark = pytest.mark.slow  # tries many inputs

PARAGRAPH = "<p>全县疫情防控工作会议今天召开，会议要求落实各项措施。</p>"
URLS = (
    "",
    "http://www.x.gov.cn/art/2020/2/2/art_1_2.html",
    "https://www.thepaper.cn/newsDetail_forward_5701234",
    "https://mp.weixin.qq.com/s/" + "a" * 22,
    "https://news.qq.com/rain/a/20200101A0000000",
    "https://baijiahao.baidu.com/s?id=1",
    "https://news.ifeng.com/c/80000000000",
    "https://www.163.com/dy/article/AAAAAAAAAAAAAAAA.html",
)
FLOOR = 0.02  # CPU seconds; what takes less is fast enough, and cannot be compared
NEXT = '<script id="__NEXT_DATA__" type="application/json">'


def page(body: str, head: str = "") -> str:
    start = f"<html><head><title>云溪县召开会议</title>{head}</head><body><h1>云溪县召开会议</h1>"
    return f"{start}<div id='zoom'>{PARAGRAPH * 5}{body}</div></body></html>"


def unmarked(body: str) -> str:
    return page("").replace(" id='zoom'", "") + body


# by name: a page of about so many characters
PAGES: dict[str, Callable[[int], str]] = {
    "elements within each other": lambda n: page("<div>" * (n // 5)),
    "five hundred within each other": lambda n: unmarked(
        "<div class=tit>" * 480 + "<i></i>" * (n // 7) + PARAGRAPH
    ),
    "bodies within each other": lambda n: unmarked(
        "<div id=article>" * 200 + "<p>一，二。</p>" * (n // 11)
    ),
    "paragraphs within each other": lambda n: unmarked("<section>" * 150 + "会议，" * (n // 3)),
    "lists within each other": lambda n: unmarked(
        "<ul><li>" * 200 + "<a href=/a>会议今天召开</a>" * 2 + "会议，" * (n // 3)
    ),
    "tables within each other": lambda n: page("<table><tr><td>一<td>" * (n // 20)),
    "links within each other": lambda n: page("<a href=a.pdf><div>" * 200 + "会议，" * (n // 3)),
    "siblings": lambda n: unmarked("<p>一，二。</p>" * (n // 11)),
    "boxes to drop": lambda n: unmarked("<div>" * 300 + "<div class=comment>一</div>" * (n // 28)),
    "headlines": lambda n: unmarked("<h2 class=title>云溪县召开会议</h2>" * (n // 28)),
    "lines to drop": lambda n: page("<p>上一页 下一页</p>" * (n // 14)),
    "an attribute": lambda n: page(f"<p title='{'a' * n}'>一</p>"),
    "attributes": lambda n: page("<p " + " ".join(f"a{i}" for i in range(n // 6)) + ">一</p>"),
    "attributes with ends of tags": lambda n: page("<p " + "a='>' " * (n // 6) + ">一</p>"),
    "attributes of a tag without end": lambda n: page("<p " + "a=b " * (n // 4)),
    "tags without end": lambda n: page("<p><b><i>一" * (n // 10)),
    "a row": lambda n: page("<table><tr>" + "<td>一</td>" * (n // 10)),
    "a paragraph": lambda n: page(f"<p>{'会议要求落实，' * (n // 7)}</p>"),
    "blanks": lambda n: page("<p>原标题" + "\u3000" * n + "一</p>"),
    "dates": lambda n: unmarked("<p>发布时间：2020-01-01 10:00</p>" * (n // 27)),
    "labels": lambda n: unmarked("<p>" + "来源：某报 作者：张三 " * (n // 14)),
    "scripts": lambda n: page(NEXT * (n // 50)),
    "comments": lambda n: page("<!--" * (n // 4)),
    "entities": lambda n: page("&" * n),
    "addresses of the page": lambda n: page("", "<base href='http://a.example/'>" * (n // 31)),
    "ends of the page": lambda n: page("</body></html>" * (n // 14)),
    "openings of tags": lambda n: page("<" * n),
    "nothing visible": lambda n: page("\0" * n),
    "JSON within each other": lambda n: "[" * n,
    "objects within each other": lambda n: '{"a":' * (n // 5),
    "closed lists within each other": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "a number": lambda n: f'{{"a":{"9" * n}}}',
    "a number with an exponent": lambda n: f'{{"a":1e{"9" * n}}}',
    "a script within each other": lambda n: page(NEXT + "[" * n + "</script>"),
    "a script with a number": lambda n: page(f'{NEXT}{{"a":{"9" * n}}}</script>'),
    "data within each other": lambda n: page(
        "<script>window.DATA = window.jsonData = var allData = " + '{"a":' * (n // 5)
    ),
    "a feed before its root": lambda n: "<!---->" * (n // 7) + "<rss>",
    "a feed within each other": lambda n: "<rss>" + "<item>" * (n // 6),
    "a feed with attributes": lambda n: "<rss " + "a=''" * (n // 4) + ">",
    "a feed with entities": lambda n: (
        f"<!DOCTYPE r [<!ENTITY a '{'a' * 99}'><!ENTITY b '{'&a;' * (n // 6)}'>]><rss>"
        + "<item><title>&b;</title><link>/a</link></item>" * (n // 90)
    ),
    "a call": lambda n: "a(" * (n // 2) + ")" * 100,
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_an_article_or_a_failure(name: str) -> None:
    for url in URLS:
        result = extract(PAGES[name](4000).encode(), url)

        assert isinstance(result, Article | Failure)
        assert not isinstance(result, Failure) or result.reason


@pytest.mark.parametrize("name", PAGES)
def test_every_list_is_read_or_unreadable(name: str) -> None:
    """Raises nothing but what `failures_as_unreadable` would make of it anyway."""
    body = PAGES[name](4000).encode()
    for platform in platforms.load().values():
        if platform.discover and platform.name != "demo":
            answer = Page(url="https://www.thepaper.cn/x", body=body, request_body=b"{}")
            with pytest.raises((Unreadable, LookupError, TypeError, ValueError, AttributeError)):
                platform.discover(answer)


def seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def longer(make: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times longer than linear work takes that is twice as much, from four times as much:
    the caches of the machine are too small for the longer one, which costs the same each time."""
    small, large = make(size), make(4 * size)
    if (most := seconds(large)) < FLOOR:
        return 0.0
    return (most / min(seconds(small), seconds(small)) / 4) ** 0.5


def growth(make: Callable[[int], Callable[[], object]], size: int) -> float:
    """The least of some measurements, because a busy machine makes any of them too long; a
    quadratic one gives about two each time."""
    measured = longer(make, size)
    for _ in range(9):
        if measured > 1.3:
            time.sleep(0.2)
            measured = min(measured, longer(make, size))
    return measured


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_the_time_is_linear_in_the_page(name: str) -> None:
    assert growth(lambda size: partial(extract, PAGES[name](size).encode(), URLS[1]), 16_000) < 1.3


# by name: work over about so many bytes
ANSWERS: dict[str, Callable[[int], Callable[[], object]]] = {
    "members": lambda n: partial(
        decode, gzip.compress(b"") * (n // 20) + gzip.compress(b"x"), "gzip"
    ),
    "chunks": lambda n: partial(dechunk, b"1\r\nx\r\n" * (n // 6) + b"0\r\n\r\n"),
    "codings": lambda n: partial(decode, b"x", "identity, " * (n // 10)),
    "continuation lines": lambda n: partial(
        Head(b"HTTP/1.1 200 OK\r\nA: b" + b"\r\n b" * (n // 4)).get, "A"
    ),
    "blanks of a head": lambda n: partial(Head(b"HTTP/1.1 200 OK\r\nA:" + b" " * n).get, "A"),
    "fields": lambda n: partial(Head(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * (n // 6)).get, "B"),
    "tags": lambda n: partial(without_crowds, "<a b='" * (n // 6)),
    "tags in scripts": lambda n: partial(without_crowds, "<script><a b='>'" * (n // 16)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ANSWERS)
def test_the_time_is_linear_in_the_answer(name: str) -> None:
    assert growth(ANSWERS[name], 400_000) < 1.3


def reason(text: str, url: str = "") -> str | None:
    result = extract(text.encode(), url)
    return result.reason if isinstance(result, Failure) else None


def beyond() -> Iterator[tuple[str, str]]:
    deep = limits.MOST_DEPTH + 1
    for url in ("", URLS[1]):
        yield "too-deep", reason(page("<div>" * deep + PARAGRAPH), url) or ""
        yield "too-deep", reason(page("<div>" * 3000 + PARAGRAPH), url) or ""
        yield "vast", reason(page("<p>" * (limits.MOST_TAGS + 1)), url) or ""
        yield "too-large", reason("a" * (limits.LARGEST_PAGE + 1), url) or ""
        yield "too-large", reason(page("a " * (limits.MOST_TEXT // 2)), url) or ""


def test_each_limit_has_its_reason() -> None:
    for expected, actual in beyond():
        assert actual == expected
        assert actual in PAGE_FAULTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[" * 201 + "]" * 201, "too-deep"),
        ('{"a":' * 201 + "1" + "}" * 201, "too-deep"),
        ("[" * 100_000, "too-deep"),
        (f'{{"a":{"9" * 1001}}}', "too-many-digits"),
        (f"[-{'9' * 1_000_000}]", "too-many-digits"),
    ],
)
def test_json_beyond_the_limits_has_its_reason(text: str, expected: str) -> None:
    for read in (lambda answer: answer.json, lambda answer: answer.next_data):
        body = text if read(Page(url="", body=b"{}")) == {} else page(f"{NEXT}{text}</script>")
        with pytest.raises(Unreadable) as error:
            read(Page(url="", body=body.encode()))
        assert error.value.reason == expected


@pytest.mark.slow
def test_what_is_within_the_limits_is_read_to_its_end() -> None:
    deep = limits.MOST_DEPTH - 10
    for body in ("<div>" * deep + "最后一句话。", "<p>" + "会议。" * 500_000 + "最后一句话。"):
        result = extract(page(body).encode(), "")

        assert isinstance(result, Article)
        assert result.text.endswith("最后一句话。")
    assert Page(url="", body=b"[" * 200 + b"]" * 200).json
    assert Page(url="", body=b"9" * 1000).json > 0


def test_a_page_that_takes_too_long_is_a_failure_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "CPU_SECONDS", -1)

    assert [reason(page(PARAGRAPH), url) for url in URLS[:2]] == ["too-slow", "too-slow"]


@pytest.mark.parametrize(
    ("start", "quote"), [*product(("", "<!-- <b ' -->", "<script>a<b x='</script>"), "\"'")]
)
def test_a_crowd_of_attributes_is_dropped_wherever_it_is(start: str, quote: str) -> None:
    crowds = (
        "a " * 400,
        "a=b " * 400,
        f"a={quote}>{quote} " * 400,
        f"a{quote}=c " * 400,
        "a/" * 400,
    )
    for crowd in crowds:
        assert without_crowds(f"{start}<p {crowd}>一</p>") == f"{start}<p{crowd[-1]}>一</p>"
