"""The page of hits, by the command line's own search, and the same hits as files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, cast

from archive.archive import Archive
from archive.errors import UsageError
from archive.model import Status
from archive.model.words import STATUSES
from archive.room.account_list import accounts_of
from archive.room.answer import Answer, attachment
from archive.room.asked import Asked
from archive.room.charts import Chart, chart
from archive.room.remembered import remembered
from archive.room.rendering import page
from archive.search.filters import Filters
from archive.search.hit_formats import csv_of, workbook_of
from archive.search.misreading import unknown_field
from archive.search.search import Hit, Order
from archive.search.search import search as search_articles

ON_A_PAGE = 20
MOST_PAGES = 500
MOST_IN_FILE = 10_000  # hits
MOST_CHARTED = 100_000  # hits: each is read to be counted
FILTERS = ("platform", "account", "status", "since", "until")
BEGIN, END = "\ufdd0", "\ufdd1"  # around a match: characters that no text may hold (Unicode, 23.7)
MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def search(archive: Archive, asked: Asked) -> Answer:
    """The form of the search, and a page of its hits."""
    query = asked.values.get("q", "")
    values: dict[str, Any] = {
        "query": query,
        "platforms": sorted({account.platform for account in accounts_of(archive)}),
        "statuses": list(STATUSES),
        "sentence": None,
        "hits": [],
        "total": 0,
        "because": None,
        "number": 1,
        "pages": 1,
        "kept": {name: asked.values.get(name) for name in ("q", *FILTERS, "order")},
        "most": MOST_IN_FILE,
        "chart": None,
    }
    status = 200
    if query:
        try:
            values |= _answered(archive, asked, query)
        except UsageError as error:
            values["sentence"], status = str(error), 400
    return page(asked, "search.html", status=status, **values)


def _answered(archive: Archive, asked: Asked, query: str) -> dict[str, Any]:
    filters = filters_of(archive, asked)
    given = {name: getattr(filters, name) for name in FILTERS}
    counted = (query, *given.values())
    total = remembered(
        archive, "count", lambda: sum(archive.count(query, **given).values()), *counted
    )
    if not total:
        reason = unknown_field(query) or archive.why_none(query, **given)
        return {"because": reason}
    pages = min(-(-total // ON_A_PAGE), MOST_PAGES)
    number = asked.number("page", 1, most=pages)
    hits = hits_of(archive, asked, filters, limit=ON_A_PAGE, offset=(number - 1) * ON_A_PAGE)
    return {
        "total": total,
        "hits": [(hit, list(pieces(hit.snippet))) for hit in hits],
        "number": number,
        "pages": pages,
        "remark": unknown_field(query),
        "chart": None
        if total > MOST_CHARTED
        else remembered(archive, "months", lambda: _months(archive, query, given), *counted),
    }


def _months(archive: Archive, query: str, given: dict[str, Any]) -> Chart | None:
    """The hits by month; None where that would be a single bar."""
    counts = archive.count(query, "month", **given)
    months = chart({month: count for month, count in counts.items() if month})
    return months if months and len(months.bars) > 1 else None


def filters_of(archive: Archive, asked: Asked) -> Filters:
    """The filters of a request. Raises UsageError as `archive.search` does."""
    given = {name: asked.values.get(name) for name in FILTERS}
    if given["status"] and given["status"] not in STATUSES:
        raise UsageError(f"There is no status {given['status']}; there are {', '.join(STATUSES)}.")
    return archive.filters(**cast("dict[str, Status | None]", given))


def hits_of(
    archive: Archive,
    asked: Asked,
    filters: Filters,
    *,
    limit: int,
    offset: int = 0,
    marks: tuple[str, str] = (BEGIN, END),
) -> list[Hit]:
    """Hits of a request, in its order, with these marks around what was searched for."""
    order = asked.values.get("order", "date")
    return search_articles(
        archive.connection,
        asked.values.get("q", ""),
        filters,
        order=cast("Order", order),
        limit=limit,
        offset=offset,
        marks=marks,
    )


def pieces(snippet: str) -> Iterator[tuple[bool, str]]:
    """The pieces of a passage, and whether each is what was searched for."""
    place = 0
    for match in MARKED.finditer(snippet):
        yield False, snippet[place : match.start()]
        yield True, match[1]
        place = match.end()
    yield False, snippet[place:]


def hit_file(archive: Archive, asked: Asked, form: str) -> Answer:
    """The hits as CSV, as an Excel workbook or as JSON."""
    filters = filters_of(archive, asked)
    hits = hits_of(archive, asked, filters, limit=MOST_IN_FILE, marks=("【", "】"))
    rows = [asdict(hit) for hit in hits]
    if form == "json":
        body = json.dumps({"query": asked.values.get("q"), "hits": rows}, ensure_ascii=False)
        return Answer(body=body.encode(), content_type=MEDIA_TYPES[form])
    data = csv_of(rows) if form == "csv" else workbook_of(rows)
    return Answer(
        body=data, content_type=MEDIA_TYPES[form], headers=attachment(f"zhengwen-hits.{form}")
    )
