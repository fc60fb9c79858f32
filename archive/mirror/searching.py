"""Searching a mirror: the hits that the archive itself would give, newest first, and how many
there are."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Self

from archive.errors import UsageError
from archive.mirror import tables
from archive.mirror.question import condition, literal
from archive.mirror.server import Server
from archive.search.attached import Within, fullest
from archive.search.expression import Document, Expression
from archive.search.filters import filters_of
from archive.search.indexed import Row
from archive.search.parser import parse
from archive.search.search import Hit, Order, counted_by, hit_with, in_order, order_of
from archive.search.window import bounds

MOST_BEGUN = 2000  # units that a word with a star may stand for
SHOWN = "_key,title,text,account,published,platform,url,status,pages"
ORDER = "-published,-_key"
# Groonga looks for a unit's begin where it finds no unit; that is not what was asked.
AS_ASKED: dict[str, str | int] = {"table": tables.ARTICLES, "match_escalation_threshold": -1}
OF_DATE = {"month": 7, "year": 4}  # characters of a date that are counted by


class Mirror:
    """The articles of an archive as a search server has them. Searched as an `Archive` is; a
    context manager as that is.

    Args:
        address: of the server, such as `groonga://127.0.0.1:10041`.

    Raises:
        UsageError: it is no address, or the server holds no mirror.
        ArchiveError: the server cannot be asked; so do all methods.

    Example:
        with Mirror("groonga://127.0.0.1:10041") as mirror:
            hits = mirror.search("疫情 防控", since="2020-02-01")
    """

    unreachable = ()
    """Parts of what is searched that could not be read: a mirror has one part."""

    def __init__(self, address: str) -> None:
        self.server = Server(address)
        state = tables.state_of(self.server)
        if state is None or state.version != tables.VERSION:
            raise UsageError(
                f"The search server at {self.server.where} holds no mirror that this program can "
                f"read; run `zhengwen mirror {address}` where the archive is."
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        pass

    def search(
        self,
        query: str,
        *,
        order: Order = "date",
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
        within: Within = "everywhere",
        **filters: Any,
    ) -> list[Hit]:
        """Hits, newest first.

        Args:
            query, limit, offset, widen, within: as `Archive.search` takes them.
            order: by date; a mirror has no other.
            filters: those of `Archive.search`.

        Raises:
            UsageError: as `Archive.search` does; also for another order, and for a word of very
                many parts.
        """
        if order_of(order) != "date":
            raise UsageError("A mirror gives hits by date only; leave --order out.")
        begin, end = bounds(limit, offset)
        expression = parse(query, widen=widen)
        rows = tables.selected(
            self.server,
            **AS_ASKED,
            filter=self._condition(expression, filters, within),
            output_columns=SHOWN,
            sort_keys=ORDER,
            offset=begin,
            limit=-1 if end is None else end - begin,
        )
        return [_hit(row, expression, rank, within) for rank, row in enumerate(rows, begin + 1)]

    def count(
        self,
        query: str,
        by: str = "all",
        *,
        widen: bool = True,
        within: Within = "everywhere",
        **filters: Any,
    ) -> dict[str | None, int]:
        """How many articles satisfy a query, by a column, as `Archive.count` gives it."""
        counted_by(by)
        condition_ = self._condition(parse(query, widen=widen), filters, within)
        asked = {**AS_ASKED, "filter": condition_, "limit": 0}
        if by == "all":
            return {None: total} if (total := _total(self.server.ask("select", **asked))) else {}
        column = "published" if by in OF_DATE else by
        answer = self.server.ask("select", **asked, drilldown=column, drilldown_limit=-1)
        counts: Counter[str | None] = Counter()
        for row in tables.rows_of(answer[1]):
            counts[row["_key"][: OF_DATE.get(by)]] += row["_nsubrecs"]
        counts[None] = _total(answer) - counts.total()  # Groonga leaves out what is empty
        return in_order(by, +counts)

    def why_none(self, query: str, **_options: Any) -> str:
        """Why a query has no hit, as a part of a sentence."""
        return f"the mirror at {self.server.where} holds no article for {query}"

    def _condition(self, expression: Expression, given: dict[str, Any], within: Within) -> str:
        filters = filters_of(**given)
        self._check(tables.NAMES, "_key", "account", filters.account)
        self._check(tables.ARTICLES, "platform", "platform", filters.platform)
        return condition(expression, filters, within, self._begun)

    def _check(self, table: str, column: str, name: str, value: str | None) -> None:
        if value is None:
            return
        test = f"{column} == {literal(value)}"
        if not tables.selected(
            self.server, table=table, filter=test, limit=1, output_columns="_key"
        ):
            raise UsageError(f"The mirror has no {name} {value}; see how it is written.")

    def _begun(self, begin: str) -> list[str]:
        rows = tables.selected(
            self.server,
            table=tables.TERMS,
            filter=f"_key @^ {literal(begin)}",
            output_columns="_key",
            sort_keys="_key",
            limit=MOST_BEGUN + 1,
        )
        if len(rows) > MOST_BEGUN:
            raise UsageError(f"More than {MOST_BEGUN} words begin with {begin!r}; give more of it.")
        return [row["_key"] for row in rows]


def _total(answer: list[Any]) -> int:
    """How many rows a select has in all."""
    return int(answer[0][0][0])


def _hit(row: Row, expression: Expression, rank: int, within: Within) -> Hit:
    article = row | {
        "id": row["_key"],
        "account": row["account"] or None,
        "published_at": row["published"] or None,
    }
    if within != "attachments" and expression.matches(Document(article)):
        return hit_with(article, None, expression, rank)
    words = [word for word in expression.words() if not word.field]
    page = fullest(json.loads(row["pages"] or "[]"), words)
    return hit_with(article, page, expression, rank)
