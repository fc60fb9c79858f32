"""The documents and films of an article: those that its body links to, shows in a frame or opens by
script, and those in a box of attachments next to it.

What is one is decided by the element, its address and its label. Sources of the forms: the
templates of TRS, VSB (`download.jsp?wbfileid=`), hanweb (`downfile.jsp?filename=`), ueditor and
pdf.js (`viewer.html?file=`) as saved pages of gov.cn have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, unquote

from lxml.html import HtmlElement

from archive.model import Picture
from archive.model.words import FileKind
from archive.page.fields import start_of
from archive.page.file_names import DOWNLOAD, ENDINGS, EXTENSION, LABEL, OFFICE_TYPE
from archive.page.files import ATTACHED, FILM_FILE, has_document, is_box_of_attachments
from archive.page.page import Page
from archive.page.unnamed_files import (
    ATTACHMENT,
    is_among_attachments,
    is_called_attachment,
    is_furniture,
    is_in_box_of_attachments,
    may_be_file,
)
from archive.page.urls import urlsplit

SCRIPTED = re.compile(r"""["']([^"'<>\s]{1,400})["']""")
SCRIPTED_PATH = re.compile(r"(?:https?:/|[\w.-]*)/\S|\?\w+=")
NO_ADDRESS = ("javascript:", "#", "mailto:", "tel:", "data:", "about:")
AROUND = 5  # elements around a link that may be the box
BOXES = ("div", "ul", "ol", "dl", "p", "td", "table", "section", "li")
BOX_NAMES = ("fj", "fujian", "attach", "annex", "appendix", "filelist")
SPACED_NAME = re.compile(r"附\s*件")
ENDING = re.compile(rf"\.{ENDINGS}[\"']")
SCRIPT_NAMES = ("fj", "fujian", "attach", "annex", "pdf", "file")
BOX_NAMES_IN_ASCII, SCRIPT_NAMES_IN_ASCII = (
    tuple(name.encode() for name in names) for names in (BOX_NAMES, SCRIPT_NAMES)
)


def attachments(body: HtmlElement, page: Page) -> Iterator[Picture]:
    """The documents and films of a body in their order, then those in boxes of attachments.

    Args:
        body: the element that holds the article, in the page or a copy of it.
        page: the page that it is of.
    """
    latin = page.text.encode("ascii", "ignore").lower()
    may_have_box = _may_have_box(page.text, latin)
    for element in body.iter("a", "iframe", "frame", "embed", "object", "video", "audio", "source"):
        yield from _of_element(element, page, may_have_box)
    for script in body.iter("script"):
        yield from _of_script(script.text or "", page)
    for link in _in_boxes(page) if may_have_box else ():
        yield from _of_element(link, page, may_have_box)
    for script in page.tree.iter("script") if _may_name_file(page.text, latin) else ():
        for match in SCRIPT_NAME.finditer(script.text or ""):
            yield from _of_script(match[0], page)


# a variable of attachments with its value, as templates write it for a script that shows them
SCRIPT_NAME = re.compile(
    r"(?<![a-z])(?:fj|fujian|attach|annex|pdf|file|wzfj)\w{0,9}+\s{0,9}+=\s{0,9}+[\"'][^\"'<>]{1,400}[\"']",
    re.I,
)


def _may_have_box(text: str, latin: bytes) -> bool:
    """Whether a page has a name of a box of attachments anywhere.

    Args:
        text: the page.
        latin: its ASCII characters in small letters: most pages are seen by them, in a fifth of
            the time, to have none of the names.
    """
    if any(name in latin for name in BOX_NAMES_IN_ASCII):
        small = text.lower()
        if any(name in small for name in BOX_NAMES):
            return True
    return "附" in text and bool(SPACED_NAME.search(text))


def _may_name_file(text: str, latin: bytes) -> bool:
    """Whether a page has the name of a variable of attachments, and an ending of a file, anywhere.

    Takes what `_may_have_box` does.
    """
    if not any(name in latin for name in SCRIPT_NAMES_IN_ASCII):
        return False
    small = text.lower()
    return bool(ENDING.search(small)) and any(name in small for name in SCRIPT_NAMES)


def _in_boxes(page: Page) -> Iterator[HtmlElement]:
    """The links to documents in boxes of attachments, wherever the page has them."""
    boxes: dict[HtmlElement, bool] = {}
    for link in page.tree.iter("a"):
        if not has_document(link):
            if may_be_file(link.get("href") or "") and is_in_box_of_attachments(link):
                yield link
            continue
        for over in islice(link.iterancestors(*BOXES), AROUND):
            if over not in boxes:
                boxes[over] = is_box_of_attachments(over)
            if boxes[over]:
                yield link
                break


def _of_element(element: HtmlElement, page: Page, may_have_box: bool) -> Iterator[Picture]:
    if element.tag in ("video", "audio", "source"):
        yield from _film(element, page)
        return
    label = start_of(element) or element.get("title") or None
    address = (element.get("href") or element.get("src") or element.get("data") or "").strip()
    if is_furniture(address, label):
        return
    if (element.tag == "a" and address.lower().startswith(NO_ADDRESS)) or not address:
        for written in _scripted(f"{element.get('onclick') or ''} {address}", label):
            yield from _document(written, label, page)
    elif _is_document(address, label, linked=element.tag == "a"):
        yield from _document(_in_viewer(address), label, page)
    elif FILM_FILE.search(address):
        yield _file(address, label, "video", page)
    elif _is_unnamed(element, page, may_have_box):
        yield from _document(address, label, page)


def _scripted(script: str, label: str | None) -> Iterator[str]:
    """The addresses of documents in a script that a link runs."""
    is_called = bool(label and (ATTACHMENT.match(label) or LABEL.search(label)))
    for match in SCRIPTED.finditer(script):
        address = match[1]
        is_path = SCRIPTED_PATH.match(address) and may_be_file(address)
        if EXTENSION.search(address) or DOWNLOAD.search(address) or (is_called and is_path):
            yield address


def _is_unnamed(element: HtmlElement, page: Page, may_have_box: bool) -> bool:
    """Whether something of the body is an attachment though its address names no file."""
    if element.tag != "a":
        return bool(OFFICE_TYPE.match(element.get("type") or ""))
    if page.link(element.get("href") or "").partition("#")[0] == page.url.partition("#")[0]:
        return False
    return is_called_attachment(element) or (may_have_box and is_among_attachments(element))


def _is_document(address: str, label: str | None, *, linked: bool) -> bool:
    parts = urlsplit(address)
    if EXTENSION.search(unquote(parts.path)) or _in_viewer(address) != address:
        return True
    named = bool(label and (LABEL.search(label) or ATTACHED.match(label)))
    if DOWNLOAD.search(parts.path) and (named or parts.query):
        return True
    in_query = any(EXTENSION.search(value) for _, value in parse_qsl(parts.query))
    return linked and (in_query or bool(label and LABEL.search(label)))


def _in_viewer(address: str) -> str:
    """The document that a viewer such as that of pdf.js shows; else the address itself."""
    parts = urlsplit(address)
    if not re.search(r"viewer|preview|generic|pdfjs", parts.path, re.I):
        return address
    shown = (value for _, value in parse_qsl(parts.query) if EXTENSION.search(value))
    return next(shown, address)


def _of_script(text: str, page: Page) -> Iterator[Picture]:
    for match in SCRIPTED.finditer(text):
        if EXTENSION.search(match[1]) and not match[1].lower().startswith(NO_ADDRESS):
            yield from _document(match[1], None, page)


def _film(element: HtmlElement, page: Page) -> Iterator[Picture]:
    address = element.get("src") or element.get("data-src") or ""
    parent = element.getparent()
    in_player = element.tag != "source" or (parent is not None and parent.tag in ("video", "audio"))
    if address.strip() and in_player and not address.startswith(("blob:", "data:")):
        yield _file(address.strip(), element.get("title"), "video", page)


def _document(address: str, label: str | None, page: Page) -> Iterator[Picture]:
    yield _file(address, label, "attachment", page)


def _file(address: str, label: str | None, kind: FileKind, page: Page) -> Picture:
    url = page.link(address).partition("#")[0]
    return Picture(url=url, position=0, caption=label, kind=kind)
