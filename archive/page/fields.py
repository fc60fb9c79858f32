"""Text of an element or a script, as a field of an article."""

from __future__ import annotations

import re
from html import unescape

from lxml.html import HtmlElement

from archive.page.paragraphs import line

TAG = re.compile(r"</?[a-zA-Z][^<>]*+>|<!--.*?(?:-->|\Z)", re.S)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});")
BYLINE = re.compile(r"^(?P<source>\S*?)(?:首席|高级|资深|实习|特约|见习)?记者\s+(?P<author>.+)$")


def stripped(value: object) -> str | None:
    """A text on one line without the white space around it.

    Args:
        value: of an attribute or a script; anything that is no text gives None.

    Returns:
        None also where nothing is left: sites write ' ' for nothing.
    """
    return (line(value) or None) if isinstance(value, str) else None


def unmarked(value: object) -> str | None:
    """A title on one line without the tags and entities that it was written with.

    Args:
        value: of JSON or a feed; anything that is no text gives None.

    Example:
        >>> unmarked("<a href='/1.html'>关于<em>供水</em>的通知&nbsp;</a>"), unmarked("3 < 5 &copy")
        ('关于供水的通知', '3 < 5 &copy')
    """
    if not isinstance(value, str):
        return None
    plain = TAG.sub("", value) if "<" in value else value
    return stripped(ENTITY.sub(lambda match: unescape(match[0]), plain) if "&" in plain else plain)


def start_of(element: HtmlElement, most: int = 1000) -> str | None:
    """The first of an element's text, on one line, for elements that should be short and may be
    many, one within another.

    Args:
        element: such as a link.
        most: characters, with all white space, of its complete pieces.
    """
    pieces, left = [], most
    for piece in element.itertext():
        pieces.append(piece[:left])
        left -= len(piece) + 1
        if left <= 0:
            break
    return stripped("".join(pieces))


def text_of(element: HtmlElement | None) -> str | None:
    """All text of an element on one line; None where it has none, or there is no element."""
    return None if element is None else stripped("".join(element.itertext()))


def class_and_id(element: HtmlElement) -> str:
    """How a page names an element: its classes and its id; a blank where it has neither.

    Example:
        >>> from archive.page.page import fragment
        >>> class_and_id(fragment("<div class='news TRS_Editor' id='zoom'></div>")[0])
        'news TRS_Editor zoom'
    """
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def meta_name(element: HtmlElement) -> str:
    """What a `meta` element is about, in small letters: its name, Open Graph property or
    itemprop; '' where it has none."""
    name = element.get("name") or element.get("property") or element.get("itemprop")
    return (name or "").strip().lower()


def author_and_source(text: str | None) -> tuple[str | None, str | None]:
    """Takes a printed byline apart.

    Example:
        >>> author_and_source("石佳/中国青年报"), author_and_source("澎湃新闻记者 贺梨萍")
        (('石佳', '中国青年报'), ('贺梨萍', '澎湃新闻'))
    """
    if not text:
        return None, None
    if match := BYLINE.match(text):
        return match["author"].strip(), match["source"] or None
    author, slash, source = text.partition("/")
    return stripped(author), stripped(source) if slash else None
