"""A captured page made fit for replay: every address that it loads or links to leads to a capture,
what is not here is marked, and nothing is left that runs."""

from __future__ import annotations

import re
from urllib.parse import quote

import tinycss2
from lxml import etree
from lxml.html import HtmlElement, tostring

from archive.page.page import Page
from archive.page.pictures import LAZY, picture_of
from archive.page.stylesheets import addresses, parsed
from archive.page.urls import urljoin
from archive.room.holdings import Holdings

RUNS = ("script", "base", "iframe", "frame", "frameset", "object", "embed", "applet", "portal")
BOXES = frozenset({"iframe", "object", "embed", "applet"})  # those that take room on the page
LOADS = frozenset({"src", "poster", "background", "data-src", "href", "xlink:href"})
LOADING = frozenset({"img", "image", "video", "audio", "source", "track", "input", "use", "body"})
DROPPED = re.compile(
    r"on.*|style|srcset|imagesizes|imagesrcset|ping|action|formaction|srcdoc|integrity|nonce"
    r"|crossorigin|http-equiv|charset|manifest|target|download|attributionsrc|data-srcset"
    r"|xml:base|longdesc|cite|profile|usemap|codebase|archive|classid|autofocus|autoplay"
)
NAME = re.compile(r"[a-z][a-z0-9:_-]*")
READ = ("title", "alt", "placeholder", "value", "content")  # attributes that hold words
LEADS_AWAY = re.compile(r"\s*+(?:https?:|//|javascript:|vbscript:|data:)", re.I)
PICTURE_IN_PAGE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp|avif)[;,]", re.I)
MARKS = (
    "[data-not-archived]{outline:2px dashed #b3261e!important;min-width:2em;min-height:2em;"
    "display:inline-block}[data-not-archived]::after{content:attr(data-not-archived);"
    "font:12px sans-serif;color:#b3261e}"
)


def file_address(capture: str) -> str:
    """The address of a captured file on the replaying origin."""
    return f"/file/{quote(capture, safe='')}"


def page_address(capture: str) -> str:
    """The address of a captured page, with a word on it, on the replaying origin."""
    return f"/{quote(capture, safe='')}"


def content_address(capture: str) -> str:
    """The address of what was captured alone."""
    return f"/content/{quote(capture, safe='')}"


def rewritten(page: Page, holdings: Holdings) -> bytes:
    """The page as UTF-8, fit for replay. Raises Unreadable for one that cannot be parsed.

    Args:
        page: as it was captured.
        holdings: what the archive has of what it names.
    """
    base, tree = page.base, page.tree
    for image in tree.iter("img"):  # while the sets of sizes around it are there
        if (picture := picture_of(image, page)) and not any(map(image.get, ("src", *LAZY))):
            image.set("src", picture.url)
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            _remove(element)
        elif element is not tree:
            _settle(element, base, holdings)
    _clean(tree, base, holdings)
    head = tree.find("head")
    style = etree.SubElement(tree if head is None else head, "style")
    style.text = MARKS
    data: bytes = tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>")
    return data


def stylesheet(text: str, base: str, holdings: Holdings) -> str:
    """A stylesheet whose addresses lead to captures; those that are not here lead nowhere.

    Args:
        text: the stylesheet, or the value of a style attribute.
        base: its own address.
        holdings: what the archive has.
    """
    nodes = parsed(text)
    for node in addresses(nodes):
        capture = holdings.capture_of(urljoin(base, node.value)) if _is_web(node.value) else None
        address = file_address(capture) if capture else "about:invalid"
        quoted = f'"{address}"'
        node.representation = f"url({quoted})" if node.type == "url" else quoted
    try:
        written: str = tinycss2.serialize(nodes)
    except RecursionError:
        return ""  # brackets in brackets without end, which no stylesheet needs
    return written.replace("</", "<\\/")


def _is_web(address: str) -> bool:
    return not address.strip().lower().startswith(("data:", "about:", "javascript:", "blob:", "#"))


