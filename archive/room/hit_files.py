"""The hits of a search as files: CSV, an Excel workbook, JSON, and an Atom feed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from archive.archive import Archive
from archive.database.opening import read_rows
from archive.monitoring.news_feed import MEDIA_TYPE as ATOM
from archive.room.answer import Answer, attachment
from archive.room.asked import Asked
from archive.room.every import of_all
from archive.room.feed import FIRST_RUN
from archive.room.finding import ASKED, MOST_IN_FILE
from archive.room.hit_feed import FeedHit, feed
from archive.room.looking import PICTURES, looking, row_of
from archive.search.hit_formats import csv_of, workbook_of
from archive.search.pictures import PictureHit
from archive.search.search import Hit

IN_FEED = 100
MARKS = ("【", "】")
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
SEEN = """SELECT id, first_captured_at FROM articles
    WHERE id IN (SELECT value FROM json_each(?))"""


def hit_file(archive: Archive, asked: Asked, form: str) -> Answer:
    """The hits as CSV, as an Excel workbook or as JSON."""
    wanted = looking(archive, asked)
    rows = list(map(row_of, wanted.hits(MOST_IN_FILE, 0, MARKS)))
    if form == "json":
        body = json.dumps({"query": asked.values.get("q"), "hits": rows}, ensure_ascii=False)
        return Answer(body=body.encode("utf-8", "replace"), content_type=MEDIA_TYPES[form])
    names = columns(asked)
    data = csv_of(rows, names) if form == "csv" else workbook_of(rows, names)
    return Answer(
        body=data, content_type=MEDIA_TYPES[form], headers=attachment(f"zhengwen-hits.{form}")
    )


def columns(asked: Asked) -> tuple[str, ...]:
    """The columns of a file of hits."""
    kind: type[Any] = PictureHit if asked.values.get("in") == PICTURES else Hit
    return tuple(field.name for field in fields(kind))


def hit_feed(archive: Archive, asked: Asked) -> Answer:
    """The first hits as an Atom feed, which a reader may follow."""
    wanted = looking(archive, asked)
    hits = wanted.hits(IN_FEED, 0, MARKS)
    given = {name: asked.values.get(name) for name in ASKED}
    address = f"{asked.site}{asked.link('hits.atom', **given)}"
    body = feed(
        _entries(archive, asked, hits),
        title=f"政文 Zhengwen: {asked.values.get('q', '')}",
        identity=f"{_first_run(archive)} {sorted(filter(all, given.items()))}",
        address=address,
        page=f"{asked.site}{asked.link('search', **given)}",
    )
    return Answer(body=body, content_type=f"{ATOM}; charset=utf-8")


def _first_run(archive: Archive) -> str:
    """What no other archive has."""
    return str(next(read_rows(archive.connection, FIRST_RUN), {"id": archive.path.name})["id"])


def _entries(archive: Archive, asked: Asked, hits: Sequence[Hit | PictureHit]) -> list[FeedHit]:
    ids = json.dumps([hit.id for hit in hits])
    seen = {row["id"]: row["first_captured_at"] for row in of_all(archive, SEEN, [ids])}
    return [
        FeedHit(
            id=f"{hit.id} {hit.picture}" if isinstance(hit, PictureHit) else hit.id,
            title=hit.title,
            account=hit.account,
            at=seen[hit.id],
            published_at=hit.published_at,
            passage=hit.snippet,
            address=f"{asked.site}{asked.link('article', hit.id, q=asked.values.get('q'))}",
        )
        for hit in hits
    ]
