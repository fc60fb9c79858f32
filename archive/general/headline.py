"""The title of a page of unknown make: not cut, and without the name of the site."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from archive.model.other_values import Mention
from archive.page.fields import stripped, text_of
from archive.page.letters import folded_letters

SITE = re.compile(
    r"(?:网|网站|新闻|频道|门户|政府|日报|晚报|早报|时报|周刊|在线|首页|中心|博客|论坛|客户端|腾讯|新浪|搜狐|网易|凤凰|百度|人民|新华|财经|资讯|社区|平台|电视台|广播|委员会|[部厅局所处]|秘书处|研究院|大学|学院|"
    r"com|cn|net|news|sina|sohu|qq|ifeng|yahoo|雅虎|头条|澎湃|百家号|观察者|杂志|公众号|体育|娱乐|科技|军事|国内|国际|社会|要闻|滚动|评论|视频|图片|政务|股票|汽车|房产|教育|健康)\S{0,6}$",
    re.I,
)
# Blanks are tried from their first one alone: each of many would be tried to the end of all.
BLANKS = r"(?:(?<!\s)\s++)?"
SITE_NAME = re.compile(
    r"(?:网|网站|门户|政府|官网|在线|客户端|日报|晚报|[委厅局]|办公室|委员会|法院|检察院|大学|学院|研究所|研究院|中心|协会)$"
)
SPLIT = re.compile(
    rf"{BLANKS}[_|｜]\s*+|(?<!\s)\s++[-–—－]++\s*+|{BLANKS}(?:--|——|－)++\s*+|{BLANKS}-\s*+(?=[^-]*+$)"
)
CUT = re.compile(r"(?:\.{3}|(?<!…)…++)$")
WIDE, PIECE = (
    2000,
    20,
)  # characters with all white space; the boxes around a headline need not be read to their end
MANY = 300  # elements, likewise
LONGEST = 300  # characters; what goes on is no title


@dataclass(frozen=True, slots=True)
class Headline:
    """A title, whether the page itself bears it out, the rule that found it, and all that the page
    shows as a headline."""

    text: str | None
    sure: bool
    rule: str
    shown: tuple[Mention, ...] = ()


AFTER_HEADLINE = re.compile(
    rf"{BLANKS}(?:[_|｜<]|[-–—－]++\s*+[^-–—－_|｜\s]{{2,40}}(?:[-–—－_|｜]|$))"
)
NAMES_AFTER = re.compile(r"\s[^_|｜]{2,60}[_|｜]")  # of several sites, a blank before the first
CERTAIN = 8  # letters of a headline that the page's title begins with, such names behind it
DAY_AFTER = re.compile(
    r"(?<!\s)\s*+[(（\[]?(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?:\s{0,4}\d{1,2}:\d\d(?::\d\d)?)?"
    r"[)）\]]?$"
)
TITLE_MARK = re.compile("tit|headline", re.I)  # in a class or id


def headline(tree: HtmlElement) -> Headline:
    """Chooses the title: what the site's meta data names, a headline that the page's `<title>`
    holds, or that without the name of the site.

    Args:
        tree: the page.

    Returns:
        The title. It is `sure` where a second place on the page agrees; without that, the lines
        around the body may know better.
    """
    meta = TAGS.sub("", _meta(tree, "ArticleTitle") or "")
    if meta and not CUT.search(meta):
        return Headline(meta, True, "meta ArticleTitle")
    page_title = TAGS.sub(
        "", stripped("".join(tree.xpath("string((//head/title | //title)[1])"))) or ""
    )[:LONGEST]
    shown = _shown_headlines(tree, page_title)
    chosen = _agreed(shown, page_title) or _alone(tree, shown, page_title)
    return replace(chosen, shown=tuple((text, "headline") for text in shown))


def _shown_headlines(tree: HtmlElement, page_title: str) -> list[str]:
    """Texts of the page that may be its headline: of h1, then of elements that are named so."""
    shown = [
        text
        for element in tree.xpath("//h1")
        if (text := _shown(element)) and len(text) < 200 and not _is_sites(text, page_title)
    ]
    shown += [
        text
        for element in tree.iter(*TITLED)
        if _is_titled(element) and (text := _shown(element)) and 4 <= len(text) < 120
    ]
    undated = (DAY_AFTER.sub("", text) for text in shown)
    return shown + [text for text in undated if text not in shown and len(text) >= CERTAIN]


def _agreed(shown: list[str], page_title: str) -> Headline | None:
    """The headline that the page's `<title>` holds, or begins."""
    if contained := [text for text in shown if _is_contained(text, page_title)]:
        return Headline(
            max(contained[:6], key=lambda text: len(folded_letters(text))),
            bool(page_title),
            "headline",
        )
    if completed := [text for text in shown if _goes_on(text, page_title)]:
        return Headline(min(completed, key=len), True, "headline-of-cut-title")
    return None


