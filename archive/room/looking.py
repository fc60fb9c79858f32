"""What a request looks for: articles, or pictures by the text that was read in them."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from archive.archive import Archive
from archive.charts.counting import accounts_meant
from archive.errors import UsageError
from archive.model.words import KINDS, STATUSES
from archive.room.asked import Asked
from archive.room.every import of_all
from archive.search.attached import Within
from archive.search.candidates import COUNTED
from archive.search.filters import Filters
from archive.search.misreading import unknown_field
from archive.search.pictures import PictureHit, search_pictures
from archive.search.search import SHOWN, Hit, order_of
from archive.search.snippet import Marks

FILTERS = ("platform", "account", "status", "kind", "since", "until")
OF_FILTER = {
    "platform": "a.platform = :platform",
    "status": "a.status = :status",
    "account": """((a.platform, a.account_id) IN
        (SELECT value ->> 0, value ->> 1 FROM json_each(:accounts)) OR a.account = :account)""",
}
BEGIN = 120  # characters of a text that stand for it where no word was looked for
PICTURES = "pictures"
PLACES = {
    "everywhere": "title, text and attachments",
    "text": "title and text",
    "attachments": "attachments only",
    PICTURES: "text in pictures",
}
"""Where a query is looked for, and how it is called: pictures only when asked."""


class Looking(ABC):
    """A search that a request asks for."""

    def __init__(self, archive: Archive, asked: Asked, filters: Filters) -> None:
        self.archive, self.filters = archive, filters
        self.query = asked.values.get("q", "")
        self.order = asked.values.get("order", "date")
        self.given: dict[str, Any] = {name: getattr(filters, name) for name in FILTERS}

    @abstractmethod
    def count(self, by: str = "all") -> dict[str | None, int]:
        """How many hits there are, by a column."""

    @abstractmethod
    def hits(self, limit: int, offset: int, marks: Marks) -> Sequence[Hit | PictureHit]:
        """Some of them, with these marks around what was searched for."""

    @abstractmethod
    def why_none(self) -> str:
        """Why there is none."""


def looking(archive: Archive, asked: Asked) -> Looking:
    """The search of a request. Raises UsageError as `archive.search` does."""
    place = asked.values.get("in", "everywhere")
    if place not in PLACES:
        raise UsageError(f"Nothing can be looked for in {place}; give one of {', '.join(PLACES)}.")
    filters = filters_of(archive, asked)
    if place == PICTURES:
        return InPictures(archive, asked, filters)
    if is_listing(asked):
        return Listing(archive, asked, filters)
    return InArticles(archive, asked, filters, cast("Within", place))


def is_listing(asked: Asked) -> bool:
    """Whether a request names filters and no word: all articles that the filters allow."""
    values = asked.values
    named = any(values.get(name) for name in FILTERS)
    return named and not values.get("q") and values.get("in") in (None, "everywhere")


def filters_of(archive: Archive, asked: Asked) -> Filters:
    """The filters of a request. Raises UsageError as `archive.search` does."""
    given = {name: asked.values.get(name) for name in FILTERS}
    for name, words in (("status", STATUSES), ("kind", KINDS)):
        if given[name] and given[name] not in words:
            raise UsageError(f"There is no {name} {given[name]}; there are {', '.join(words)}.")
    return archive.filters(**given)


class InArticles(Looking):
    """A search of titles, texts and attachments."""

    def __init__(self, archive: Archive, asked: Asked, filters: Filters, within: Within) -> None:
        super().__init__(archive, asked, filters)
        self.within = within

    def count(self, by: str = "all") -> dict[str | None, int]:
        """How many articles there are, by a column."""
        return self.archive.count(self.query, by, within=self.within, **self.given)

    def hits(self, limit: int, offset: int, marks: Marks) -> list[Hit]:
        """Some of the articles."""
        return self.archive.find(
            self.query,
            self.filters,
            order=order_of(self.order),
            limit=limit,
            offset=offset,
            marks=marks,
            within=self.within,
        )

    def why_none(self) -> str:
        """Why there is no article."""
        reason = unknown_field(self.query)
        return reason or self.archive.why_none(self.query, within=self.within, **self.given)


class Listing(Looking):
    """All articles that the filters allow."""

    def count(self, by: str = "all") -> dict[str | None, int]:
        """How many articles there are, by a column."""
        select = f"SELECT {COUNTED[by]}, count(*) {self._articles} GROUP BY 1"
        counts: Counter[str | None] = Counter()
        for connection in self.archive.connections:
            counts += Counter(dict(connection.execute(select, self._parameters).fetchall()))
        return dict(counts)

    def hits(self, limit: int, offset: int, marks: Marks) -> list[Hit]:
        """Some of the articles, the newest first, each with the begin of its text."""
        columns = ", ".join(f"a.{name}" for name in SHOWN)
        several = len(self.archive.connections) > 1
        rows = [
            *of_all(
                self.archive,
                f"""SELECT {columns}, coalesce(substr(a.text, 1, {BEGIN}), '') AS snippet
                {self._articles} ORDER BY a.published_at DESC, a.id LIMIT :limit OFFSET :offset""",
                {
                    **self._parameters,
                    "limit": limit + offset if several else limit,
                    "offset": 0 if several else offset,
                },
            )
        ]
        if several:  # those of each, from the first on
            rows.sort(key=lambda row: str(row["id"]))
            rows.sort(key=lambda row: row["published_at"] or "", reverse=True)
            rows = rows[offset : offset + limit]
        return [Hit(**row, rank=rank) for rank, row in enumerate(rows, offset + 1)]

    def why_none(self) -> str:
        """Why there is no article."""
        return "no article is of these filters"

    @property
    def _articles(self) -> str:
        conditions, _ = self.filters.conditions()
        own = [test for name, test in OF_FILTER.items() if getattr(self.filters, name)]
        return f"FROM articles a WHERE {' AND '.join(['1', *own])} {conditions}"

    @property
    def _parameters(self) -> dict[str, Any]:
        _, given = self.filters.conditions()
        account = self.filters.account
        meant = accounts_meant(self.archive.connection, account) if account else []
        own = {name: getattr(self.filters, name) for name in OF_FILTER}
        return {**given, **own, "accounts": json.dumps(meant)}


class InPictures(Looking):
    """A search of what was read in pictures."""

    def count(self, by: str = "all") -> dict[str | None, int]:
        """How many pictures there are, by a column of their articles."""
        return self.archive.count_pictures(self.query, by, **self.given)

    def hits(self, limit: int, offset: int, marks: Marks) -> list[PictureHit]:
        """Some of the pictures."""
        return search_pictures(
            self.archive.connections,
            self.query,
            self.filters,
            order=order_of(self.order),
            limit=limit,
            offset=offset,
            marks=marks,
        )

    def why_none(self) -> str:
        """Why there is no picture."""
        return self.archive.why_no_picture()


def row_of(hit: Hit | PictureHit) -> dict[str, Any]:
    """A hit as a row of a file: the boxes of a picture as JSON."""
    row = asdict(hit)
    return row | {"boxes": json.dumps(row["boxes"])} if "boxes" in row else row
