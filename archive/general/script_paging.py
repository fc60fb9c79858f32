"""The pages of an article whose pager only runs scripts: `gotoPage(2)`, `javascript:page('2')`.

Where the page defines the function, it says how their addresses are made; else there are only
their numbers, so that the article is known to lack them. A function that shows another part of the
same page leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from lxml.html import HtmlElement

from archive.general.page_addresses import MOST, places_of, same
from archive.general.pager_words import NEXT, count_around, is_of_comments, number_of, word_of
from archive.model import Paging
from archive.page.page import Page

PAGER = re.compile("page|pg|fenye|turn|jump|goto", re.I)  # in the name of such a function
CALL = re.compile(r"(?<![\w.$])([\w.$]{1,60})\s{0,9}\(\s{0,9}[\"']?(\d{1,3})[\"']?\s{0,9}[,)]")
GIVEN = re.compile(r"\(\s?[\"']?[2-9][\"']?[,)]")  # the number that a call gives
CALLED = re.compile(r"(?:page|pg|fenye|turn|jump|goto)[\w$]{0,40}\s?\Z", re.I)
LONGEST_CALLED = 47  # characters of it
CREATED = re.compile(r"(?<!//)createPage\w{0,20}\s?\(\s?[\"']?(\d{1,3})[\"']?\s?,")
ALL_PAGES = re.compile(r"全文\s{0,9}共?有?\s{0,9}(\d{1,3})\s{0,9}页")
DEFINED = re.compile(r"\bfunction\s{1,9}([\w$]{1,40})\s{0,9}\(\s{0,9}([\w$]{1,40})")
ASSIGNED = re.compile(r"\b([\w$]{1,40})\s{0,9}[=:]\s{0,9}function\s{0,9}\(\s{0,9}([\w$]{1,40})")
LONGEST_BODY = 600  # characters of a function that are read
LEADS = re.compile(
    r"(?:location(?:\.href)?\s{0,9}=|location\.(?:replace|assign)\s{0,9}\(|\bopen\s{0,9}\(|\.href\s{0,9}="
    r"|\.action\s{0,9}=)\s{0,9}([^;\n]{1,300})"
)
SENDS = re.compile(r"location|\.href|submit|ajax|fetch|\.load\(|\.get\(|\.post\(", re.I)
PART = re.compile(
    r"\s*(?:\"([^\"]{0,200})\"|'([^']{0,200})'|((?:window\.|document\.)?location\.(?:pathname|href)|document\.URL)"
    r"|(?:parseInt\s?)?\(?\s?([\w$]{1,40})\s?(?:-\s?(1))?\s?\)?)\s*(\+|$|[,)}])"
)
PART_OF_PAGE = re.compile(r"^(?:[\w-]{0,20}(?:page|fy|content|part))[_-]?0?2$", re.I)


# text, or None with the name of a variable and what is taken from it
_Part = tuple[str | None, str, int]


@dataclass(frozen=True, slots=True)
class _Link:
    """What a link of a pager says, the function that it calls, and the number that it gives it."""

    word: str
    function: str
    number: int
    element: HtmlElement


def may_have_calls(text: str) -> bool:
    """Whether a page may have such a pager, which is looked at before its tree is."""
    # The number first: there are few, and to look for the names goes through all of every page.
    return any(
        CALLED.search(text[max(0, given.start() - LONGEST_CALLED) : given.start()])
        for given in GIVEN.finditer(text)
    )


def paging_by_calls(page: Page) -> Paging | None:
    """Which of the pages of an article a page is whose pager runs scripts; None for others."""
    links = [link for link in _links(page) if not is_of_comments(link.element)]
    proved = [link for link in links if link.number > 1 and _says(link)]
    if not proved:
        return _by_words(page)
    function = proved[0].function.rpartition(".")[2]
    numbers = [link.number for link in links if link.function == proved[0].function]
    count = min(max([count_around(proved[0].element) or 0, *numbers]), MOST)
    body = _body_of(page.text, function)
    if body is None and _has_parts(page):
        return None
    if body is not None and not SENDS.search(body[1]):
        return None  # it shows another part of the same page
    return _paging(page, count, _address_by(body, page) if body else None)


def _says(link: _Link) -> bool:
    return number_of(link.word) == link.number or NEXT.fullmatch(link.word) is not None


def _links(page: Page) -> Iterator[_Link]:
    for element in page.tree.iter("a", "span", "button", "li", "input"):
        written = f"{element.get('href') or ''} {element.get('onclick') or ''}"
        call = CALL.search(written) if "(" in written else None
        if call and PAGER.search(call[1]) and (word := word_of(element)):
            yield _Link(word, call[1], int(call[2]), element)


def _by_words(page: Page) -> Paging | None:
    """The first page of one that a script of TRS counts and whose call says no addresses."""
    created = CREATED.search(page.text)
    printed = ALL_PAGES.search(page.text) if "createPage" in page.text else None
    count = max(int(match[1]) if match else 0 for match in (created, printed))
    return _paging(page, min(count, MOST), None) if count > 1 else None


def _paging(page: Page, count: int, address: Callable[[int], str] | None) -> Paging | None:
    url = page.url.partition("#")[0]
    if count < 2:
        return None
    if address is None:
        return Paging(number=1, first=url, others=(), count=count)
    number = next((step for step in range(2, MOST + 1) if same(address(step), url)), 1)
    count = max(count, number)
    others = [(step, address(step)) for step in range(2, count + 1)]
    first = url if number == 1 else _first_of(url, number) or address(1)
    return Paging(
        number=number,
        first=first,
        others=tuple(pair for pair in others if pair[0] != number),
        count=count,
    )


def _first_of(url: str, number: int) -> str | None:
    steps = (number, number - 1)
    return next((place.first for place in places_of(url) if place.step in steps), None)


def _body_of(text: str, function: str) -> tuple[str, str] | None:
    """The parameter and the begin of the body of a function of the page; None where it is not
    defined there."""
    for defined in (*DEFINED.finditer(text), *ASSIGNED.finditer(text)):
        if defined[1] == function:
            return defined[2], text[defined.end() :][:LONGEST_BODY].partition("function")[0]
    return None


def _address_by(body: tuple[str, str], page: Page) -> Callable[[int], str] | None:
    """How a function makes the address of a page; None where it cannot be seen."""
    parameter, script = body
    for leads in LEADS.finditer(script):
        parts = list(_parts(leads[1]))
        names = [name for text, name, _ in parts if text is None]
        if names and all(name == parameter for name in names):
            return partial(_address, page, parts)
    return None


def _address(page: Page, parts: list[_Part], number: int) -> str:
    return page.link(_written(parts, number, page.url))


def _parts(expression: str) -> Iterator[_Part]:
    """The parts of a sum: text, or a name and what is taken from it."""
    place = 0
    while match := PART.match(expression, place):
        text = match[1] if match[1] is not None else match[2]
        if match[3]:
            text = ""  # the address of the page itself, as a browser joins it
        yield text, match[4] or "", int(match[5] or 0)
        place = match.end()
        if match[6] != "+":
            return
    yield None, "", 0


def _written(parts: list[_Part], number: int, url: str) -> str:
    written = "".join(str(number - less) if text is None else text for text, _, less in parts)
    if written.startswith(("_", "-")):  # it goes on from the name of the page itself
        return url.rpartition("/")[2].partition("?")[0].rpartition(".")[0] + written
    if written.startswith("&"):
        first = next((place.first for place in places_of(url) if place.form.isalpha()), url)
        return f"{first}{written}" if "?" in first else f"{first}?{written[1:]}"
    return written


def _has_parts(page: Page) -> bool:
    """Whether the page itself has the other pages, which a script shows one after the other."""
    ids = (element.get("id") or "" for element in page.tree.iter("div", "p", "section", "span"))
    return any(PART_OF_PAGE.match(name) for name in ids)
