"""The rows of a list: links to articles with their titles and dates, and the rows that lead to
none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from archive.model import Link
from archive.page.dates import from_local
from archive.page.fields import start_of, stripped
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Address, LeftOut
from archive.platforms.kit.links import link_to, not_followed
from archive.platforms.kit.lists.script_addresses import address_behind

Locate = Callable[[str], Address | None]
Own = Callable[[str], bool]
"""Whether a host is the platform's own."""

Entry = tuple[str, str | None, str | None]
"""Address, title, and date or time of one entry of a list."""

SHORTEST = 5  # characters of a headline in a list
ROWS_AROUND, LONGEST_ROW = 8, 4000  # elements around a link that may be its row; characters
ROW = ("li", "tr", "dd", "p", "div", "article")
POINTING = re.compile(
    r"[\[【(（]?(?:查看)?(?:详情|详细|全文|更多|原文)[\]】)）]?\W*|(?:read )?more\W*", re.I
)
FILES = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z|jpe?g|png|mp4)$", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """A link of a page with the row around it.

    Attributes:
        url: the absolute address; None where none can be read.
        title: as it is shown; "" for a picture without a text.
        day: the date in the row.
        element: the row itself; None where the link is in none.
        picture: whether a picture is the link.
    """

    url: str | None
    title: str
    day: str | None
    element: HtmlElement | None
    picture: bool

    @property
    def place(self) -> tuple[HtmlElement | None, object]:
        """What rows of one list have in common: the element around them, and their tag."""
        row = self.element
        return (None, None) if row is None else (row.getparent(), row.tag)


def rows(page: Page, tree: HtmlElement) -> list[Row]:
    """All links of a page, or of a part of it.

    Args:
        page: the page, for its address and its scripts.
        tree: what is looked through.
    """
    links = _links_within(tree)
    return [_row(element, page, links) for element in _pointers(tree)]


def _pointers(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter("a", "area", "li", "tr", "td", "div", "span", "p", "h3", "h4", "dd"):
        if element.tag in ("a", "area") or (
            element.get("onclick") and next(element.iter("a"), None) is None
        ):
            yield element


def _row(element: HtmlElement, page: Page, links: dict[HtmlElement, int]) -> Row:
    around, day = _row_around(element, links)
    picture = next(element.iter("img"), None)
    title = stripped(element.get("title")) or start_of(element)
    if picture is not None and not title:
        title = stripped(picture.get("alt")) or stripped(picture.get("title"))
    return Row(address_behind(element, page), title or "", day, around, picture is not None)


def _links_within(tree: HtmlElement) -> dict[HtmlElement, int]:
    """How many links each element holds."""
    links: dict[HtmlElement, int] = {}
    for element in reversed(list(tree.iter("*"))):  # what is within an element comes before it
        own = links.get(element, 0)
        over = element.getparent()
        if over is not None:
            links[over] = links.get(over, 0) + own + (element.tag == "a")
        links[element] = own
    return links


def _row_around(
    anchor: HtmlElement, links: dict[HtmlElement, int]
) -> tuple[HtmlElement | None, str | None]:
    """The row of the list that holds the link, and the date in it."""
    own = [anchor] if anchor.tag in ROW else []
    nearest = None
    for row in (*own, *islice(anchor.iterancestors(*ROW), ROWS_AROUND)):
        if links.get(row, 9) > 2:
            break
        nearest = row if nearest is None or nearest.tag in ("p", "div") else nearest
        if day := from_local(start_of(row, LONGEST_ROW)):
            return row if row.tag in ("li", "tr", "dd") else nearest, day
    return nearest, None


def sorted_out(
    candidates: Sequence[Row], locate: Locate, own: Own, account_id: str | None
) -> tuple[tuple[Link, ...], tuple[LeftOut, ...]]:
    """The articles that links lead to, and what is left out: rows of the same lists that lead to
    none.

    Args:
        candidates: the links of a page.
        locate: what an address is on the platform.
        own: whether a host is the platform's own.
        account_id: whose list it is; None where that is not known.
    """
    pairs = [(row, _link(row, locate, own, account_id)) for row in candidates]
    lists = {row.place for row, link in pairs if link and _is_entry(row)}
    lists.discard((None, None))
    links: dict[str, Link] = {}
    taken: set[HtmlElement | None] = set()
    for row, link in pairs:
        if link and (_is_entry(row) or row.place in lists):
            _add(links, link)
            taken.add(row.element)
    others = (
        row
        for row, link in pairs
        if link is None and row.place in lists and row.element not in taken
    )
    left_out = {row.element: _left_out(row, own) for row in others if len(row.title) >= SHORTEST}
    return tuple(links.values()), tuple(left_out.values())


def _is_entry(row: Row) -> bool:
    """Whether a link to an article is one of a list, and none of the site's menus, which have
    articles such as 联系我们 too."""
    return len(row.title) >= SHORTEST or row.picture or bool(row.day)


def _link(row: Row, locate: Locate, own: Own, account_id: str | None) -> Link | None:
    place = locate(row.url) if row.url else None
    if place is None or place.role != "article":
        return None
    return link_to(
        place if own(urlsplit(place.url).hostname or "") else None,
        place.url,
        title=None if POINTING.fullmatch(row.title) else row.title or None,
        published_at=row.day,
        account_id=account_id,
    )


def _add(links: dict[str, Link], link: Link) -> None:
    """Adds a link, or what it says more of an article that is linked already: by its picture, its
    title and a word such as 详情."""
    known = links.get(link.id)
    if known is None:
        links[link.id] = link
        return
    longer = len(known.title or "") < SHORTEST <= len(link.title or "")
    links[link.id] = replace(
        known,
        title=link.title if longer else known.title or link.title,
        published_at=known.published_at or link.published_at,
    )


def _left_out(row: Row, own: Own) -> LeftOut:
    if row.url is None:
        return LeftOut(reason="no-address", example=row.title)
    left_out = not_followed(row.url, own)
    is_file = left_out.reason != "other-host" and FILES.search(urlsplit(row.url).path)
    return replace(left_out, reason="attachment") if is_file else left_out


def unknown_rows(candidates: Sequence[Row]) -> list[Row]:
    """The rows that look like entries of a list though no address of theirs is known: those with a
    headline and a date."""
    return [row for row in candidates if row.day and len(row.title) >= SHORTEST]
