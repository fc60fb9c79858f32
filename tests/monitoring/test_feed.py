"""The feed of news by the rules of RFC 4287 and of validators of feeds, and in stock feed readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from archive import Archive
from archive.history.diff import Edit, Piece
from archive.monitoring.news import News
from archive.monitoring.news_feed import ATOM, atom
from tests.monitoring.conftest import run

AT = "https://feeds.example/news.atom"
NS = {"a": ATOM}
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NO_IRI = re.compile(r'[\s"<>\\^`{|}\x00-\x20\x7f]')
ONCE = ("id", "title", "updated")  # sections 4.1.1 and 4.1.2: exactly one of each
ITEM = News(
    kind="new",
    at="2031-03-01T00:00:00Z",
    id="thepaper-1",
    title="通报",
    account="云溪发布",
    platform="thepaper",
    url="https://www.thepaper.cn/newsDetail_forward_1",
    published_at=None,
    text="正文",
)
EDIT = Edit(
    seen_at="2031-03-01T00:00:00Z",
    found_at="2031-03-02T00:00:00Z",
    captures=("1", "2"),
    fields={"text": [Piece("same", "<b>\n" * 60), Piece("removed", "</p>"), Piece("added", "]]>")]},
)
HOSTILE = [
    replace(ITEM, title="<script>x</script>\x1b[2J\ud800]]>"),
    replace(ITEM, title=""),
    replace(ITEM, title="\ufffe\uffff\x85\u2028" * 300),
    replace(ITEM, account=" \t"),
    replace(ITEM, account="a&b<c>\x00"),
    replace(ITEM, account=None),
    replace(ITEM, url="javascript:alert(1)"),
    replace(ITEM, url='https://a.example/空 格"<>\\^`{|}\t\x7f?a=1&b=2#x'),
    replace(ITEM, url="https://例子.example/路径?问=答"),
    replace(ITEM, url=""),
    replace(ITEM, text=None),
    replace(ITEM, text="<img src=x onerror=y>&nbsp;&#0;\x00"),
    replace(ITEM, kind="withdrawn", before=None, reason="<tombstone>"),
    replace(ITEM, kind="back", before="2031-02-01T00:00:00Z"),
    replace(ITEM, kind="changed", edit=EDIT),
    replace(ITEM, kind="changed", edit=replace(EDIT, fields={})),
]


def faults(data: bytes) -> Iterator[str]:
    """What a validator of feeds complains of."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False))
    if root.tag != f"{{{ATOM}}}feed":
        yield "the root is no feed"
    for place in (root, *root.iterfind("a:entry", NS)):
        for name in ONCE:
            elements = place.findall(f"a:{name}", NS)
            if len(elements) != 1 or not (elements[0].text or "").strip():
                yield f"{place.tag}: {len(elements)} {name}, or an empty one"
    ids = [element.text for element in root.iterfind(".//a:id", NS)]
    if len({*ids}) != len(ids) or not all(urlsplit(text or "").scheme for text in ids):
        yield "an id that is no IRI, or used twice"
    for element in root.iterfind(".//a:updated", NS):
        if not RFC3339.fullmatch(element.text or "") or not datetime.fromisoformat(element.text):
            yield f"{element.text} is no time of RFC 3339"
    if not root.findall("a:author/a:name", NS):
        yield "no author"
    for name in root.iterfind(".//a:name", NS):
        if not (name.text or "").strip():
            yield "an author without a name"
    itself = root.xpath("a:link[@rel='self']", namespaces=NS)
    if len(itself) != 1 or itself[0].get("type") != "application/atom+xml":
        yield "no link to itself"
    for link in root.iterfind(".//a:link", NS):
        address = link.get("href", "")
        if not urlsplit(address).scheme or not urlsplit(address).netloc or NO_IRI.search(address):
            yield f"{address!r} is no absolute IRI"
    for content in root.iterfind(".//a:content", NS):
        yield from (
            _faults_of_html(content.text or "") if content.get("type") == "html" else ["type"]
        )
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", data.decode()):
        yield "a character that XML has not"


def _faults_of_html(text: str) -> Iterator[str]:
    for element in html.fragments_fromstring(f"<div>{text}</div>")[0].iter():
        if element.tag not in ("div", "p", "span", "del", "ins") or element.attrib:
            yield f"{element.tag} in the content"
    if re.search(r"<\w+/>|&(?!amp;|lt;|gt;|nbsp;|#\d+;)", text):
        yield "content that HTML reads otherwise"


