"""Elements that hold an article's body on the sites and content systems that Chinese publishers
use.

Each is the mark of a kind of page (an id or class that a content system writes), tried in this
order; none is of a single page. Sources: the systems' own templates as seen on saved pages of
gov.cn, TRS, VSB, CCTV, the portals and WeChat.
"""

from __future__ import annotations

import re

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.general.marked import are_parts, around, joined, sentences, unlike
from archive.page.paragraphs import blocks

SHARE = 0.3  # of the longest
ENOUGH = 3  # sentences of a box that has the mark alone; its size is not asked
LEAST = 10  # characters of a body; less is a placeholder


def _has(word: str) -> str:
    """Elements with this word among their classes."""
    return f'//*[contains(concat(" ", normalize-space(@class), " "), " {word} ")]'


INNERMOST = '//*[@id="article"]'  # of several within each other the innermost, and no `article`
MARKS = [
    '//*[@id="js_content"]',  # WeChat
    _has("news_txt"),  # The Paper, until 2022
    '//*[starts-with(@class, "index_cententWrap")]',  # The Paper
    '//*[@id="mp-editor"]',  # Sohu
    _has("post_body"),
    '//*[@id="endText"]',  # NetEase
    _has("content-article"),
    '//*[@id="Cnt-Main-Article-QQ"]',  # Tencent
    _has("rich_media_content"),
    '//*[@id="ArticleCnt" or @id="article-content" or @id="ArticleContent"]',
    '//*[@id="artibody"]',  # Sina
    INNERMOST,
    '//div[starts-with(@class, "index_text_") or starts-with(@class, "text-")]',  # ifeng
    '//*[@id="main_content"]',
    '//*[@id="UCAP-CONTENT"]',  # gov.cn
    '//*[@id="rwb_zw"]',  # People
    _has("rm_txt_con"),
    '//*[@id="p-detail"]',  # Xinhua
    '//*[@id="detailContent"]',
    '//*[@id="detail" and not(.//h1)]',
    _has("all-txt"),  # guancha
    _has("TRS_Editor"),
    _has("trs_editor_view"),
    _has("Custom_UnionStyle"),
    '//*[@id="vsb_content" or starts-with(@id, "vsb_content_")]',
    '//*[@id="zoom" or @id="Zoom" or @id="zoomcon"]',
    _has("pages_content"),
    _has("view TRS_UEDITOR"),
    '//*[@id="BodyLabel" or @id="ContentRegion" or @id="fontzoom" or @id="FontZoom"]',
    '//*[@id="content_area" or @id="content_body" or @id="textbody" or @id="news_content"'
    ' or @id="newsContent"]',
    _has("article-content"),
    _has("article_content"),
    _has("articleContent"),
    _has("article-body"),
    _has("left_zw"),
    _has("content_area"),
    _has("cnt_bd"),
    _has("caas-body"),  # Yahoo
    '//*[@itemprop="articleBody"]',
]
# The names that a mark asks for; looking for them among all names of a page first spares most of
# the searches.
COMPILED = [
    (XPath(mark), [name for name in re.findall(r'"([^"]*)"', mark) if name.strip(" -")])
    for mark in MARKS
]
NAMES = [XPath(f"//@{attribute}", smart_strings=False) for attribute in ("class", "id", "itemprop")]
INNER = next(compiled for compiled, _ in COMPILED if compiled.path == INNERMOST)


def container(tree: HtmlElement) -> HtmlElement | None:
    """Finds the body of a page by its mark.

    Several with one mark are parts of one article, such as a question and its answer, and are
    joined; but each under a linked headline they are several articles, of which the first that is
    not much shorter than the longest is meant. One without a single sentence is a list of headlines
    that has the mark for other reasons: left to the vote.

    Args:
        tree: the page.

    Returns:
        The element, or a new `div` with copies of several; None for a page without any mark.
    """
    all_names = " ".join(" ".join(name for names in NAMES for name in names(tree)).split())
    for mark, names in COMPILED:
        if not any(name.strip() in all_names for name in names):
            continue
        boxes = _outermost(_innermost(mark(tree)) if mark is INNER else mark(tree))
        if len(boxes) == 1 and sentences(boxes[0]) >= ENOUGH:
            return around(boxes[0])
        candidates = [(size, box) for box in boxes if (size := _size(box)) >= LEAST]
        written = unlike([element for _, element in candidates if sentences(element)])
        if len(written) > 1 and are_parts(written):
            return joined(written)
        if written:
            longest = max(size for size, _ in candidates)
            return around(next(element for size, element in candidates if size >= SHARE * longest))
    return None


def _innermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Without those that have another inside, and elements called `article`."""
    around: set[HtmlElement] = set()
    marked = set(elements)
    everything = elements[0].getroottree().iter("*") if len(elements) > 1 else ()
    for element in reversed(list(everything)):
        over = element.getparent()
        if over is not None and (element in marked or element in around):
            around.add(over)
    return [element for element in elements if element not in around and element.tag != "article"]


def _outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Without those inside another: they hold no more than it does."""
    outermost: dict[HtmlElement, None] = {}
    for element in elements:  # in the order of the page, the outer one first
        if not any(over in outermost for over in element.iterancestors()):
            outermost[element] = None
    return list(outermost)


def _size(element: HtmlElement) -> int:
    """Characters of its paragraphs."""
    return sum(len(text) for _, text in blocks(element))
