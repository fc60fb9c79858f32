"""What attachments add to a search: articles that hold the query only together with their attached
documents, and the page of a document that shows it.

A word that is in no attachment changes nothing. Of the articles with an attachment that holds some
word of the query, title and text (the article itself) and attachments are asked for each word, and
the expression is worked out over these sets: the words may be on different pages.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from archive.database.opening import read_rows
from archive.database.terms import comparable
from archive.search.accounts import accounts_called
from archive.search.candidates import COUNTED
from archive.search.expression import Document, Either, Expression, Word
from archive.search.filters import Filters
from archive.search.indexed import Row

Within = Literal["everywhere", "text", "attachments"]
"""Where a query is looked for: title, text and attachments; the first two; attachments only."""

# Of a word for which the index is exact no text is read: of a common one that is most of the work.
ANY_PAGE = "SELECT 1 FROM attachment_text LIMIT 1"
ON_PAGES = """SELECT a.pk{text} FROM attachment_text_fts
    CROSS JOIN attachment_text t ON t.pk = attachment_text_fts.rowid
    CROSS JOIN media m ON m.capture = t.capture AND m.kind = 'attachment'
    CROSS JOIN articles a ON a.id = m.article_id
    WHERE attachment_text_fts MATCH ?"""
IN_ARTICLES = """SELECT rowid AS pk FROM articles_fts
    WHERE articles_fts MATCH ? AND {key} IN (SELECT value FROM json_each(?))"""
TEXTS = """SELECT a.pk, a.title, a.text, a.account FROM articles_fts
    CROSS JOIN articles a ON a.pk = articles_fts.rowid
    WHERE articles_fts MATCH ? AND {key} IN (SELECT value FROM json_each(?))"""
FEW = 30  # articles of which each is asked for by itself: the index begins anew for each of them
FILTERED = """SELECT pk FROM articles a WHERE pk IN (SELECT value FROM json_each(:pks))
    AND (:platform IS NULL OR platform = :platform) AND (:status IS NULL OR status = :status)
    AND (:account IS NULL OR account = :account OR account_id = :account
        OR (platform, account_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:called)))
    {conditions}"""
NEWEST = """SELECT pk, id, published_at FROM articles WHERE pk IN (SELECT value FROM json_each(?))
    ORDER BY coalesce(published_at, '') DESC, id DESC"""
PAGES = """SELECT t.file_name, m.url, t.capture, t.number, t.unit, t.label, t.text
    FROM attachment_text_fts
    CROSS JOIN attachment_text t ON t.pk = attachment_text_fts.rowid
    CROSS JOIN media m ON m.capture = t.capture AND m.kind = 'attachment'
    WHERE attachment_text_fts MATCH ? AND m.article_id = ?
    ORDER BY m.position, t.number, t.part"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of an attachment that shows why an article is a hit."""

    file_name: str
    url: str
    capture: str
    number: int
    unit: str
    label: str | None
    text: str


