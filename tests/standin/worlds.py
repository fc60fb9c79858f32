"""Stand-ins of the platforms at their real addresses, in the shapes that are known of them: lists, articles, dead pages.

Every world has a wanted list of articles (two pages of it where the platform pages), the articles, one that is gone, one
picture, and what must be read. The town, its offices and people are invented.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.standin.thepaper import picture
from tests.standin.web import LoopbackWeb, Reply, Request

TITLE, OTHER = "云溪县召开全县防汛工作会议", "云溪县公布春季招聘名单"
LINES = [
    "云溪县今天召开全县防汛工作会议，部署汛期各项准备。",
    "会议要求，各乡镇落实值班制度，备足物资。",
    "会议强调，要确保群众生命安全。",
]
TEXT = "\n".join(LINES)
BODY = "".join(f"<p>{line}</p>" for line in LINES)
NAME, WHEN, DAY = "云溪发布（虚构）", "2021-03-01 09:30:00", "2021-03-01"
ISO = "2021-03-01T09:30:00+08:00"
MILLISECONDS = 1_614_562_200_000
HOT = (
    "<ul class='hot'>"
    + "".join(f"<li><a href='/h{n}'>大家都在看的热门标题{n}</a></li>" for n in range(9))
    + "</ul>"
)


@dataclass
class World:
    """`answers` maps addresses (with their parameters, or as patterns) to replies; `articles` what must be read, by native id."""

    hosts: list[str]
    articles: dict[str, dict[str, Any]]
    answers: dict[str, Reply]
    account: str | None = None
    asked: list[str] = field(default_factory=list)
    gone: dict[str, str] = field(default_factory=dict)  # address: outcome
    pages: int = 1

    def join(self, web: LoopbackWeb) -> World:
        """Stand in for the platform's hosts."""
        web.sites.update(dict.fromkeys(self.hosts, self))
        return self

    def __call__(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(404)
        if request.path.endswith((".png", ".jpg")):
            return Reply(headers={"Content-Type": "image/png"}, body=picture(request.path, 500))
        return (
            self.answers.get(request.url)
            or self.answers.get(request.url.partition("?")[0])
            or Reply(404, body=b"<h1>404</h1>")
        )


def html(
    body: str, head: str = "", title: str = TITLE, encoding: str = "utf-8", attributes: str = ""
) -> Reply:
    """A page with a list of other articles under it."""
    text = f"<!DOCTYPE html><html {attributes}><head><meta charset='{encoding}'><title>{title}</title>{head}</head><body>{body}{HOT}</body></html>"
    return Reply(
        headers={"Content-Type": "text/html"},
        body=text.encode("gb18030" if encoding != "utf-8" else "utf-8"),
    )


def data(value: Any, wrap: str = "{}") -> Reply:
    """A JSON answer."""
    return Reply(
        headers={"Content-Type": "application/json; charset=utf-8"},
        body=wrap.replace("{}", json.dumps(value, ensure_ascii=False)).encode(),
    )


def fields(**more: Any) -> dict[str, Any]:
    """What is read from every main article here."""
    return {"title": TITLE, "text": TEXT, "published_at": ISO, **more}


def sohu() -> World:
    api, author = "https://v2.sohu.com/author-page-api/author-articles/pc/120000001", "120000001"

    def row(number: int, **more: Any) -> dict[str, Any]:
        return {
            "id": number,
            "title": TITLE,
            "link": f"www.sohu.com/a/{number}_{author}?scm=x",
            "publicTime": MILLISECONDS,
            "type": 1,
            **more,
        }

    page = html(
        f"""<div class="text-title"><h1>{TITLE} </h1><div class="article-info"><span id="news-time" data-val="{MILLISECONDS}">2021-03-01 09:30</span>
        <span>来源: <span data-role="original-link"><a>云溪日报</a></span></span></div></div>
        <article class="article" id="mp-editor"><!-- 政务处理 --><p data-role="original-title" style="display:none">原标题：防汛会议召开</p>{BODY}
        <p><img src="https://p1.sohu.com/images/1.png"></p><p data-role="editor-name">责任编辑：</p><p><a id="backsohucom">返回搜狐，查看更多</a></p></article>
        <div class="comment-box"><p>搜狐网友：说得好，支持，希望继续这样做下去！</p></div>""",
        head=f'<meta name="mediaid" content="{NAME}">',
        title=f"{TITLE}_搜狐网",
    )
    return World(
        hosts=["www.sohu.com", "v2.sohu.com", "mp.sohu.com", "p1.sohu.com"],
        account=f"https://mp.sohu.com/profile?id={author}",
        articles={
            "700000001": fields(
                account=NAME, account_id=author, source="云溪日报", original_title="防汛会议召开"
            ),
            "700000002": fields(account=NAME),
        },
        answers={
            f"{api}?pNo=1": data(
                {"code": 200, "data": {"pcArticleVOS": [row(700000001), row(700000003, type=4)]}}
            ),
            f"{api}?pNo=2": data(
                {
                    "code": 200,
                    "data": {
                        "pcArticleVOS": [row(700000002, publicTime="2021-03-01T01:30:00+00:00")]
                    },
                }
            ),
            f"{api}?pNo=3": data({"code": 200, "data": {"pcArticleVOS": []}}),
            f"https://www.sohu.com/a/700000001_{author}": page,
            f"https://www.sohu.com/a/700000002_{author}": page,
        },
        gone={"https://www.sohu.com/a/700000009_1": "not-found"},
        pages=3,
    )


def netease() -> World:
    media = "https://www.163.com/dy/media/T1500000000001.html"
    items = "".join(
        f"<li class='js-item item'><h4><a href='https://www.163.com/dy/article/{doc}.html'>{TITLE}</a></h4><span class='time'>{WHEN}</span></li>"
        for doc in ("ABCDEFGH0514R9KQ", "ABCDEFGI0514R9KQ")
    )
    page = html(
        f"""<div class="post_main"><h1 class="post_title">{TITLE}</h1><div class="post_info">{WHEN}　来源: <a href="{media}">{NAME}</a> 云溪 举报</div>
        <div id="content"><div class="post_body">{BODY}<p><img src="https://nimg.ws.126.net/?url=http%3A%2F%2Fdingyue.ws.126.net%2F1.png&thumbnail=660x&quality=80"></p></div></div>
        <div class="post_statement"><p>特别声明：以上内容(如有图片或视频亦包括在内)为自媒体平台“网易号”用户上传并发布，本平台仅提供信息存储服务。</p></div></div>""",
        head="<meta name='author' content='网易'>",  # of every article, whoever wrote it
        attributes=f'data-publishtime="{WHEN}"',
        title=f"{TITLE}_网易订阅",
    )
    old = html(
        f"<h1>{TITLE}</h1><div class='ep-time-soure'>{WHEN}　来源: 云溪日报</div><div id='endText'>{BODY}<div class='ep-source'>责任编辑：李小四</div></div>",
        encoding="gbk",
    )
    return World(
        hosts=["www.163.com", "dingyue.ws.126.net"],
        account=media,
        articles={
            "ABCDEFGH0514R9KQ": fields(
                account=NAME, account_id="T1500000000001", source=NAME, author=None
            ),
            "ABCDEFGI0514R9KQ": fields(source="云溪日报"),
        },
        answers={
            media: html(
                f"<div class='head_name'>{NAME}</div><div class='tab_content'><ul>{items}</ul></div>",
                title=NAME,
            ),
            "https://www.163.com/dy/article/ABCDEFGH0514R9KQ.html": page,
            "https://www.163.com/dy/article/ABCDEFGI0514R9KQ.html": old,
        },
        gone={"https://www.163.com/dy/article/ABCDEFGZ0514R9KQ.html": "not-found"},
    )


def tencent() -> World:
    api = "https://i.news.qq.com/getSubNewsMixedList?guestSuid=8QMe3&tabId=om_index&caller=1&from_scene=103&offset_info="

    def row(article: str, kind: str = "0") -> dict[str, Any]:
        return {
            "id": article,
            "title": TITLE[:8],
            "longtitle": TITLE,
            "time": WHEN,
            "source": NAME,
            "articletype": kind,
        }

    page_data = {
        "title": TITLE, "media": NAME, "media_id": "5001", "pubtime": WHEN, "cms_id": "20210301A00GCM00",
        "originContent": {"text": f"{BODY}<p><!--IMG_0--></p>"}, "originAttribute": {"IMG_0": {"url": "https://inews.gtimg.com/1.png"}},
    }  # fmt: skip
    script = html(
        f"<div id='ArticleContent'></div><script>window.DATA = {json.dumps(page_data, ensure_ascii=False)};</script>",
        title=f"{TITLE}_腾讯新闻",
    )
    elements = html(
        f"<h1>{TITLE}</h1><p class='media-name'>{NAME}</p><p>{WHEN}</p><div class='content-article'>{BODY}</div>",
        title=f"{TITLE}_腾讯新闻",
    )
    return World(
        hosts=["news.qq.com", "i.news.qq.com", "inews.gtimg.com"],
        account="https://news.qq.com/omn/author/8QMe3",
        articles={
            "20210301A00GCM00": fields(account=NAME, account_id="5001", source=NAME),
            "20210301A00GCM01": fields(account=NAME),
        },
        answers={
            api: data(
                {
                    "ret": 0,
                    "newslist": [row("20210301A00GCM00"), row("20210301V00GCM02", "4")],
                    "hasNext": 1,
                    "offsetInfo": "c1",
                }
            ),
            api + "c1": data(
                {"ret": 0, "newslist": [row("20210301A00GCM01")], "hasNext": 0, "offsetInfo": ""}
            ),
            "https://news.qq.com/rain/a/20210301A00GCM00": script,
            "https://news.qq.com/rain/a/20210301A00GCM01": elements,
        },
        gone={"https://news.qq.com/rain/a/20210301A00GCM09": "not-found"},
        pages=2,
    )


def ifeng() -> World:
    api = "https://shankapi.ifeng.com/season/ishare/getShareListData/900001/doc/{}/ifengnewsh5/getListData"
    page_data = {
        "docData": {
            "title": TITLE, "newsTime": WHEN, "source": "云溪日报", "editorName": "李小四", "subscribe": {"catename": NAME, "followid": "900001"},
            "contentData": {"contentList": [{"type": "text", "data": f"{BODY}<p><img data-lazyload='https://x0.ifengimg.com/1.png' src='data:image/png;base64,xx'></p>"}]},
        }
    }  # fmt: skip
    page = html(
        f"<script>var allData = {json.dumps(page_data, ensure_ascii=False)};</script>",
        title=f"{TITLE}_凤凰网",
    )

    def rows(*articles: str) -> Reply:
        return data(
            {
                "data": [
                    {
                        "title": TITLE,
                        "newsTime": WHEN,
                        "base62Id": article,
                        "url": f"//feng.ifeng.com/c/{article}",
                    }
                    for article in articles
                ]
            },
            "getListData({})",
        )

    return World(
        hosts=["news.ifeng.com", "shankapi.ifeng.com", "feng.ifeng.com", "x0.ifengimg.com"],
        account="https://feng.ifeng.com/author/900001",
        articles={
            "8Wda7wwUnu1": fields(
                account=NAME, account_id="900001", source="云溪日报", editor="李小四"
            ),
            "8Wda7wwUnu2": fields(account=NAME),
        },
        answers={
            api.format(1): rows("8Wda7wwUnu1"),
            api.format(2): rows("8Wda7wwUnu2"),
            api.format(3): rows(),
            "https://news.ifeng.com/c/8Wda7wwUnu1": page,
            "https://news.ifeng.com/c/8Wda7wwUnu2": page,
        },
        gone={"https://news.ifeng.com/c/8Wda7wwUnu9": "not-found"},
        pages=3,
    )


def govcn() -> World:
    feed = "https://www.gov.cn/zhengce/zuixin/ZUIXINZHENGCE.json"
    first, second = (
        "https://www.gov.cn/zhengce/content/202103/content_7000001.htm",
        "https://www.gov.cn/zhengce/202103/content_7000002.htm",
    )
    rows = [
        {"TITLE": TITLE, "SUB_TITLE": "", "URL": url, "DOCRELPUBTIME": DAY}
        for url in (first, second, "http://www.mof.gov.cn/zhengce/1.htm")
    ]
    policy = html(
        f"""<table><tr><td>索 引 号：</td><td>000</td><td>发文机关：</td><td>云溪县人民政府</td></tr><tr><td>成文日期：</td><td>2021年02月20日</td>
        <td>发布日期：</td><td>2021年03月01日</td></tr></table><h1>{TITLE}</h1><div id="UCAP-CONTENT">{BODY}</div>""",
        head='<meta name="firstpublishedtime" content="2021-03-01-09:30:00">',
        title=f"{TITLE}_政策文件_中国政府网",
    )
    news = html(
        f"""<h1 id="ti">{TITLE}</h1><div class="pages-date">2021-03-01 09:30 来源： 云溪日报 <span>字体： 大 中 小</span></div>
        <div class="pages_content">{BODY}<p><img src="W0.png"></p></div></body></html><div class="editor">责任编辑：李小四</div>""",
        title=f"{TITLE}_部门动态_中国政府网",
    )
    return World(
        hosts=["www.gov.cn", "sousuo.www.gov.cn"],
        account="https://www.gov.cn/zhengce/zuixin/",
        articles={"7000001": fields(), "7000002": fields(source="云溪日报")},
        answers={
            feed: Reply(
                headers={"Content-Type": "application/json"},
                body=b"\xef\xbb\xbf" + json.dumps(rows).encode(),
            ),
            first: policy,
            second: news,
        },
        gone={"https://www.gov.cn/zhengce/202103/content_7000009.htm": "not-found"},
    )


def gov() -> World:
    site = "http://www.yunxi.gov.cn/xwzx/zwyw"

    def rows(*numbers: int) -> str:
        return "".join(
            f"<li><a href='./202103/t20210301_{n}.html' title='{TITLE}'>{TITLE[:6]}…</a><span>{DAY}</span></li>"
            for n in numbers
        )

    article = html(
        f"<div class='TRS_Editor'><p class='x'>　　{LINES[0]}</p>{''.join(f'<p>　　{line}</p>' for line in LINES[1:])}<p><img src='./W02.png'></p></div><div>扫一扫在手机打开当前页</div>",
        head=f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2021-03-01 09:30"><meta name="ContentSource" content="{NAME}">',
        encoding="gb2312",
    )
    return World(
        hosts=["www.yunxi.gov.cn"],
        account=f"{site}/index.html",
        articles={
            "yunxi.gov.cn-xwzx-zwyw-202103-t20210301_1.html": fields(source=NAME),
            "yunxi.gov.cn-xwzx-zwyw-202103-t20210301_2.html": fields(source=NAME),
        },
        answers={
            f"{site}/index.html": html(
                f"<ul>{rows(1)}</ul><script>createPageHTML(2, 0, 'index', 'html');</script>",
                title="政务要闻",
                encoding="gb2312",
            ),
            f"{site}/index_1.html": html(
                f"<ul>{rows(2)}</ul><script>createPageHTML(2, 1, 'index', 'html');</script>",
                title="政务要闻",
                encoding="gb2312",
            ),
            f"{site}/202103/t20210301_1.html": article,
            f"{site}/202103/t20210301_2.html": article,
            f"{site}/202103/t20210301_8.html": Reply(412, body=b"<script>var x=1</script>"),
            f"{site}/202103/t20210301_7.html": html(
                "<div>您访问的页面不存在，5秒后返回首页</div>", title="提示"
            ).__class__(
                headers={"Content-Type": "text/html"},
                body="<html><body>您访问的页面不存在，5秒后返回首页</body></html>".encode(),
            ),
        },
        gone={
            f"{site}/202103/t20210301_9.html": "not-found",
            f"{site}/202103/t20210301_8.html": "blocked",
            f"{site}/202103/t20210301_7.html": "not-found",
        },
        pages=2,
    )


def xinhua() -> World:
    channel = "https://www.news.cn/politics/ds_0123456789abcdef0123456789abcdef.json"
    new, old = (
        "https://www.news.cn/politics/20210301/0123456789abcdef0123456789abcdee/c.html",
        "http://www.xinhuanet.com/politics/2018-03/01/c_1122465555.htm",
    )
    rows = [
        {"title": TITLE, "publishUrl": url, "publishTime": WHEN}
        for url in ("20210301/0123456789abcdef0123456789abcdee/c.html", old)
    ]
    page = html(
        f"""<div class="header"><div class="header-time"><span class="year"><em>2021</em></span><span class="day"><em>03</em>/<em>01</em></span><span class="time">09:30:00</span></div>
        <div class="source">来源：云溪日报</div><div class="head-line"><h1><span class="title">{TITLE}</span></h1></div></div>
        <div id="detail"><span id="detailContent">{BODY}<p><img src="1.png"></p></span><div id="articleEdit"><span class="editor">【责任编辑:李小四】</span></div></div>""",
        head='<meta name="publishdate" content="2021-03-01">',
        title=f"{TITLE}-新华网",
    )
    before = html(
        f"<div class='h-title'>{TITLE}</div><div class='h-info'><span class='h-time'> {WHEN}</span> 来源： 云溪日报</div><div id='p-detail'>{BODY}</div>",
        title=f"{TITLE}-新华网",
    )
    return World(
        hosts=["www.news.cn", "www.xinhuanet.com"],
        account=channel,
        articles={
            "0123456789abcdef0123456789abcdee": fields(source="云溪日报"),
            "c_1122465555": fields(source="云溪日报"),
        },
        answers={channel: data({"datasource": rows}), new: page, old: before},
        gone={
            "https://www.news.cn/politics/20210301/0123456789abcdef0123456789abcded/c.html": "not-found"
        },
    )


def people() -> World:
    column = "http://politics.people.com.cn/GB/1024"
    first, second = (
        "http://politics.people.com.cn/n1/2021/0301/c1024-40000001.html",
        "http://politics.people.com.cn/n1/2021/0301/c1024-40000002.html",
    )
    page = html(
        f"""<h1>{TITLE}</h1><div class="channel"><div class="col-1-1 fl">2021年03月01日09:30 | 来源：<a href="#">云溪日报</a></div></div>
        <div class="rm_txt_con cf"><div class="box_pic"></div>{BODY}<p><img src="/1.png"></p><div class="edit cf">(责编：李小四、张小三)</div></div>
        <p>分享让更多人看到</p>""",
        head='<meta name="publishdate" content="2021-03-01"><meta name="source" content="来源：云溪日报">',
        title=f"{TITLE}--时政--人民网",
        encoding="gb2312",
    )

    def rows(url: str) -> str:
        return f"<ul><li><a href='{urlsplit(url).path}'>{TITLE}</a> <i>{DAY}</i></li></ul>"

    return World(
        hosts=["politics.people.com.cn"],
        account=f"{column}/index.html",
        articles={
            "1024-40000001": fields(source="云溪日报"),
            "1024-40000002": fields(source="云溪日报"),
        },
        answers={
            f"{column}/index.html": html(
                rows(first) + "<a href='index2.html'>下一页</a>", title="时政", encoding="gb2312"
            ),
            f"{column}/index2.html": html(
                rows(second) + "<a href='index.html'>上一页</a>", title="时政", encoding="gb2312"
            ),
            first: page,
            second: page,
        },
        gone={"http://politics.people.com.cn/n1/2021/0301/c1024-40000009.html": "not-found"},
        pages=2,
    )


def wechat() -> World:
    short = "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstu1"
    head = f'<meta property="og:title" content="{TITLE}"><meta name="author" content="张小三">'
    signs = f"""<script>var ct = "{MILLISECONDS // 1000}"; var nickname = "{NAME}"; window.user_name = "gh_0123456789ab";</script>"""
    page = html(
        f"""<h1 id="activity-name">{TITLE}</h1><a id="js_name"> {NAME} </a><div class="rich_media_content" id="js_content" style="visibility:hidden">
        {"".join(f"<section><span>{line}</span></section>" for line in LINES)}<p><img data-src="https://mmbiz.qpic.cn/mmbiz_png/1.png" data-w="600"></p></div>{signs}""",
        head=head,
        title="",
    )
    written = TEXT.replace("\n", "\\x0a\\x0a")
    script = html(
        f"""<div class="wx_follow_nickname">{NAME}</div><script>window.msg_title = '{TITLE}' || ''; window.cgiDataNew = {{ nick_name: JsDecode('{NAME}'),
        user_name: JsDecode('gh_0123456789ab'), create_time: JsDecode('{MILLISECONDS // 1000}'), content_noencode: JsDecode('{written}') }};</script>""",
        title="",
    )

    def message(words: str) -> Reply:
        return html(
            f'<div class="weui-msg"><h2 class="weui-msg__title warn">{words}</h2></div><p>微信公众平台运营中心</p>',
            title="",
        )

    signed = {"account": NAME, "account_id": "gh_0123456789ab"}
    return World(
        hosts=["mp.weixin.qq.com", "mmbiz.qpic.cn"],
        asked=[
            short,
            "https://mp.weixin.qq.com/s?__biz=Mz==&mid=22&idx=1&sn=0123456789abcdef0123456789abcdef&chksm=x&scene=27#wechat_redirect",
        ],
        articles={
            "abcdefghijklmnopqrstu1": fields(author="张小三", **signed),
            "22_1_0123456789abcdef0123456789abcdef": fields(**signed),
        },
        answers={
            short: page,
            "https://mp.weixin.qq.com/s?__biz=Mz%3D%3D&mid=22&idx=1&sn=0123456789abcdef0123456789abcdef": script,
            "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstu2": message("该内容已被发布者删除"),
            "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstu3": message("此内容因违规无法查看"),
            "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstu4": message(
                "当前环境异常，完成验证后即可继续访问。"
            ),
        },
        gone={
            "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstu2": "withdrawn",
            "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstu3": "withdrawn",
            "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstu4": "blocked",
        },
    )


def sina() -> World:
    first, old = (
        "https://news.sina.com.cn/c/2021-03-01/doc-iabcdefg1234567.shtml",
        "https://k.sina.com.cn/article_1699432410_654b00da0001abcd.html",
    )
    page = html(
        f"""<h1 class="main-title">{TITLE}</h1><div class="date-source"><span class="date">2021年03月01日 09:30</span><a class="source">云溪日报</a></div>
        <div class="article" id="article">{BODY}<div class="img_wrapper"><img src="//n.sinaimg.cn/1.png"></div><p class="show_author">责任编辑：李小四 </p></div>""",
        title=f"{TITLE}_新浪新闻",
    )
    return World(
        hosts=["news.sina.com.cn", "k.sina.com.cn", "n.sinaimg.cn"],
        asked=[first + "?cre=tianyi", old],
        articles={
            "abcdefg1234567": fields(source="云溪日报", editor="李小四"),
            "1699432410_654b00da0001abcd": fields(account_id="1699432410"),
        },
        answers={first: page, old: page},
        gone={"https://news.sina.com.cn/c/2021-03-01/doc-iabcdefg1234569.shtml": "not-found"},
    )


def toutiao() -> World:
    info = "https://m.toutiao.com/i7000000000000000001/info/"
    answer = {
        "title": TITLE,
        "content": f"{BODY}<img src='https://p3.toutiaoimg.com/1.png'>",
        "source": NAME,
        "detail_source": "云溪日报",
        "publish_time": MILLISECONDS // 1000,
        "media_user": {"screen_name": NAME, "id": "5"},
    }
    return World(
        hosts=["m.toutiao.com", "p3.toutiaoimg.com"],
        asked=["https://www.toutiao.com/article/7000000000000000001/?log_from=x"],
        articles={"7000000000000000001": fields(account=NAME, account_id="5", source="云溪日报")},
        answers={
            info: data({"success": True, "data": answer}),
            "https://m.toutiao.com/i7000000000000000009/info/": data({"success": True, "data": {}}),
        },
        gone={"https://m.toutiao.com/i7000000000000000009/": "empty"},
    )


def baijiahao() -> World:
    site = "https://baijiahao.baidu.com/s"
    sections = [{"type": "text", "content": line} for line in LINES] + [
        {"type": "img", "link": "https://pics0.baidu.com/1.png"}
    ]
    page_data = {
        "bsData": {
            "superlanding": [
                {
                    "itemData": {
                        "header": TITLE,
                        "sections": sections,
                        "name": NAME,
                        "date": "2021-03-01 09:30",
                    }
                }
            ]
        }
    }
    script = html(
        f"<div id='app'></div><script>window.jsonData = {json.dumps(page_data, ensure_ascii=False)};window.firstScreenTime = 1;</script>"
    )
    elements = html(
        f"""<div class="article-title"><h2>{TITLE}</h2></div><p class="author-name">{NAME}</p><span class="date">发布时间：21-03-01</span><span class="time">09:30</span>
        <div class="article-content">{"".join(f'<p><span class="bjh-p">{line}</span></p>' for line in LINES)}</div>"""
    )
    return World(
        hosts=["baijiahao.baidu.com", "pics0.baidu.com"],
        asked=[
            f"{site}?id=1700000000000000001&wfr=spider&for=pc",
            f"{site}?id=1700000000000000002",
        ],
        articles={
            "1700000000000000001": fields(account=NAME),
            "1700000000000000002": fields(account=NAME),
        },
        answers={
            f"{site}?id=1700000000000000001": script,
            f"{site}?id=1700000000000000002": elements,
            f"{site}?id=1700000000000000008": html(
                "<p>网络不给力，请稍后重试</p>", title="百度安全验证"
            ),
            f"{site}?id=1700000000000000009": html("<p>文章不存在</p>", title="百家号"),
        },
        gone={
            f"{site}?id=1700000000000000008": "blocked",
            f"{site}?id=1700000000000000009": "withdrawn",
        },
    )


WORLDS: dict[str, Callable[[], World]] = {
    make.__name__: make
    for make in (
        sohu,
        netease,
        tencent,
        ifeng,
        govcn,
        gov,
        xinhua,
        people,
        wechat,
        sina,
        toutiao,
        baijiahao,
    )
}
