"""Pages of a known platform in a layout that its rules do not know are read, marked and reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest

from archive import extraction
from archive.archive import Archive
from archive.database.reading import select
from archive.database.rows import CaptureRow, VersionRow
from archive.history.diff import edits
from archive.model import Article
from archive.monitoring.alarms import of_runs
from archive.monitoring.news import news
from archive.monitoring.summary import summary_of
from archive.page.page import Page
from archive.platforms import load
from tests.rigs.history import BEGUN, STORY, URL, History
from tests.rigs.history import page as known_page
from tests.standin.pages import AFTER, BEFORE, WRAPPING, Story, jsp_page, next_page, seed_story
from tests.standin.web import Reply

LINES = [
    f"第{number}项，云溪县水务局组织检修供水管网，保障居民用水安全，请相互转告。"
    for number in range(8)
]
MENU = "".join(f"<li><a href='/{n}'>{escape(line)}</a></li>" for n, line in enumerate(BEFORE))
FOOT = "".join(f"<li><a href='/f{n}'>{escape(line)}</a></li>" for n, line in enumerate(AFTER))


def framed(story: Story, inside: str) -> bytes:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{story.title}_澎湃新闻</title></head><body>"
        f"<header><ul>{MENU}</ul></header>{inside}<footer><ul>{FOOT}</ul></footer></body></html>"
    ).encode()


def _paragraphs(story: Story, tag: str) -> str:
    return "".join(f"<{tag}>{escape(line)}</{tag}>" for line in story.text)


LAYOUTS: dict[str, Callable[[Story], bytes]] = {
    "semantic": lambda story: framed(story, f"<main><article><h1>{story.title}</h1><time>{story.printed}</time><section>{_paragraphs(story, 'p')}</section></article></main>"),
    "utility classes": lambda story: framed(story, f"<div class='mt-4'><h1 class='text-2xl'>{story.title}</h1><div class='flex'><span>{story.printed}</span></div><div class='prose px-2'>{_paragraphs(story, 'div')}</div></div>"),
    "line breaks": lambda story: framed(story, f"<div id='wrap'><h2>{story.title}</h2><p class='sub'>{story.printed}</p><div class='detail-words'>{'<br/>'.join(story.text)}</div></div>"),
    "sections": lambda story: framed(story, f"<section class='s1'><h1>{story.title}</h1><section><span>{story.printed}</span></section><section>{''.join(f'<section><p>{line}</p></section>' for line in story.text)}</section></section>"),
    "table": lambda story: framed(story, f"<table><tr><td><h1>{story.title}</h1></td></tr><tr><td>{story.printed}</td></tr><tr><td>{_paragraphs(story, 'p')}</td></tr></table>"),
    "old shell, new inside": lambda story: framed(story, f'<div class="newscontent"><h1 class="a1">{story.title}</h1><i>{story.printed}</i><div class="a2">{_paragraphs(story, "p")}</div></div>'),
    "new classes, data elsewhere": lambda story: next_page(story).replace(b"index_cententWrap__", b"detail_words__").replace(b'"detailData"', b'"articleData"'),
}  # fmt: skip


def story(number: int) -> Story:
    return replace(
        STORY, cont_id=5_900_000 + number, title=f"云溪县第{number}次停水通知", text=LINES
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_another_layout_is_read_marked_and_reported(layout: str, tmp_path: Path) -> None:
    history = History(tmp_path)
    run = history.articles(0.0, [(story(1).cont_id, Reply(body=LAYOUTS[layout](story(1))))])
    history.index()

    with Archive(tmp_path) as archive:
        version = next(select(archive.connection, VersionRow, ""))
        capture = next(select(archive.connection, CaptureRow, "WHERE role = 'article'"))
        assert version.article_id == capture.article_id == "thepaper-5900001"
        assert version.title.startswith(story(1).title)
        assert version.text.split("\n") == LINES
        assert version.published_at and version.published_at.startswith("2031-03-01T07:00")
        assert version.rules == "general" and capture.agreement is None
        assert (capture.outcome, capture.reason) == ("article", "unknown-layout")
        assert [hit.id for hit in archive.search("供水管网")] == ["thepaper-5900001"]
        alarms = of_runs(archive.connection, [run], BEGUN).all
        assert any("unknown-layout" in alarm and "5900001" in alarm for alarm in alarms), alarms
    assert not WRAPPING & set(version.text.split("\n"))


@pytest.mark.parametrize("layout", ["next", "dom", "jsp"])
def test_the_general_rules_read_the_seed_article_exactly(layout: str, shared: Path) -> None:
    """With the rules of its platform switched off."""
    seed = seed_story(shared / "seed" / "article.txt", layout)
    html = (jsp_page if layout == "jsp" else next_page)(seed)
    platform = replace(load()["thepaper"], rules=())
    url = URL.format(seed.cont_id)

    article = extraction.read(Page(url=url, body=html), platform, platform.locate(url))

    assert isinstance(article, Article), article
    assert (article.rules, article.id) == ("general", "thepaper-5701234")
    assert (article.title, article.text.split("\n")) == (seed.title, seed.text)
    assert article.published_at == "2020-02-02T20:52:00+08:00"
    assert not (WRAPPING - set(seed.text)) & set(article.text.split("\n"))


@pytest.mark.parametrize("order", ["before", "after", "between"])
def test_another_layout_is_no_edit(order: str, tmp_path: Path) -> None:
    """General rules part this text otherwise than the platform's own."""
    history = History(tmp_path)
    known = known_page(story(1))
    other = Reply(body=LAYOUTS["table"](replace(story(1), text=["".join(LINES)])))
    pages = {"before": [other, known], "after": [known, other], "between": [known, other, known]}
    runs = [
        history.articles(24.0 * number, [(story(1).cont_id, reply)])
        for number, reply in enumerate(pages[order])
    ]
    history.index()

    with Archive(tmp_path) as archive:
        article = next(archive.articles())
        assert (article.status, article.version_count) == ("live", 1)
        assert article.text.split("\n") == LINES
        assert len(archive.versions(article.id)) == 2
        assert [item.kind for item in news(archive, since=runs[0])] == ["new"]
        assert summary_of(archive.connection, runs).changed == 0
        assert list(edits(archive.connection, article.id)) == []


def test_an_edit_in_another_layout_is_seen_where_nothing_else_was_read(tmp_path: Path) -> None:
    history = History(tmp_path)
    for number, text in enumerate((LINES, [*LINES, "另行通知。"])):
        page = LAYOUTS["table"](replace(story(1), text=text))
        history.articles(24.0 * number, [(story(1).cont_id, Reply(body=page))])
    history.index()

    with Archive(tmp_path) as archive:
        article = next(archive.articles())
        assert (article.status, article.version_count) == ("changed", 2)
        assert len(list(edits(archive.connection, article.id))) == 1


def test_a_known_layout_raises_no_such_alarm(tmp_path: Path) -> None:
    history = History(tmp_path)
    run = history.articles(0.0, [(story(1).cont_id, known_page(story(1)))])
    history.index()

    with Archive(tmp_path) as archive:
        assert of_runs(archive.connection, [run], BEGUN).all == []