def _settle(element: HtmlElement, base: str, holdings: Holdings) -> None:
    tag = str(element.tag).lower()
    if tag in RUNS:
        _mark_box(element, tag)
    elif tag == "meta" and (element.get("http-equiv") or element.get("charset")):
        _remove(element)
    elif tag == "link":
        _settle_link(element, base, holdings)
    elif tag == "style":
        element.text = stylesheet(element.text or "", base, holdings)
        _clean(element, base, holdings)
    elif tag in ("a", "area"):
        href = element.get("href")
        _clean(element, base, holdings)
        _lead(element, href, base, holdings)
    elif tag in LOADING:
        _load(element, tag, base, holdings)
    else:
        _clean(element, base, holdings)


def _mark_box(element: HtmlElement, tag: str) -> None:
    """Something that would run or load a page of its own: gone, with a mark where it took room."""
    if tag not in BOXES:
        _remove(element)
        return
    for child in list(element):
        element.remove(child)
    element.attrib.clear()
    element.text, element.tag = None, "span"
    element.set("data-not-archived", f"<{tag}>")


def _settle_link(element: HtmlElement, base: str, holdings: Holdings) -> None:
    rel = (element.get("rel") or "").lower().split()
    href, media = element.get("href"), element.get("media")
    if "stylesheet" not in rel or not href:
        _remove(element)
        return
    capture = holdings.capture_of(urljoin(base, href))
    if capture is None:
        _remove(element)
        return
    element.attrib.clear()
    element.set("rel", "stylesheet")
    element.set("href", file_address(capture))
    if media:
        element.set("media", media)


def _lead(element: HtmlElement, href: str | None, base: str, holdings: Holdings) -> None:
    """A link leads to a capture of the same page, or nowhere."""
    if not href or href.startswith("#"):
        if href:
            element.set("href", href)
        return
    url = urljoin(base, href)
    capture = holdings.capture_of(url, counts=False) if url.startswith("http") else None
    if capture:
        element.set("href", page_address(capture))
        element.set("target", "_top")
    elif url.startswith("http"):
        element.set("title", url)


def _load(element: HtmlElement, tag: str, base: str, holdings: Holdings) -> None:
    """What is shown within the page: the first of the addresses that it may have that is here, of
    those that a script would set and of sets of sizes too."""
    names = [*(LAZY if tag == "img" else ()), "src", "href", "xlink:href", "background", "poster"]
    given = [(name, (element.get(name) or "").strip()) for name in dict.fromkeys(names)]
    own = "href" if tag in ("image", "use") else {"body": "background"}.get(tag, "src")
    data = next((value for _, value in given if PICTURE_IN_PAGE.match(value)), None)
    web = [urljoin(base, value) for _, value in given if value and _is_web(value)]
    capture = next(
        (capture for url in web if (capture := holdings.capture_of(url, counts=False))), None
    )
    inside = next((value for _, value in given if value.startswith("#")), None)
    shown = inside if tag == "use" else data
    _clean(element, base, holdings)
    if capture:
        holdings.had += 1
        element.set(own, file_address(capture))
    elif web and tag != "source":
        holdings.missing[web[0]] = None
        name = web[0].rpartition("/")[2][:80] or web[0][:80]
        element.set("data-not-archived", name)
        element.set("alt", element.get("alt") or name)
    elif shown:
        element.set(own, shown)


def _clean(element: HtmlElement, base: str, holdings: Holdings) -> None:
    """Take away every attribute that loads, leads or runs; a style keeps what the archive has."""
    style = element.get("style")
    for name, value in element.attrib.items():
        if not _is_plain(name.lower(), value):
            del element.attrib[name]
    if style:
        element.set("style", stylesheet(style, base, holdings))


def _is_plain(name: str, value: str) -> bool:
    """Whether an attribute neither loads nor leads anywhere, and runs nothing."""
    if not NAME.fullmatch(name) or name in LOADS or DROPPED.fullmatch(name):
        return False
    return name in READ or not LEADS_AWAY.match(value)


def _remove(element: HtmlElement) -> None:
    """Take an element out, and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
