"""Articles on several pages: one row, one text, the captures of each page; what was not had, and what came later."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.index.indexer import index, rebuild
from archive.platforms import load
from tests.rigs.paged import FORMS, Form, PagedArchive, page, text_of, unaddressed
from tests.standin.web import Reply

pytestmark = pytest.mark.slow  # tries many inputs

NUMBERS = FORMS["numbers"]
GONE = Reply(404, body=b"<html><body>404</body></html>")


def joined(*numbers: int, word: str = "要求", other: int = 0) -> str:
    lines = (text_of(n, word if n == other else "要求") for n in numbers)
    return "\n".join(line for page in lines for line in page)


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [line for line in db.iterdump() if "articles_fts" not in line]


@pytest.fixture
def paged(tmp_path: Path) -> Iterator[PagedArchive]:
    archive = PagedArchive(tmp_path, NUMBERS)
    yield archive
    before = dump(tmp_path / "archive.db")
    rebuild(tmp_path / "warc", tmp_path / "archive.db", load())
    assert dump(tmp_path / "archive.db") == before


@pytest.mark.parametrize("facts", [True, False], ids=["our crawl", "another program's"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_pages_are_one_article(tmp_path: Path, form: object, facts: bool) -> None:
    paged = PagedArchive(tmp_path, form, facts=facts)  # type: ignore[arg-type]
    paged.run(0)
    with paged.index() as archive:
        (article,) = archive.articles()
        pages = archive.connection.execute(
            "SELECT number, url, capture IS NOT NULL FROM article_pages ORDER BY number"
        ).fetchall()

    assert (article.id, article.url.split("://")[1]) == (paged.id, paged.urls[0].split("://")[1])
    assert article.text == joined(1, 2, 3)
    assert article.markdown == joined(1, 2, 3).replace("\n", "\n\n")
    assert (article.pages, article.complete, article.version_count) == (3, 1, 1)
    assert [tuple(row) for row in pages] == [(n, url, 1) for n, url in enumerate(paged.urls, 1)]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_page_that_a_list_led_to_is_no_article(tmp_path: Path, form: object) -> None:
    paged = PagedArchive(tmp_path, form)  # type: ignore[arg-type]
    paged.run(0, as_articles=True)
    with paged.index() as archive:
        (article,) = archive.articles()

    assert (article.id, article.text) == (paged.id, joined(1, 2, 3))


def test_another_page_three_is_a_version(paged: PagedArchive) -> None:
    paged.run(0)
    paged.run(24, {3: paged.page(3, "改为")})
    with paged.index() as archive:
        first, second = archive.versions(paged.id)
        (edit,) = archive.edits(paged.id)

    assert (first.text, second.text) == (joined(1, 2, 3), joined(1, 2, 3, word="改为", other=3))
    assert list(edit.fields) == ["text"]


@pytest.mark.parametrize("failure", [GONE, Reply(503), Reply(403), Reply(200, body=b"<html>")])
def test_a_page_that_failed_once_makes_no_version(paged: PagedArchive, failure: Reply) -> None:
    paged.run(0)
    paged.run(24, {3: failure})
    paged.run(48, {3: failure})
    paged.run(72)
    with paged.index() as archive:
        (version,) = archive.versions(paged.id)
        article = archive.article(paged.id)

    assert (version.complete, article.status, article.withdrawn_by) == (1, "live", None)


def test_a_page_that_came_late_completes_the_version(paged: PagedArchive) -> None:
    paged.run(0, {2: GONE})
    with paged.index() as archive:
        article = archive.article(paged.id)
        assert (article.text, article.pages, article.complete) == (joined(1, 3), 3, 0)
    paged.run(24, asked=[2])
    with paged.index() as archive:
        (version,) = archive.versions(paged.id)
        article = archive.article(paged.id)

    assert (version.text, version.complete, article.complete) == (joined(1, 2, 3), 1, 1)
    assert (article.status, article.version_count) == ("live", 1)


def test_files_in_any_order_give_the_same(tmp_path: Path) -> None:
    dumps = []
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        paged = PagedArchive(tmp_path / str(order[0]), NUMBERS)
        paged.run(0, {2: GONE})
        paged.run(24, asked=[2])
        paged.run(48, {3: paged.page(3, "改为"), 1: GONE})
        warcs = sorted((paged.folder / "warc").glob("*.warc.gz"))
        for place in order:
            some = paged.folder / "some"
            some.mkdir(exist_ok=True)
            (some / warcs[place].name).write_bytes(warcs[place].read_bytes())
            index(some, paged.folder / "archive.db", load())
        with closing(sqlite3.connect(paged.folder / "archive.db")) as db:
            dumps.append(
                [
                    db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()
                    for table in ("captures", "versions", "article_pages", "page_readings")
                ]
            )

    assert dumps[0] == dumps[1] == dumps[2]


def test_a_page_that_repeats_the_last_one_ends_the_article(tmp_path: Path) -> None:
    paged = PagedArchive(tmp_path, FORMS["a parameter"], count=5)
    last = paged.page(3).body
    paged.run(0, {4: Reply(body=last), 5: Reply(body=last)})
    with paged.index() as archive:
        (article,) = archive.articles()

    assert (article.text, article.pages, article.complete) == (joined(1, 2, 3), 3, 1)


def test_an_article_that_is_on_one_page_again_is_another_version_only_by_its_text(
    paged: PagedArchive,
) -> None:
    paged.run(0)
    everything = [line for n in (1, 2, 3) for line in text_of(n)]
    paged.run(24, {1: Reply(body=page(everything, ""))}, asked=[1])
    with paged.index() as archive:
        (version,) = archive.versions(paged.id)

    assert (version.pages, version.complete) == (1, 1)


def test_pages_whose_addresses_only_a_script_knows_are_missing(tmp_path: Path) -> None:
    form = Form("/zw/content_127.html", "/zw/content_127_{n}.html", unaddressed)
    paged = PagedArchive(tmp_path, form)
    paged.run(0, asked=[1])
    with paged.index() as archive:
        (article,) = archive.articles()

    assert article.text == joined(1)
    assert (article.pages, article.complete) == (3, 0)
