"""The text of a PDF, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from archive.attachments.lines import running
from archive.attachments.text import NotRead, Page

PASSWORD = 4  # FPDF_ERR_PASSWORD of pdfium's fpdfview.h


def pages(data: bytes) -> Iterator[Page]:
    """The text of each page; empty for one that is only a picture.

    Args:
        data: the document.

    Raises:
        NotRead: it needs a password, or is no PDF that can be opened.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == PASSWORD:
            raise NotRead("encrypted", "it asks for a password") from None
        raise NotRead("broken", str(error)) from None
    try:
        for number in range(len(document)):
            yield Page(_text(document, number))
    finally:
        document.close()


def _text(document: object, number: int) -> str:
    """The text of a page. One that is damaged has none; the others are still read."""
    import pypdfium2

    try:
        page = document[number]  # type: ignore[index]
    except pypdfium2.PdfiumError:
        return ""
    try:
        text = page.get_textpage()
        try:
            return running(str(text.get_text_bounded()).splitlines())
        finally:
            text.close()
    finally:
        page.close()