class Attached:
    """How the attachments of one database change the hits of an expression.

    Attributes are sets of keys of articles: `more` are hits by their attachments, `fewer` are hits
    by themselves whose attachments hold what must not be there.
    """

    def __init__(
        self, db: sqlite3.Connection, expression: Expression, filters: Filters, within: Within
    ) -> None:
        self.db = db
        self.expression = expression
        self.filters = filters
        self.within = within

    @cached_property
    def more(self) -> set[int]:
        """Articles that are hits, and not by themselves."""
        return self._hits - self._by_themselves

    @cached_property
    def fewer(self) -> set[int]:
        """Articles that are hits by themselves, and none with their attachments."""
        return self._by_themselves - self._hits

    @cached_property
    def _on_pages(self) -> dict[Word, set[int]]:
        """By word: the articles that have it in an attachment and satisfy the filters; empty where
        there is no attachment at all."""
        if self.within == "text" or not self.db.execute(ANY_PAGE).fetchone():
            return {}
        words = {word for word in every_word(self.expression) if not word.field}
        holding = {word: set(self._with_page(word)) for word in words}
        allowed = self._filtered(set().union(*holding.values()))
        return {word: articles & allowed for word, articles in holding.items()}

    @cached_property
    def _in_articles(self) -> dict[Word, set[int]]:
        """By word: those of the articles in question that hold it in title or text."""
        pks = sorted(set().union(*self._on_pages.values()))
        words = set(every_word(self.expression)) if self._on_pages else set()
        return {word: set(self._among(word, pks)) for word in words}

    def _among(self, word: Word, pks: list[int]) -> Iterator[int]:
        key = f"{'' if len(pks) <= FEW else '+'}articles_fts.rowid"
        statement = (IN_ARTICLES if word.exact else TEXTS).format(key=key)
        for row in read_rows(self.db, statement, [word.fts(), json.dumps(pks)]):
            if word.exact or word.matches(Document(row)):
                yield row["pk"]

    @cached_property
    def _hits(self) -> set[int]:
        if not self._on_pages:
            return set()
        if self.within == "attachments":
            return _satisfying(
                self.expression,
                lambda word: (self._in_articles if word.field else self._on_pages).get(word, set()),
            )
        return _satisfying(
            self.expression,
            lambda word: self._in_articles.get(word, set()) | self._on_pages.get(word, set()),
        )

    @cached_property
    def _by_themselves(self) -> set[int]:
        if self.within == "attachments" or not self._on_pages:
            return set()
        return _satisfying(self.expression, lambda word: self._in_articles.get(word, set()))

    def rows(self) -> Iterator[Row]:
        """The articles of `more`, newest first, each with its key, its id and its date."""
        if self.more:
            yield from [*read_rows(self.db, NEWEST, [json.dumps(sorted(self.more))])]

    def counted(self, by: str) -> tuple[Counter[str | None], Counter[str | None]]:
        """How many articles of `more` and of `fewer` there are, by a column."""
        statement = f"""SELECT {COUNTED[by]}, count(*) FROM articles a
            WHERE pk IN (SELECT value FROM json_each(?)) GROUP BY 1"""
        more, fewer = (
            Counter(dict(self.db.execute(statement, [json.dumps(sorted(pks))]).fetchall()))
            for pks in (self.more, self.fewer)
        )
        return more, fewer

    def page(self, article_id: str) -> Page | None:
        """The page of the article's attachments that holds the most words; the first of those."""
        words = [word for word in self.expression.words() if not word.field]
        asked = " OR ".join(f"({word.fts()})" for word in words)
        return fullest(read_rows(self.db, PAGES, [asked, article_id]), words) if words else None

    def _with_page(self, word: Word) -> Iterator[int]:
        statement = ON_PAGES.format(text="" if word.exact else ", t.text")
        for row in read_rows(self.db, statement, [word.fts()]):
            if word.exact or word.pattern.search(comparable(row["text"])):
                yield row["pk"]

    def _filtered(self, pks: set[int]) -> set[int]:
        if not pks:
            return pks
        conditions, days = self.filters.conditions()
        account = self.filters.account
        values = {
            "pks": json.dumps(sorted(pks)),
            "platform": self.filters.platform,
            "status": self.filters.status,
            "account": account,
            "called": json.dumps(accounts_called(self.db, account) if account else []),
            **days,
        }
        return {row[0] for row in self.db.execute(FILTERED.format(conditions=conditions), values)}


def fullest(pages: Iterable[Row], words: Sequence[Word]) -> Page | None:
    """The page that holds the most of some words; of equal ones the first, and None where none
    holds any.

    Args:
        pages: rows with the columns of `Page`.
    """
    best: tuple[int, Page | None] = (0, None)
    for row in pages:
        plain = comparable(row["text"])
        holding = sum(word.pattern.search(plain) is not None for word in words)
        if holding > best[0]:
            best = holding, Page(**row)
    return best[1]


def every_word(expression: Expression) -> Iterator[Word]:
    """Every word, also one that a hit must not hold."""
    if isinstance(expression, Word):
        yield expression
        return
    without = () if isinstance(expression, Either) else expression.without
    for part in (*expression.parts, *without):
        yield from every_word(part)


def _satisfying(expression: Expression, holders: Callable[[Word], set[int]]) -> set[int]:
    """The articles that satisfy an expression, by those that hold each word."""
    if isinstance(expression, Word):
        return holders(expression)
    parts = [_satisfying(part, holders) for part in expression.parts]
    if isinstance(expression, Either):
        return set().union(*parts)
    excluded = [_satisfying(part, holders) for part in expression.without]
    return set.intersection(*parts) - set().union(*excluded)
