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
SOURCE = re.compile(
    r"(?:(?:信息来源|新闻来源|文章来源|稿件来源|内容来源|来源于|来源|來源|出处"
    r"|发布(?:机构|单位|部门)|发文机关|供稿(?:单位|部门)|稿源|转自|供稿)"
    rf"(?:\s*+[丨|／/]|{COLON_OR_TAB})"
    r"|本文来源于|来源于\s|(?:^|\s)来源\s)\s*+"
    r"(?P<value>[^\s：:|｜丨】）)]\S{0,40}(?:\s(?=[A-Za-z])\S+)*)"
)
LABEL_ALONE = re.compile(r"[\u4e00-\u9fff]{2,6}\s*[：:]")
AUTHOR = re.compile(
    r"(?:^|[\s（(【\[|｜丨》\d])(?:作者|文|撰文|撰稿|撰稿人|编写|执笔人?)"
    r"(?:\s*+[：:丨|｜／/]\s*+|(?<=作者)[ \u3000]++)"
    r"(?P<value>[^\s：:|｜，。；,;【】（）()]{2,30}"
    r"(?:[ \u3000、][\u4e00-\u9fff·]{2,4}(?=[\s、]|$))*)"
)
REPORTER = re.compile(
    r"(?:^|[\s（(【〔|｜丨／/])(?:[\u4e00-\u9fff·]{2,16}?)?(?:见习|实习|首席|特约|本报|本网|全媒体|通讯)?"
    r"(?:[记記]者|通讯员|执笔人?)(?:\s*+[：:／/]\s*+|[ \u3000]*+)"
    r"(?P<value>[\u4e00-\u9fff·]{2,4}(?:[ \u3000、，,][\u4e00-\u9fff·]{2,4})*)"
    r"(?=\s|[）)】／/，。：:]|$|发自|报道|文|图)"
    r"|^[（(](?P<lone>[\u4e00-\u9fff]{2,3}(?:[ \u3000、]{1,2}[\u4e00-\u9fff]{2,3}){0,3})[）)]$"
)
AGENCY = re.compile(
    r"^[（(]?(?P<value>(?:新华社|中新社|中新网|人民网|新华网|央视网|央广网|中国新闻网|国际在线|人民日报|光明网"
    r"|[\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|早报|晨报|都市报|商报|周刊|网))[\u4e00-\u9fff]{0,6}?)"
    r"(?:\d{1,2}月\d{1,2}日|[\u4e00-\u9fff]{0,6}?(?:讯|电|消息|报道))"
)
NOISE = re.compile(
    # the last: numbers and signs alone, remains of mark-up, and addresses such as a template's own
    r"^(?:未知|不详|互联网|网络|本站|本网|原创|admin|管理员|null|undefined|无|其他|none|转载(?:文章)?|中国|[\d\W_]+|.*[=<>@].*)$",
    re.I,
)
NEXT_WORD = re.compile(
    r"(?:作者|编辑|责编|责任编辑|举报|时间|日期|发布(?:时间|日期|于|：)|浏览|阅读|点击|字体|字号|打印|评论|分享|记者|【|\[|\d{4}[-年/]).*$"
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
IMPRINT = re.compile(
    r"(?:来源|作者|时间|发布时间|字号|字体|【?\s*字体|分享|浏览|阅读|点击|编辑)[：:】\s]"
)
OUTLET = re.compile(
    r"^[\u4e00-\u9fff]{1,12}(?:网|报|社|台|发布|新闻|在线|周刊|杂志|中心|[局委办]|政府|客户端|传媒|融媒)$"
)
PROSE = re.compile(r"[。，！？：:…]")
SENTENCE = re.compile(r"[。，！？]")
