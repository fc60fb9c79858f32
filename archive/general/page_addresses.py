"""How the address of a later page of an article is made of that of the first: `_2`, `-2`, `/2`,
`?page=2`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from archive.page.urls import urlsplit

MOST = 200  # pages of an article that an address may number
SUFFIX = re.compile(r"^(.*[^/_-])([_-])(\d{1,3})(\.\w{1,6})?$")
FOLDER = re.compile(r"^(.*[^/])/(p?)(\d{1,3})(\.\w{1,6})?$")
PARAMETER = re.compile(
    r"^(?:cur(?:rent)?_?)?(?:p|pn|pg|page|page_?(?:no|num|number|index|id))$", re.I
)
SHORT_PARAMETERS = frozenset({"p", "pn", "pg"})  # which may as well name an article


@dataclass(frozen=True, slots=True)
class Place:
    """What an address may be among those of several pages.

    Attributes:
        first: the address of the first page.
        step: the number that is added to it; 0 for the first page itself.
        form: how it is added: "_", "-", "/", "/p", or the name of a parameter.
    """

    first: str
    step: int
    form: str


def places_of(url: str) -> Iterator[Place]:
    """What an address may be, the likeliest first: a later page of one or of another.

    Example:
        >>> [place.first for place in places_of("https://a.example/t1_2.html")]
        ['https://a.example/t1.html']
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in pairs:
        rest = [pair for pair in pairs if pair[0] != name]
        is_short = name.lower() in SHORT_PARAMETERS
        if PARAMETER.match(name) and _step(value) and (rest or "." in parts.path or not is_short):
            query = urlencode(rest)
            yield Place(parts._replace(query=query, fragment="").geturl(), int(value), name)
    if match := SUFFIX.match(parts.path):
        path = match[1] + (match[4] or "")
        if _step(match[3]) and not path.endswith("/"):
            first = parts._replace(path=path, fragment="").geturl()
            yield Place(first, int(match[3]), match[2])
    if (match := FOLDER.match(parts.path)) and _step(match[3]):
        path = match[1] + (match[4] or "")
        first = parts._replace(path=path, fragment="").geturl()
        yield Place(first, int(match[3]), f"/{match[2]}")


def _step(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 3 and 0 < int(value) <= MOST


def address_of(place: Place, step: int) -> str:
    """The address of another page of the article.

    Args:
        place: what a page of it is.
        step: the number in the address; 0 for the first page.

    Example:
        >>> address_of(Place("https://a.example/t1.html", 2, "_"), 3)
        'https://a.example/t1_3.html'
    """
    if not step:
        return place.first
    parts = urlsplit(place.first)
    if place.form in ("_", "-", "/", "/p"):
        stem, dot, ending = parts.path.rpartition(".")
        if not dot or "/" in ending:
            stem, dot, ending = parts.path, "", ""
        return parts._replace(path=f"{stem}{place.form}{step}{dot}{ending}").geturl()
    query = f"{parts.query}&{place.form}={step}" if parts.query else f"{place.form}={step}"
    return parts._replace(query=query).geturl()


def without_first_number(url: str) -> str:
    """The address of a first page without the parameter that says so.

    Example:
        >>> without_first_number("https://a.example/detail?id=7&page=1")
        'https://a.example/detail?id=7'
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    rest = [pair for pair in pairs if not _says_first(*pair)]
    return url if rest == pairs else parts._replace(query=urlencode(rest)).geturl()


def _says_first(name: str, value: str) -> bool:
    return PARAMETER.match(name) is not None and value in ("", "0", "1")


def same(url: str, other: str) -> bool:
    """Whether two addresses are one but for scheme, `www.` and the number of a first page."""
    return _key(url) == _key(other)


def _key(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    rest = [pair for pair in pairs if not _says_first(*pair)]
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path, tuple(sorted(rest))
