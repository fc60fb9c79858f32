"""News: what was seen to happen since a moment, the same bytes for one state."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import feedparser
import pytest
from lxml import html

from archive import Archive
from archive.errors import UsageError
from archive.history.diff import Edit, Piece
from archive.monitoring.news import News, news, since_moment
from archive.monitoring.news_feed import atom, page
from tests.monitoring.conftest import run
from tests.rigs.history import STORY

ID = f"thepaper-{STORY.cont_id}"
HOSTILE = News(
    kind="new",
    at="2031-03-01T00:00:00Z",
    id="thepaper-1",
    title="<script>x</script>\x1b[2J\ud800]]>",
    account="a&b<c>",
    platform="thepaper",
    url="javascript:alert(1)",
    published_at=None,
    text="<img src=x onerror=y>\x00",
)


def kinds(folder: Path, since: str | None, **of: str) -> list[tuple[str, str]]:
    with Archive(folder) as archive:
        return [(item.kind, item.id) for item in news(archive, since=since, **of)]


def test_news_are_what_was_seen_to_happen_in_order(folder: Path) -> None:
    of_story = [kind for kind, article in kinds(folder, "2031-01-01") if article == ID]

    assert of_story == ["new", "changed", "withdrawn", "back", "changed"]


def test_since_a_run_a_day_or_the_last_crawl(folder: Path) -> None:
    with Archive(folder) as archive:
        runs = [
            row[0] for row in archive.connection.execute("SELECT id FROM runs ORDER BY started_at")
        ]
    assert kinds(folder, runs[1])[0] == ("changed", ID)
    assert kinds(folder, "2031-03-02")[0] == ("changed", ID)
    assert kinds(folder, None) == [("back", ID), ("changed", ID)]
    assert kinds(folder, "2099-01-01") == []


@pytest.mark.parametrize("since", ["yesterday", "2031-02-30", "", "20310301", "x' OR 1"])
def test_what_is_neither_a_day_nor_a_run_is_wrong_usage(folder: Path, since: str) -> None:
    with Archive(folder) as archive, pytest.raises(UsageError, match="neither a day"):
        since_moment(archive.connection, since)


def test_a_query_and_filters_choose_articles(folder: Path) -> None:
    of_words = kinds(folder, "2031-01-01", query="春耕")
    assert {article for _, article in of_words} == {ID} and len(of_words) == 5
    assert kinds(folder, "2031-01-01", query="不存在的词") == []
    assert kinds(folder, "2031-01-01", platform="thepaper") == kinds(folder, "2031-01-01")
    with Archive(folder) as archive:
        item = news(archive, since="2031-01-01", query="疫情")[0]
        with pytest.raises(UsageError, match="no platform thepapr"):
            news(archive, platform="thepapr")
    assert "【疫情】" in (item.text or "")


def test_text_has_times_and_differences_and_json_all_of_it(folder: Path) -> None:
    text = run(folder, "--since", "2031-01-01").stdout
    lines = [
        json.loads(line)
        for line in run(folder, "--since", "2031-01-01", "--format", "json").stdout.splitlines()
    ]

    assert "[-落实“四早”措施-]{+压实责任+}" in text
    assert "went after 2031-03-02" in text and "seen again" in text
    assert next(line["kind"] for line in lines if line["id"] == ID) == "new"
    assert run(folder, "--since", "2099-01-01").stderr == "Nothing has happened since then.\n"


def test_the_feed_is_valid_atom(folder: Path) -> None:
    data = run(folder, "--format", "atom").stdout.encode()
    feed = feedparser.parse(data)

    assert not feed.bozo and feed.version == "atom10"
    assert feed.feed.id.startswith("urn:uuid:") and feed.feed.updated == feed.entries[0].updated
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) > 4
    assert [entry.updated for entry in feed.entries] == sorted(
        (entry.updated for entry in feed.entries), reverse=True
    )
    changed = next(entry for entry in feed.entries if entry.tags[0].term == "changed")
    assert "<del>" in changed.content[0].value and changed.link.startswith(
        "https://www.thepaper.cn/"
    )


def test_one_state_gives_the_same_bytes_wherever_it_is(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    with Archive(copy) as archive:
        archive.rebuild()
    for ending in ("atom", "html", "jsonl", "txt"):
        files = [tmp_path / f"{number}.{ending}" for number in range(2)]
        for place, file in zip((folder, copy), files, strict=True):
            done = run(place, "--since", "2031-01-01", "--write", str(file))
            assert done.exit_code == 0 and done.output == "", done.output
        assert files[0].read_bytes() == files[1].read_bytes() != b""


def test_a_name_that_says_no_format_is_wrong_usage(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "--write", str(tmp_path / "news.pdf"))

    assert result.exit_code == 2 and "end it in .atom" in result.stderr


def test_what_pages_say_is_text_in_a_feed_and_on_a_page() -> None:
    edit = Edit(
        seen_at="a",
        found_at="b",
        captures=("1", "2"),
        fields={"title": [Piece("added", "<b>\x08")]},
    )
    items = [
        HOSTILE,
        News(
            **{
                **{name: getattr(HOSTILE, name) for name in HOSTILE.__slots__},
                "kind": "changed",
                "edit": edit,
            }
        ),
    ]

    feed = feedparser.parse(atom(items, title="t", identity="i"))
    tree = html.document_fromstring(page(items, title="t").decode())

    assert not feed.bozo and len(feed.entries) == 2
    assert not tree.xpath("//script | //img | //b")
    assert tree.xpath("//h2/a/@href") == ["", ""]


def test_no_news_is_a_feed_too() -> None:
    feed = feedparser.parse(atom([], title="t", identity="i"))

    assert not feed.bozo and feed.entries == []
    assert b"Nothing has happened." in page([], title="t")
