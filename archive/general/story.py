"""Where the article lies on a page with little prose: what follows the headline, and is not the
site's.

A notice may be a picture, a file, a film, a table or two lines. Marks of prose then lead to what
has more of them, which is the site's own: its menus, its imprint, the dialog that asks whether to
leave it. What follows the headline is the article, or there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement
from lxml.html.builder import DIV

from archive.general.furniture import BYLINE, DATED, is_furniture, is_information
from archive.general.patterns import SENTENCE_END
from archive.page.files import has_document, has_film, holds_files
from archive.page.letters import folded_letters, letters
from archive.page.paragraphs import INVISIBLE, blocks

BEARERS = ("h1", "h2", "h3", "h4", "h5", "div", "p", "td", "span", "strong", "b", "font", "li")
HEADINGS = ("h1", "h2", "h3", "h4", "h5")
LEAST = 4  # letters of a headline
MOST = 4  # elements that show the headline, which are looked at
LEVELS = 12  # elements around a headline in which is looked for what follows it
LISTS = ("ul", "ol", "dl", "nav", "table")  # what a menu is made of, the boxes around it apart
MENU, MENUS = 300, 100  # characters of one, and how many over a headline are looked at


@dataclass(frozen=True, slots=True)
class Story:
    """What follows a headline.

    Attributes:
        body: copies of its elements, in their order, in a new `div`.
        letters: of its lines that say more than date, source and the like.
    """

    body: HtmlElement
    letters: int


def stories(tree: HtmlElement, title: str | None) -> Iterator[Story]:
    """Finds what follows the headline in each of the elements around it.

    Where the page does not show the headline, what follows the line with date and source.

    Args:
        tree: the page, which is not changed.
        title: the headline.

    Yields:
        The nearest first; levels at which nothing but the site's own follows are left out.
    """
    for bearer in (_bearers(tree, title) or _bylines(tree))[:MOST]:
        yield from _under(bearer)


def _bearers(tree: HtmlElement, title: str | None) -> list[HtmlElement]:
    """The elements that show the headline and nothing else: real headings first."""
    wanted = folded_letters(title)
    if len(wanted) < LEAST:
        return []
    most = 3 * len(title or "") + 40
    shown = [
        element
        for element in tree.iter(*BEARERS)
        if (text := folded_letters(_short(element, most))).startswith(wanted)
        and len(text) <= len(wanted) + 8
        and not _is_linked(element)
    ]
    inner = {over for element in shown for over in element.iterancestors()}
    shown = [element for element in shown if element not in inner]
    return sorted(shown, key=lambda element: element.tag not in HEADINGS)


def _short(element: HtmlElement, most: int) -> str:
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > most:
            break
    return text


def _is_linked(element: HtmlElement) -> bool:
    return next(element.iterancestors("a"), None) is not None or element.find(".//a") is not None


def _bylines(tree: HtmlElement) -> list[HtmlElement]:
    """The innermost elements that say when and where an article appeared."""
    shown = [
        element
        for element in tree.iter(*BEARERS)
        if element.tag not in HEADINGS
        and DATED.search(text := _short(element, BYLINE))
        and len(text) < BYLINE
        and is_information(" ".join(text.split()))
    ]
    outer = {over for element in shown for over in element.iterancestors()}
    return [element for element in shown if element not in outer][:1]


def _under(bearer: HtmlElement) -> Iterator[Story]:
    inner = bearer
    menus = set(islice(_menus_over(bearer), MENUS))
    for over in islice(bearer.iterancestors(), LEVELS):
        if over.tag == "html":
            return
        if story := _after(inner, menus):
            yield story
        inner = over


def _menus_over(bearer: HtmlElement) -> Iterator[str]:
    """The letters of the boxes and lists over a headline that hold no sentence: what is again
    under it is the site's."""
    for inner in (bearer, *islice(bearer.iterancestors(), LEVELS)):
        for part in inner.itersiblings(preceding=True):
            for box in (part, *part.iter(*LISTS)) if isinstance(part.tag, str) else ():
                text = _short(box, MENU)
                if len(text) <= MENU and not SENTENCE_END.search(text):
                    yield letters(text)


def _after(element: HtmlElement, menus: Collection[str]) -> Story | None:
    following = [part for part in _parts_after(element) if not _is_sites(part)]
    following = [part for part in following if not _is_again(part, menus)]
    body = DIV(*(deepcopy(part) for part in following))
    body.text = element.tail
    remaining = sum(len(text) for _, text in blocks(body) if not is_information(text))
    return Story(body, remaining) if remaining or holds_files(body) else None


def _is_again(part: HtmlElement, menus: Collection[str]) -> bool:
    words = letters(_short(part, MENU))
    return len(words) >= LEAST and words in menus and not holds_files(part)


def _parts_after(element: HtmlElement) -> Iterator[HtmlElement]:
    return (part for part in element.itersiblings() if isinstance(part.tag, str))


def _is_sites(part: HtmlElement) -> bool:
    if part.tag in INVISIBLE and not has_film(part) and not has_document(part):
        return True
    links = [link for link in part.iter("a") if not has_document(link)]
    linked = sum(len("".join(link.itertext()).strip()) for link in links)
    text = " ".join("".join(part.itertext()).split())
    return is_furniture(part, text, linked, len(links))