def _alone(tree: HtmlElement, shown: list[str], page_title: str) -> Headline:
    """A title of which no headline of the page is a second witness."""
    cut = without_site(page_title)
    og = without_site(_meta(tree, "og:title") or "")
    if og and (
        not cut or folded_letters(og) in folded_letters(page_title) or len(folded_letters(cut)) < 6
    ):
        return Headline(og, True, "meta og:title")
    if cut and not SITE_ONLY.search(cut):
        return Headline(cut, len(folded_letters(cut)) >= 10, "title-element")
    above = [
        text
        for text in shown
        if len(folded_letters(text)) >= 6 and not SITE_ONLY.search(text) and not MENU.search(text)
    ]
    return Headline(
        above[0] if above else cut or (shown[0] if shown else None), False, "first-shown"
    )


def above(lines: list[str], first: str) -> str | None:
    """Finds the headline above a body, for pages whose own title is that of the site.

    Args:
        lines: those of the page.
        first: the first line of the body.

    Returns:
        The nearest line that can be a headline, of the eight before the body; None without one.
    """
    place = next((number for number, line in enumerate(lines) if line == first), 0)
    for line in reversed(lines[max(0, place - 8) : place]):
        if 8 <= len(line) <= 60 and not NO_HEADLINE.search(line):
            return line
    return None


def can_be_headline(line: str) -> bool:
    """Whether a line of a page may be its headline: no part of a menu, byline or sentence."""
    return 6 <= len(line) <= 100 and not (NO_HEADLINE.search(line) or MENU.search(line))


def _shown(element: HtmlElement) -> str | None:
    if next(islice(element.iter(), MANY, None), None) is not None:
        return None
    size = 0
    for piece in element.itertext():
        if (size := size + len(piece) + PIECE) > WIDE:
            return None
    return once(TAGS.sub("", text_of(element) or "")) or None


def once(text: str | None) -> str | None:
    """Halves a text that an element holds twice, as some headlines do for narrow screens.

    Example:
        >>> once("关于印发办法关于印发办法")
        '关于印发办法'
    """
    half = len(text or "") // 2
    return text[:half] if text and half >= 4 and text[:half] == text[half:] else text


TAGS = re.compile(r"<[^>]{1,20}>")
NO_HEADLINE = re.compile(
    r"^\W?(?:本报|本网|记者|通讯员|星期|第\S+版)|[。；>＞|｜]|\d{4}[-年/.]\d|来源|作者|字号|浏览|阅读|点击|分享|首页|位置|\t|[：:]\s*$"
)
MENU = re.compile(r"(?:当前|您的|所在)的?位置|首页\s*+(?:[>＞»/|-]|政务|$)")
CHANNEL = re.compile(
    r"\S{0,6}(?:新闻|频道|中心|要闻|动态|专题|时政|国内|国际|社会|财经|资讯|首页)\S{0,2}"
)
SITE_BEFORE = re.compile(r"(?:网站|官网|[府户闻息]网|人民政府|数字报)$")
SITE_ONLY = re.compile(
    r"(?:网|网站|门户|平台|研究所|委员会|政府|官网|首页|频道|频道页|文章|正文|详情页?|内容页|新闻动态|数字报|>[^>]+)$|^\S{2,6}(?:日|晚|早|晨|时|商|都市)报$"
)
TITLED = ("h2", "h3", "h4", "div", "p", "td", "span", "strong", "font")


