"""The pictures of an article's body, and the documents that it links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

from lxml.html import HtmlElement

from archive.model import Picture
from archive.page.attachments import attachments
from archive.page.page import Page
from archive.page.urls import canonical, urlsplit

# where pages that load their pictures late keep the address, the best first
LAZY = (
    "data-src",
    "data-original",
    "data-lazyload",
    "data-lazy-src",
    "data-actualsrc",
    "_src",
    "src",
)
# the signs that editors set before the name of a document
OF_FILE_TYPE = re.compile(
    r"fileTypeImages/|(?:^|/)(?:icon|ico|file)_?(?:pdf|docx?|xlsx?|pptx?|zip|rar|txt|mp3|mv|jpg"
    r"|default)\.(?:gif|png|jpg)",
    re.I,
)
SIZE = re.compile(r"[^\d.]|\.(?!\d)")


def pictures(body: HtmlElement | None, page: Page) -> Iterator[Picture]:
    """The pictures of a body, each once, by the address of the original file; then the documents
    that it links to.

    Args:
        body: the element that holds the article; None where the page has no text.
        page: the page that it is of, which says what its links are relative to.
    """
    if body is None:
        return
    known: set[str] = set()
    for picture in (*_images(body, page), *attachments(body, page)):
        if picture.url.startswith(("http://", "https://")) and picture.url not in known:
            yield replace(picture, position=len(known))
            known.add(picture.url)


def _images(body: HtmlElement, page: Page) -> Iterator[Picture]:
    for image in body.iter("img"):
        if OF_FILE_TYPE.search(image.get("src") or ""):
            continue
        if picture := picture_of(image, page):
            yield picture


def picture_of(image: HtmlElement, page: Page) -> Picture | None:
    """The picture that an `img` shows, by the address of the original file; None where it names
    none.

    Args:
        image: the element.
        page: the page that it is of.
    """
    sources = [(image.get(name) or "").strip() for name in LAZY] + _of_sets(image)
    source = next(
        (address for address in sources if address and not address.startswith("data:")), None
    )
    if source is None:
        return None
    caption = (image.get("alt") or "").strip() or None
    return Picture(url=original_picture(page.link(source)), position=0, caption=caption)


def _of_sets(image: HtmlElement) -> list[str]:
    """The addresses in sets of sizes, the largest of each first: the image's own, then of the
    `source` elements of its `picture`."""
    over = next(image.iterancestors("picture"), None)
    elements = [image, *(over.iter("source") if over is not None else ())]
    sets = [element.get(name) for element in elements for name in ("data-srcset", "srcset")]
    return [largest for text in sets if (largest := _largest(text or ""))]


def _largest(text: str) -> str:
    """The address with the greatest width or density in a set."""
    entries = [entry.split() for entry in re.split(r",\s+|,(?=https?://|/)", text) if entry.strip()]
    sized = [
        (float(SIZE.sub("", entry[1]) or 0) if entry[1:] else 0.0, entry[0]) for entry in entries
    ]
    return max(sized, key=lambda pair: pair[0], default=(0.0, ""))[1].rstrip(",")


def original_picture(url: str) -> str:
    """The address of the file itself, where the page orders a smaller one.

    Aliyun's object store (`?x-oss-process=image/resize…`) and NetEase's resizer
    (`nimg.ws.126.net/?url=…&thumbnail=…`).
    """
    head, mark, query = url.partition("?")
    if mark and urlsplit(url).hostname == "nimg.ws.126.net":
        return canonical(parse_qs(query).get("url", [url])[0])
    return head if mark and query.startswith("x-oss-process") else url
