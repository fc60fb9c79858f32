"""Whether a script may know what happens when a word is clicked that is no link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.page.fields import class_and_id
from archive.page.page import Page

# What everybody's pages load, and what knows nothing of the words of a page.
LIBRARY = re.compile(
    r"(?:^|/)(?:jquery|zepto|bootstrap|swiper|html5shiv|respond|modernizr|hm|push|share|wow|animate"
    r"|echarts|jweixin|polyfill|html5|superslide|jquery[._-]superslide)"
    r"(?:[._-]?v?\d++(?:\.\d++)*+)?(?:[._-](?:bundle|min|slim|pack))*+\.js(?:$|\?)",
    re.I,
)
ABOUT_PAGES = re.compile(
    r"(?<![a-z])page(?!\s*+up\b)|下一?页|fenye|pager|addEventListener|\$on\b", re.I
)
AROUND = 2  # elements around a word by which a script may look for it
ATTRIBUTES = re.compile(r"on\w+|data-.+|v-.+|@.+|ng-.+|:.+|tabindex|role|wire:.+")


def may_be_bound(element: HtmlElement, page: Page) -> bool:
    """Whether a script of the page may act on a click on an element that has no address itself.

    A script knows an element by a name that it or what is around it has, or by a script in the page
    that speaks of pages. Words without any of that are those of a pager that is off.

    Args:
        element: such as `<span class="next">下一页</span>`.
        page: the page that it is on.
    """
    if any(ATTRIBUTES.fullmatch(name) for name in element.attrib):
        return True
    own = [*_scripts(page)]
    if any(ABOUT_PAGES.search(code) for code, _ in own if code):
        return True
    names = {name for each in _around(element) for name in class_and_id(each).split()}
    named_in_page = any(name in code for name in names for code, _ in own)
    return named_in_page or (bool(names) and any(file for _, file in own))


def _scripts(page: Page) -> Iterator[tuple[str, str]]:
    """The text of each script, and its address; not of libraries."""
    for script in page.tree.iter("script"):
        file = script.get("src") or ""
        if not LIBRARY.search(file):
            yield script.text or "", file


def _around(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    for number, each in enumerate(element.iterancestors()):
        if number == AROUND or each.tag in ("body", "html"):
            return
        yield each
