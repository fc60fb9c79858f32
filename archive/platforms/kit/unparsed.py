"""Elements of a page whose article is in JSON, without a tree of the complete page: only the part
before the article is parsed, and what is plainly one element with one text is read as it is.

Either gives what the tree would, or says that only the tree knows. libxml2 builds a tree from the
beginning on: what it has closed stays as it is, but for attributes of a second `<html>`, which it
adds to the first one.
"""

from __future__ import annotations

import re
from functools import cached_property

from lxml.html import HtmlElement

from archive.errors import Unreadable
from archive.page.attributes import QUOTED_END
from archive.page.fields import stripped, text_of
from archive.page.page import CONTROLS, EARLY_END, Page, parsed
from archive.platforms.kit.selectors import first_in, text_at

AGAIN = re.compile("<html", re.I)
# in which mark-up is text, or nothing; the name of an end tag begins with its slash
RAW = re.compile(
    r"<(!--|!\[|\?|/?(?:script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|template"
    r"|plaintext|svg|math)\b)",
    re.I,
)
# an element of one text, up to the words that are looked for: no void one, and none without which
# libxml2 would put a `p` around the text
OPEN = re.compile(
    r"<(a|b|div|em|h[1-6]|i|li|p|section|span|strong)(?:\s[^<>]*+)?(?<!/)>([^<>]*+)\Z"
)
NOT_PLAIN = re.compile(rf"[&\r]|{CONTROLS.pattern}")
LONGEST = 1000  # characters of such an element


class Beginning:
    """The part of a page before a mark, in which some fields are looked for first.

    Args:
        page: the answer.
        mark: what is in the first tag that need not be parsed, such as the class of the article.
    """

    def __init__(self, page: Page, mark: str) -> None:
        self.page, self.mark = page, mark

    def text_at(
        self, expression: str | None, words: str, within: tuple[str, ...] = ()
    ) -> str | None:
        """What `selectors.text_at` gives for the same, which is asked where the element is not
        here, or goes on behind the mark.

        Args:
            expression: XPath that decides by names and classes, or by the texts of elements.
            words: what any such element has in it.
            within: of an expression that decides by texts, parts of the classes of one of which
                each such element is in. While one is open, any in it may have another text.
        """
        if expression and words in self.page.text and self.tree is not None:
            element = first_in(self.tree, expression)
            if element is not None and self._is_complete(element, within):
                return text_of(element)
        return text_at(self.page, expression, words)

    def _is_complete(self, element: HtmlElement, within: tuple[str, ...]) -> bool:
        classes = " ".join(node.get("class") or "" for node in self._open)
        return element not in self._open and not any(name in classes for name in within)

    @cached_property
    def tree(self) -> HtmlElement | None:
        """This part as a tree; None where it may differ from that of the page."""
        text = self.page.text
        end = text.rfind("<", 0, max(0, text.find(self.mark)))
        begin = text[: max(0, end)]
        if not begin.strip() or AGAIN.search(text, end) or EARLY_END.search(begin):
            return None
        if _is_raw_at(text, end):
            return None
        try:
            return parsed(begin)
        except Unreadable:
            return None  # it has no element, which says nothing of the page

    @cached_property
    def _open(self) -> set[HtmlElement]:
        """The elements that may go on behind the mark: the last of all, and those around it."""
        last = self.tree
        around = set()
        while last is not None:
            around.add(last)
            last = last[-1] if len(last) else None
        return around


def text_with(page: Page, words: str, expression: str | None) -> str | None:
    """The text, on one line, of the first element that has some words in a text of its own.

    Args:
        page: the answer.
        words: what is looked for.
        expression: XPath of that element, for a page in which it is not plainly to be seen.
    """
    text = page.text
    place = text.find(words)
    # of several the first that XPath names may be around another
    if "&#" in text or text.count(words) != 1:
        return text_at(page, expression, words)
    start = text.rfind("<", max(0, place - LONGEST), place)
    end = text.find("<", place, place + LONGEST)
    opened = OPEN.match(text, start, place) if start >= 0 and place < end else None
    if opened is None or not text.startswith(f"</{opened[1]}>", end):
        return text_at(page, expression, words)
    inner = text[opened.start(2) : end]
    if NOT_PLAIN.search(inner) or _is_in_tag(text, start) or _is_raw_at(text, place):
        return text_at(page, expression, words)
    return stripped(inner)


def _is_in_tag(text: str, place: int) -> bool:
    """Whether a tag is at a place within another that is not closed before, as in `</s<span>`."""
    return text.rfind(">", 0, place) < text.rfind("<", 0, place)


def _is_raw_at(text: str, place: int) -> bool:
    """Whether mark-up may be text at a place, or nothing: in a comment, a script, an attribute. Any
    that is not closed before the next begins counts as open."""
    if QUOTED_END.search(text, 0, place):
        return True
    opened = ""
    end_of_comment = 0
    for match in RAW.finditer(text, 0, place):
        name = match[1].lower()
        if match.start() < end_of_comment:
            continue
        if opened:
            if name != f"/{opened}":
                return True
            opened = ""
        elif name == "!--":
            end_of_comment = text.find("-->", match.end(), place)
            if end_of_comment < 0:
                return True
        elif name[0] == "/" or name[0] in "!?":
            return True
        else:
            opened = name
    return bool(opened)
