"""The text of office documents: words, sheets and slides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from archive.attachments.office_xml import text_of, tree_of
from archive.attachments.text import Page


def words(data: bytes) -> Iterator[Page]:
    """The text of a docx, which has no pages of its own, as one: paragraphs and tables in order,
    the cells of a row with tabs between."""
    import docx

    try:
        document = docx.Document(BytesIO(data))
    except ValueError:  # of a template, or with macros, which the library does not take
        yield Page(_main_part(data))
        return
    yield Page("\n".join(_blocks(document.iter_inner_content())))


def _main_part(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as archive:
        return text_of(tree_of(archive.read("word/document.xml")))


def sheets(data: bytes) -> Iterator[Page]:
    """The text of each sheet of an xlsx, xls or ods, its name first, the cells of a row with tabs
    between."""
    import python_calamine

    with python_calamine.load_workbook(BytesIO(data)) as book:
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows = (_row(row) for row in sheet.iter_rows() if any(row))
            yield Page("\n".join([name, *rows]), name)


def slides(data: bytes) -> Iterator[Page]:
    """The text of each slide of a pptx, its notes last."""
    import pptx

    for slide in pptx.Presentation(BytesIO(data)).slides:
        lines = list(_shapes(slide.shapes))
        if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame):
            lines.append(notes.text)
        yield Page("\n".join(lines))


def _blocks(blocks: Iterable[Any]) -> Iterator[str]:
    for block in blocks:
        if not hasattr(block, "rows"):
            yield block.text
            continue
        for row in block.rows:
            # A merged cell is given once for each column that it covers.
            cells = {id(cell._tc): cell for cell in row.cells}
            texts = ("\n".join(_blocks(cell.iter_inner_content())) for cell in cells.values())
            yield "\t".join(texts)


def _row(row: Iterable[Any]) -> str:
    return "\t".join(_cell(value) for value in row).rstrip("\t")


def _cell(value: Any) -> str:
    """A value as a sheet shows it: an integer without a point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _shapes(shapes: Iterable[Any]) -> Iterator[str]:
    for shape in shapes:
        if shape.shape_type is not None and hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                yield "\t".join(cell.text for cell in row.cells)
