"""What a server sent behind the link of an attachment: a file, or a web page."""

from __future__ import annotations

import re

from archive.attachments.file_name import file_name

BEGINNING = 8 * 1024  # bytes of an answer that are looked at
# The marks of https://mimesniff.spec.whatwg.org/#rules-for-identifying-an-unknown-mime-type, after
# comments and an XML declaration.
MARKUP = re.compile(
    rb"(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}>)*+<(?:!doctype\s+html|html|head|script|iframe|h1|div"
    rb"|font|table|a|style|title|b|body|br|p|meta|link|span|center|form)[\s>]",
    re.I | re.S,
)
# What Word, Excel and WPS write into a document that is saved as a web page.
OFFICE = re.compile(
    rb"urn:schemas-microsoft-com:office:|<meta[^>]{0,99}(?:progid|generator)[^>]{0,99}"
    rb"(?:word|excel|powerpoint|microsoft|wps|kingsoft)",
    re.I,
)
OFFICE_TYPE = re.compile(r"\s*application/(?:ms-?word|ms-?excel|vnd\.|x-msexcel|x-xls|rtf)", re.I)
PAGE_TYPE = re.compile(r"\s*(?:text/html|application/(?:xhtml\+xml|json)|text/xml)", re.I)
FILE_MARKS = (
    b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!", b"7z\xbc\xaf",
    b"\x1f\x8b", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"AC10", b"MIME-",
)  # fmt: skip
NAMED = re.compile(r"\.(?!s?html?$|jsp$|aspx?$|php$|do$)[a-z0-9]{2,4}$", re.I)


def is_markup(beginning: bytes) -> bool:
    """Whether bytes are HTML, by how they begin.

    Example:
        >>> is_markup(b"\\xef\\xbb\\xbf <!-- 1 --><HTML>"), is_markup(b"<name>,<age>")
        (True, False)
    """
    plain = beginning.removeprefix(b"\xef\xbb\xbf")
    if plain.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = plain[2:].replace(b"\0", b"")
    return MARKUP.match(plain) is not None


def is_web_page(content_type: str | None, disposition: str | None, beginning: bytes) -> bool:
    """Whether an answer is a page to be read in a browser, and no file.

    Bytes with the mark of a format are a file, whatever the header says, and a name that the server
    gives makes one. HTML that an office program saved is a document.

    Args:
        content_type: as the server sent it; None where it did not.
        disposition: Content-Disposition, likewise.
        beginning: the first bytes without their content coding; empty where they are not known.

    Example:
        >>> is_web_page("text/html", None, b"%PDF-1.7"), is_web_page("text/html", None, b"<html>")
        (False, True)
    """
    if beginning.lstrip()[:16].startswith(FILE_MARKS):
        return False
    if disposition and NAMED.search(file_name("", disposition)):
        return False
    if OFFICE_TYPE.match(content_type or ""):
        return False
    if is_markup(beginning):
        return OFFICE.search(beginning) is None
    return PAGE_TYPE.match(content_type or "") is not None
