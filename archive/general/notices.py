"""What a page says in the place of an article, with status 200: that it is gone, not there, refused
or out of order."""

from __future__ import annotations

import re

from archive.model import Outcome

# What sites call what they do not show. Not 信息 or 内容 with 有误: a button asks for such reports.
THING = (
    "(?:页面|网页|文章|内容|信息|稿件|新闻|链接|文件|地址|网址|资源|栏目|频道|路径|文档|公告|视频)"
    "(?:地址|链接|资源|内容)?"
)
PLACE = "(?:(?:页面|网页|访问|请求)的?)?(?:链接|地址|网址|路径){1,2}"

# Only where a page says little else: articles are about such things too.
NOTICES: dict[Outcome, re.Pattern[str]] = {
    "withdrawn": re.compile(
        r"(?:该|此|本)?(?:内容|文章|新闻|稿件|信息|公告|视频)(?:已被|已|被)(?:发布者|作者|管理员|系统)?(?:删除|下线|下架|撤回|撤稿|撤销|屏蔽)"
        r"|(?:该|此)?内容.{0,20}无法查看|(?:内容|文章|稿件|信息)(?:正在|尚在)?审核中|因违规无法查看"
        r"|(?:该|此|本)(?:账号|帐号|用户|作者|公众号)(?:因违规)?已(?:经)?被?(?:系统|平台)?"
        r"(?:屏蔽|封禁|封停|停用|冻结|迁移|(?:自主)?注销)"
        r"|The content has been deleted by the author"
    ),
    "not-found": re.compile(
        r"(?:该|此)(?:账号|帐号|用户|作者)不存在"
        rf"|{THING}(?:可能)?(?:已经?|暂时?)?(?:不存在|没有找到|未找到|找不到|过期|失效)了?"
        r"|(?:页面|网页)(?:已经?)?(?:不见|走丢|飞走|迷路|丢失|消失)了?"
        rf"|{THING}(?:可能)?(?:已经?)?被?移除|资源可能已被删除|文章(?:已经?)?归档，?(?:暂不|不再)提供"
        rf"|{PLACE}(?:输入)?(?:有误|错误)|错误的(?:请求|访问)?(?:地址|网址|链接)"
        rf"|(?:没有|无法|未|没|不能)找到.{{0,10}}(?:{THING}|该页)|找不到.{{0,6}}{THING}|该页无法显示"
        r"|404\s*(?:Not Found|错误|页面)|参数错误"
        r"|(?i:(?:page|file|requested|resource).{0,20}(?:not|n.t) (?:be )?found)"
    ),
    "blocked": re.compile(
        r"环境异常|请求存在异常|(?:完成|进行|需要)(?:安全|下列|下方)?验证|(?:安全|访问)验证"
        r"|访问被阻断|停止访问该网页|没有权限|403 Forbidden|Just a moment|微信客户端打开"
        r"|滑动(?:滑块|验证)|拖动(?:下方)?滑块|请输入验证码|访问(?:过于)?频繁|访问(?:受限|被拒绝|被拦截)"
        r"|(?:请先|您需要|请)登录(?:后|才能)|登录后(?:查看|继续|阅读)|登录.{0,20}密码.{0,20}验证码"
        r"|Access Denied|网络不给力，请稍后重试|请开启\s*JavaScript"
    ),
    "error": re.compile(
        r"50[0-4] (?:Internal Server Error|Bad Gateway|Service|Gateway Time)"
        r"|(?:网站|系统)(?:正在)?(?:维护|升级|建设)中|系统(?:繁忙|异常|错误)|服务器(?:内部)?错误"
        r"|(?:页面|网页|程序)(?:发生|出现)?了?(?:出错|错误|异常|故障)"
        r"|(?:页面|网页|网站|资源)(?:暂时)?(?:无法|不能)(?:访问|打开|显示)"
        r"|(?<!\d)\d{1,3}\s?秒(?:钟)?(?:后|之后)(?:将|会)?(?:自动)?(?:跳转|返回|转到|转入|回到)"
    ),
}
# what comes before it in a headline (an apology, what the reader had asked for), and after it
OPENING = re.compile(
    r"(?:\W|很|抱歉|对不起|不好意思|啊哦|哎呀|哎哟|糟糕|出错[啦了]|(?:错误)?提示|404|[您你]|所|正在|当前"
    r"|访问|查看|查找|要找|想找|浏览|请求|输入|打开|要|想|的|该|此|本|HTTP|Oops|Sorry|The|This|That)*+",
    re.I,
)
ENDING = re.compile(
    r"(?:\W|或者?|可能|已经?|被|删除|移[动除]|更[名改]|改名|名称|目录|过期|失效|不存在|暂时|不可用|[了啦哦呢]|请|检查|稍后|再试"
    r"|重试|刷新|返回|首页)*+",
)


def notice_in(title: str) -> tuple[Outcome, str] | None:
    """What a headline says that is nothing but such a notice.

    Args:
        title: the headline of a page with hardly a text.

    Returns:
        The outcome and the words; None where it is the headline of an article.

    Example:
        >>> notice_in("抱歉，您访问的页面不存在或已被删除！")
        ('not-found', '页面不存在')
        >>> notice_in("网页不存在，市民投诉无门") is None
        True
    """
    opening = OPENING.match(title)
    start = opening.end() if opening else 0
    matches = ((outcome, pattern.match(title, start)) for outcome, pattern in NOTICES.items())
    return next(
        (
            (outcome, match[0])
            for outcome, match in matches
            if match and ENDING.fullmatch(title, match.end())
        ),
        None,
    )
