"""The pictures of an article's body, and the documents that it links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

from lxml.html import HtmlElement

from archive.model import Picture
from archive.page.fields import start_of
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
ATTACHMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|csv|txt)$", re.I)


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
    for picture in (*_images(body, page), *_attachments(body, page)):
        if picture.url.startswith(("http://", "https://")) and picture.url not in known:
            yield replace(picture, position=len(known))
            known.add(picture.url)


def _images(body: HtmlElement, page: Page) -> Iterator[Picture]:
    for image in body.iter("img"):
        if picture := picture_of(image, page):
            yield picture


def picture_of(image: HtmlElement, page: Page) -> Picture | None:
    """The picture that an `img` shows, by the address of the original file; None where it names
    none.

    Args:
        image: the element.
        page: the page that it is of.
    """
    sources = ((image.get(name) or "").strip() for name in LAZY)
    source = next(
        (address for address in sources if address and not address.startswith("data:")), None
    )
    if source is None:
        return None
    caption = (image.get("alt") or "").strip() or None
    return Picture(url=original_picture(page.link(source)), position=0, caption=caption)


def _attachments(body: HtmlElement, page: Page) -> Iterator[Picture]:
    for link in body.iter("a"):
        url = page.link((link.get("href") or "").strip()).partition("#")[0]
        if ATTACHMENT.search(urlsplit(url).path):
            yield Picture(url=url, position=0, caption=start_of(link), kind="attachment")


def original_picture(url: str) -> str:
    """The address of the file itself, where the page orders a smaller one.

    Aliyun's object store (`?x-oss-process=image/resize…`) and NetEase's resizer
    (`nimg.ws.126.net/?url=…&thumbnail=…`).
    """
    head, mark, query = url.partition("?")
    if mark and urlsplit(url).hostname == "nimg.ws.126.net":
        return canonical(parse_qs(query).get("url", [url])[0])
    return head if mark and query.startswith("x-oss-process") else url
