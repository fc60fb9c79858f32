"""What a printed name can be: that of a person, of an office, a paper or a station, or none at all.

The surnames are those of the hundred most frequent of the Ministry of Public Security's reports and
of the 百家姓 that are no frequent word of their own.
"""

from __future__ import annotations

import re

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
    "康易乔赖文樊兰殷施洪翟安颜倪牛温芦葛俞章鲁毕聂丛焦柳邢骆岳齐尚梅庄辛管祝左涂谷祁时舒耿卜路詹关苗凌费纪靳盛童欧甄项曲成游裴席卫查屈鲍位覃霍翁隋甘景单包柏宁桂柯阮桑闵解强柴华车冉房边净阎吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟全"
    "褚娄窦岑党籍冀蒙仇佟蔺商牟佘伍麻慕敖巩邸连茹习宦艾容储郁储郎蓝简佘应宗原匡国寇尤巫郗阚晏晁"
    "奚廉昌凤花俞酆雍薄狄滑充戈仰索沙鞠巢匡蔚隆融幸璩濮寿扈冷訾阙岑谌仝亓逯郄逄楚闫晁"
    "張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭董蔣葉魏蘇呂盧鐘譚陸範賈鄒龍賀顧萬錢嚴湯喬賴蘭齊"
)
DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "端木",
)
# How the names of offices, papers, stations and sites end.
ORGANISATION = re.compile(
    r"(?:网站?|报社?|社|台|站|局|委|办|厅|部|处|科|室|院|所|会|府|厂|校|中心|公司|集团|大学|学院|中学|小学|医院|法院|检察院|银行|支队|大队|中队|总队|分局|支部|党组|[区县市镇乡村]|街道|社区"
    r"|发布|新闻|在线|周刊|杂志|月刊|期刊|客户端|传媒|融媒体?|政务|资讯|公众号|微信|微博|频道|通讯|电视|广播|宣传|组|团|队|工会|联盟|协会|学会|基金|办公厅|办公室|财经|观察|视点)$",
)
HAN = "\u4e00-\u9fff\u3400-\u4dbf"
HAN_NAME = re.compile(rf"[{HAN}]{{2,4}}")
DOTTED_NAME = re.compile(rf"[{HAN}]{{1,12}}[·•・][{HAN}]{{1,12}}")
LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'’-]{0,20}(?: [A-Z][A-Za-z.'’-]{0,20}){1,3}")
# what a system or a person without a name puts where one is asked for
NOBODY = re.compile(
    r"^(?:未知|不详|佚名|匿名|无名氏?|互联网|网络|网友|本站|本网|原创|原文|小编|来稿|投稿|综合|整理|本站(?:编辑|整理)"
    r"|\w{0,12}(?:admin|root|管理员|administrator|webmaster)\d{0,4}|(?:user|test|guest|manager|editor|system)\w{0,8}"
    r"|name|title|source|author|size|null|undefined|nan|无|暂无|其[他它]|none|n/?a"
    r"|转载(?:文章)?|转发|中国|默认|其他来源|[\d\W_]+|[a-z]+(?:_[a-z]+)+|\w \d+"
    r"|.*(?:[=<>@{}]|://).*)$",
    re.I,
)
# columns and buttons of a site
FURNITURE = re.compile(
    r"(?:^|[\s>＞])(?:首页|正文|打印|关闭|收藏|返回|上一[篇页]|下一[篇页]|分享\w{0,4}|字[体号]\w{0,4}|[大中小\s]{1,6}|登录|注册|更多|详情|点击\w{0,4}|浏览\w{0,4}|阅读\w{0,4}|评论\w{0,3}|点赞|保存|复制\w{0,4}|查看\w{0,4}"
    r"|关注\w{0,4}|扫一扫\w{0,6}|微信|微博|朋友圈|语音播报|无障碍\w{0,4}|繁體?|简体|English|纠错|举报|下载\w{0,4})$"
    r"|^(?:政务|党务|信息|村务|校务|院务|财务)公开$|^(?:通知|公示|公告|工作|新闻|图片|时政|党建|部门|基层|地方|本地|国内|国际|综合|行业|媒体|重要|最新)"
    r"{1,2}(?:公告|公示|动态|要闻|新闻|资讯|信息|快讯|报道|聚焦|中心|工作|园地|栏目|专栏)$|(?:专栏|栏目|要闻|动态|公示公告|通知公告|公告栏)$",
)


def is_person(name: str) -> bool:
    """Whether a name can be that of a person, and is none of an office or a paper.

    Example:
        >>> is_person("欧阳小明"), is_person("王秀英"), is_person("市水务局"), is_person("安徽日报")
        (True, True, False, False)
    """
    if DOTTED_NAME.fullmatch(name) or LATIN_NAME.fullmatch(name):
        return True
    if not HAN_NAME.fullmatch(name) or (len(name) > 2 and ORGANISATION.search(name)):
        return False
    if name.startswith(DOUBLE_SURNAMES):
        return 3 <= len(name) <= 4
    return name[0] in SURNAMES and (len(name) <= 3 or name[1] in SURNAMES)


def is_organisation(name: str) -> bool:
    """Whether a name ends as those of offices, papers, stations and sites do.

    Example:
        >>> is_organisation("县融媒体中心"), is_organisation("王秀英")
        (True, False)
    """
    return len(name) > 2 and bool(ORGANISATION.search(name))


def is_nobody(name: str) -> bool:
    """Whether the word in the place of a name says nothing: a system's user, a column or button of
    the site, numbers and signs alone.

    Example:
        >>> is_nobody("admin"), is_nobody("通知公告"), is_nobody("新华社")
        (True, True, False)
    """
    return bool(NOBODY.match(name) or FURNITURE.search(name))
