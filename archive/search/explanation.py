"""Why a search found nothing, in a sentence: no such account, a filter that leaves nothing, an
operator in small letters, a word that no article holds.

People read an empty answer as absence, so nothing here guesses: each reason was looked up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict
from itertools import islice
from typing import Protocol

from archive.counting import counted
from archive.database.fulltext import facet
from archive.errors import UsageError, suggestion
from archive.search.attached import Within
from archive.search.expression import Expression, Word
from archive.search.filters import Filters
from archive.search.hits import Hits
from archive.search.misreading import misread
from archive.search.naming import NamesOfDatabase, ids_of
from archive.search.parser import parse

NAMES = """SELECT account AS name FROM articles UNION SELECT account_id FROM articles
    UNION SELECT name FROM accounts UNION SELECT account_id FROM accounts
    UNION SELECT name FROM account_names
    UNION SELECT account FROM coverage UNION SELECT account_id FROM coverage"""
PLATFORMS = "SELECT platform FROM articles UNION SELECT platform FROM accounts"
INDEXED = """SELECT 1 FROM articles_fts CROSS JOIN articles a ON a.pk = articles_fts.rowid
    WHERE articles_fts MATCH ? LIMIT 1"""
MOST_TRIED = 50  # words of a query that are looked for one by one
MOST_NAMED = 3  # words that are named


class Evidence(Protocol):
    """What the reasons for an empty answer are looked up in: one database, or several."""

    def has_articles(self) -> bool:
        """Whether there is any article."""
        ...

    def is_indexed(self, column: str, value: str) -> bool:
        """Whether an article has this value, asked of the index."""
        ...

    def count(self, expression: Expression, filters: Filters, within: Within) -> int:
        """How many articles satisfy it."""
        ...

    def holds(self, word: Word) -> bool:
        """Whether an article holds a word."""
        ...

    def ids_of(self, name: str) -> list[str]:
        """The ids of the articles that a name may mean."""
        ...

    def column(self, statement: str) -> list[str]:
        """The texts of the first column of a statement's rows."""
        ...


class OfDatabase:
    """The evidence of one archive's database."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def has_articles(self) -> bool:
        """Whether there is any article."""
        return self.db.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is not None

    def is_indexed(self, column: str, value: str) -> bool:
        """Whether an article has this value, asked of the index."""
        term = f'"{facet(column, value)}"'
        return self.db.execute(INDEXED, [term]).fetchone() is not None

    def count(self, expression: Expression, filters: Filters, within: Within) -> int:
        """How many articles satisfy it."""
        return sum(Hits(self.db, expression, filters, within).counted("all").values())

    def holds(self, word: Word) -> bool:
        """Whether an article holds a word."""
        return next(Hits(self.db, word, Filters()).by_date(), None) is not None

    def ids_of(self, name: str) -> list[str]:
        """The ids of the articles that a name may mean."""
        return ids_of(NamesOfDatabase(self.db), name, lambda _: None)

    def column(self, statement: str) -> list[str]:
        """The texts of the first column of a statement's rows."""
        return [row[0] for row in self.db.execute(statement) if row[0]]


def check_names(
    evidence: Evidence,
    filters: Filters,
    described: Callable[[], Iterable[str]],
    followed: Callable[[], Iterable[str]],
) -> None:
    """Raise UsageError for a platform or account that nobody knows; it suggests others.

    Args:
        evidence: of an archive, or of a collection.
        filters: of a search.
        described: gives the names of the platforms that the program knows; asked only in need.
        followed: gives the names and ids of the accounts that are followed; asked only in need.
    """
    filters.terms()  # are text that can be looked up
    if filters.account and not evidence.is_indexed("account", filters.account):
        names = sorted({*evidence.column(NAMES), *followed()})
        if filters.account not in names:
            raise UsageError(
                f"This archive has no account {filters.account}; "
                f"{suggestion(filters.account, names) or '`zhengwen status` lists its accounts.'}"
            )
    if filters.platform and not evidence.is_indexed("platform", filters.platform):
        names = sorted({*evidence.column(PLATFORMS), *described()})
        if filters.platform not in names:
            suggested = suggestion(filters.platform, names) or f"known are {', '.join(names)}."
            raise UsageError(f"There is no platform {filters.platform}; {suggested}")


def explain(
    evidence: Evidence,
    query: str,
    filters: Filters,
    *,
    widen: bool = True,
    within: Within = "everywhere",
) -> str:
    """Say why a query has no hit.

    Args:
        evidence: of an archive, or of a collection.
        query: as it was asked.
        filters: those of the search.
        widen, within: as in the search.

    Returns:
        A part of a sentence, such as `no article holds 防控`.
    """
    if not evidence.has_articles():
        return "the archive has no article yet; run `zhengwen crawl`, then `zhengwen status`"
    expression = parse(query, widen=widen)
    if filters.account and not evidence.is_indexed("account", filters.account):
        name = filters.account
        return f"no article of {name} was captured yet; `zhengwen crawl {name}` asks for them"
    reason = (
        _of_filters(evidence, expression, filters, within)
        or _elsewhere(evidence, expression, within)
        or _of_words(evidence, query)
    )
    hint = misread(query) or _of_name(evidence, query)
    return f"{reason}; {hint}" if hint else reason


def _elsewhere(evidence: Evidence, expression: Expression, within: Within) -> str | None:
    """How many articles hold it where it was not looked for."""
    number = evidence.count(expression, Filters(), "everywhere") if within != "everywhere" else 0
    articles = counted(number, "article holds", "articles hold")
    return f"{articles} what you typed, none with --in {within}" if number else None


def _of_filters(
    evidence: Evidence, expression: Expression, filters: Filters, within: Within
) -> str | None:
    """The filters that leave nothing of what the words find; None where there is nothing
    anyway."""
    given = {name: value for name, value in asdict(filters).items() if value}
    without = evidence.count(expression, Filters(), within) if given else 0
    if not without:
        return None
    typed = " ".join(f"--{name} {value}" for name, value in given.items())
    articles = counted(without, "article holds", "articles hold")
    reason = f"{articles} what you typed, none with {typed}"
    alone = [
        name
        for name in given
        if len(given) > 1 and evidence.count(expression, _less(given, name), within)
    ]
    return f"{reason} (some without --{alone[0]})" if alone else reason


def _of_name(evidence: Evidence, query: str) -> str | None:
    """What to type for a query that is the name of an article and no word of it."""
    ids = [] if " " in query.strip() else evidence.ids_of(query)
    return f"`zhengwen show {ids[0]}` shows the article of that name" if ids else None


def _less(given: dict[str, str], name: str) -> Filters:
    return Filters(**{other: value for other, value in given.items() if other != name})  # type: ignore[arg-type]  # a part of valid filters


def _of_words(evidence: Evidence, query: str) -> str:
    typed = dict.fromkeys(parse(query, widen=False).words())
    absent = [word.text for word in islice(typed, MOST_TRIED) if not evidence.holds(word)]
    if absent:
        return "no article holds " + " or ".join(dict.fromkeys(absent[:MOST_NAMED]))
    return "each word is in some article, but none has all that you typed"
