"""The versions of articles that are on several pages: joined from what each capture of a page
shows.

Whoever asks for an article again asks for all of its pages, and one that does not answer then says
nothing: its text is that of the capture before, or of the first one after. So a page that failed
once makes no version, and one that came late completes the version that lacked it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from archive.database import writing
from archive.database.rows import ArticlePageRow, VersionRow, columns
from archive.general.page_addresses import MOST, same
from archive.index.content_digest import INVISIBLE, digest_of
from archive.model.columns import digest_fields

READINGS = """SELECT c.id, c.captured_at, c.run, c.role, c.url, r.number, r.pages, r.page_count,
        r.content
    FROM captures c JOIN page_readings r ON r.capture = coalesce(c.refers_to, c.id)
    WHERE c.article_id = ? AND c.role IN ('article', 'part') ORDER BY c.captured_at, c.id"""
FROM_OTHER_PAGES = ("reprinted_from", "original_title", "editor")  # fields that are at the end
LAST = "9999"  # after every time


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture of one page, and what it shows."""

    capture: str
    captured_at: str
    run: str | None
    role: str
    url: str
    number: int
    pages: dict[int, str]
    count: int | None
    content: dict[str, Any]


def join_pages(connection: sqlite3.Connection, article_id: str) -> bool:
    """Make the versions of an article again that are on several pages, and say with the captures of
    its first page which of them each shows.

    Args:
        connection: to the database, in a transaction of the caller.
        article_id: `articles.id`.

    Returns:
        Whether there are such pages.
    """
    readings = list(_readings(connection, article_id))
    if not readings:
        return False
    statement = "DELETE FROM versions WHERE article_id = ? AND pages > 1"
    connection.execute(statement, (article_id,))
    rows: dict[str, list[ArticlePageRow]] = {}
    firsts = [each for each in readings if each.role == "article" and each.number == 1]
    for place, first in enumerate(firsts):
        until = firsts[place + 1].captured_at if place + 1 < len(firsts) else LAST
        pages = _pages_of(first, until, readings)
        version = _joined(first, pages)
        if version.digest not in rows:
            rows[version.digest] = [_row(version, number, *pages[number]) for number in pages]
            writing.insert(connection, "versions", [columns(version)])
        connection.execute(
            "UPDATE captures SET content_digest = ? WHERE id = ?", (version.digest, first.capture)
        )
    pages_of_all = (columns(row) for version in rows.values() for row in version)
    writing.replace_rows(connection, "article_pages", article_id, pages_of_all)
    return True


def _readings(connection: sqlite3.Connection, article_id: str) -> Iterator[Reading]:
    for capture, at, run, role, url, number, pages, count, content in connection.execute(
        READINGS, (article_id,)
    ):
        named = {int(number): url for number, url in json.loads(pages)}
        yield Reading(capture, at, run, role, url, number, named, count, json.loads(content))


Pages = dict[int, tuple[str | None, Reading | None]]
"""Address and capture of each page, by number; both None where it is not known."""


def _pages_of(first: Reading, until: str, readings: Sequence[Reading]) -> Pages:
    """The pages of an article as one capture of its first page and those around it show them."""
    pages: Pages = {1: (first.url, first)}
    named = dict(first.pages)
    texts = {_visible(first)}
    number = 1
    while number < min(max([first.count or 0, *named]), MOST):
        number += 1
        part = _chosen(first, until, _parts(readings, number, named.get(number)))
        if part:
            if _visible(part) in texts and part.content["text"]:
                break  # behind its last page a site shows the last one, or the first, again
            texts.add(_visible(part))
            shift = number - part.number
            named = {each + shift: url for each, url in part.pages.items()} | named
        pages[number] = named.get(number) or (part.url if part else None), part
    return pages


def _parts(readings: Iterable[Reading], number: int, url: str | None) -> list[Reading]:
    """The captures of a page: of the address that another names for it, else those that say the
    number of themselves."""
    parts = [each for each in readings if each.role == "part"]
    if url is None:
        return [part for part in parts if part.number == number]
    return [part for part in parts if same(part.url, url)]


def _visible(reading: Reading) -> str:
    return INVISIBLE.sub("", reading.content["text"])


def _chosen(first: Reading, until: str, parts: Sequence[Reading]) -> Reading | None:
    """The capture of a page that belongs to one of the first page, among those of the same page in
    time."""
    if first.run:
        together = [part for part in parts if part.run == first.run]
    else:
        together = [part for part in parts if first.captured_at <= part.captured_at < until]
    before = [part for part in parts if part.captured_at < first.captured_at]
    after = [part for part in parts if part.captured_at >= first.captured_at]
    return next(iter([*together[-1:], *before[-1:], *after[:1]]), None)


def _joined(first: Reading, pages: Pages) -> VersionRow:
    readings = [part for _, part in pages.values() if part]
    content = dict(first.content)
    content["text"] = "\n".join(filter(None, (each.content["text"] for each in readings)))
    content["markdown"] = "\n\n".join(filter(None, (each.content["markdown"] for each in readings)))
    for name in FROM_OTHER_PAGES:
        values = (each.content[name] for each in readings if each.content[name])
        content[name] = next(values, None)
    content["pictures"] = json.dumps(_pictures(readings), ensure_ascii=False)
    content["digest"] = digest_of(content[name] for name in digest_fields())
    content["capture"] = first.capture
    content["first_captured_at"] = content["last_captured_at"] = first.captured_at
    return VersionRow(**content, pages=len(pages), complete=int(len(readings) == len(pages)))


def _pictures(readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """Those of all pages, each once."""
    by_address: dict[str, dict[str, Any]] = {}
    for reading in readings:
        for picture in json.loads(reading.content["pictures"]):
            by_address.setdefault(picture["url"], picture)
    return list(by_address.values())


def _row(
    version: VersionRow, number: int, url: str | None, reading: Reading | None
) -> ArticlePageRow:
    return ArticlePageRow(
        article_id=version.article_id,
        digest=version.digest,
        number=number,
        url=url,
        capture=reading.capture if reading else None,
        captured_at=reading.captured_at if reading else None,
    )
