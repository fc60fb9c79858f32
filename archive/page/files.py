"""Whether elements hold pictures, documents or films: by their tags, addresses and labels."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.page.fields import start_of
from archive.page.file_names import DOCUMENT, DOWNLOAD, LABEL
from archive.page.unnamed_files import is_called_attachment, is_furniture

# how a box or a label of attachments begins
ATTACHED = re.compile(
    r"\s*+(?:[【\[（(]\s*+)?(?:相关|文件|本文)?附\s{0,3}+件(?:下载|列表)?\s{0,3}+\d{0,2}+\s{0,3}+[】\])）：:、.\s\d]?"
)
NAMED = re.compile(
    r"(?:^|[\s_-])(?:fj|fujian|attach(?:ment)?s?|annex|appendix|xgfj|filelist)", re.I
)
FILM_FILE = re.compile(r"\.(?:mp4|m3u8|flv|f4v|webm|mov|avi|wmv|m4v|mp3)(?:$|[?#&])", re.I)
PLAYER = re.compile(r"player|video|\.swf(?:$|[?#])", re.I)
ICON = re.compile(
    r"(?:icon|logo|fileTypeImages|loading|blank|spacer|arrow|button|btn)[\w.-]{0,40}[./]", re.I
)
SMALL = re.compile(r"^\s{0,9}[1-4]?\d\s{0,9}(?:px)?\s{0,9}$")
BOX = 600  # characters of a box of attachments, at most


def has_picture(element: HtmlElement) -> bool:
    """Whether a picture is in it that is no icon."""
    return any(not _is_icon(image) for image in element.iter("img"))


def has_document(element: HtmlElement) -> bool:
    """Whether a link, frame or object in it leads to a document."""
    for part in element.iter("a", "iframe", "embed", "object"):
        address = part.get("href") or part.get("src") or part.get("data") or ""
        if part.tag == "a" and is_furniture(address, start_of(part)):
            continue
        if DOCUMENT.search(address) or DOCUMENT.search(part.get("onclick") or ""):
            return True
        if DOWNLOAD.search(address.partition("?")[0]):
            return True
        if part.tag == "a" and _is_called_document(part):
            return True
    return False


def _is_called_document(link: HtmlElement) -> bool:
    return bool(LABEL.search("".join(link.itertext()))) or is_called_attachment(link)


def has_film(element: HtmlElement) -> bool:
    """Whether a film or its player is in it."""
    if next(element.iter("video", "audio"), None) is not None:
        return True
    addresses = (
        part.get("src") or part.get("data") or ""
        for part in element.iter("iframe", "embed", "object")
    )
    return any(FILM_FILE.search(address) or PLAYER.search(address) for address in addresses)


def holds_files(element: HtmlElement) -> bool:
    """Whether a picture, a document or a film is in it."""
    return has_picture(element) or has_document(element) or has_film(element)


def is_box_of_attachments(element: HtmlElement) -> bool:
    """Whether a box names itself, or begins with, 附件, and links to documents.

    Example:
        >>> from archive.page.page import fragment
        >>> is_box_of_attachments(fragment("<p>附件：<a href='/1.pdf'>名单</a></p>")[0])
        True
    """
    if element.find(".//a") is None:
        return False
    text = "".join(element.itertext()).strip()
    named = NAMED.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    return len(text) <= BOX and bool(named or ATTACHED.match(text)) and has_document(element)


def _is_icon(image: HtmlElement) -> bool:
    return bool(
        ICON.search(image.get("src") or "")
        or SMALL.match(image.get("width") or "")
        or SMALL.match(image.get("height") or "")
    )
