"""Lists of addresses that people keep: text with one a line, CSV, and OPML as feed readers export
it."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from archive.errors import UsageError
from archive.page.decoding import decode

DECLARATION = re.compile(r"\A\ufeff?\s*+<\?xml[^>]*+(?<=\?)>")  # the text is decoded already
ADDRESS = re.compile(r"(?:https?://|(?:[\w-]+\.)+[A-Za-z]{2,}/)\S+")
ENDINGS = (".txt", ".csv", ".opml", ".xml", ".tsv")  # which no host has
WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, in which Windows saves texts
FEED, PAGE = "xmlUrl", "htmlUrl"  # http://opml.org/spec2.opml
LARGEST = 16 * 2**20  # bytes of a list


def addresses(source: str) -> Iterator[tuple[str, str]]:
    """The addresses that an argument means, each with the words that say where it is.

    Args:
        source: an address, the name of a file, or "-" for standard input.

    Raises:
        UsageError: the file holds no address, or cannot be read as what it seems to be.

    Example:
        >>> list(addresses("www.thepaper.cn/gov_44871"))
        [('', 'www.thepaper.cn/gov_44871')]
    """
    path = Path(source)
    if source == "-":
        listed = _listed(sys.stdin.buffer.read(LARGEST + 1), "standard input")
    elif "://" not in source and path.is_file():
        with path.open("rb") as file:
            listed = _listed(file.read(LARGEST + 1), source)
    elif path.is_dir() or (path.suffix.lower() in ENDINGS and "/" not in source):
        raise UsageError(
            f"{source} is {'a folder' if path.is_dir() else 'no file that is there'}; give the "
            "address of an account page, or a file of addresses."
        )
    else:
        yield "", source
        return
    if not listed:
        raise UsageError(f"{source} holds no address; write one a line.")
    yield from listed


def _listed(data: bytes, name: str) -> list[tuple[str, str]]:
    if len(data) > LARGEST:
        raise UsageError(f"{name} has more than {LARGEST} bytes and is no list of addresses.")
    if b"\0" in data and not data.startswith(WIDE):
        raise UsageError(f"{name} is no text; save it as text or CSV, with one address a line.")
    text = decode(data).text
    if text.lstrip()[:1] == "<":
        return [(name, url) for url in _of_outlines(text, name)]
    return [
        (f"{name}, line {number}", url)
        for number, line in enumerate(text.splitlines(), 1)
        for url in _of_line(line, is_head=number == 1)
    ]


def _of_line(line: str, *, is_head: bool) -> list[str]:
    """The addresses among the cells of a line. A line without one is given as it is, so that it is
    named as wrong; it is passed over where it is a remark or the head of a table."""
    line = line.strip()
    if not line or line.startswith("#"):
        return []
    cells = [cell.strip() for cell in next(csv.reader(io.StringIO(re.sub(r"[;\t]", ",", line))))]
    urls = [cell for cell in cells if ADDRESS.fullmatch(cell)]
    return urls or ([] if is_head and "." not in line else [line])


def _of_outlines(text: str, name: str) -> list[str]:
    try:
        # Python's parser opens no file and no address, and limits how entities grow.
        root = ElementTree.fromstring(DECLARATION.sub("", text, count=1))
    except ElementTree.ParseError as error:
        raise UsageError(f"{name} is no OPML that can be read ({error}).") from error
    outlines = [outline.attrib for outline in root.iter("outline")]
    return [url for each in outlines if (url := each.get(PAGE) or each.get(FEED))]
