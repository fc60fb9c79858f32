"""The next page of a list by what the page shows of its paging."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from lxml.html import HtmlElement

from archive.page.fields import start_of
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Ask
from archive.platforms.kit.lists.clicks import ask_of
from archive.platforms.kit.lists.families import (
    is_page_number,
    next_in_family,
    number_in,
    with_number,
)
from archive.platforms.kit.lists.following import LAST, NO_MORE, Following, guessed
from archive.platforms.kit.lists.pager import Pager, is_pager, numbers
from archive.platforms.kit.lists.script_addresses import LIKE_ADDRESS

OF_CALENDAR = re.compile(r"[?&](?:month|date|day|year|m|d|y)=", re.I)
LAST_PAGE = re.compile(r"尾页|末页|最后一?页|最末页|last(?:page)?", re.I)
AROUND_NUMBERS = 3  # elements around a number that may hold its neighbours
LONGEST_PAGER = 200  # characters of the element around numbers of pages
MOST_NUMBERS, LONGEST_MONTH = 24, 31  # more numbers up to 31 are the days of a calendar


def shown(page: Page, own: Callable[[str], bool]) -> Following:
    """What comes after a page by its links, its numbers and its words.

    Args:
        page: a page of a list.
        own: whether a host is the platform's own.
    """
    pager = Pager(page)
    if (
        pager.count
        and (pager.current or 1) == pager.count
        and (pager.current or number_in(page.url) is None)
    ):
        return LAST
    return (
        _by_relation(page, own)
        or _by_word(pager, own)
        or _by_number(pager, own)
        or _by_choice(pager, own)
        or _by_last(pager, own)
        or _by_guess(pager)
    )


def _by_relation(page: Page, own: Callable[[str], bool]) -> Following | None:
    """`rel=next` (HTML, 4.6.6.12)."""
    for element in page.tree.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and element.get("href"):
            ask = Ask(url=page.link(element.get("href") or ""))
            if _leads_on(ask, page, own):
                return Following(more=ask)
    return None


def _by_word(pager: Pager, own: Callable[[str], bool]) -> Following | None:
    """A link that says so, in words or by an arrow. One that leads to the page itself is that of
    the last page."""
    end = None
    for element, word in pager.next_controls:
        ask = ask_of(element, pager.page)
        arrow = len(word) == 1
        if arrow and ask and (ask.method != "GET" or OF_CALENDAR.search(ask.url)):
            continue
        if ask and _leads_on(ask, pager.page, own):
            return Following(more=ask)
        if ask and len(word) > 1 and _is_same(ask, pager.page):
            end = NO_MORE
    return None if _counts_on(pager) else end


def _by_number(pager: Pager, own: Callable[[str], bool]) -> Following | None:
    """The link of the number after that of this page."""
    tokens = _row_of_numbers(pager)
    links = {number: link for number, link in tokens if link is not None}
    current = _current(pager, tokens, links)
    if current is None or len(tokens) < 2:
        return None
    link = links.get(current + 1)
    ask = None if link is None else ask_of(link, pager.page)
    if ask and _leads_on(ask, pager.page, own) and _is_near(ask.url, pager.page.url):
        return Following(more=ask)
    beyond = max(number for number, _ in tokens) > current
    return None if beyond or _counts_on(pager) or _has_live_next(pager) else NO_MORE


def _counts_on(pager: Pager) -> bool:
    """Whether more pages are printed than this one's number."""
    current = pager.current or number_in(pager.page.url) or 1
    return pager.count is not None and pager.count > current


def _row_of_numbers(pager: Pager) -> list[tuple[int, HtmlElement | None]]:
    """Numbers of pages that are next to each other, each with the link that it is."""
    rows: dict[HtmlElement, list[tuple[int, HtmlElement | None]]] = {}
    for element, number in _without_calendars(list(numbers(pager))):
        links = [element] if element.tag == "a" else list(element.iterancestors("a"))[:1]
        link = links[0] if links else element if element.get("onclick") else None
        around: HtmlElement | None = element
        for _ in range(AROUND_NUMBERS):
            around = around.getparent() if around is not None else None
            if around is not None:
                rows.setdefault(around, []).append((number, link))
    candidates = [
        row
        for around, row in rows.items()
        if (any(link is not None for _, link in row) or is_pager(around))
        and not (len(row) > MOST_NUMBERS and max(number for number, _ in row) <= LONGEST_MONTH)
        and len(start_of(around, LONGEST_PAGER + 1) or "") <= LONGEST_PAGER
    ]
    return max(candidates, key=lambda row: (_steps(row), -len(row)), default=[])


def _without_calendars(
    tokens: list[tuple[HtmlElement, int]],
) -> Iterator[tuple[HtmlElement, int]]:
    """The numbers without those of tables that have the days of a month."""
    tables = [next(element.iterancestors("table"), None) for element, _ in tokens]
    days = Counter(
        table for table, (_, number) in zip(tables, tokens, strict=True) if number <= LONGEST_MONTH
    )
    for table, token in zip(tables, tokens, strict=True):
        if table is None or days[table] <= MOST_NUMBERS:
            yield token


