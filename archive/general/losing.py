"""What else a page says for a field, besides what was taken for it."""

from __future__ import annotations

from collections.abc import Iterable

from archive.model.other_values import Mention

MOST = 5  # of a field
LONGEST = 200  # characters of each


def losing(mentions: Iterable[Mention], taken: str | None) -> tuple[Mention, ...]:
    """The different values that were not taken, in the order in which they were believed.

    Example:
        >>> losing([("云溪发布", "label"), ("新华社", "meta"), ("新华社", "dateline")], "云溪发布")
        (('新华社', 'meta'),)
    """
    places: dict[str, str] = {}
    for value, place in mentions:
        if value and value != taken and len(value) <= LONGEST:
            places.setdefault(value, place)
    return tuple(places.items())[:MOST]


def losing_titles(
    mentions: Iterable[Mention], taken: str | None, page_title: str | None
) -> tuple[Mention, ...]:
    """The different titles that were not taken, the page's own `<title>` among them where it lacks
    the one that was.

    Example:
        >>> losing_titles([("通告", "headline")], "通告", "云溪县人民政府")
        (('云溪县人民政府', 'title-element'),)
    """
    own = page_title if page_title and taken and taken not in page_title else ""
    return losing([*mentions, (own, "title-element")], taken)
