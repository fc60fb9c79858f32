"""Links to attachments whose address names no file, such as `/d?id=1`: by their label, their
attributes, or the box or list of attachments that they lie in.

What the server then sends decides whether it is one (`archive.attachments.served`). Sources of the
forms: the downloads of hanweb, VSB, SiteServer and Jeecms as saved pages of gov.cn have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, unquote

from lxml.html import HtmlElement

from archive.page.fields import class_and_id, start_of
from archive.page.file_names import DOWNLOAD, EXTENSION, LABEL, OFFICE_TYPE
from archive.page.urls import urlsplit

NUMERAL = r"[\d０-９一二三四五六七八九十]{1,3}"
# a label, or what a box begins with: 附件1, 附 件：…, 【相关附件】, 附表二 …, 点击下载附件
ATTACHMENT = re.compile(
    r"\s*+[【\[（(《]?\s*+(?:点击|请|查看|下载|浏览|打开){0,2}+(?:此处|这里)?+"
    r"(?:相关|文件|本文|公告|通知)?+附\s{0,3}+(?:件|表|图)(?:下载|列表|文件|查看)?+\s{0,3}+"
    rf"(?:{NUMERAL}|[】\])）》：:、.．\-—(（]|$)"
)
OF_ATTACHMENT = re.compile(rf"附\s{{0,3}}+件\s{{0,3}}+(?:{NUMERAL})?+\s*+[】\])）]?+\s*+$")
NAMED_BOX = re.compile(
    r"(?:^|\s)(?:[a-z]{2,9}[_-]?)??(?:fj|fujian|attach(?:ment)?s?|annex|appendix|file_?list)"
    r"(?:[_-]?(?:list|box|con|content|wrap|down|xz|ul|div|area|\d))?(?:$|\s)",
    re.I,
)
# what a site says on every page; no attachment is called so
FURNITURE = re.compile(
    r"\s*+[【\[（(]?+\s*+(?:"
    r"(?:我要|全文|本页|本文|一键)?+(?:打印|分享|转发|收藏|关闭|返回|纠错|推荐|复制|举报|点赞|评论|订阅)"
    r"(?:本页|本文|此页|文章|到|至|给|窗口|页面|正文|首页|顶部|上一页|列表|链接|地址|微信|微博|朋友圈|好友|朋友"
    r"|网页|内容|按钮|版|PDF|Word){0,3}+"
    r"|[\w\s.+·“”「」-]{0,16}(?:客户端|阅读器|浏览器|播放器|插件|控件|小程序|公众号|APP)"
    r"(?:\s*+(?:免费|点击|扫码)?+(?:下载|安装))?+"
    r"|(?:免费|点击|扫码|立即)?+(?:下载|安装)[\w\s.+·“”「」-]{0,16}"
    r"(?:客户端|阅读器|浏览器|播放器|插件|控件|小程序|APP|软件)"
    r"|(?:print|share|close|back|(?:download(?:\s+the)?\s+)?app(?:\s+store|\s+download)?|adobe\s+reader"
    r"|get\s+adobe\s+reader|google\s+play|android|iphone|ios)"
    r")\s*+[】\]）)：:]?+\s*+$",
    re.I,
)
STORES = (
    "apps.apple.com", "itunes.apple.com", "play.google.com", "a.app.qq.com", "sj.qq.com",
    "android.myapp.com", "appgallery.huawei.com", "app.mi.com", "get.adobe.com",
)  # fmt: skip
PROGRAM = re.compile(r"\.(?:apk|ipa|exe|msi|dmg)$", re.I)
PAGE = re.compile(
    r"\.(?:s?html?|xhtml|shtm|css|js|json|xml|rss|jpe?g|png|gif|bmp|webp|svg|ico)$", re.I
)
NAMES = ("title", "download", "textvalue", "data-name", "data-filename", "data-title", "filename")
BLOCKS = ("p", "li", "tr", "td", "dd", "div", "h4", "h5")
BOXES = (*BLOCKS, "ul", "ol", "dl", "table", "section")
AROUND = 5  # elements around a link that may be the box
BEFORE = 20  # entries before one in a list of attachments
ENTRY = 80  # characters of one
BOX = 600  # characters of a box of attachments, at most
PIECES = 300  # of text or elements that are looked at; a box that is one has fewer
START = 40  # characters in which a label is looked for


def is_furniture(address: str, label: str | None) -> bool:
    """Whether a link is the site's own, such as print, share or an app: never an attachment.

    Example:
        >>> is_furniture("/d?id=1", "下载客户端"), is_furniture("/d?id=1", "附件1：客户端说明")
        (True, False)
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    return bool(
        (label and FURNITURE.match(label) and not ATTACHMENT.match(label))
        or any(host == store or host.endswith(f".{store}") for store in STORES)
        or PROGRAM.search(parts.path)
    )


