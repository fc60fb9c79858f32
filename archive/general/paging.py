"""Whether a page is one of several that an article has: what its links, its scripts and its words
say, and how the addresses of the pages differ.

An address alone proves nothing. A page is first or later by links that lead to the others with the
words of a pager (2, 下一页, 第3页), or by the call of a script that writes them.

Sources: `createPageHTML(count, current, name, extension)` and `countPage`/`currentPage` of TRS WCM,
counted from 0; hanweb, VSB and others have links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from archive.general.page_addresses import (
    MOST,
    Place,
    address_of,
    places_of,
    same,
    without_first_number,
)
from archive.general.pager_words import (
    EDGE,
    LONGEST_PAGER,
    NEXT,
    PREVIOUS,
    count_around,
    is_of_comments,
    number_of,
    word_of,
)
from archive.general.script_paging import may_have_calls, paging_by_calls
from archive.model import Paging
from archive.page.page import Page
from archive.page.urls import urlsplit

STEP = re.compile(r"(?:[_-]|/p?)\d{1,3}\b")
CALL = re.compile(
    r"create_?page(?:html|nav|list)?\w{0,10}\s*+\(\s*+(?:[\"'][\w-]{1,40}[\"']\s*+,\s*+)?[\"']?(\d{1,3})[\"']?\s*+,"
    r"\s*+[\"']?(\d{1,3})[\"']?\s*+,\s*+[\"']([\w./-]{1,120})[\"']\s*+,\s*+[\"'](\w{2,6})[\"']",
    re.I,
)
VARIABLES = (
    re.compile(r"\bcountPage\s*+=\s*+[\"']?(\d{1,3})\b"),
    re.compile(r"\bcurrentPage\s*+=\s*+[\"']?(\d{1,3})\b"),
)
NUMBERED = re.compile(r"=(?=\d)")
NAMES_PAGE = re.compile(
    r"[?&;](?:cur(?:rent)?_?)?(?:p|pn|pg|page|page_?(?:no|num|number|index|id))\Z", re.I
)
LONGEST_NAME = 20  # characters of it
PAGER_WORDS = re.compile(
    r"(?:首页|第一页|[上下前后]一?[页頁]|末页|尾页|最后一?页|全文|页次|页码|余下"
    r"|第?\s{0,3}+\d{1,3}\s{0,3}+页|[共总]\s{0,3}+\d{1,3}\s{0,3}+页|分页|跳转|转到|\d{1,3}(?![\d.%年月日])|[\s\[\]【】()（）·|/.…<>‹›«»:：,，、-])++"
)
WORD = re.compile(r"页|頁")


@dataclass(frozen=True, slots=True)
class _Member:
    """A link to another page of the article: what it says, and where it leads."""

    word: str
    url: str
    place: Place
    element: HtmlElement

    @property
    def number(self) -> int | None:
        """The number that it says."""
        return number_of(self.word)


def paging_of(page: Page) -> Paging | None:
    """Which of the pages of an article a page is; None for one that is all of its article.

    Args:
        page: the answer, whose links are read only where its text may name such pages.
    """
    if not _may_have_pages(page):
        return None
    return _by_script(page) or _by_links(page) or paging_by_calls(page)


def without_pager(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The paragraphs of a page of several without those that are its pager: numbers and words of
    pages, of which one at least is a word, or the numbers from 1 on on one line."""
    shown: list[tuple[str, str]] = []
    run: list[tuple[str, str]] = []
    for line in [*lines, ("p", "")]:
        if line[1] and PAGER_WORDS.fullmatch(line[1]):
            run.append(line)
            continue
        if not any(WORD.search(text) or _counts(text) for _, text in run):
            shown += run
        run = []
        shown.append(line)
    return shown[:-1]


def _counts(text: str) -> bool:
    """Whether a line has the numbers of pages, and is no row of a table."""
    numbers = [int(number) for number in re.findall(r"\d+", text[:LONGEST_PAGER])]
    return "\t" not in text and len(numbers) > 1 and numbers == [*range(1, len(numbers) + 1)]


def _may_have_pages(page: Page) -> bool:
    text = page.text
    if text[:1] in "{[":
        return False
    if "createPage" in text or "countPage" in text:
        return True
    if _names_page(text) or may_have_calls(text):
        return True
    stems = {_stem(url) for url in (page.url, *(place.first for place in places_of(page.url)))}
    return any(_is_numbered(text, stem) for stem in stems if stem)


def _names_page(text: str) -> bool:
    """Whether a parameter of an address numbers pages anywhere in a page."""
    # The number first: there are few, and to look for the names goes through all of every page.
    return any(
        NAMES_PAGE.search(text[max(0, number.start() - LONGEST_NAME) : number.start()])
        for number in NUMBERED.finditer(text)
    )


def _is_numbered(text: str, stem: str) -> bool:
    """Whether a number is added to the name of a file anywhere in a page."""
    start = text.find(stem)
    while start >= 0:
        if STEP.match(text, start + len(stem)):
            return True
        start = text.find(stem, start + len(stem))
    return False