def written(folder: Path, file: Path, *words: str) -> bytes:
    done = run(folder, "--write", str(file), "--feed-url", AT, *words)
    assert (done.exit_code, done.output) == (0, "")
    return file.read_bytes()


def test_a_real_feed_keeps_every_rule(folder: Path, tmp_path: Path) -> None:
    data = written(folder, tmp_path / "news.atom")

    assert list(faults(data)) == []
    feed = feedparser.parse(data)
    assert not feed.bozo and len(feed.entries) > 4
    assert feed.feed.links[0].href == AT and feed.feed.links[0].rel == "self"


@pytest.mark.parametrize("item", HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_whatever_a_page_says_the_feed_keeps_every_rule(item: News) -> None:
    other = replace(ITEM, id="thepaper-2", at="2031-03-01T00:00:01.5Z")
    data = atom([item, other], title="政文", identity="i", address=AT)

    assert list(faults(data)) == []
    feed = feedparser.parse(data)
    assert not feed.bozo and len(feed.entries) == 2


def test_an_archive_without_news_has_a_feed() -> None:
    data = atom([], title="政文", identity="i", address=AT)

    assert list(faults(data)) == [] and not feedparser.parse(data).bozo


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"<updated>2031-03-01T00:00:00Z", b"<updated>2031-03-01"),
        (b'rel="self"', b'rel="alternate"'),
        (b"<id>urn:uuid:", b"<id>"),
        ("<title>新发：通报</title>".encode(), b"<title/>"),
        ("<name>云溪发布</name>".encode(), b"<name> </name>"),
        (b"https://www.thepaper.cn/", b"/"),
        (b"https://www.thepaper.cn/", b"https://www.thepaper.cn/ "),
        (b"&lt;p&gt;", b"&lt;p/&gt;"),
        (b"&lt;p&gt;", b"&lt;img src=x&gt;"),
        (b"<feed ", b"<rss "),
    ],
)
def test_the_rules_find_what_is_wrong(right: bytes, wrong: bytes) -> None:
    data = atom([ITEM], title="政文", identity="i", address=AT)
    assert right in data and list(faults(data)) == []

    changed = data.replace(right, wrong)
    changed = changed.replace(b"</feed>", b"</rss>") if b"<rss " in changed else changed
    assert list(faults(changed)) != []


def test_a_stock_feed_reader_sees_each_news_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READER_NO_VENDORED_FEEDPARSER", "1")  # its copy wants a module of old
    from reader import make_reader

    file = tmp_path / "news.atom"
    with Archive(folder) as archive:
        runs = [
            row[0] for row in archive.connection.execute("SELECT id FROM runs ORDER BY started_at")
        ]
    with make_reader(":memory:", feed_root=str(tmp_path)) as reader:
        reader.add_feed("news.atom")
        seen = []
        for since in (runs[-1], "2031-01-01", "2031-01-01"):
            written(folder, file, "--since", since)
            reader.update_feed("news.atom")
            seen.append({entry.id for entry in reader.get_entries()})

        assert seen[0] < seen[1] == seen[2] and len(seen[0]) == 2 and len(seen[1]) > 5
        assert reader.get_feed("news.atom").title == "政文 Zhengwen"
        changed = next(entry for entry in reader.get_entries() if "修改" in (entry.title or ""))
        assert changed.link and changed.link.startswith("https://www.thepaper.cn/")
        assert "<ins>" in changed.content[0].value and changed.updated is not None


@pytest.mark.parametrize(
    "words",
    [
        ["--feed-url", "feeds.example/x", "--format", "atom"],
        ["--feed-url", AT],
        ["--feed-url", AT, "--write", "news.html"],
        ["--feed-url", "https:///x", "--format", "atom"],
        ["--feed-url", "", "--format", "atom"],
    ],
)
def test_an_address_of_the_feed_that_cannot_be_is_wrong_usage(
    folder: Path, words: list[str]
) -> None:
    done = run(folder, *words)

    assert done.exit_code == 2 and "--feed-url is" in done.stderr and done.stderr.count("\n") == 1
