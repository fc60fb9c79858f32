"""Whether an element holds pictures, documents or films: by its tags and addresses."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

DOCUMENT = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|zip|rar|7z|csv|txt|rtf)(?:$|[?#&)'\"\s])"
    r"|(?:down(?:load|file)|attach(?:ment)?|showfile|getfile)\w*\.(?:jsp|do|action|aspx?|php)",
    re.I,
)
LABEL = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|zip|rar|7z|csv|txt|rtf)\s*[)）】]?\s*$", re.I
)
FILM = re.compile(r"\.(?:mp4|m3u8|flv|f4v|swf|webm|mov|avi|wmv|m4v|mp3)(?:$|[?#&'\"])|player", re.I)
ICON = re.compile(
    r"(?:icon|logo|fileTypeImages|loading|blank|spacer|arrow|button|btn)[\w.-]*[./]", re.I
)
SMALL = re.compile(r"^\s*[1-4]?\d\s*(?:px)?\s*$")


def has_picture(element: HtmlElement) -> bool:
    """Whether a picture is in it that is no icon."""
    return any(not _is_icon(image) for image in element.iter("img"))


def has_document(element: HtmlElement) -> bool:
    """Whether a link, frame or object in it leads to a document."""
    for part in element.iter("a", "iframe", "embed", "object"):
        address = part.get("href") or part.get("src") or part.get("data") or ""
        if DOCUMENT.search(address) or DOCUMENT.search(part.get("onclick") or ""):
            return True
        if part.tag == "a" and LABEL.search("".join(part.itertext())):
            return True
    return False


def has_film(element: HtmlElement) -> bool:
    """Whether a film or its player is in it."""
    if next(element.iter("video", "audio"), None) is not None:
        return True
    return any(
        FILM.search(part.get("src") or part.get("data") or "")
        for part in element.iter("iframe", "embed", "object", "source")
    )


def _is_icon(image: HtmlElement) -> bool:
    address = image.get("src") or ""
    return bool(
        ICON.search(address)
        or SMALL.match(image.get("width") or "")
        or SMALL.match(image.get("height") or "")
    )


def holds_files(element: HtmlElement) -> bool:
    """Whether a picture, a document or a film is in it."""
    return has_picture(element) or has_document(element) or has_film(element)
