"""The text of documents in the XML of Office: files of Word and Excel 2003, flat packages, the main
part of a docx that no library opens, and OpenDocument text.

Sources: the schemas of Office 2003 (WordprocessingML, SpreadsheetML); ISO/IEC 29500; ODF 1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from archive.attachments.text import NotRead, Page

MARK = re.compile(
    rb"mso-application|schemas\.microsoft\.com/office/(?:word/2003/wordml|2006/xmlPackage)"
    rb"|urn:schemas-microsoft-com:office:spreadsheet"
)
HEAD = 4096  # bytes in which it says what it is
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "s": " "}
INDEX = "{urn:schemas-microsoft-com:office:spreadsheet}Index"
NAME = "{urn:schemas-microsoft-com:office:spreadsheet}Name"
FARTHEST = 1000  # columns of a row


def is_office_xml(data: bytes) -> bool:
    """Whether bytes are an XML document of Office by their begin."""
    begin = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return begin.startswith(b"<?xml") and MARK.search(begin) is not None


def pages(data: bytes) -> tuple[Iterator[Page], bool]:
    """The text of such a document, and whether its pages are sheets.

    Raises:
        NotRead: it is damaged.
    """
    tree = tree_of(data)
    if next(tree.iter("{*}Worksheet"), None) is not None:
        return _sheets(tree), True
    return iter([Page(text_of(tree))]), False


def tree_of(data: bytes) -> etree._Element:
    """XML as a tree; entities and other files are not read.

    Raises:
        NotRead: it is none.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotRead("broken", str(error)) from None


def text_of(tree: etree._Element) -> str:
    """Paragraphs as lines, the cells of a row with tabs between."""
    return "\n".join(_blocks(tree))


def _blocks(element: etree._Element) -> Iterator[str]:
    for part in element:
        name = _name(part)
        if name in ("p", "h"):
            yield _paragraph(part)
        elif name in ("tr", "table-row"):
            cells = (cell for cell in part if _name(cell) in ("tc", "table-cell"))
            yield "\t".join("\n".join(_blocks(cell)) for cell in cells)
        elif name != "binData":
            yield from _blocks(part)


def _paragraph(element: etree._Element) -> str:
    """The runs of a paragraph: `t` in WordprocessingML, plain text in OpenDocument."""
    is_plain = "opendocument" in (etree.QName(element).namespace or "")
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            name = _name(node)
            if name in BREAKS and not (name == "tab" and _name(node.getparent()) == "tabs"):
                pieces.append(BREAKS[name])
            elif name == "t" or is_plain:
                pieces.append(node.text or "")
        elif is_plain and node is not element:
            pieces.append(node.tail or "")
    return "".join(pieces)


def _sheets(tree: etree._Element) -> Iterator[Page]:
    for sheet in tree.iter("{*}Worksheet"):
        name = sheet.get(NAME) or ""
        rows = ("\t".join(_cells(row)).rstrip("\t") for row in sheet.iter("{*}Row"))
        yield Page("\n".join([name, *filter(None, rows)]), name or None)


def _cells(row: etree._Element) -> list[str]:
    """The cells of a row, at the place that they name."""
    cells: list[str] = []
    for cell in row.iterchildren("{*}Cell"):
        index = cell.get(INDEX) or ""
        if index.isdecimal() and len(cells) < int(index) <= FARTHEST:
            cells += [""] * (int(index) - 1 - len(cells))
        cells.append("".join("".join(data.itertext()) for data in cell.iterchildren("{*}Data")))
    return cells


def _name(element: etree._Element | None) -> str:
    return etree.QName(element).localname if element is not None and _is_tag(element) else ""


def _is_tag(element: etree._Element) -> bool:
    return isinstance(element.tag, str)
