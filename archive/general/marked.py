"""What belongs to a marked box: the other parts of its article, and the text that it was pasted
into."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import islice, takewhile

from lxml.etree import XPath
from lxml.html import HtmlElement
from lxml.html.builder import DIV

from archive.general.furniture import is_information
from archive.general.patterns import SENTENCE_END
from archive.page.fields import class_and_id
from archive.page.letters import letters
from archive.page.paragraphs import blocks

PARTS = 6  # boxes of one article with the same mark, at most; more are a list of articles
PASTED = 1.5  # times a box's sentences; with so many next to it, it was pasted into a longer text
FEW = 3  # sentences next to it that may be the site's
LEVELS = 3  # elements around a box that are looked at
PARAGRAPHS = ("p", "span", "font", "strong", "b", "em", "blockquote", "h3", "h4")
OTHERS = re.compile("comment|reply-list|relat|recom|hot|tuijian", re.I)
LINKED_HEADLINE = XPath("boolean(.//h1//a[@href] | .//h2//a[@href] | .//h3//a[@href])")
UNCOUNTED = ("a", "script", "style", "textarea")


def around(box: HtmlElement) -> HtmlElement:
    """The text into which a marked box was pasted with its mark; the box itself where it is the
    body."""
    own, inner = sentences(box), box
    for over in islice(box.iterancestors(), LEVELS):
        if over.tag in ("body", "html", "tr"):
            break
        if _next_to(inner, over) >= max(FEW, PASTED * own):
            return over
        inner = over
    return box


def _next_to(inner: HtmlElement, over: HtmlElement) -> int:
    """Sentences of the paragraphs that an element lies among, not of other boxes."""
    siblings = [part for part in over if part is not inner]
    texts = [over.text, *(part.tail for part in over)]
    lines = [" ".join((text or "").split()) for text in texts]
    free = sum(len(SENTENCE_END.findall(line)) for line in lines if not is_information(line))
    return free + sum(
        sentences(part)
        for part in siblings
        if _is_paragraph(part) and not is_information(" ".join("".join(part.itertext()).split()))
    )


def _is_paragraph(part: HtmlElement) -> bool:
    if part.tag in ("div", "section"):
        return not (part.get("class") or part.get("id")) and part.find(".//div") is None
    return part.tag in PARAGRAPHS


def are_parts(elements: list[HtmlElement]) -> bool:
    """Whether boxes with one mark are of one article: few, and none with a linked headline before
    it or among readers' comments."""
    if len(elements) > PARTS:
        return False
    outer = set(elements[0].iterancestors())
    common = next((over for over in elements[-1].iterancestors() if over in outer), None)
    return (
        common is not None
        and not LINKED_HEADLINE(common)
        and not any(_is_of_others(element, common) for element in elements)
    )


def _is_of_others(element: HtmlElement, common: HtmlElement) -> bool:
    """Whether a box, or one around it, is named as comments or as other articles are."""
    between = takewhile(lambda over: over is not common, element.iterancestors())
    return any(OTHERS.search(class_and_id(over)) for over in (element, *between))


def unlike(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Without those that say what another says: pages hold an article for narrow screens too."""
    if not 1 < len(elements) <= 2 * PARTS:
        return elements
    texts = [letters("".join(text for _, text in blocks(element))) for element in elements]
    return [
        element
        for number, element in enumerate(elements)
        if not any(
            texts[number] in text and (len(texts[number]) < len(text) or other < number)
            for other, text in enumerate(texts)
            if other != number
        )
    ]


def joined(elements: list[HtmlElement]) -> HtmlElement:
    """Copies of the parts of an article, in their order, in a new `div`."""
    body = DIV()
    for element in elements:
        part = deepcopy(element)
        part.tail = None
        body.append(part)
    return body


def sentences(element: HtmlElement) -> int:
    """How many sentences end in an element outside of its links."""
    return _ends(element) - sum(map(_ends, element.iter(*UNCOUNTED)))


def _ends(element: HtmlElement) -> int:
    return len(SENTENCE_END.findall("".join(element.itertext())))
