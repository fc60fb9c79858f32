"""Lists whose entries a site loads as JSON, page by page, as a description in TOML names them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

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

NUMBER, CURSOR = "{page}", "{cursor}"
OF_LAST = "last."  # begins a cursor that is a key of the last entry
NO_CURSOR = ("", "0", "-1", "None", "False", "null")  # where an answer has no page after it
PLACE = re.compile(r"\{(\w+(?:\.\w+)*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonList:
    """Where a site has a list as JSON, and what its keys are called.

    Attributes:
        url: the page that a reader sees, whose address is followed.
        json: the address of the JSON, with `{page}` in place of the number of the page, or
            `{cursor}` in place of what the answer before says.
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
        cursor: the path to what the next request carries, such as `data.next`; `last.id` is that
            key of the last entry. "" where pages have numbers.
        start: what the first request carries in the place of a cursor.
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
    cursor: str = ""
    start: str = ""

    @property
    def begins_with_page(self) -> bool:
        """Whether the first entries are those of the page itself."""
        return not self.cursor and self.first > self.step

    @property
    def place(self) -> str:
        """What is written in the place of the number or the cursor."""
        return CURSOR if self.cursor else NUMBER

    @property
    def first_value(self) -> str:
        """The number or the cursor of the first page."""
        return self.start if self.cursor else str(self.first)

    def ask(self, value: str) -> Ask:
        """The request for the page of the JSON with this number or cursor."""
        url = self.json.replace(self.place, quote(value, safe=""))
        if not self.post:
            return Ask(url=url, headers={"Referer": self.url})
        is_json = self.post.startswith("{")
        written = json.dumps(value, ensure_ascii=False)[1:-1] if is_json else quote(value, safe="")
        body = self.post.replace(self.place, written)
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "Referer": self.url}
        return Ask(url=url, method="POST", headers=headers, body=body.encode())

    def value_of(self, page: Page) -> str | None:
        """The number or cursor of the page that an answer is; None where it is none of this
        list."""
        in_address = self._value_in(unquote(page.url), unquote(self.json))
        posted = page.request_body.decode("utf-8", "replace")
        in_body = self._value_in(posted, self.post) if self.post else in_address
        if in_address is None or in_body is None:
            return None
        return in_address if self.place in self.json else self._as_asked(in_body)

    def _value_in(self, text: str, written: str) -> str | None:
        """The value in a text that is written with its place; "" where that is written without one,
        and None where the text is another."""
        before, place, after = written.partition(self.place)
        if not place:
            return "" if text == written else None
        value = text[len(before) : len(text) - len(after)]
        same = text.startswith(before) and text.endswith(after)
        is_number = value.isdecimal() and value.isascii()
        return value if same and (self.cursor or is_number) else None

    def _as_asked(self, written: str) -> str:
        """A posted value without the marks by which it was written."""
        if not self.post.startswith("{"):
            return unquote(written)
        try:
            return str(json.loads(f'"{written}"'))
        except ValueError:
            return written

    def following(self, answer: Any, rows: list[Any], value: str) -> str | None:
        """The number or cursor of the page after one; None where the answer names none.

        Args:
            answer: the JSON.
            rows: its entries.
            value: its own number or cursor.
        """
        if not self.cursor:
            return str(int(value) + self.step)
        key = self.cursor.removeprefix(OF_LAST)
        source = answer if key == self.cursor else rows[-1]
        given = _at(source, key) if isinstance(source, dict) else None
        return None if str(given) in NO_CURSOR else str(given)


def read_json_page(
    page: Page, layout: JsonList, value: str, locate: Locate, own: Own, account: Account
) -> Listing:
    """Reads a page of the JSON of a list.

    Args:
        page: the answer.
        layout: what its keys are called.
        value: the number or cursor of the page.
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
    following = layout.following(answer, rows, value) if goes_on else None
    stays = following is not None and following == value  # a cursor that leads to itself
    if rows and not links:
        raise Unreadable(
            "listing-shape", f"{page.url} has {len(rows)} entries and names no article"
        )
    return Listing(
        links=links,
        more=layout.ask(following) if following is not None and not stays else None,
        ended=following is None,
        end="platform_said" if following is None else "unknown" if stays else None,
        left_out=left_out,
        total=int(total) if str(total).isdecimal() else None,
        account_id=account.account_id,
    )


def followed_by_json(listing: Listing, layout: JsonList) -> Listing:
    """The page that a reader sees, with the JSON after its entries."""
    return replace(listing, more=layout.ask(layout.first_value), trial=False, ended=False, end=None)


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
