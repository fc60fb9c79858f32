"""What a site puts on every page: menus, share bars, dialogs, the imprint, lists of other articles.

Judged by an element's name, style and words, none of them of a single site.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.general.pruning import BUTTONS, FROM_HERE, LAST, TURNING
from archive.page.fields import class_and_id
from archive.page.letters import letters

TAGS = frozenset(["nav", "footer", "aside", "header", "select", "button", "form", "noscript"])
NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|foot|footer|header|breadcrumb|crumbs?|location|position|dqwz"
    r"|weizhi|share|bdshare\w*|jiathis\w*|bshare\w*|social|toolbar|tools?|dialog|modal|popup|mask"
    r"|layui-layer\S*|tips?|aTips|copyright|relate[ds]?|related\S*|recommend\S*|rank|hot|side"
    r"|sidebar|search|login|comment\S*|page[rs]?|pagination|prevpage|nextpage|prev|next|xgxx|xgwz"
    r"|ewm|erweima|qr-?code|print|fontsize|friend\S*|links?)(?:$|[\s_-])",
    re.I,
)
HIDDEN = re.compile(r"display\s*:\s*none", re.I)
# the first words of a box that leads elsewhere
OPENING = re.compile(
    r"^(?:(?:您|你)?(?:现在|当前|目前)?(?:所在)?(?:的)?位置|分享(?:到|至)?\s*[：:]?|上一[篇条页]|下一[篇条页]"
    r"|相关(?:信息|新闻|文章|链接|阅读|文档|报道|推荐|内容)|扫一扫|扫码|微信扫|友情链接|网站地图|主办(?:单位)?[：:]"
    r"|版权所有|Copyright|热门(?:文章|推荐)|最新(?:文章|信息|更新)|推荐(?:阅读|文章)|评论|打印本页|关闭窗口|我要(?:推荐|纠错|打印|收藏|分享)|网站纠错|【?(?:打印|关闭|收藏|纠错|推荐)"
    r"|您(?:访问|即将|正在|将要)\S{0,12}(?:离开|跳转))",
    re.I,
)
# a line that says something about the article, or lets a reader do something with it
INFORMATION = re.compile(
    r"^[\s【\[（(|]*(?:(?:发布|发表|更新|录入|上传|成文|公开|生成|编辑|添加)?(?:日期|时间)|来源|信息来源|文章来源|稿件来源"
    r"|作者|编辑|责任编辑|责编|审核|供稿|发布(?:机构|单位|人|者)|撰稿|浏览(?:次数|量|数)?|阅读(?:次数|量|数)?|点击(?:次数|数|量|率)?"
    r"|访问(?:次数|量)?|人气|字号|字体(?:大小)?|字体显示|视力保护色|背景色|打印|关闭|收藏|分享|索引号|信息分类)\s*(?:[：:]|$|\s|】|\])"
)
DATED = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
BYLINE = 120  # characters of a line with date and source, at most
FOOT = 200  # characters of a line that may be the site's own words under every page
FOOTER = re.compile(
    r"ICP备|网站标识码|公网安备|^(?:主办|承办|版权所有|技术支持"
    r"|联系电话|地址|网站地图)|Copyright|All Rights Reserved",
    re.I,
)
NUMBERS = re.compile(r"[\d\s:：/.年月日时分秒()（）\[\]【】|次-]+")
LEAVING = re.compile(r"离开.{0,24}(?:网站|本站|是否)|是否继续访问|即将(?:离开|跳转)")
MEDIUM = re.compile(r"(?:视频|音频|图片|图集|附件|图解)\s*[：:]?")
LINKED = 0.6  # of the letters of a box; from there it is a list of links
LINKS = 3  # of a list of links


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element's own style hides it.

    Example:
        >>> from archive.page.page import fragment
        >>> is_hidden(fragment("<p style='display: none'>是否继续？</p>")[0])
        True
    """
    return bool(HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None


def is_furniture(element: HtmlElement, text: str, linked: int, links: int) -> bool:
    """Whether a box is the site's own.

    Args:
        element: the box.
        text: all that it shows.
        linked: characters of it within links to other pages.
        links: how many of them.
    """
    if element.tag in TAGS or is_hidden(element):
        return True
    start = text.strip()[:40]
    if OPENING.match(start) or FROM_HERE.match(start) or LEAVING.search(text[:200]):
        return True
    size = len(letters(text))
    if links >= LINKS and linked > LINKED * max(size, 1):
        return True
    return bool(NAMES.search(class_and_id(element))) and text.count("。") < 3


def is_information(text: str) -> bool:
    """Whether a line is about the article, and not of it: its date, source, hits, letter size.

    Example:
        >>> is_information("发布时间：2024-03-05 10:23 来源：办公室"), is_information("特此公告。")
        (True, False)
    """
    return bool(
        (len(text) < BYLINE and INFORMATION.match(text))
        or LAST.match(text)
        or TURNING.match(text)
        or BUTTONS.fullmatch(text)
        or MEDIUM.fullmatch(text)
        or NUMBERS.fullmatch(text)
        or OPENING.match(text)
    )


def is_byline(text: str) -> bool:
    """Whether a line says, with a label, when an article appeared.

    Example:
        >>> is_byline("发布时间：2024-03-05 10:23"), is_byline("2024-03-05")
        (True, False)
    """
    return len(text) < BYLINE and bool(DATED.search(text) and INFORMATION.match(text))


def is_imprint(text: str) -> bool:
    """Whether a line is the site's own, as it is under every page, or a dialog's.

    Example:
        >>> is_imprint("云ICP备00000001号"), is_imprint("您即将离开本网站，是否继续？")
        (True, True)
    """
    return len(text) < FOOT and bool(FOOTER.search(text) or LEAVING.search(text))