def without_site(title: str) -> str:
    """Takes the names of site and channel off a `<title>`.

    Example:
        >>> without_site("关于做好供水保障工作的通知_某市人民政府网站")
        '关于做好供水保障工作的通知'
    """
    pieces = SPLIT.split(title)
    if len(pieces) == 1:
        return title.strip()
    remaining = list(pieces)
    while (
        len(remaining) > 1
        and (SITE.search(remaining[-1]) or len(remaining[-1]) <= 8)
        and len(remaining[-1]) < 24
        and len("".join(remaining[:-1])) >= 2
        and not _is_subtitle(title, remaining[-1])
    ):
        remaining.pop()
    start = len(remaining[0]) if len(remaining) > 1 and SITE_BEFORE.search(remaining[0]) else 0
    end = (
        title.find(remaining[-1], start) + len(remaining[-1])
        if len(remaining) > 1
        else len(remaining[0])
    )
    rest = title[start : max(end, len(remaining[0]))].strip(" -_|—–")
    headline, _, channel = rest.rpartition("-")
    return (
        headline.strip()
        if len(remaining) < len(pieces)
        and len(headline) >= 8
        and CHANNEL.fullmatch(channel.strip())
        else rest
    )


def _is_subtitle(title: str, piece: str) -> bool:
    """Whether a piece is behind the double dash that joins a subtitle, and names no site."""
    before = title[: title.rfind(piece)].rstrip()
    return before.endswith("——") and not SITE_NAME.search(piece)


def _is_titled(element: HtmlElement) -> bool:
    if element.tag in ("h2", "h4"):
        return True
    names, name = element.get("class"), element.get("id")
    return bool((names and TITLE_MARK.search(names)) or (name and TITLE_MARK.search(name)))


def _is_sites(text: str, page_title: str) -> bool:
    """Whether a headline is the name of the site, as in its logo, and all that the page's own
    title says."""
    return text == page_title and bool(SITE_ONLY.search(text))


def _is_contained(text: str, page_title: str) -> bool:
    """Whether the page's own title holds the headline, and not as a part of it."""
    shown, full_title = folded_letters(text), folded_letters(page_title)
    if _begins(text, page_title):
        return True
    return len(shown) >= 4 and (
        not full_title
        or (
            shown in full_title
            and len(shown) >= 0.5 * len(folded_letters(without_site(page_title)))
        )
    )


def _begins(text: str, page_title: str) -> bool:
    """Whether the page's own title is the headline, a sign and the names of channel and site."""
    rest = page_title[len(text) :]
    if not page_title.startswith(text) or SITE_NAME.search(text) or SITE_ONLY.search(text):
        return False
    size = len(folded_letters(text))
    if size >= CERTAIN and NAMES_AFTER.match(rest):
        return True
    least = 2 if SITE_NAME.search(rest) else 4  # letters
    return size >= least and bool(AFTER_HEADLINE.match(rest))


def _goes_on(text: str, page_title: str) -> bool:
    """Whether the headline goes on where the page's own title is cut with dots."""
    stem = without_site(page_title)
    return (
        bool(CUT.search(stem))
        and len(folded_letters(stem)) >= 8
        and folded_letters(text).startswith(folded_letters(stem))
    )


def _meta(tree: HtmlElement, name: str) -> str | None:
    lower = name.lower()
    for element in tree.iter("meta"):
        if (element.get("name") or element.get("property") or "").lower() == lower:
            return (stripped(element.get("content")) or "")[:LONGEST] or None
    return None
