"""Removes what is inside a body and not the article: comments, lists of other articles, share bars,
editors, disclaimers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.page.fields import class_and_id
from archive.page.paragraphs import INVISIBLE

# Only boxes, never `body` or `p`: WeChat's own body tag has a class with "comment" in it.
NAMES = [
    "comment",
    "relate",
    "recommend",
    "share",
    "hotnews",
    "hot-news",
    "hot_news",
    "rank",
    "breadcrumb",
    "crumb",
    "copyright",
    "qrcode",
    "qr-code",
    "ewm",
    "erweima",
    "tuijian",
    "pagination",
    "pagebar",
    "toolbar",
    "advert",
    "disclaimer",
    "statement",
    "-ad-",
    "_ad_",
    "editor-name",
    "original-title",
    "ep-editor",
    "ep-source",
    "post_statement",
    "reward",
    "login",
    "keyword",
    "article-tag",
    "prenext",
    "pre_next",
    "prevnext",
]
NAMED = re.compile("|".join(map(re.escape, NAMES)), re.I)
TAGS = (
    "div",
    "ul",
    "ol",
    "section",
    "aside",
    "nav",
    "footer",
    "dl",
    "form",
    "table",
    "h3",
    "h4",
    "p",
    "span",
)
ALWAYS = ("nav", "footer", "aside")
# Not where they hold paragraphs: there a system wraps its articles in them.
PLAYER = re.compile("player", re.I)
WRITTEN = XPath(
    "boolean(self::form[.//p] | self::div[.//p[string-length(normalize-space(.)) > 40]])"
)
# boxes that are looked at and stay: more of them, each in the next, are the doing of no publisher
AROUND = 20
# Boxes of other people's sentences. One with another name that has several is the article:
# `js_img_share_area` of ifeng.
OTHERS = re.compile(
    "comment|relate|recom|hot|copyright|tuijian|disclaimer|statement|ep-|advert|reward", re.I
)
SENTENCES = 3
MOST = 0.5  # of the text; a box that holds more is the article itself

LAST = re.compile(
    r"^[\[【（(]?\s*+(?:(?:(?:责任|值班|网络|本期|本文|新媒体|微信|图文|文字|页面)\s*+)?(?:编辑|校对|审核|责编|监制|主编|编审|签发|美编|终审|初审|复审|排版)(?:[：:\s]|[（(]).{0,60}"
    r"|(?:特别)?(?:声明|提示|免责声明)[：:].*|版权(?:声明|所有|归).*|免责声明.*|Notice[：:].*"
    r"|.{0,20}(?:未经.{0,12}(?:许可|授权|允许|同意)).{0,60}|.*(?:不得|禁止|谢绝)(?:擅自)?转载.{0,30}"
    r"|(?:打印|关闭|关闭窗口|打印本页|关闭本页|分享到?|分享让更多人看到|返回顶部|举报|我要举报|纠错|收藏|点赞|阅读原文|阅读全文|展开全文|返回列表|返回搜狐，查看更多|扫一扫在手机打开当前页|扫一扫.{0,20}|相关(?:新闻|阅读|链接|报道|文章|专题|稿件|附件链接)[：:]?|延伸阅读[：:]?|推荐阅读[：:]?|更多(?:精彩|新闻).{0,20}|\|?<<.*>>\|?|上一[篇页条].*|共\s*\d+\s*页.*|下一[篇页条].*|查看(?:更多|全文).{0,10}|字体：.*|字号：.*|(?:标签|关键[词字])[：:].{0,60}|【打印】.*|【关闭】.*|【纠错】.*"
    r"|(?:网友)?评论.{0,10}|(?:我要)?评论|文明上网.*|微信扫.{0,30}|长按.{0,30}(?:关注|识别).{0,20}|点击.{0,12}(?:关注|查看|进入|下载).{0,40}|关注.{0,20}(?:公众号|微信).{0,30})"
    r")\s*+[\]】）)]?$",
    re.S,
)
FROM_HERE = re.compile(
    r"^(?:相关(?:新闻|阅读|链接|报道|文章|专题|稿件|推荐)|延伸\s*+[·•]?\s*+(?:阅读|推荐)|推荐阅读|热门推荐|为您推荐|[你您]可能(?:会|還|还|也|對|对|會)?(?:喜欢|想看|感兴趣|喜歡|感興趣)的?(?:内容|文章)?|其他人也在看|今\s*+日\s*+推\s*+荐.*|猜你喜欢|热点(?:新闻|推荐|排行)|最新(?:文章|评论|新闻)|精彩推荐|更多精彩|网友评论|热门评论|全部评论|发表评论|特别声明|免责声明|版权声明|分享让更多人看到|返回搜狐，查看更多)"
    r"[：:\s]*+$",
    re.S,
)


# No article goes on under these, wherever they stand; under the others it may, for they also lie
# in boxes next to it.
UNDER = re.compile(
    r"^(?:网友评论|热门评论|全部评论|最新评论|发表评论|为您推荐|猜你喜欢|[你您]可能[会还也對对還會]?(?:喜欢|喜歡|想看|感兴趣))[：:\s]*$"
    r"|仅提供信息(?:存储|发布)(?:空间)?服务|网站标识码|ICP备\s?\d|公网安备\s?\d|^主办(?:单位)?[：:].{2,40}承办"
)
BUTTONS = re.compile(
    r"(?:发送给朋友|推荐给朋友|转发给好友|(?:我来)?(?:发表)?评论|我来说两句|打印(?:本[文页稿])?|关闭(?:窗口|本页)?|收藏(?:本[文页])?|分享|转发|复制链接"
    r"|返回(?:首页|列表|顶部)|举报|纠错|推荐|收起|展开|点赞|大|中|小|上一[篇页]|下一[篇页]|[\s|｜/·【】\[\]])+"
)
TURNING = re.compile(
    r"^(?=.*页)(?:[\d\s\[\]<>«»‹›…|]|首页|上一页|下一页|尾页|末页|返回|共\s*\d+\s*页|第\s*\d+\s*页)+$"
)
EDITED = re.compile(r"^[\[【（(]?.{0,30}(?:责任编辑|责编|编辑)\s*[：:].{0,30}[\]】）)]?$")
BEFORE_EDITED = 100  # characters of an article before a line that names its editor and so ends it


def prune(body: HtmlElement) -> HtmlElement:
    """Removes the boxes that are not the article's.

    Args:
        body: the element that holds the article; it is changed.

    Returns:
        The same element.
    """
    total = _length(body)
    boxes = [box for box in body.iter(*TAGS) if box is not body]
    _drop_all(
        list(filter(_is_unwanted, boxes)),
        lambda box: _length(box) <= MOST * total and (_is_others(box) or not _is_written(box)),
    )
    unwritten = [
        box
        for box in boxes
        if box.tag == "form" or (box.tag == "div" and PLAYER.search(_name(box)))
    ]
    _drop_all(unwritten, lambda box: _length(box) <= MOST * total and not WRITTEN(box))
    return body


def _name(box: HtmlElement) -> str:
    return f" {class_and_id(box)} "


def _is_unwanted(box: HtmlElement) -> bool:
    if box.get("data-role") in ("original-title", "editor-name") or box.tag in ALWAYS:
        return True
    return box.tag not in ("p", "span") and bool(NAMED.search(_name(box)))


def _is_others(box: HtmlElement) -> bool:
    return box.tag in ALWAYS or box.get("data-role") is not None or bool(OTHERS.search(_name(box)))


def _drop_all(boxes: list[HtmlElement], is_unwanted: Callable[[HtmlElement], bool]) -> None:
    """Drop the boxes that are unwanted; those inside a dropped one are not judged again."""
    dropped: set[HtmlElement] = set()
    retained = 0
    for box in boxes:
        if box in dropped:
            continue
        if is_unwanted(box):
            _drop(box)
            dropped.update(box.iter(*TAGS))
        elif (retained := retained + 1) > AROUND:
            break


def article_lines(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Removes what sites write above and under an article; its middle is the author's.

    Args:
        lines: `(tag, text)` of each paragraph of a body, from `blocks`.
    """
    half = len(lines) // 2
    ends = next(
        (place for place, (_, text) in enumerate(lines) if place >= half and FROM_HERE.match(text)),
        len(lines),
    )
    start, end = 0, min(ends, _edited(lines))
    while end and _unread(lines[end - 1][1]):
        end -= 1
    while start < end and _unread(lines[start][1]):
        start += 1
    return lines[start:end]


def _unread(text: str) -> bool:
    return bool(LAST.match(text) or TURNING.match(text) or BUTTONS.fullmatch(text))


def _edited(lines: list[tuple[str, str]]) -> int:
    """The place of the line under which no article goes on: it names the editor, or begins
    comments or the foot of the page."""
    size = 0
    for place, (_, text) in enumerate(lines):
        if (size >= BEFORE_EDITED and EDITED.match(text)) or (size and UNDER.search(text)):
            return place
        size += len(text)
    return len(lines)


def _length(element: HtmlElement) -> int:
    return sum(len(text.strip()) for text in _texts(element))


def _is_written(box: HtmlElement) -> bool:
    return sum(text.count("。") for text in _texts(box)) >= SENTENCES


def _texts(element: HtmlElement) -> Iterator[str]:
    for descendant in element.iter():
        if descendant.text and isinstance(descendant.tag, str) and descendant.tag not in INVISIBLE:
            yield descendant.text
        if descendant.tail and descendant is not element:
            yield descendant.tail


def _drop(element: HtmlElement) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(element)
