"""What an article is: text, or pictures, documents, a film, a table with hardly a word around."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from lxml.html import HtmlElement

from archive.model import Kind, Picture
from archive.page.file_names import LABEL
from archive.page.files import has_document, has_film
from archive.page.letters import letters

CAPTION = 30  # letters; so few under pictures or a film are its caption
LONG = 60  # characters of a line with a sentence; it is no caption
TABLE = 0.8  # of the letters of an article that is a table
ROWS = 3  # of one, at least
SENTENCE = re.compile("[。！？]")


def kind_of(lines: Sequence[str], body: HtmlElement | None, pictures: Sequence[Picture]) -> Kind:
    """The kind of an article whose page does not name it.

    Args:
        lines: its paragraphs; the cells of a row have tabs between them.
        body: the element that holds it.
        pictures: its pictures and documents.

    Example:
        >>> kind_of(["姓名\\t职务", "赵敏\\t科员", "钱进\\t科员"], None, [])
        'table'
    """
    if any(len(line) >= LONG and SENTENCE.search(line) and "\t" not in line for line in lines):
        return "table" if _is_table(lines) else "article"
    kinds = {picture.kind for picture in pictures}
    names = {letters(picture.caption) for picture in pictures if picture.kind == "attachment"}
    own = _beginning(line for line in lines if _is_own(line, names))
    size = sum(len(letters(line)) for line in own)
    if size <= CAPTION and not any(SENTENCE.search(line) for line in own):
        if "attachment" in kinds or len(own) < len(lines):
            return "attachment"
        if not any(own) and "picture" not in kinds and body is not None and has_document(body):
            return "attachment"
        if body is not None and has_film(body):
            return "video"
        if "picture" in kinds:
            return "pictures"
    return "table" if _is_table(lines) else "article"


def _is_own(line: str, names: Collection[str]) -> bool:
    """Whether a line is no label, and not the name of a document."""
    return not (names and letters(line) in names) and not LABEL.search(line)


def _beginning(lines: Iterable[str]) -> list[str]:
    """The first of the lines, up to more letters than a caption has; all where they have fewer."""
    first, size = [], 0
    for line in lines:
        first.append(line)
        size += len(letters(line))
        if size > CAPTION:
            break
    return first


def _is_table(lines: Sequence[str]) -> bool:
    rows = [line for line in lines if "\t" in line]
    if len(rows) < ROWS:
        return False
    in_rows, all_of_it = (sum(len(letters(line)) for line in part) for part in (rows, lines))
    return in_rows >= TABLE * all_of_it
