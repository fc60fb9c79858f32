"""Why a search found nothing, in a sentence: no such account, a filter that leaves nothing, an
operator in small letters, a word that no article holds.

People read an empty answer as absence, so nothing here guesses: each reason was looked up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict
from itertools import islice

from archive.counting import counted
from archive.database.fulltext import facet
from archive.errors import UsageError, suggestion
from archive.search.attached import Within
from archive.search.expression import Expression, Word
from archive.search.filters import Filters
from archive.search.hits import Hits
from archive.search.misreading import misread
from archive.search.naming import ids_of
from archive.search.parser import parse

NAMES = """SELECT account AS name FROM articles UNION SELECT account_id FROM articles
    UNION SELECT name FROM accounts UNION SELECT account_id FROM accounts
    UNION SELECT name FROM account_names
    UNION SELECT account FROM coverage UNION SELECT account_id FROM coverage"""
PLATFORMS = "SELECT platform FROM articles UNION SELECT platform FROM accounts"
MOST_TRIED = 50  # words of a query that are looked for one by one
MOST_NAMED = 3  # words that are named


def check_names(
    db: sqlite3.Connection,
    filters: Filters,
    described: Callable[[], Iterable[str]],
    followed: Callable[[], Iterable[str]],
) -> None:
    """Raise UsageError for a platform or account that nobody knows; it suggests others.

    Args:
        db: an archive's database.
        filters: of a search.
        described: gives the names of the platforms that the program knows; asked only in need.
        followed: gives the names and ids of the accounts that are followed; asked only in need.
    """
    filters.terms()  # are text that can be looked up
    if filters.account and not _is_indexed(db, "account", filters.account):
        names = sorted({*_column(db, NAMES), *followed()})
        if filters.account not in names:
            raise UsageError(
                f"This archive has no account {filters.account}; "
                f"{suggestion(filters.account, names) or '`zhengwen status` lists its accounts.'}"
            )
    if filters.platform and not _is_indexed(db, "platform", filters.platform):
        names = sorted({*_column(db, PLATFORMS), *described()})
        if filters.platform not in names:
            suggested = suggestion(filters.platform, names) or f"known are {', '.join(names)}."
            raise UsageError(f"There is no platform {filters.platform}; {suggested}")


def explain(
    db: sqlite3.Connection,
    query: str,
    filters: Filters,
    *,
    widen: bool = True,
    within: Within = "everywhere",
) -> str:
    """Say why a query has no hit.

    Args:
        db: an archive's database.
        query: as it was asked.
        filters: those of the search.
        widen, within: as in the search.

    Returns:
        A part of a sentence, such as `no article holds 防控`.
    """
    if db.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is None:
        return "the archive has no article yet; run `zhengwen crawl`, then `zhengwen status`"
    expression = parse(query, widen=widen)
    if filters.account and not _is_indexed(db, "account", filters.account):
        name = filters.account
        return f"no article of {name} was captured yet; `zhengwen crawl {name}` asks for them"
    reason = (
        _of_filters(db, expression, filters, within)
        or _elsewhere(db, expression, within)
        or _of_words(db, query)
    )
    hint = misread(query) or _of_name(db, query)
    return f"{reason}; {hint}" if hint else reason


def _elsewhere(db: sqlite3.Connection, expression: Expression, within: Within) -> str | None:
    """How many articles hold it where it was not looked for."""
    number = _count(db, expression, Filters()) if within != "everywhere" else 0
    articles = counted(number, "article holds", "articles hold")
    return f"{articles} what you typed, none with --in {within}" if number else None


def _of_filters(
    db: sqlite3.Connection, expression: Expression, filters: Filters, within: Within
) -> str | None:
    """The filters that leave nothing of what the words find; None where there is nothing
    anyway."""
    given = {name: value for name, value in asdict(filters).items() if value}
    without = _count(db, expression, Filters(), within) if given else 0
    if not without:
        return None
    typed = " ".join(f"--{name} {value}" for name, value in given.items())
    articles = counted(without, "article holds", "articles hold")
    reason = f"{articles} what you typed, none with {typed}"
    alone = [
        name
        for name in given
        if len(given) > 1 and _count(db, expression, _less(given, name), within)
    ]
    return f"{reason} (some without --{alone[0]})" if alone else reason


def _of_name(db: sqlite3.Connection, query: str) -> str | None:
    """What to type for a query that is the name of an article and no word of it."""
    ids = [] if " " in query.strip() else ids_of(db, query, lambda _: None)
    return f"`zhengwen show {ids[0]}` shows the article of that name" if ids else None


def _less(given: dict[str, str], name: str) -> Filters:
    return Filters(**{other: value for other, value in given.items() if other != name})  # type: ignore[arg-type]  # a part of valid filters


def _of_words(db: sqlite3.Connection, query: str) -> str:
    typed = dict.fromkeys(parse(query, widen=False).words())
    absent = [word.text for word in islice(typed, MOST_TRIED) if not _occurs(db, word)]
    if absent:
        return "no article holds " + " or ".join(dict.fromkeys(absent[:MOST_NAMED]))
    return "each word is in some article, but none has all that you typed"


def _occurs(db: sqlite3.Connection, word: Word) -> bool:
    return next(Hits(db, word, Filters()).by_date(), None) is not None


def _count(
    db: sqlite3.Connection,
    expression: Expression,
    filters: Filters,
    within: Within = "everywhere",
) -> int:
    return sum(Hits(db, expression, filters, within).counted("all").values())


def _is_indexed(db: sqlite3.Connection, column: str, value: str) -> bool:
    """Whether an article has this value, asked of the index."""
    term = f'"{facet(column, value)}"'
    statement = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
    return db.execute(statement, [term]).fetchone() is not None


def _column(db: sqlite3.Connection, statement: str) -> list[str]:
    return sorted(row[0] for row in db.execute(statement) if row[0])
