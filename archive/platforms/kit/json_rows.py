"""The rows of lists that are JSON: each is read for itself, so that an odd one costs nothing but
itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from archive.errors import Unreadable, failures_as_unreadable
from archive.model import Link
from archive.page.fields import unmarked
from archive.page.urls import urljoin, urlsplit
from archive.platform import Address, LeftOut
from archive.platforms.kit.feed_times import read_time
from archive.platforms.kit.links import link_to

LONGEST_EXAMPLE = 200  # characters of a row that are kept
Row = dict[str, Any]
ReadRow = Callable[[Row], Iterable[Link | LeftOut]]


def read_rows(rows: Sequence[Any], read: ReadRow) -> tuple[tuple[Link, ...], tuple[LeftOut, ...]]:
    """Reads each row of a list.

    Args:
        rows: what the list holds.
        read: gives the entries of one row; it may raise whatever an odd row makes it raise.

    Returns:
        The entries, each once, and the rows that lead to none.

    Raises:
        Unreadable: not one of the rows can be read, as after a change of the format.
    """
    links: dict[str, Link] = {}
    left_out: list[LeftOut] = []
    failure = None
    for row in rows:
        try:
            with failures_as_unreadable():
                for entry in _of_row(row, read):
                    if isinstance(entry, LeftOut):
                        left_out.append(entry)
                    else:
                        links.setdefault(entry.id, entry)
        except Unreadable as error:
            failure = error
            left_out.append(LeftOut(reason="odd-row", example=_written(row)))
    if failure and not links and all(row.reason == "odd-row" for row in left_out):
        raise Unreadable("listing-shape", failure.detail) from failure
    return tuple(links.values()), tuple(left_out)


def _of_row(row: object, read: ReadRow) -> list[Link | LeftOut]:
    if not isinstance(row, dict):
        raise Unreadable("listing-shape", f"an entry is {type(row).__name__} and no object")
    return list(read(row))


def _written(row: object) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)[:LONGEST_EXAMPLE]


def number_of(row: Row, key: str) -> str | None:
    """The number under a key, as it is written in addresses; None where there is none.

    Example:
        >>> number_of({"id": 12}, "id"), number_of({"id": " 12 "}, "id"), number_of({}, "id")
        ('12', '12', None)
    """
    value = row.get(key)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return text if text.isascii() and text.isdigit() and text.strip("0") else None


def time_of(*values: object) -> str | None:
    """The first time among some values: seconds or milliseconds since 1970, or as it is printed.

    Returns:
        ISO 8601 at +08:00, or a date; None where none of them is a time.

    Example:
        >>> time_of(None, 1709605380000), time_of("1709605380"), time_of(0, "2024-03-05")
        ('2024-03-05T10:23:00+08:00', '2024-03-05T10:23:00+08:00', '2024-03-05')
    """
    texts = (str(value) for value in values if isinstance(value, int | str))
    return next(filter(None, map(read_time, texts)), None)


def place_of(
    addresses: Iterable[object],
    base: str,
    locate: Callable[[str], Address | None],
    own: Callable[[str], bool],
) -> Address | str | None:
    """Where a row leads that names itself by addresses.

    Args:
        addresses: the values that may be one, the best first.
        base: what they are relative to.
        locate: what an address is on the platform.
        own: whether a host is the platform's own.

    Returns:
        The first article of the platform among them; else the first address of the web; None where
        there is none.
    """
    texts = [urljoin(base, text) for text in addresses if isinstance(text, str) and text.strip()]
    urls = [url for url in texts if url.startswith(("http://", "https://"))]
    for url in urls:
        place = locate(url) if own(urlsplit(url).hostname or "") else None
        if place and place.role == "article":
            return place
    return urls[0] if urls else None


def entry_of(
    place: Address | str | None, *, title: object, published_at: str | None, account_id: str
) -> Link:
    """The entry of a row.

    Args:
        place: where it leads, as `place_of` gives it.
        title: as the row has it, which may be with mark-up.
        published_at: ISO 8601 at +08:00, or a date.
        account_id: whose list it is.

    Raises:
        Unreadable: it leads nowhere.
    """
    if place is None:
        raise Unreadable("listing-shape", "an entry has neither id nor address")
    return link_to(
        place if isinstance(place, Address) else None,
        place.url if isinstance(place, Address) else place,
        title=unmarked(title),
        published_at=published_at,
        account_id=account_id,
    )
