"""What Chinese sites print about an article's origin, and how they name it in meta data: the
patterns that `byline` and `official` look for."""

from __future__ import annotations

import re

from archive.page.moments import UNNAMED as DAY

DATED = [
    *[
        "pubdate",
        "publishdate",
        "firstpublishedtime",
        "article:published_time",
        "publish_time",
        "publish-date",
        "datepublished",
        "apub:time",
        "pubtime",
        "publishtime",
        "publish_date",
        "published_time",
        "og:published_time",
        "bytedance:published_time",
        "dc.date.issued",
        "dcterms.issued",
    ],
    "weibo: article:create_at",
    "weibo:article:create_at",
]
# of the entry in the content system, or of nothing that is said
CREATED = ["og:release_date", "releasedate", "createdate", "og:time", "maketime", "dc.date", "date"]
CHANGED = [
    "article:modified_time",
    "datemodified",
    "weibo:article:update_at",
    "weibo: article:update_at",
    "lastmodifieddate",
]
NAMED = ["contentsource", "source", "article:source", "og:article:source", "mediaid", "dc.source"]
SIGNED = ["article:author", "author", "og:article:author", "byl", "dc.creator", "bytedance:author"]
# Where an account is printed, by the words that a page with it has: searching for them first spares
# most of the work.
ACCOUNTS = {
    "js_name": '//*[@id="js_name"]',  # WeChat
    "author-name": '//*[contains(@class, "author-name")]',  # Baijiahao
    # Tencent
    "media-name media-infor-name": '//*[contains(@class, "media-name")'
    ' or contains(@class, "media-infor-name")]',
    "original-link": '//*[@data-role="original-link"]//a',  # Sohu
    "news_about": '//*[@class="news_about"]/p[1][not(contains(., ":"))]',  # The Paper, until 2022
}
# after a label, with the blanks before it, of which the tab between two cells is one
COLON_OR_TAB = r"(?:\s*+[：:]|(?=[^\S\t]*+\t)\s++)"
TIME = re.compile(rf"(?<!\d)({DAY})(?!\d)")
DAY_ALONE, MONTH_ALONE = re.compile(r"\d{1,2}"), re.compile(r"((?:19|20)\d{2})[-/.年](\d{1,2})月?")
AGENCY = re.compile(
    r"^[（(]?(?P<value>(?:新华社|中新社|中新网|人民网|新华网|央视网|央广网|中国新闻网|国际在线|人民日报|光明网"
    r"|[\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|早报|晨报|都市报|商报|周刊|网))[\u4e00-\u9fff]{0,6}?)"
    r"(?:\d{1,2}月\d{1,2}日|[\u4e00-\u9fff]{0,6}?(?:讯|电|消息|报道))"
)
# t20240305_1, content_20240305, 20240305A0, 20240305102300.html, 202403/05, 2024/0305, 2024-03-05,
# art/2024/3/5/
IN_ADDRESS = re.compile(
    r"(?<![\d])((?:19|20)\d{2})(?:[-/_.]?(0[1-9]|1[0-2])[-/_.]?(0[1-9]|[12]\d|3[01])"
    r"(?=[/_.\-A-Z?#]|$|\d{0,12}\.s?html?)|[-/_](\d{1,2})[-/_](\d{1,2})(?=[-/_.]))"
)
IN_SHORT = re.compile(r"/([012]\d)/([01]\d)([0-3]\d)/\d{2}/")  # NetEase: /20/0202/08/
SCRIPT_AUTHOR = re.compile(
    r"\"author\"\s*+:\s*+\[?\s*+\{[^{}\[\]]{0,300}?\"name\"\s*+:\s*+\"(?P<value>[^\"\\]{2,30})\""
)
LINK = re.compile(r"https?://[\w./-]+")
SPACED = re.compile(r"([来作日时编])[ \u3000\xa0]++([源者期间辑])(?=\s*+[：:])")
RECENT = re.compile(
    r"(?<![\d-])\d{1,2}-\d{1,2}\s+\d{1,2}:\d{2}|\d\s*(?:分钟|小时|天)前|[今昨]天\s*\d{1,2}:\d{2}"
)
# A row of the table that official documents have over them.
ROW_OF_HEAD = re.compile(
    r"^\W*(?:索\s*引\s*号|主题(?:分类|词)|信息分类|公文种类|发文(?:机关|字号|日期)|成文日期|发布(?:日期|机构)|(?:标\s*题|名\s*称|文\s*号|有效性)(?=[：:\t]))\s*[：:\t]"
)
PROVINCES = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|内蒙古|广西|西藏|宁夏|新疆"
)
SERVICE = re.compile(
    rf"^(?:{PROVINCES})(?:市|省)?$|[（）()]|\d{4}|字号|字体|打印|分享|评论|举报|收藏|浏览|阅读|点击|次数|发布(?:时间|日期|于|：|$)(?<!..发布)|关注|来自|时间|日期|更新|正文|首页|下载|星期|农历|本报|记者"
    r"|客户端|编辑|[>＞|]|大\s*中\s*小|缩小|放大|默认|微信|微博|QQ|朋友圈|播报|参与"
)
IMPRINT = re.compile(r"(?:来源|作者|时间|发布时间|字号|字体|分享|浏览|阅读|点击|编辑)[：:】\s]")
OUTLET = re.compile(
    r"^[\u4e00-\u9fff]{1,12}(?:网|报|社|台|发布|新闻|在线|周刊|杂志|中心|[局委办]|政府|客户端|传媒|融媒)$"
)
PROSE = re.compile(r"[。，！？：:…]")
SENTENCE = re.compile(r"[。，！？]")
SENTENCE_END = re.compile("[。！？；]")
