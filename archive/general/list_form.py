"""How a page of a list is recognised as one, where its address was a guess: sites answer an address
that they do not have with their home page, another column or a notice, and with status 200."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.model import Failure
from archive.page.fields import class_and_id
from archive.page.letters import folded_letters
from archive.page.page import Page

ENTRY = 6  # letters of a link to an article, at least
MOST = 30  # places of links that are compared
LEVELS = 4  # elements around a link by which entries of one list are alike
BOXES = frozenset(["ul", "ol", "dl", "table", "tbody", "div", "section", "nav"])
NUMBERED = re.compile(
    r"page\d*+(?:of\d++)?|共\d++[页頁]|第?[一二三四五六七八九十\d]{1,5}(?:页|頁)?|[页頁]"
)
SAYS_NOT_THERE = re.compile(
    r"404|not\s?found|error|(?:不存在|没有找到|未找到|找不到|无法显示|出错|走丢|已?删除|错误)", re.I
)


def form_of(page: Page) -> str:
    """What the other pages of a list share with one of them: its title without numbers, the place
    of its entries, and those of its other links, a line each; "" for what is no page of HTML.

    Args:
        page: a page of a list.

    Example:
        >>> body = "<title>通知（第1页）</title><ul class=n><li><a href=/1>关于供水的通知</a></ul>"
        >>> form_of(Page(url="https://a.example/", body=body.encode()))
        '通知\\nli/ul/body/html n'
    """
    if page.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return ""
    sizes: Counter[str] = Counter()
    for place, size in _entries(page):
        sizes[place] += size
    places = sorted(sizes, key=lambda each: (-sizes[each], each)) or [""]
    return "\n".join([_title(page), *places[:MOST]])


def other_page(page: Page, form: str) -> Failure | None:
    """Why a page is none of a list; None where it may be.

    Args:
        page: the answer for an address that was a guess.
        form: of the page that the guess was made on, as `form_of` gives it.
    """
    title, place, *others = (*form.split("\n"), "")
    own = _title(page)
    if not form or page.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return None
    places = {each for each, _ in _entries(page)}
    has_entries = not place or place in places
    if own == title or not (own and title):
        return None if has_entries else _without_entries(places - {*others})
    if SAYS_NOT_THERE.search(own):
        return _gone(f"its title is {own}")
    if own in title and not has_entries:
        return _gone(f"it is {own}, which the list belongs to")
    detail = f"its title is {own}, and that of the page before {title}"
    return Failure(outcome="unreadable", reason="another-page", detail=detail)


def _without_entries(elsewhere: set[str]) -> Failure:
    """Of a page of the same title that has no entry where the list has its own: after the last, or
    another, where it has links in places that the list has not."""
    detail = "it has no entry where the page before has its own"
    if elsewhere:
        return Failure(outcome="unreadable", reason="another-page", detail=detail)
    return _gone(detail)


def _gone(detail: str) -> Failure:
    return Failure(outcome="not-found", reason="another-page", detail=detail)


def _title(page: Page) -> str:
    element = next(page.tree.iter("title"), None)
    text = "" if element is None else folded_letters(element.text_content())
    return NUMBERED.sub("", text)


def _entries(page: Page) -> Iterator[tuple[str, int]]:
    """The place of each link that may be an entry, and how long its text is."""
    for link in page.tree.iter("a"):
        address = (link.get("href") or "#").strip()
        size = len(folded_letters(link.text_content()))
        if size >= ENTRY and (not address.startswith("#") or link.get("onclick")):
            yield _place(link), size


def _place(link: HtmlElement) -> str:
    around = [*link.iterancestors()]
    box = next((each for each in around if each.tag in BOXES), None)
    names = [] if box is None else re.sub(r"\d+", "", class_and_id(box)).split()
    return f"{'/'.join(str(each.tag) for each in around[:LEVELS])} {' '.join(names)}".strip()
