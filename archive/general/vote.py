"""The body of a page of unknown make: three readers, and the answer that is most like the others.

Two count (how much prose an element holds, how little of it is links), the third is trafilatura
with settings for Chinese: a notice of eighty characters is a complete article, and precision first,
because its mistakes are extra text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from configparser import ConfigParser
from copy import deepcopy
from html import escape
from itertools import islice

import trafilatura
from lxml.etree import iterwalk
from lxml.html import HtmlElement
from trafilatura.settings import use_config

from archive.general.furniture import FOOT, FOOTER
from archive.general.nearness import Nearness
from archive.general.pruning import FROM_HERE, UNDER, article_lines, prune
from archive.page.likeness import likeness, sequences
from archive.page.page import fragment
from archive.page.paragraphs import blocks

PROSE = re.compile(r"[，。；！？：、,;!?]")
MANY = 12_000  # elements of a page that is not voted on, so that a hostile one takes seconds
# elements within each other, likewise; a table counts ten, for trafilatura reads it with all that
# are in it
DEEP = 200
LONG = 300_000  # characters, likewise
BEGINNING = 200  # tags of one that are looked at for its first words
SMALL = 60  # characters; trafilatura's own 250 is for languages that need three times as many
ROW, RULE = re.compile(r"^\|(.*)\|$"), re.compile(r"^[|\s-]+$")
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
        The element that most likely holds the article, or a new one with what trafilatura read;
        None where nothing does.
    """
    tree = prune(deepcopy(tree))
    near = Nearness(tree, title)
    if len(near.place) > MANY or near.deepest > DEEP or sum(map(len, tree.itertext())) > LONG:
        return densest(tree, near)
    own = [
        element for element in (densest(tree, near), _by_parents(tree, near)) if element is not None
    ]
    candidates: list[tuple[HtmlElement | None, list[str]]] = [
        (element, _lines(element)) for element in dict.fromkeys(own)
    ]
    texts = [sequences("".join(lines)) for _, lines in candidates]
    if len(texts) == 2 and likeness(*texts) > 0.98:
        return candidates[0][0]
    if read := _read_by_trafilatura(tree):
        candidates.append((None, read))
    if not candidates:
        return None
    element, lines = candidates[_most_like(candidates)]
    return element if element is not None else fragment("".join(map(_markup, lines)))


def _markup(line: str) -> str:
    cells = line.split("\t")
    row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f"<table><tr>{row}</tr></table>" if len(cells) > 1 else f"<p>{escape(line)}</p>"


def _most_like(candidates: list[tuple[HtmlElement | None, list[str]]]) -> int:
    texts = [sequences("".join(lines)) for _, lines in candidates]
    support = [sum(likeness(first, second) for second in texts) for first in texts]
    return support.index(max(support))


def _lines(element: HtmlElement) -> list[str]:
    return [text for _, text in article_lines(blocks(prune(deepcopy(element))))]


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
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
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


# It warns of pages without text; here that is an answer like another.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def _config() -> ConfigParser:
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(SMALL))
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    return config


CONFIG = _config()


def _read_by_trafilatura(tree: HtmlElement) -> list[str]:
    text = trafilatura.extract(
        deepcopy(tree),
        favor_precision=True,
        include_comments=False,
        deduplicate=False,
        include_formatting=False,
        config=CONFIG,
    )
    lines = [
        ("p", _row(line))
        for line in (text or "").split("\n")
        if line.strip() and not RULE.match(line)
    ]
    return [text for _, text in article_lines(lines)]


def _row(line: str) -> str:
    """A row of a table as `blocks` writes it, not as Markdown."""
    match = ROW.match(line.strip())
    return "\t".join(cell.strip() for cell in match[1].split("|")).strip() if match else line
