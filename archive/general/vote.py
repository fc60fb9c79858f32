"""The body of a page of unknown make: two readers that count (how much prose an element holds, how
little of it is links), and where they disagree trafilatura as the third."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from archive.general.furniture import FOOT, FOOTER
from archive.general.nearness import Nearness
from archive.general.pruning import FROM_HERE, UNDER, article_lines, prune
from archive.general.third_reader import Answer, by_trafilatura
from archive.page.fields import class_and_id
from archive.page.likeness import likeness, sequences
from archive.page.paragraphs import blocks

SAME = 0.98  # likeness of two texts that are one
PROSE = re.compile(r"[，。；！？：、,;!?]")
MANY = 12_000  # elements of a page that is not voted on, so that a hostile one takes seconds
# elements within each other, likewise; a table counts ten, for trafilatura reads it with all that
# are in it
DEEP = 200
LONG = 300_000  # characters, likewise
BEGINNING = 200  # tags of one that are looked at for its first words
LIKELY = re.compile(r"article|content|detail|text|body|main|post|news|zoom|editor|正文", re.I)
UNLIKELY = re.compile(
    r"comment|foot|side|nav|menu|relat|recommend|share|rank|hot|list|link|copyright|crumb|head|login|ad[-_]",
    re.I,
)


def body(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    """Finds the body by the vote.

    Args:
        tree: the page, which is not changed.
        title: the headline, if it is known: a body is near it.

    Returns:
        The element of a copy of the tree that most likely holds the article; None where nothing
        does.
    """
    tree = prune(deepcopy(tree))
    near = Nearness(tree, title)
    if len(near.place) > MANY or near.deepest > DEEP or sum(map(len, tree.itertext())) > LONG:
        return densest(tree, near)
    own = (densest(tree, near), _by_parents(tree, near))
    candidates = list(dict.fromkeys(element for element in own if element is not None))
    if len(candidates) < 2:
        return next(iter(candidates), None)
    texts = [sequences(_letters(element)) for element in candidates]
    if likeness(*texts) > SAME:
        return candidates[0]
    return _settled(candidates, texts, by_trafilatura(tree))


def _settled(
    candidates: list[HtmlElement], texts: list[Counter[str]], third: Answer
) -> HtmlElement:
    """The candidate that is most like the others and a third reader's text; where that text is,
    the element that agrees with it best."""
    if third.element is None:
        return candidates[0]
    read = sequences("".join(third.lines))
    support = [sum(likeness(text, other) for other in [*texts, read]) for text in [*texts, read]]
    if (best := support.index(max(support))) < len(candidates):
        return candidates[best]
    elements = [*candidates, third.element]
    likenesses = [likeness(text, read) for text in [*texts, sequences(_letters(third.element))]]
    return elements[likenesses.index(max(likenesses))]


def _letters(element: HtmlElement) -> str:
    return "".join(text for _, text in article_lines(blocks(prune(deepcopy(element)))))


def densest(tree: HtmlElement, near: Nearness) -> HtmlElement | None:
    """Finds the element with most prose outside links: any element around it adds more other
    text than prose."""
    best, score = None, 0.0
    totals = _totals(tree)
    for element, (text, linked, prose) in totals.items():
        if element.tag not in ("div", "td", "article", "section", "main", "body") or text < 20:
            continue
        plain = text - linked
        density = plain / text
        worth = (
            prose
            * density**2
            * _likely(element, deep=near.deepest > DEEP)
            * near(element)
            * (plain / (1 + _depth(element, totals)))
        )
        if worth > score:
            best, score = element, worth
    return best


def _depth(element: HtmlElement, totals: dict[HtmlElement, tuple[int, int, int]]) -> float:
    """How much of an element's text lies in boxes of links."""
    return sum(totals[child][1] for child in element if child in totals) / 50


def _likely(element: HtmlElement, *, deep: bool = False) -> float:
    name = class_and_id(element)
    heading = next((bare for text in _beginning(element, deep) if (bare := text.strip())), "")
    # comments, or a list of other articles
    other = FROM_HERE.match(heading) or UNDER.search(heading)
    return (
        (1.5 if LIKELY.search(name) else 1.0)
        * (0.3 if UNLIKELY.search(name) else 1.0)
        * (0.1 if other else 1.0)
    )


def _beginning(element: HtmlElement, deep: bool) -> Iterator[str]:
    """The texts in an element; where elements are deep within each other, of the first alone."""
    if not deep:
        yield from element.itertext()
        return
    for event, part in islice(iterwalk(element, events=("start", "end")), BEGINNING):
        yield (part.text if event == "start" else part.tail) or ""


def _totals(tree: HtmlElement) -> dict[HtmlElement, tuple[int, int, int]]:
    """For each element: characters, those in links, marks of prose outside links."""
    totals: dict[HtmlElement, tuple[int, int, int]] = {}
    for element in reversed(list(tree.iter("*"))):
        if element.tag in (
            "script",
            "style",
            "noscript",
            "template",
            "select",
            "textarea",
            "iframe",
        ):
            continue
        text = linked = prose = 0
        for piece in (element.text, *(child.tail for child in element)):
            if piece and (bare := piece.strip()):
                text += len(bare)
                if len(bare) < FOOT and FOOTER.search(bare):
                    linked += len(bare)
                    continue
                prose += len(PROSE.findall(bare))
        for child in element:
            if child in totals:
                more = totals[child]
                text, linked, prose = text + more[0], linked + more[1], prose + more[2]
        if element.tag == "a":
            linked, prose = text, 0
        totals[element] = (text, linked, prose)
    return totals


def _by_parents(tree: HtmlElement, near: Nearness) -> HtmlElement | None:
    """The parent whose paragraphs hold most prose, a grandparent counting half."""
    scores: dict[HtmlElement, float] = {}
    for element in tree.iter("p", "br", "section", "span"):
        over = element.getparent()
        if over is None or (element.tag == "span" and over.tag in ("p", "span", "a", "li")):
            continue
        text = "".join(element.itertext()) if element.tag != "br" else (element.tail or "")
        text = text.strip()
        if len(text) < 10 or (len(text) < FOOT and FOOTER.search(text)):
            continue
        worth = 1 + len(PROSE.findall(text)) + min(len(text) / 50, 4)
        scores[over] = scores.get(over, 0) + worth
        grandparent = over.getparent()
        if grandparent is not None:
            scores[grandparent] = scores.get(grandparent, 0) + worth / 2
    weighed = {
        element: score * _likely(element) * near(element)
        for element, score in scores.items()
        if element.tag not in ("html", "a", "li")
    }
    return max(weighed, key=lambda element: weighed[element], default=None)
