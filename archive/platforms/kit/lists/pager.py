"""What a page shows of its paging: a link to the next page, numbers, how many pages there are, a
button that loads more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml.html import HtmlElement

from archive.page.fields import class_and_id, start_of, stripped
from archive.page.page import Page
from archive.platforms.kit.lists.families import number_in
from archive.platforms.kit.lists.handles import may_be_bound
from archive.platforms.kit.lists.script_addresses import Call, calls, is_idle

NEXT = re.compile(
    r"(?:转到|翻到)?(?:下一?页|后一?页|下一?頁|翻下页)|next(?:page)?|[›»>]|&gt;", re.I
)
AROUND_WORD = "[]【】()（）<>›»→·|\xa0 \t▶▸"
NEXT_PICTURE = re.compile(r"(?:^|[/_-])(?:next|xyy|xiayiye|nextpage|page_?next)\b[^/]*$", re.I)
NEXT_CLASSES = frozenset(
    ["next", "nextpage", "next-page", "next_page", "page-next", "page_next", "pg_next", "p_next"]
)
PREVIOUS = re.compile(r"(?:上一?页|前一?页|上一?頁)|prev(?:ious)?(?:page)?", re.I)
OFF = re.compile(
    r"(?:^|[\s_-])(?:disabled?|unable|invalid|nolink|noclick|p_fun_d|off)(?:$|[\s_-])", re.I
)
LOAD_MORE = re.compile(
    r"(?:点击|上拉|下拉)?(?:加载|显示|展开|查看)(?:更多|下一页).{0,6}|更多|load ?more", re.I
)
WORDS = re.compile(
    r"首页|上一?页|下一?页|末页|尾页|最后一页|页次|页码|共\s*\d+\s*(?:页|条)|跳转|转到|/\s*\d+\s*页"
)
OF = re.compile(r"(?<![\d/.-])(\d{1,5})\s*/\s*(?:共\s*)?(\d{1,5})(?![\d/.-])")
COUNT = re.compile(
    r"(?:共计?|总计|分|总页数|总共)[：:有\s]*(\d{1,5})\s*(?:个)?页|总页数[：:\s]*(\d{1,5})"
)
CURRENT = re.compile(r"(?:第|当前页?|当前第|页次)[：:\s]*(\d{1,5})\s*(?:页|/|$)")
# A script's own count, or the value of a hidden field.
PAGES = re.compile(
    r"\b(?:total_?pages?|page_?count|count_?page|max_?page|all_?pages?|pages_?total)[\"']?\s*+"
    r"(?:[=:]|value=)\s*+[\"']?(\d{1,5})\b",
    re.I,
)
BARE = 2  # characters of 更多, which is over many lists of other columns
LONGEST_LINE = 300  # characters of a line that is a pager
PAGER = re.compile(
    r"(?:^|[\s_-])(?:pagination|pager|pagebar|pagenav|page_?(?:div|list|info|nav|num|box|code)|fenye|laypage|turnpage|paging)",
    re.I,
)
RENDERED = re.compile(
    r"\b(?:laypage(?:\.render)?|jqPaginator|twbsPagination|pagination"
    r"|(?:show|init|set|draw)Pag(?:e|er|ing)\w{0,20}|Paging)\s*+\(\s*+[{'\"\d]"
    r"|\bcreatePage(?:HTML|Html)\w{0,20}\s*+\("
    r"|\b(?:page(?:No|Num|Index|Number)?|cur(?:rent)?Page)\s*+(?:\+\+|\+=\s*+1)"
    r"|\bv-for=|\bng-repeat=|\{\{\s*+\w{1,30}\.(?:title|url|href|link)\b"
)
PAGE_CALL = re.compile(
    r"(?:show|write|print|make|init|create|draw|get|set|build|out)?_?"
    r"(?:pages?|pager|paging|fen_?ye|fan_?ye|pagination)_?(?:list|bar|nav|html|num|code|div|str)?",
    re.I,
)
FILLED = re.compile(r"(?:^|[\s_-])\w{0,20}?(?:list|news|data|content)(?:$|[\s_-])", re.I)
TOTAL = re.compile(r"共\s*+(?:有\s*+)?(\d{1,7})\s*+(?:条|篇|项)")
CONTROLS = (
    "a",
    "span",
    "li",
    "div",
    "button",
    "input",
    "em",
    "i",
    "b",
    "strong",
    "td",
    "font",
    "p",
)
SHORT = 40  # characters of an element that may be a control of a pager


@dataclass(frozen=True)
class Pager:
    """The paging of one page.

    Args:
        page: a page of a list.
    """

    page: Page
    _controls: list[tuple[HtmlElement, str]] = field(default_factory=list, init=False)

    @cached_property
    def controls(self) -> list[tuple[HtmlElement, str]]:
        """Elements with little text, and that text without its brackets and arrows; links, buttons
        and what carries the number of this page."""
        return [
            (element, word)
            for element in self.page.tree.iter(*CONTROLS)
            if (word := _word(element))
        ]

    @cached_property
    def next_controls(self) -> list[tuple[HtmlElement, str]]:
        """What says that it leads to the next page, by its text, its picture or its class, unless
        it is off."""
        return [
            (element, word)
            for element, word in self.controls
            if _is_next(element, word) and _is_link(element) and not _is_off(element)
        ]

    @cached_property
    def names_next(self) -> bool:
        """Whether the words for a next page are there, and nothing that leads to it: the last page
        of many sites."""
        return bool(self._idle_next) and not self.next_controls

    @cached_property
    def _idle_next(self) -> list[HtmlElement]:
        return [
            element for element, word in self.controls if NEXT.fullmatch(word) and len(word) > 1
        ]

    @cached_property
    def may_be_scripted(self) -> bool:
        """Whether the words for a next page are there without a link, on what may be a first page,
        and a script may know what happens when they are clicked."""
        shown = {number for _, number in numbers(self)}
        return (
            self.names_next
            and not any(map(_is_off, self._idle_next))
            and not (self.has_previous or self.count or (self.current or 1) > 1)
            and not (self.page.request_body or (number_in(self.page.url) or 1) > 1)
            and not (1 in shown and 2 not in shown)
            and any(may_be_bound(element, self.page) for element in self._idle_next)
        )

    @cached_property
    def has_previous(self) -> bool:
        """Whether a link leads to the page before."""
        return any(
            PREVIOUS.fullmatch(word) and _is_link(element) and not _is_off(element)
            for element, word in self.controls
        )

    @cached_property
    def loads_more(self) -> list[HtmlElement]:
        """Buttons that load more entries: those that lead nowhere else."""
        return [
            element
            for element, word in self.controls
            if LOAD_MORE.fullmatch(word)
            and _is_button(element)
            and (len(word) > BARE or element.tag == "button" or _runs_script(element))
        ]

    @cached_property
    def _lines(self) -> list[str]:
        return [
            line for line in self.page.lines if len(line) <= LONGEST_LINE and re.search(r"\d", line)
        ]

    @cached_property
    def count(self) -> int | None:
        """The number of pages as it is printed: 共20页, 1/20."""
        for line in self._lines:
            if match := COUNT.search(line):
                return int(match[1] or match[2])
        if self._of:
            return self._of[1]
        variable = PAGES.search(self.page.text)
        return int(variable[1]) if variable else None

    @cached_property
    def current(self) -> int | None:
        """The number of this page as it is printed: 第3页, 3/20."""
        for line in self._lines:
            if WORDS.search(line) and (match := CURRENT.search(line)):
                return int(match[1])
        return self._of[0] if self._of else None

    @cached_property
    def _of(self) -> tuple[int, int] | None:
        for line in self._lines:
            match = OF.search(line) if WORDS.search(line) else None
            if match and 0 < int(match[1]) <= int(match[2]):
                return int(match[1]), int(match[2])
        return None

    @cached_property
    def is_rendered(self) -> bool:
        """Whether a script seems to write the paging: a call of a known kind, or a place that is
        empty for it."""
        places = self.page.tree.iter("div", "ul", "ol", "tbody", "span", "td", "p", "nav")
        text = self.page.text
        written = any(not is_idle(text, call.start()) for call in RENDERED.finditer(text))
        return written or any(map(_writes_pages, calls(text))) or any(map(_is_filled_later, places))

    @cached_property
    def total(self) -> int | None:
        """The number of entries of the list as it is printed: 共52条."""
        for line in self._lines:
            if WORDS.search(line) and (match := TOTAL.search(line)):
                return int(match[1])
        return None


def is_pager(element: HtmlElement) -> bool:
    """Whether an element is a pager by its class or its id."""
    return PAGER.search(class_and_id(element)) is not None


def _writes_pages(call: Call) -> bool:
    """Whether a call looks like one that writes the numbers of several pages."""
    numbered = [value for value in call.values if value.isdecimal() and int(value) > 1]
    return bool(numbered) and len(call.values) > 1 and PAGE_CALL.fullmatch(call.name) is not None


def _is_filled_later(element: HtmlElement) -> bool:
    """Whether it is an empty place for a pager, or for a list that a script knows by its id."""
    is_list = element.tag in ("ul", "ol", "tbody") and FILLED.search(element.get("id") or "")
    return bool(
        (is_pager(element) or is_list)
        and not start_of(element)
        and not any(child.tag != "script" for child in element)
    )


def _word(element: HtmlElement) -> str:
    """The text of a control, without brackets and arrows; "" for what is none."""
    if element.tag == "input":
        return (element.get("value") or "").strip(AROUND_WORD)
    if len(element) > 3:
        return ""
    text = re.sub(r"\s+", "", start_of(element, SHORT + 1) or "")
    if not text:
        picture = next(element.iter("img"), None)
        names = [element.get("title"), element.get("aria-label")]
        if picture is not None:
            names += [picture.get("alt"), picture.get("title")]
            if NEXT_PICTURE.search(picture.get("src") or ""):
                names.append("下一页")
        text = next((name for name in map(stripped, names) if name), "")
        if not text and NEXT_CLASSES & set((element.get("class") or "").lower().split()):
            text = ">"
    return (text.strip(AROUND_WORD) or text[:1]) if len(text) <= SHORT else ""


def _is_next(element: HtmlElement, word: str) -> bool:
    return (
        NEXT.fullmatch(word) is not None
        or NEXT.fullmatch(stripped(element.get("title")) or "") is not None
    )


def _is_link(element: HtmlElement) -> bool:
    """Whether a click on it does something that the page shows: an address, a script, a form."""
    if element.tag == "a":
        return element.get("href") is not None or element.get("onclick") is not None
    if element.tag in ("button", "input"):
        return True
    return element.get("onclick") is not None


def _is_button(element: HtmlElement) -> bool:
    """Whether it is made to be clicked, also where only a script knows what happens then."""
    holds_link = next((link for link in element.iter("a") if link is not element), None)
    return holds_link is None or not holds_link.get("href")


def _runs_script(element: HtmlElement) -> bool:
    code = element.get("href") or ""
    return element.get("onclick") is not None or code.lower().startswith("javascript:")


def _is_off(element: HtmlElement) -> bool:
    around = [element, element.getparent()]
    return element.get("disabled") is not None or any(
        OFF.search(each.get("class") or "") or each.get("aria-disabled") == "true"
        for each in around
        if each is not None
    )


def numbers(pager: Pager) -> Iterator[tuple[HtmlElement, int]]:
    """The elements that are the number of a page and nothing else, links or not."""
    for element, word in pager.controls:
        if word.isascii() and word.isdigit() and 0 < int(word) < 100_000 and not len(element):
            yield element, int(word)