def may_be_file(address: str) -> bool:
    """Whether what an address leads to is open: it names neither a file nor a page or a folder."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    if parts.scheme not in ("", "http", "https") or PAGE.search(path) or EXTENSION.search(path):
        return False
    return bool(parts.query) or (bool(path) and not path.endswith("/"))


def names_file(address: str) -> bool:
    """Whether an address names a document or a download, so that it is an attachment whatever came.

    Example:
        >>> names_file("http://x.example/1.pdf"), names_file("http://x.example/d?id=1")
        (True, False)
    """
    parts = urlsplit(address)
    in_query = any(EXTENSION.search(value) for _, value in parse_qsl(parts.query))
    return bool(EXTENSION.search(unquote(parts.path)) or DOWNLOAD.search(parts.path) or in_query)


def is_called_attachment(link: HtmlElement) -> bool:
    """Whether a link that may lead to a file is called attachment: by its label, the name of a
    file in its attributes, or their type."""
    label = start_of(link)
    if not may_be_file((link.get("href") or "").strip()):
        return False
    if is_furniture(link.get("href") or "", label):
        return False
    return bool(
        (label and (ATTACHMENT.match(label) or OF_ATTACHMENT.search(label)))
        or any(LABEL.search(link.get(name) or "") for name in NAMES)
        or OFFICE_TYPE.match(link.get("type") or "")
        or link.get("download") is not None
    )


def is_among_attachments(link: HtmlElement) -> bool:
    """Whether a link that may lead to a file lies in a box or a list of attachments."""
    address = (link.get("href") or "").strip()
    if not may_be_file(address) or is_furniture(address, start_of(link)):
        return False
    return is_in_box_of_attachments(link) or _is_listed(link)


def is_in_box_of_attachments(link: HtmlElement) -> bool:
    """Whether one of the elements around a link is a box of attachments."""
    return any(map(_is_box, islice(link.iterancestors(*BOXES), AROUND)))


def _is_box(element: HtmlElement) -> bool:
    """Whether an element is a box of attachments, by its name or by what it begins with."""
    first = next((piece for piece in islice(element.itertext(), PIECES) if piece.strip()), "")
    begins = ATTACHMENT.match(first.rstrip()) or ATTACHMENT.match(_start(element, START))
    if not (begins or NAMED_BOX.search(class_and_id(element))):
        return False
    return len(_start(element, BOX + 1)) <= BOX


def _is_listed(link: HtmlElement) -> bool:
    """Whether the entries before it lead back to one that begins with 附件."""
    entry = next(link.iterancestors(*BLOCKS), None)
    for before in _before(entry) if entry is not None else ():
        text = _start(before, ENTRY + 1)
        if ATTACHMENT.match(text):
            return True
        if len(text) > ENTRY or not any(part.tag == "a" for part in islice(before.iter(), PIECES)):
            return False
    return False


def _before(entry: HtmlElement) -> Iterator[HtmlElement]:
    earlier = entry.itersiblings(*BLOCKS, preceding=True)
    return islice(earlier, BEFORE)


def _start(element: HtmlElement, most: int) -> str:
    """The begin of an element's text without white space before it."""
    text = ""
    for piece in islice(element.itertext(), PIECES):
        text = (text + piece).lstrip()
        if len(text) > most:
            break
    return text[:most].rstrip()
