"""trafilatura as a reader of pages of unknown make, with settings for Chinese: a notice of eighty
characters is a complete article, and precision first, because its mistakes are extra text.

It answers with lines. The article is the element that holds them, for that has the pictures, links
and attachments too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Container
from configparser import ConfigParser
from copy import deepcopy
from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import use_config

from archive.general.pruning import article_lines
from archive.page.letters import letters
from archive.page.likeness import LENGTH, sequences
from archive.page.paragraphs import INVISIBLE

SMALL = 60  # characters; trafilatura's own 250 is for languages that need three times as many
ROW, RULE = re.compile(r"^\|(.*)\|$"), re.compile(r"^[|\s-]+$")
NEARLY_ALL = 0.95  # of the letters that it read; the rest is of other elements


@dataclass(frozen=True, slots=True)
class Answer:
    """What trafilatura read.

    Attributes:
        lines: its lines, those of a table as `blocks` writes them.
        element: the smallest one of the tree that holds nearly all of them; None where it read
            nothing.
    """

    lines: list[str]
    element: HtmlElement | None


def by_trafilatura(tree: HtmlElement) -> Answer:
    """Has trafilatura read a page.

    Args:
        tree: the page, which is not changed.
    """
    lines = _read_by_trafilatura(tree)
    return Answer(lines, _smallest_with(lines, tree))


def _smallest_with(lines: list[str], tree: HtmlElement) -> HtmlElement | None:
    """The smallest element that holds nearly all of some lines that were read from a tree."""
    read = sequences("".join(lines))
    letters_in: dict[HtmlElement, int] = {}
    for element in reversed(list(tree.iter("*"))):
        texts = () if element.tag in INVISIBLE else (element.text, *(part.tail for part in element))
        own = sum(len(bare) for text in texts if text and _is_in(bare := letters(text), read))
        letters_in[element] = own + sum(letters_in.get(part, 0) for part in element)
    least = NEARLY_ALL * letters_in.get(tree, 0)
    if not least:
        return None
    inner = [element for element in tree.iter("*") if letters_in[element] >= least]
    return inner[-1]


def _is_in(text: str, read: Container[str]) -> bool:
    places = range(len(text) - LENGTH + 1)
    return bool(places) and all(text[place : place + LENGTH] in read for place in places)


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
