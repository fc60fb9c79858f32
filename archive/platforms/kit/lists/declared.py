"""Paging that a page declares to a script of its content system: the number of pages, this page,
and how their files are named.

TRS calls `createPageHTML(pages, this one from 0, "index", "html")`; others, such as
www.csrc.gov.cn, `createPageHTML('page_div', pages, this one from 1, 'list', 'shtml', entries)`;
older TRS templates set `countPage` and `currentPage` (from 0) and write the links themselves. The
second page is `index_1.html` where they count from 0, and `list_2.shtml` where they count from 1.
"""

from __future__ import annotations

import re

from archive.page.page import Page
from archive.platform import Ask
from archive.platforms.kit.lists.families import number_in
from archive.platforms.kit.lists.following import LAST, Following, guessed
from archive.platforms.kit.lists.script_addresses import Call, calls, location

STEM, EXTENSION = re.compile(r"[\w./-]{1,100}"), re.compile(r"[a-z]{2,5}", re.I)
COUNT = re.compile(r"^[^\n/]*?\bcountPage\s*+=\s*+[\"']?(\d{1,5})\b", re.M)
CURRENT = re.compile(r"^[^\n/]*?\bcurrentPage\s*+=\s*+[\"']?(\d{1,5})\b", re.M)
JOINED = re.compile(
    r"([\w-]{1,100})\\?[\"']\s*+\+\s*+[\"']_[\"']\s*+\+\s*+\w++\s*+\+\s*+"
    r"[\"']\.(?:[\"']\s*+\+\s*+[\"'])?([a-z]{2,5})"
)
WIDGET = re.compile(
    r"\b(?:laypage(?:\.render)?|jqPaginator|twbsPagination|pagination|Paging|jpage)\s*+\(\s*+[{'\"\d]"
)
OPTION = re.compile(r"\b(\w{1,30})\s*+:\s*+['\"]?(\d{1,7})\b")
ENTRIES = ("count", "total", "totalcount", "totalrecord", "totalrows")
SIZES = ("limit", "pagesize", "items_per_page", "perpage", "size")
PAGES = ("totalpages", "pagecount", "pages", "totalpage")
HERE = ("curr", "currentpage", "current_page", "startpage", "pageindex", "current", "pageno")
ARGUMENTS = frozenset(
    ["obj.curr", "e.curr", "page", "pageNumber", "num", "p", "n", "index", "api.getCurrent"]
)
LONGEST_WIDGET = 1500  # characters of a call with its options and what it does


def declared(page: Page) -> Following | None:
    """What a script of the page numbers; None where there is no such script."""
    for call in calls(page.text):
        if "page" in call.name.lower() and (following := _of_call(call, page)):
            return following
    return _of_variables(page) or _of_options(page)


def _of_call(call: Call, page: Page) -> Following | None:
    values = call.values
    from_1 = bool(values) and not values[0].isdigit()
    count, current, stem, extension, *rest = (*values[from_1:], "", "", "", "")
    if not (
        count.isdecimal() and current.isdecimal() and STEM.fullmatch(stem)
    ) or not EXTENSION.fullmatch(extension):
        return None
    pages, number = int(count), int(current)
    total = int(rest[0]) if from_1 and rest and rest[0].isdecimal() else None
    first = number_in(page.url) is None
    last, doubtful = number >= pages, False
    if not from_1 and not (number == 1 and first):
        # From 1 instead of 0, which only a first page shows, there would be one more.
        doubtful = number + 1 == pages and number > 0
        last = last or pages <= 1 or (first and number + 1 >= pages)
    if last:
        return Following(end="platform_said", total=total)
    ask = Ask(url=page.link(f"{stem}_{number + 1}.{extension}"))
    if not call.name.lower().startswith("createpage"):
        return Following(more=ask, trial=True, end="unknown", total=total)
    return Following(more=ask, trial=doubtful, total=total)


def _of_variables(page: Page) -> Following | None:
    if "countPage" not in page.text:
        return None
    count, current = COUNT.search(page.text), CURRENT.search(page.text)
    if not count or not current:
        return None
    if int(current[1]) + 1 >= int(count[1]):
        return LAST
    if name := JOINED.search(page.text):
        file = f"{name[1]}_{int(current[1]) + 1}.{name[2]}"
        return Following(more=Ask(url=page.link(file)))
    return guessed(page)


def _of_options(page: Page) -> Following | None:
    """The options of a widget that writes the numbers: how many entries or pages there are, and how
    one of them is reached."""
    widget = WIDGET.search(page.text)
    if widget is None:
        return None
    call = page.text[widget.start() : widget.start() + LONGEST_WIDGET]
    options = {name.lower(): int(value) for name, value in OPTION.findall(call)}
    entries, size = _first(options, ENTRIES), _first(options, SIZES)
    pages = _first(options, PAGES) or (-(-entries // size) if entries and size else None)
    current = max(_first(options, HERE) or number_in(page.url) or 1, 1)
    if pages is None:
        return None
    if current >= pages:
        return LAST
    address = location(call, dict.fromkeys(ARGUMENTS, str(current + 1)))
    if address and str(current + 1) in address:
        return Following(more=Ask(url=page.link(address)))
    return guessed(page)


def _first(options: dict[str, int], names: tuple[str, ...]) -> int | None:
    return next((options[name] for name in names if name in options), None)
