"""The text of documents that an office program saved as a web page, or as a web archive (MHT), or
that a web application wrote as a table: sites serve them as .doc and .xls.

Sources: what Word, Excel and WPS write; RFC 2557 for MHT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from html import unescape

from archive.attachments.served import OFFICE, is_markup
from archive.attachments.text import NotRead, Page
from archive.errors import Unreadable
from archive.page.decoding import decode
from archive.page.page import parsed
from archive.page.paragraphs import blocks

HEAD = 4096  # bytes in which a web archive says that it is one
FIELD = re.compile(rb"[\w-]{1,40}:")  # how a message begins
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
WEB_ARCHIVE = re.compile(rb"^content-type:\s{0,9}(?:multipart/related|text/html)", re.I | re.M)
# Settings of Office that its pages hold as XML, which no browser shows.
SETTINGS = re.compile(r"<xml\b[^<>]{0,300}>|</xml>", re.I)
FRAMES = re.compile(r"<frameset\b", re.I)
OFFICE_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|wps|et|dps|rtf|csv)$", re.I)
# What pages of a site have and documents have not.
OF_SITE = re.compile(r"<(?:script|form|iframe|nav|input|link)\b", re.I)
ERROR = re.compile(
    r"(?:^|\D)(?:40[0345]|50[0234])(?:\D|$)|not found|\berror|forbidden|不存在|出错|没有权限"
    r"|无权|已删除|请登录|请稍后",
    re.I,
)
BEGIN = 200  # characters of a page in which it says that something is wrong
LEAST_LETTERS, LEAST_ROWS = 100, 2  # of a document that no office program names as its own


def is_web_archive(data: bytes) -> bool:
    """Whether bytes are an MHT file, by the header at their begin."""
    begin = data[:HEAD].lstrip()
    head = BLANK_LINE.split(begin, maxsplit=1)[0]
    return FIELD.match(head) is not None and WEB_ARCHIVE.search(head) is not None


def archived(data: bytes) -> Iterator[Page]:
    """The text of an MHT file: that of its pages, as one.

    Raises:
        NotRead: no page is in it.
    """
    message = message_from_bytes(data, policy=policy.compat32)
    lines = [line for part in _pages(message) for line in _lines(*part)]
    if not lines:
        raise NotRead("broken", "a web archive without a page")
    yield Page("\n".join(lines))


def _pages(message: Message) -> Iterator[tuple[bytes, str]]:
    """The pages of a message with their Content-Type."""
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                yield body, str(part.get("Content-Type") or "")


def saved(data: bytes, file_name: str) -> Iterator[Page]:
    """The text of a document that is HTML, as one.

    Args:
        data: HTML.
        file_name: what an office program did not mark as its own is a document only by this name,
            and where it looks like none of a site's pages.

    Raises:
        NotRead: it is a page of the site that came in its place.
    """
    lines = list(_lines(data, ""))
    if OFFICE.search(data[: 4 * HEAD]) is None and not _is_written(data, lines, file_name):
        raise NotRead("unsupported", "a web page came in its place")
    yield Page("\n".join(lines))


def _is_written(data: bytes, lines: list[str], file_name: str) -> bool:
    """Whether a web application wrote a document as HTML."""
    html, text = decode(data).text, "\n".join(lines)
    if not OFFICE_FILE.search(file_name) or OF_SITE.search(html) or ERROR.search(text[:BEGIN]):
        return False
    rows = sum("\t" in line for line in lines)
    return rows >= LEAST_ROWS or len(text) >= LEAST_LETTERS


def _lines(data: bytes, content_type: str) -> list[str]:
    """The paragraphs of a page; none of one that only holds frames.

    Raises:
        NotRead: it is none, or larger than a page may be.
    """
    html = _without_settings(decode(data, content_type).text)
    if FRAMES.search(html):
        return []
    try:
        return [unescape(text) for _, text in blocks(parsed(html))]
    except Unreadable as error:
        too_large = error.reason in ("too-large", "vast")
        raise NotRead("too-large" if too_large else "broken", error.detail) from None


def _without_settings(html: str) -> str:
    """HTML without the settings in it; what is begun and not ended stays."""
    pieces: list[str] = []
    begun, opened = 0, None
    for mark in SETTINGS.finditer(html):
        if not mark[0].startswith("</"):
            opened = mark.start() if opened is None else opened
        elif opened is not None:
            pieces.append(html[begun:opened])
            begun, opened = mark.end(), None
    return "".join([*pieces, html[begun:]])


def is_saved_page(data: bytes) -> bool:
    """Whether bytes are HTML."""
    return is_markup(data[:HEAD]) or OFFICE.search(data[:HEAD].lstrip()[:200]) is not None
