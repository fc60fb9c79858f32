"""Search: candidates from the full-text index, newest first, each checked against its text, so that every hit is a true one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlite_utils

from archive.query import Expression, comparable, parse

AROUND = 30  # characters of a snippet on each side of its match
STOPS = "。！？；\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found. `snippet` shows the stored characters around the first match, the match between 【 and 】."""

    id: str
    title: str
    account: str | None
    published_at: str | None
    snippet: str
    rank: int
    platform: str
    url: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What hits must have. `since` and `until` are inclusive ISO dates of publication; `account` is a name or an id."""

    platform: str | None = None
    account: str | None = None
    since: str | None = None
    until: str | None = None

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """SQL over `articles` and its parameters."""
        tests = {
            "platform": "a.platform = :platform",
            "account": "(a.account = :account OR a.account_id = :account)",
            "since": "a.published_at >= :since",
            "until": "substr(a.published_at, 1, length(:until)) <= :until",
        }
        given = {name: getattr(self, name) for name in tests if getattr(self, name)}
        return "".join(f" AND {tests[name]}" for name in given), given


def search(db: sqlite_utils.Database, query: str, filters: Filters, limit: int) -> list[Hit]:
    """The newest `limit` hits."""
    expression = parse(query)
    hits: list[Hit] = []
    for row in _candidates(db, expression, filters):
        if len(hits) == limit:
            break
        if expression.matches(comparable(row["title"] + "\n" + row["text"])):
            hits.append(_hit(row, expression, len(hits) + 1))
    return hits


def _candidates(db: sqlite_utils.Database, expression: Expression, filters: Filters) -> Iterator[dict[str, Any]]:
    conditions, parameters = filters.conditions()
    # CROSS JOIN keeps the index outside: it gives its rows by key, which is newest first, and can stop early.
    return db.query(
        f"""SELECT a.* FROM articles_fts CROSS JOIN articles a ON a.pk = articles_fts.rowid
        WHERE articles_fts MATCH :match{conditions} ORDER BY articles_fts.rowid""",
        {"match": expression.fts(), **parameters},
    )


def _hit(row: dict[str, Any], expression: Expression, rank: int) -> Hit:
    names = ("id", "title", "account", "published_at", "platform", "url", "status")
    return Hit(**{name: row[name] for name in names}, rank=rank, snippet=snippet(row["text"], row["title"], expression))


def snippet(text: str, title: str, expression: Expression) -> str:
    """The first match in the text, or in the title where only that has one, with some of its sentence around it."""
    for held in (text, title):
        found = _first_match(held, expression)
        if found:
            start, end = found
            return f"{_before(held, start)}【{held[start:end]}】{_after(held, end)}".replace("\n", " ")
    return text[: 2 * AROUND].replace("\n", " ")


def _first_match(held: str, expression: Expression) -> tuple[int, int] | None:
    """The span of the first match in the stored characters, found in the folded ones."""
    plain, places = _folded_places(held)
    found = [match.span() for word in expression.words() if (match := word.pattern.search(plain))]
    start, end = min(found, default=(0, 0))
    return (places[start], places[end - 1] + 1) if end else None


def _folded_places(held: str) -> tuple[str, list[int]]:
    """Folded text, and for each of its characters the place in the stored text that it comes from."""
    plain = comparable(held)
    if len(plain) == len(held):
        return plain, list(range(len(held)))
    pieces = [unicodedata.normalize("NFKC", character).lower() for character in held]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]


def _before(held: str, start: int) -> str:
    piece = held[max(0, start - AROUND) : start]
    cut = max(piece.rfind(stop) for stop in STOPS) + 1
    return ("…" if start > AROUND and not cut else "") + piece[cut:]


def _after(held: str, end: int) -> str:
    piece = held[end : end + AROUND]
    cut = min((place for stop in STOPS if (place := piece.find(stop)) >= 0), default=len(piece) - 1) + 1
    return piece[:cut] + ("…" if cut == len(piece) and end + AROUND < len(held) else "")
