"""Search of the text in pictures, which is no text of an article: which pictures hold a query, and
where in them."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from archive.database.opening import read_rows
from archive.errors import ArchiveError, UsageError
from archive.model import Status
from archive.ocr.answers import NO_ANSWER, lines_of
from archive.ocr.lines import Box, TextLine, boxes_of
from archive.search.accounts import accounts_called
from archive.search.expression import Document, Expression
from archive.search.filters import Filters
from archive.search.parser import parse
from archive.search.search import Order, counted_by, in_order, order_of
from archive.search.snippet import Marks, matches, snippet
from archive.search.window import bounds

OF_HITS = """FROM media_text_fts
    CROSS JOIN media_text t ON t.pk = media_text_fts.rowid
    CROSS JOIN media m ON m.payload_digest = t.payload_digest
    CROSS JOIN articles a ON a.id = m.article_id
    WHERE media_text_fts MATCH :match
        AND (:platform IS NULL OR a.platform = :platform)
        AND (:status IS NULL OR a.status = :status)
        AND (:account IS NULL OR a.account = :account OR a.account_id = :account
            OR (a.platform, a.account_id) IN (SELECT value ->> 0, value ->> 1
                FROM json_each(:called))) {conditions}"""
HITS = f"""SELECT a.id, a.title, a.account, a.published_at, a.platform, a.url, a.status,
        m.url AS picture, m.capture, t.payload_digest, t.width, t.height, t.text, t.lines
    {OF_HITS} ORDER BY a.published_at DESC, a.id DESC, m.position"""
COUNTS = f"SELECT {{value}} AS value, t.text {OF_HITS}"
CAPTURED = """SELECT DISTINCT m.payload_digest FROM media m
    WHERE m.kind = 'picture' AND m.payload_digest IS NOT NULL"""
READ = f"{CAPTURED} AND m.payload_digest IN (SELECT payload_digest FROM media_text)"
SHOWN = ("id", "title", "account", "published_at", "platform", "url", "status")
OF_PICTURE = ("picture", "capture", "payload_digest", "width", "height")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureHit:
    """A picture of an article whose text holds the query.

    Attributes:
        rank: from 1.
        picture: the picture's address; `capture` and `payload_digest` are those of its bytes.
        width, height: of the picture, in pixels.
        snippet: of its text as it was read, the matches between 【 and 】.
        boxes: where the matches are: left, top, width, height in pixels; two for one that a line
            end divides.
        confidence: of the least sure line that holds a match, from 0 to 1.
    """

    id: str
    title: str
    account: str | None
    published_at: str | None
    snippet: str
    rank: int
    platform: str
    url: str
    status: Status
    picture: str
    capture: str
    payload_digest: str
    width: int
    height: int
    boxes: list[Box]
    confidence: float


def search_pictures(
    databases: Sequence[sqlite3.Connection],
    query: str,
    filters: Filters,
    *,
    order: Order = "date",
    limit: int | None = 20,
    offset: int = 0,
    widen: bool = True,
    marks: Marks = ("【", "】"),
) -> list[PictureHit]:
    """Hits `offset` to `offset + limit` with these marks around each match; all of them where
    `limit` is None. By date those of the newest articles are first, by relevance those with the
    most matches. Each article is in one of the databases.

    Raises:
        UsageError: the query asks for a title or an account, or no hit can be at such a place.
        ArchiveError: a row of the table is damaged.
    """
    begin, end = bounds(limit, offset)
    expression = _parsed(query, widen)
    streams = (_rows(db, HITS, expression, filters) for db in databases)
    rows: Iterator[dict[str, Any]] = merge(*streams, key=_age, reverse=True)
    if order_of(order) == "relevance":
        rows = iter(sorted(rows, key=lambda row: -len(matches(row["text"], expression))))
    shown = islice(rows, begin, end)
    return [_hit(row, expression, rank, marks) for rank, row in enumerate(shown, begin + 1)]


def count_pictures(
    databases: Iterable[sqlite3.Connection],
    query: str,
    filters: Filters,
    *,
    by: str = "all",
    widen: bool = True,
) -> dict[str | None, int]:
    """How many pictures hold the query, by a column of `COUNTED`; months and years in order, else
    the most first. Raises UsageError as `search_pictures` does."""
    statement = COUNTS.replace("{value}", counted_by(by))
    expression = _parsed(query, widen)
    streams = (_rows(db, statement, expression, filters) for db in databases)
    return in_order(by, Counter(row["value"] for rows in streams for row in rows))


def _age(row: dict[str, Any]) -> tuple[str, str]:
    """What orders hits by date; those of one article are in one database, and in order there."""
    return (row["published_at"] or "", row["id"])


def _parsed(query: str, widen: bool) -> Expression:
    expression = parse(query, widen=widen)
    if any(word.field for word in expression.words()):
        raise UsageError(
            "title: and account: ask of articles, and pictures have neither; leave them out, or "
            "give --account."
        )
    return expression


def why_no_picture(databases: Sequence[sqlite3.Connection]) -> str:
    """Why a search may have found no picture, as a part of a sentence."""
    captured, read = (_number(databases, statement) for statement in (CAPTURED, READ))
    unread = "; run `zhengwen read-pictures`" if read < captured else ""
    return f"no picture that was read holds it ({read} of {captured} were tried{unread})"


def _number(databases: Sequence[sqlite3.Connection], statement: str) -> int:
    """How many values a statement gives; one that several databases have is one."""
    if len(databases) > 1:
        return len({row[0] for db in databases for row in db.execute(statement)})
    (number,) = databases[0].execute(f"SELECT count(*) FROM ({statement})").fetchone()
    return int(number)


def _rows(
    db: sqlite3.Connection, statement: str, expression: Expression, filters: Filters
) -> Iterator[dict[str, Any]]:
    conditions, days = filters.conditions()
    given = {name: getattr(filters, name) for name in ("platform", "status", "account")}
    called = accounts_called(db, filters.account) if filters.account else []
    values = {**given, **days, "called": json.dumps(called), "match": expression.fts()}
    for row in read_rows(db, statement.format(conditions=conditions), values):
        text = {"title": "", "text": row["text"], "account": ""}
        if expression.exact or expression.matches(Document(text)):
            yield row


def _hit(row: dict[str, Any], expression: Expression, rank: int, marks: Marks) -> PictureHit:
    text, spans = row["text"], matches(row["text"], expression)
    try:
        lines = lines_of(json.loads(row["lines"]))
        boxes = [box for start, end in spans for box in boxes_of(lines, text, start, end)]
        confidence = min((line.confidence for line in _holding(lines, text, spans)), default=0.0)
    except NO_ANSWER as error:
        raise ArchiveError(
            f"archive.db holds no lines of text for the picture {row['payload_digest']}; run "
            "`zhengwen verify`, then `zhengwen rebuild`."
        ) from error
    return PictureHit(
        **{name: row[name] for name in (*SHOWN, *OF_PICTURE)},
        rank=rank,
        snippet=snippet("", text, "", expression, marks),
        boxes=boxes,
        confidence=confidence,
    )


def _holding(
    lines: Iterable[TextLine], text: str, spans: list[tuple[int, int]]
) -> Iterator[TextLine]:
    place = 0
    for line in lines:
        place = text.index(line.text, place)
        if any(start < place + len(line.text) and place < end for start, end in spans):
            yield line
        place += len(line.text)