def _steps(row: list[tuple[int, HtmlElement | None]]) -> int:
    """How many of the numbers follow one another, in order."""
    return sum(after[0] == before[0] + 1 for before, after in pairwise(row))


def _current(
    pager: Pager,
    tokens: list[tuple[int, HtmlElement | None]],
    links: dict[int, HtmlElement],
) -> int | None:
    """The number of this page: printed, that without a link among the others, that of its
    address."""
    if _steps(tokens) == 0:
        return None
    if pager.current:
        return pager.current
    plain = {number for number, link in tokens if link is None or _leads_nowhere(link, pager.page)}
    if len(plain) == 1:
        return plain.pop()
    if plain or not links:
        return None
    return number_in(pager.page.url) if is_page_number(pager.page.url) else 1


def _leads_nowhere(link: HtmlElement, page: Page) -> bool:
    """Whether the link is that of the page itself."""
    ask = ask_of(link, page)
    if ask is not None:
        return _is_same(ask, page)
    words = (link.get("class") or "").lower().split()
    return link.get("onclick") is None and bool(
        {"on", "cur", "current", "active", "now", "hover", "selected", "this"} & set(words)
    )


def _by_choice(pager: Pager, own: Callable[[str], bool]) -> Following | None:
    """A `select` with the addresses of all pages."""
    for choice in pager.page.tree.iter("select"):
        options = list(choice.iter("option"))
        words = [re.sub(r"\D", "", start_of(option) or "") for option in options]
        if len(options) < 2 or words != [str(number + 1) for number in range(len(options))]:
            continue
        chosen = [n for n, option in enumerate(options) if option.get("selected") is not None]
        following = (chosen[0] if chosen else (pager.current or 1) - 1) + 1
        if following >= len(options):
            return NO_MORE
        address = options[following].get("value") or ""
        ask = Ask(url=pager.page.link(address)) if LIKE_ADDRESS.match(address) else None
        return Following(more=ask) if ask and _leads_on(ask, pager.page, own) else None
    return None


def _by_last(pager: Pager, own: Callable[[str], bool]) -> Following | None:
    """A link to the last page alone (尾页), which shows how the pages between are named."""
    here = number_in(pager.page.url)
    for element, word in pager.controls:
        ask = ask_of(element, pager.page) if LAST_PAGE.fullmatch(word) else None
        if ask is None or ask.method != "GET" or not _leads_on(ask, pager.page, own):
            continue
        last = number_in(ask.url)
        following = (here or (pager.current or 1)) + 1
        if last is None or last < following - 1:
            continue
        if here is None and (name := next_in_family(pager.page.url)):
            following = min(number_in(name) or following, following)
        url = with_number(ask.url, min(following, last))
        return Following(more=Ask(url=url), trial=True, end="unknown")
    return None


def _by_guess(pager: Pager) -> Following:
    """The next address of its family, where anything says that there may be more; nothing where
    the page says nothing of pages."""
    signs = _counts_on(pager) or _has_signs(pager)
    if not signs:
        guess = next_in_family(pager.page.url)
        over = pager.names_next or pager.has_previous or pager.count is not None
        if over or guess is None or not is_page_number(pager.page.url):
            return NO_MORE
        return Following(more=Ask(url=guess), trial=True)
    return replace(guessed(pager.page), total=pager.total)


def _has_signs(pager: Pager) -> bool:
    """Whether something on the page leads to more of the list, in a way that cannot be read."""
    if _has_live_next(pager):
        return True
    if pager.may_be_scripted or pager.loads_more or _steps(_row_of_numbers(pager)) > 0:
        return True
    return pager.count is None and not pager.names_next and pager.is_rendered


def _has_live_next(pager: Pager) -> bool:
    return any(
        len(word) > 1 and not _is_last(element, pager) for element, word in pager.next_controls
    )


def _is_last(element: HtmlElement, pager: Pager) -> bool:
    ask = ask_of(element, pager.page)
    return ask is not None and _is_same(ask, pager.page)


def _leads_on(ask: Ask, page: Page, own: Callable[[str], bool]) -> bool:
    host = urlsplit(ask.url).hostname or ""
    return not _is_same(ask, page) and (host == urlsplit(page.url).hostname or own(host))


def _is_same(ask: Ask, page: Page) -> bool:
    same = ask.url.partition("#")[0] == page.url.partition("#")[0]
    return same and ask.body == page.request_body


def _is_near(url: str, page_url: str) -> bool:
    """Whether an address is of the same part of a site, as the pages of one list are."""
    folder = page_url.partition("?")[0].rpartition("/")[0]
    return url.partition("?")[0].startswith(f"{folder.rpartition('/')[0]}/")
