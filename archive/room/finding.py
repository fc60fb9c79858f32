"""The page of hits, by the command line's own search."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archive.archive import Archive
from archive.errors import UsageError
from archive.model.words import KINDS, STATUSES
from archive.room.answer import Answer
from archive.room.asked import Asked
from archive.room.charts import Chart, chart
from archive.room.every import of_all
from archive.room.looking import FILTERS, PICTURES, PLACES, Looking, is_listing, looking
from archive.room.pictures import clip
from archive.room.remembered import remembered
from archive.room.rendering import page
from archive.search.misreading import unknown_field
from archive.search.pictures import PictureHit

ON_A_PAGE = 20
MOST_PAGES = 500
MOST_IN_FILE = 10_000  # hits
MOST_CHARTED = 100_000  # hits: each is read to be counted
PLATFORMS = """WITH RECURSIVE name (platform) AS (SELECT min(platform) FROM articles UNION ALL
        SELECT (SELECT min(platform) FROM articles WHERE platform > name.platform) FROM name
        WHERE platform IS NOT NULL)
    SELECT platform FROM name WHERE platform IS NOT NULL"""
"""All platforms, by a look into an index for each: DISTINCT reads it from end to end."""
ASKED = ("q", "in", *FILTERS, "order")
"""What the address of a search says of it."""

BEGIN, END = "\ufdd0", "\ufdd1"  # around a match: characters that no text may hold (Unicode, 23.7)
MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")


def search(archive: Archive, asked: Asked) -> Answer:
    """The form of the search, and a page of its hits."""
    query = asked.values.get("q", "")
    values: dict[str, Any] = {
        "query": query,
        "platforms": sorted({row["platform"] for row in of_all(archive, PLATFORMS)})
        if archive.is_indexed()
        else [],
        "statuses": list(STATUSES),
        "kinds": list(KINDS),
        "places": PLACES,
        "in_pictures": asked.values.get("in") == PICTURES,
        "sentence": None,
        "hits": [],
        "total": 0,
        "because": None,
        "number": 1,
        "pages": 1,
        "kept": {name: asked.values.get(name) for name in ASKED},
        "most": MOST_IN_FILE,
        "chart": None,
        "is_listing": is_listing(asked),
    }
    status = 200
    if query or values["is_listing"]:
        try:
            values |= _answered(archive, asked, query)
        except UsageError as error:
            values["sentence"], status = str(error), 400
    return page(asked, "search.html", status=status, **values)


def _answered(archive: Archive, asked: Asked, query: str) -> dict[str, Any]:
    wanted = looking(archive, asked)
    counted = [asked.values.get(name) for name in ASKED if name != "order"]
    total = remembered(archive, "count", lambda: sum(wanted.count().values()), *counted)
    if not total:
        return {"because": wanted.why_none()}
    pages = min(-(-total // ON_A_PAGE), MOST_PAGES)
    number = asked.number("page", 1, most=pages)
    hits = wanted.hits(ON_A_PAGE, (number - 1) * ON_A_PAGE, (BEGIN, END))
    return {
        "total": total,
        "hits": [
            (hit, list(pieces(hit.snippet)), clip(hit) if isinstance(hit, PictureHit) else None)
            for hit in hits
        ],
        "number": number,
        "pages": pages,
        "remark": unknown_field(query),
        "chart": None
        if total > MOST_CHARTED
        else remembered(archive, "months", lambda: _months(wanted), *counted),
    }


def _months(wanted: Looking) -> Chart | None:
    """The hits by month; None where that would be a single bar."""
    months = chart({month: count for month, count in wanted.count("month").items() if month})
    return months if months and len(months.bars) > 1 else None


def pieces(snippet: str) -> Iterator[tuple[bool, str]]:
    """The pieces of a passage, and whether each is what was searched for."""
    place = 0
    for match in MARKED.finditer(snippet):
        yield False, snippet[place : match.start()]
        yield True, match[1]
        place = match.end()
    yield False, snippet[place:]
