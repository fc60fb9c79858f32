"""Lists whose entries a site loads as JSON, page by page, as a description in TOML names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from archive.errors import Unreadable
from archive.model import Account, Link
from archive.page.fields import unmarked
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Ask, LeftOut, Listing
from archive.platforms.kit.json_lists import entries, object_at, unwrapped
from archive.platforms.kit.json_rows import read_rows, time_of
from archive.platforms.kit.links import link_to, not_followed
from archive.platforms.kit.lists.rows import Locate, Own

NUMBER = "{page}"
PLACE = re.compile(r"\{(\w+(?:\.\w+)*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonList:
    """Where a site has a list as JSON, and what its keys are called.

    Attributes:
        url: the page that a reader sees, whose address is followed.
        json: the address of the JSON, with `{page}` in place of the number of the page.
        entries: the path to the array of entries, such as `data.list`; "" for the answer itself.
        address: the key of an entry's address, or an address with keys in braces.
        title: the key of an entry's title.
        time: the key of an entry's time; "" where it has none.
        post: what is posted, with `{page}`; "" where the JSON is asked for by GET.
        total: the path to the number of all entries; "" where none is stated.
        more: the path to what says whether there is another page; "" where nothing does.
        first: the number of the first page of the JSON. Where it is larger than `step`, the page
            itself has the entries before.
        step: by how much the number grows.
    """

    url: str
    json: str
    entries: str
    address: str
    title: str = "title"
    time: str = ""
    post: str = ""
    total: str = ""
    more: str = ""
    first: int = 1
    step: int = 1

    @property
    def begins_with_page(self) -> bool:
        """Whether the first entries are those of the page itself."""
        return self.first > self.step

    def ask(self, number: int) -> Ask:
        """The request for a page of the JSON."""
        url, body = (text.replace(NUMBER, str(number)) for text in (self.json, self.post))
        if not self.post:
            return Ask(url=url, headers={"Referer": self.url})
        kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "Referer": self.url}
        return Ask(url=url, method="POST", headers=headers, body=body.encode())

    def number_of(self, page: Page) -> int | None:
        """Which page of the JSON an answer is; None where it is none of this list."""
        in_address = _number_in(unquote(page.url), unquote(self.json))
        posted = page.request_body.decode("utf-8", "replace")
        in_body = _number_in(posted, self.post) if self.post else in_address
        if in_address is None or in_body is None:
            return None
        return int(in_body or in_address)


def _number_in(text: str, written: str) -> str | None:
    """The number in a text that is written with `{page}`; "" where that is written without one,
    and None where the text is another."""
    before, place, after = written.partition(NUMBER)
    if not place:
        return "" if text == written else None
    number = text[len(before) : len(text) - len(after)]
    same = text.startswith(before) and text.endswith(after) and number.isdecimal()
    return number if same and number.isascii() else None


def read_json_page(
    page: Page, layout: JsonList, number: int, locate: Locate, own: Own, account: Account
) -> Listing:
    """Reads a page of the JSON of a list.

    Args:
        page: the answer.
        layout: what its keys are called.
        number: which page it is.
        locate: what an address is on the platform.
        own: whether a host is the platform's own.
        account: whose list it is.

    Raises:
        Unreadable: it is no JSON, or has no entries where they should be.
    """
    answer = unwrapped(page)
    rows = entries(answer, *_path(layout.entries))
    links, left_out = read_rows(rows, lambda row: [_link(row, page, layout, locate, own, account)])
    total = _at(answer, layout.total)
    more = _at(answer, layout.more) if layout.more else bool(rows)
    goes_on = bool(rows) and more not in (False, None, 0, "", "0", "false")
    if rows and not links:
        raise Unreadable(
            "listing-shape", f"{page.url} has {len(rows)} entries and names no article"
        )
    return Listing(
        links=links,
        more=layout.ask(number + layout.step) if goes_on else None,
        ended=not goes_on,
        end=None if goes_on else "platform_said",
        left_out=left_out,
        total=int(total) if str(total).isdecimal() else None,
        account_id=account.account_id,
    )


def followed_by_json(listing: Listing, layout: JsonList) -> Listing:
    """The page that a reader sees, with the JSON after its entries."""
    return replace(listing, more=layout.ask(layout.first), trial=False, ended=False, end=None)


def _link(
    row: dict[str, Any], page: Page, layout: JsonList, locate: Locate, own: Own, account: Account
) -> Link | LeftOut:
    title = unmarked(_at(row, layout.title))
    if PLACE.search(layout.address):
        written = PLACE.sub(lambda place: str(_at(row, place[1]) or ""), layout.address)
    else:
        written = str(_at(row, layout.address) or "")
    url = page.link(written) if written else ""
    if not url:
        return LeftOut(reason="no-address", example=title or str(row)[:200])
    place = locate(url)
    if place is None or place.role != "article":
        return not_followed(url, own)
    return link_to(
        place if own(urlsplit(place.url).hostname or "") else None,
        place.url,
        title=title,
        published_at=time_of(_at(row, layout.time)) if layout.time else None,
        account_id=account.account_id,
    )


def _path(written: str) -> tuple[str, ...]:
    return tuple(filter(None, written.split(".")))


def _at(value: Any, written: str) -> Any:
    *above, last = _path(written) or ("",)
    return object_at(value, *above).get(last)