def _stem(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2].rpartition(".")[0]


def _by_script(page: Page) -> Paging | None:
    """What a script of TRS says, whose pages are counted from 0."""
    text = page.text
    for call in CALL.finditer(text):
        if _is_off(text, call.start()):
            continue
        file = f"{call[3].rpartition('/')[2]}.{call[4]}"
        first = _neighbour(page.url, file)
        if paging := _counted(page.url, first, int(call[1]), int(call[2])):
            return paging
    count, current = (pattern.search(text) for pattern in VARIABLES)
    if count and current:
        number = int(current[1])
        first = page.url if not number else _first_of(page.url, number)
        if _stem(first) in text:
            return _counted(page.url, first, int(count[1]), number)
    return None


def _is_off(text: str, start: int) -> bool:
    """Whether a comment of JavaScript is before it on its line."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return re.search(r"(?<!:)//", line[-200:]) is not None or "function" in line[-20:]


def _neighbour(url: str, file: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rpartition('/')[0]}/{file}", fragment="").geturl()


def _first_of(url: str, number: int) -> str:
    return next((place.first for place in places_of(url) if place.step == number), "")


def _counted(url: str, first: str, count: int, current: int) -> Paging | None:
    """The paging of a page whose number is counted from 0, where its address agrees."""
    is_first = same(url, first)
    steps = [place.step for place in places_of(url) if same(place.first, first)]
    if not first or count < 2 or not (is_first or current in steps):
        return None
    place = Place(first=first, step=1, form="_")
    others = [(step + 1, address_of(place, step)) for step in range(1, min(count, MOST))]
    number = 1 if is_first else current + 1
    return Paging(number=number, first=first, others=tuple(others), count=count)


def _by_links(page: Page) -> Paging | None:
    links = list(_links(page))
    url = without_first_number(page.url.partition("#")[0])
    candidates = [Place(first=url, step=0, form=""), *places_of(page.url)]
    for own in candidates:
        family = _Family(page, own, [each for each in links if same(each.place.first, own.first)])
        if family.is_proved:
            return family.paging
    return None


def _links(page: Page) -> Iterator[_Member]:
    """The links with the words of a pager."""
    for element in page.tree.iter("a", "option"):
        href = (element.get("href") or element.get("value") or "").strip()
        if not href or href.startswith(("#", "javascript:")):
            continue
        word = word_of(element)
        if word is None or is_of_comments(element):
            continue
        url = page.link(href).partition("#")[0]
        for place in (Place(first=url, step=0, form=""), *places_of(url)):
            yield _Member(word, url, place, element)


class _Family:
    """The links of a page that lead to pages with one first page.

    Args:
        page: the page.
        own: what its own address is in it.
        members: the links, those to the first page among them (step 0).
    """

    def __init__(self, page: Page, own: Place, members: list[_Member]) -> None:
        self.page, self.own = page, own
        self.first = own.first
        self.later = [member for member in members if member.place.step and member.url != page.url]
        self.leads_to_first = own.step > 0 and any(not member.place.step for member in members)
        self.members = members

    @property
    def is_proved(self) -> bool:
        """The first page names a later one. A later one names the first, or numbers of others: a
        next page alone may be the next article of a site that numbers them."""
        if not self.own.step:
            return any(not EDGE.fullmatch(each.word) or self.count for each in self.later)
        numbered = [each for each in self.later if each.number == each.place.step + self.offset]
        return self.leads_to_first or (len(numbered) > 1 and self.number > 1)

    @cached_property
    def offset(self) -> int:
        """What is added to the number in an address to have the number of the page."""
        offsets = Counter(
            number - member.place.step
            for member in self.later
            if (number := member.number) is not None and 0 <= number - member.place.step <= 1
        )
        if offsets:
            return max(offsets, key=lambda offset: (offsets[offset], -offset))
        steps = [member.place.step for member in self.later if NEXT.fullmatch(member.word)]
        if not self.own.step:
            return 1 if 1 in steps else 0
        # the page before the first one with a number is the first itself, and has none
        before = {each.place.step for each in self.members if PREVIOUS.fullmatch(each.word)}
        return 1 if (self.own.step, before) in ((1, {0}), (2, {1})) else 0

    @property
    def number(self) -> int:
        return max(self.own.step + self.offset, 1) if self.own.step else 1

    @cached_property
    def count(self) -> int | None:
        """How many pages there are, as it is printed next to a link or as the last link says."""
        for member in self.later or self.members:
            if count := count_around(member.element):
                return count
        return None

    @property
    def paging(self) -> Paging:
        named = {member.place.step + self.offset: member.url for member in self.later}
        count = self.count
        if self.later:
            for number in range(2, min(max([count or 0, *named]), MOST) + 1):
                place = self.later[0].place
                named.setdefault(number, address_of(place, number - self.offset))
        others = sorted((number, url) for number, url in named.items() if 1 < number <= MOST)
        return Paging(
            number=self.number,
            first=self.first,
            others=tuple(pair for pair in others if pair[0] != self.number),
            count=max(count, self.number) if count else None,
        )
