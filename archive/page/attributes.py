"""Tags with more attributes than any page needs lose them before a page is parsed: libxml2 compares
each attribute of a tag with all others, so that 50,000 take ten seconds, and 200,000 minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from archive.page.limits import MOST_ATTRIBUTES

SHORTEST = 2 * MOST_ATTRIBUTES  # characters of a tag that has so many
LONG_TAG = re.compile(rf"<[a-zA-Z][^>]{{{SHORTEST - 2}}}")  # of at least so many characters
SEPARATORS = " \t\n\r\f/\"'"  # before an attribute
FEW = (
    50  # `>` in attributes of a page; with fewer a tag of short pieces costs half a second at most
)
# a `>` inside an attribute, or what looks like one: without it tags end at the next `>`
QUOTED_END = re.compile(r"=\s*+(?:\"[^\">]*+>|'[^'>]*+>)")
VALUE = r"\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>]*+)"
ATTRIBUTE = re.compile(rf"[^\s/>][^\s/>=]*+(?:{VALUE})?+")
TAG = re.compile(rf"<(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[\s/]*+{ATTRIBUTE.pattern})*+)")
# in which mark-up is text, up to their end tag
RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
RAW_ENDS = {name: re.compile(f"</{name}", re.I) for name in RAW}


def without_crowds(text: str) -> str:
    """A page in which a tag of more than `MOST_ATTRIBUTES` has none.

    Example:
        >>> without_crowds("<p " + "a " * 400 + "id=b>通知</p>")
        '<p>通知</p>'
    """
    if not _may_have_crowds(text):
        return text
    pieces, place = [], 0
    for start, end in _crowds(text):
        pieces.append(text[place:start])
        place = end
    return "".join([*pieces, text[place:]])


def _may_have_crowds(text: str) -> bool:
    """Spares nearly all pages the work: a crowded tag lies between two `>`, the first of which may
    be in an attribute, or has `>` in its attributes again and again."""
    starts = (match.start() for match in LONG_TAG.finditer(text))
    if any(_is_full(text, start, text.find(">", start)) for start in starts):
        return True
    ends = [match.end() for match in islice(QUOTED_END.finditer(text), FEW)]
    return len(ends) == FEW or any(_is_full(text, end, text.find(">", end)) for end in ends)


def _is_full(text: str, start: int, end: int = -1) -> bool:
    """Whether there are as many separators as a crowd has; up to the end of the text for -1."""
    end = len(text) if end < 0 else end
    return sum(text.count(sign, start, end) for sign in SEPARATORS) >= MOST_ATTRIBUTES


def _crowds(text: str) -> Iterator[tuple[int, int]]:
    """Where the attributes of crowded tags begin and end, in a text that is parted as HTML is."""
    place = 0
    while (place := text.find("<", place)) >= 0:
        if text.startswith("<!--", place):
            end = text.find("-->", place + 2)
            place = end if end >= 0 else len(text)
        elif tag := TAG.match(text, place):
            start, place = tag.span("attributes")
            if place - start >= SHORTEST and _is_crowded(text, start, place):
                yield start, place
            place = _end_of_raw(text, tag["name"].lower(), place)
        else:
            place += 1


def _is_crowded(text: str, start: int, end: int) -> bool:
    attributes = ATTRIBUTE.finditer(text, start, end)
    return any(number == MOST_ATTRIBUTES for number, _ in enumerate(attributes))


def _end_of_raw(text: str, name: str, place: int) -> int:
    """Where mark-up begins again after a start tag."""
    if name not in RAW_ENDS:
        return place
    match = RAW_ENDS[name].search(text, place)
    return match.start() if match else len(text)
