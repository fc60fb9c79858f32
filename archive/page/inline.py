"""The links and pictures within one paragraph, put where they are in its text after white space is
settled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from lxml.html import HtmlElement

from archive.escaping import without_markup
from archive.model import Picture
from archive.page.paragraphs import ASCII_SPACE, BETWEEN_CJK, CELL, line
from archive.page.urls import as_sent

# of an address, what could end it, or be taken for markup before it is taken for an address
UNSAFE = re.compile(r"[\s\x00-\x1f\x7f()<>\[\]\\\"`|]|&(?=#?\w+;)")
# where a link or a picture leads to; in text the bracket has a backslash before it
LEADS_TO = re.compile(r"(?<!\\)\]\(([^()\s]++)\)")
WEB = ("http://", "https://")


class Mark(NamedTuple):
    """Something at a place of a paragraph: where a link begins, with its address, where it ends, or
    the Markdown of a picture."""

    place: int
    kind: Literal["open", "close", "picture"]
    value: str = ""


class Inline:
    """The pieces of a paragraph that is not finished, and its marks. A link that goes on in the
    next paragraph is a link there too."""

    __slots__ = ("address", "length", "link", "marks", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.marks: list[Mark] = []
        self.length = 0
        self.link: HtmlElement | None = None  # the one that is open
        self.address = ""

    def add(self, text: str) -> None:
        """The next piece of text."""
        self.pieces.append(text)
        self.length += len(text)

    def open(self, address: str, link: HtmlElement) -> None:
        """A link begins; one within another is text, and so is one that leads to no page."""
        if self.link is None and address.startswith(WEB):
            self.link, self.address = link, address
            self.marks.append(Mark(self.length, "open", address))

    def close(self, link: HtmlElement) -> None:
        """A link ends."""
        if self.link is link:
            self.link = None
            self.marks.append(Mark(self.length, "close"))

    def picture(self, picture: Picture) -> None:
        """A picture is here."""
        if picture.url.startswith(WEB):
            caption = without_markup(" ".join((picture.caption or "").split()))
            markup = f"![{caption}]({destination(picture.url)})"
            self.marks.append(Mark(self.length, "picture", markup))

    def take(self) -> tuple[str, str]:
        """The text of the paragraph that ends here and the same as Markdown; both '' where there
        is nothing."""
        if not self.marks:
            text = line("".join(self.pieces))
            self.pieces.clear()
            self.length = 0
            return text, without_markup(text)
        if self.link is not None:
            self.marks.append(Mark(self.length, "close"))
        text, marks = settled("".join(self.pieces), self.marks)
        self.pieces.clear()
        self.length = 0
        self.marks = [] if self.link is None else [Mark(0, "open", self.address)]
        return text, _marked(text, marks)


def destination(address: str) -> str:
    """An address as Markdown has it, in which nothing ends the link or is markup.

    Example:
        >>> destination("https://www.example.org/附件(1).pdf")
        'https://www.example.org/附件%281%29.pdf'
    """
    return UNSAFE.sub(lambda match: _percent(match[0]), address)


def with_titles(markdown: str, titles: Mapping[str, str]) -> str:
    """Markdown in which the links and pictures that lead to some files have a title.

    Args:
        markdown: as `archive.page.markdown` makes it.
        titles: by the address of the file as it was sent; ASCII without quotes.

    Example:
        >>> with_titles("![](http://a.example/b.png)", {"http://a.example/b.png": "1"})
        '![](http://a.example/b.png "1")'
    """
    by_address = {as_sent(destination(address)): title for address, title in titles.items()}

    def titled(match: re.Match[str]) -> str:
        title = by_address.get(as_sent(match[1]))
        return f']({match[1]} "{title}")' if title else match[0]

    return LEADS_TO.sub(titled, markdown)


def _percent(character: str) -> str:
    if character == "&":
        return "&amp;"  # which is an ampersand in the address; %26 would be another address
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def settled(raw: str, marks: Iterable[Mark]) -> tuple[str, list[Mark]]:
    """The text as `paragraphs.line` makes it, and the marks at their places in it."""
    text, placed = raw, list(marks)
    for pattern, replacement in ((BETWEEN_CJK, ""), (ASCII_SPACE, " ")):
        text, placed = _replaced(pattern, replacement, text, placed)
    text = text.replace(CELL, "\t")
    start = len(text) - len(text.lstrip())
    text = text.strip()
    last = len(text)
    return text, [mark._replace(place=min(max(mark.place - start, 0), last)) for mark in placed]


def _replaced(
    pattern: re.Pattern[str], replacement: str, text: str, marks: list[Mark]
) -> tuple[str, list[Mark]]:
    pieces: list[str] = []
    moved: list[Mark] = []
    end = shift = number = 0
    for match in pattern.finditer(text):
        while number < len(marks) and marks[number].place < match.end():
            mark = marks[number]
            place = min(mark.place, match.start() + len(replacement)) - shift
            moved.append(mark._replace(place=place))
            number += 1
        pieces += (text[end : match.start()], replacement)
        shift += match.end() - match.start() - len(replacement)
        end = match.end()
    moved += (mark._replace(place=mark.place - shift) for mark in marks[number:])
    pieces.append(text[end:])
    return "".join(pieces), moved


def _marked(text: str, marks: Iterable[Mark]) -> str:
    pieces: list[str] = []
    place = 0
    link: tuple[int, str] | None = None  # where the open one begins among the pieces, its address
    for mark in marks:
        pieces.append(without_markup(text[place : mark.place]))
        place = mark.place
        if mark.kind == "picture":
            pieces.append(mark.value)
        elif mark.kind == "open":
            link = len(pieces), mark.value
        elif link is not None:
            pieces[link[0] :] = [_linked("".join(pieces[link[0] :]), link[1])]
            link = None
    pieces.append(without_markup(text[place:]))
    return "".join(pieces)


def _linked(content: str, address: str) -> str:
    return f"[{content}]({destination(address)})" if content.strip() else content
