"""Pages of many makes, written by hand about a town that does not exist: what each is, and every field that must be read from it."""

from __future__ import annotations

from dataclasses import dataclass, field

LINES = [
    "云溪县人民政府今日召开全县疫情防控工作会议，传达学习省、市有关会议精神，研究部署下一阶段重点工作。",
    "会议要求，各乡镇、各部门要压实责任，落实“四早”措施，确保群众生命安全和身体健康。",
    "会议强调，要统筹做好春耕备耕和企业复工，保障市场供应，稳定物价。",
]
TITLE = "云溪县召开全县疫情防控工作会议"
TEXT = "\n".join(LINES)
BODY = "".join(f"<p>　　{line}</p>" for line in LINES)
MENU = "<div class='nav'>" + "".join(f"<a href='/{n}'>栏目{n}</a>" for n in range(30)) + "</div>"
HOT = (
    "<ul class='hot'>"
    + "".join(
        f"<li><a href='/h{n}'>热门新闻标题第{n}条，大家都在看的内容</a></li>" for n in range(12)
    )
    + "</ul>"
)
FOOT = "<div class='footer'>关于我们 | 联系我们 | 版权所有 云溪县融媒体中心 ICP备00000000号 违法和不良信息举报电话：000-0000000</div>"
COMMENTS = (
    "<div class='comment-list'>"
    + "".join(
        f"<p>网友{n}：说得好，支持，希望继续这样做下去，大家一起努力！</p>" for n in range(15)
    )
    + "</div>"
)


@dataclass(frozen=True)
class Case:
    """A page, and what it says; `encoding` of its bytes."""

    html: str
    url: str = "http://www.yunxi.example/xw/20200202/1.html"
    title: str = TITLE
    text: str = TEXT
    published_at: str | None = "2020-02-02T20:52:00+08:00"
    source: str | None = "云溪发布"
    author: str | None = None
    account: str | None = None
    updated_at: str | None = None
    document_number: str | None = None
    issued_by: str | None = None
    found_by: dict[str, str] = field(default_factory=dict)  # of the fields named here
    pictures: list[str] = field(default_factory=list)
    encoding: str = "utf-8"


def page(inside: str, title: str = f"{TITLE}_新闻频道_云溪县人民政府网", head: str = "") -> str:
    """A complete page around some markup."""
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{MENU}{inside}{HOT}{FOOT}</body></html>"


GOV_META = (
    f'<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2020-02-02 20:52">'
    '<meta name="ContentSource" content="云溪发布">'
)
CASES = {
    "meta set of government sites": Case(
        page(f"<div class='TRS_Editor'>{BODY}</div>", head=GOV_META)
    ),
    "TRS, all printed": Case(
        page(
            f"<h1>{TITLE}</h1><p>2020-02-02 20:52　来源：云溪发布　字号：大 中 小</p><div class='Custom_UnionStyle'>{BODY}</div>"
        )
    ),
    "unknown make": Case(
        page(
            f"<div class='x1'><h1>{TITLE}</h1><div class='x2'>时间：2020年02月02日 20:52 来源：云溪发布</div><div class='x3'>{BODY}</div></div>{COMMENTS}"
        )
    ),
    "nothing but divs": Case(
        page(
            f"<div class='t'><h2>{TITLE}</h2><div>2020-02-02 20:52 云溪发布</div><div>"
            + "".join(f"<div>{line}</div>" for line in LINES)
            + "</div></div>"
        )
    ),
    "breaks for paragraphs": Case(
        page(
            f"<h1>{TITLE}</h1><span>来源：云溪发布</span> <span>2020-02-02 20:52</span><div id='zoom'>{'<br><br>　　'.join(LINES)}</div>"
        )
    ),
    "body with its own head": Case(
        page(
            f"<div id='artibody'><h1>{TITLE}</h1><p>2020年2月2日 20:52　来源：云溪发布</p>{BODY}<p>责任编辑：李小四</p></div>"
        )
    ),
    "list of others under it": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='UCAP-CONTENT'>{BODY}<p>相关阅读</p><p>县里又开了一个会</p><p>县里还开了一个会</p></div>"
        )
    ),
    "disclaimer and buttons under it": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div class='article-content'>{BODY}<p>（责任编辑：李小四）</p>"
            "<p>特别声明：以上内容为用户上传，本平台仅提供信息存储服务。</p><p>打印</p><p>关闭窗口</p></div>"
        )
    ),
    "share box inside": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='vsb_content'><div class='share-bar'>分享到 微信 微博</div>{BODY}</div>"
        )
    ),
    "early end of html": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p></body></html><div class='pages_content'>{BODY}</div>"
        )
    ),
    "layout table": Case(
        f"<html><head><title>{TITLE} - 云溪网</title></head><body><table><tr><td>{MENU}</td><td><table><tr><td><b>{TITLE}</b></td></tr>"
        f"<tr><td>来源：云溪发布　2020-02-02 20:52</td></tr><tr><td>{BODY}</td></tr></table></td></tr></table>{FOOT}</body></html>"
    ),
    "short notice": Case(
        page(
            "<h1>停水通知</h1><p>来源：云溪发布 2020-02-02 20:52</p><div class='n'><p>因管道检修，2月3日8时至18时城关镇停水，请提前储水。</p></div>",
            title="停水通知-云溪县人民政府网",
        ),
        title="停水通知",
        text="因管道检修，2月3日8时至18时城关镇停水，请提前储水。",
    ),
    "data table": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}"
            "<table><tr><td>乡镇</td><td>人数</td></tr><tr><td>城关镇</td><td>12</td></tr></table></div>"
        ),
        text=f"{TEXT}\n乡镇\t人数\n城关镇\t12",
    ),
    "headline cut in the title": Case(
        page(
            f"<h1>{TITLE}暨春季农业生产动员会</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}</div>",
            title=f"{TITLE}…-云溪网",
        ),
        title=f"{TITLE}暨春季农业生产动员会",
    ),
    "title of the site only": Case(
        page(
            f"<div>首页 &gt; 要闻</div><div>{TITLE}</div><div>来源：云溪发布 2020-02-02 20:52</div><div id='zoom'>{BODY}</div>",
            title="云溪县人民政府官网",
        )
    ),
    "title of the site, headline without a box": Case(
        page(
            f"<div class='wz'><h2>{TITLE}</h2><div class='sj'>来源：云溪发布　发布日期：2020-02-02 20:52　点击数：12</div><div>{BODY}</div></div>",
            title="云溪县人民政府门户网站",
        ),
        found_by={"title": "line-over-byline"},
    ),
    "title of the system, head in the body": Case(
        page(
            f"<div class='wz'><p><strong>{TITLE}</strong></p><p>2020年02月02日 20:52　　云溪发布</p><hr>{BODY}</div>",
            title="信息详情",
        ),
        found_by={"title": "first-line"},
    ),
    "site before the headline": Case(
        page(
            f"<div class='bt'>{TITLE}</div><p>来源：云溪发布 2020-02-02 20:52</p><div class='nr'>{BODY}</div>",
            title=f"云溪县人民政府门户网站-{TITLE}",
        )
    ),
    "labels in lines of their own": Case(
        page(
            f"<h1>{TITLE}</h1><ul><li>发布时间：</li><li>2020-02-02 20:52</li><li>发布单位：</li><li>云溪发布</li><li>作者：</li>"
            f"<li>张小三</li></ul><div class='rich'>{BODY}</div>"
        ),
        author="张小三",
    ),
    "notice shorter than the foot of the page": Case(
        page(
            "<div class='wz'><h2>放假通知</h2><div class='sj'>来源：云溪发布　发布日期：2020-02-02</div>"
            "<div class='nr'><p>各科室：</p><p>春节放假7天，1月24日至30日。</p></div></div><div class='bottom'><p>主办单位：云溪县人民政府办公室，云溪县大数据中心</p>"
            "<p>网站标识码：0000000000　ICP备00000000号　公网安备00000000000号</p><p>地址：云溪县人民路1号，电话：000-0000000</p></div>",
            title="放假通知-云溪县人民政府门户网站",
        ),
        title="放假通知",
        text="各科室：\n春节放假7天，1月24日至30日。",
        published_at="2020-02-02",
    ),
    "a page of a printed paper": Case(
        f"<html><head><title>云溪日报</title></head><body><table><tr><td>2020年02月02日 星期日</td></tr><tr><td><p class='b'>{TITLE}</p>"
        f"<p>本报记者 张小三</p><div id='ozoom'>{BODY}</div></td></tr></table></body></html>",
        published_at="2020-02-02",
        source=None,
        author="张小三",
    ),
    "signed in brackets under the text": Case(
        page(
            f"<h1>{TITLE}</h1><p>2020-02-02 20:52</p><div id='zoom'>{BODY}<p>（张小三　李小四）</p></div>"
        ),
        text=f"{TEXT}\n（张小三　李小四）",
        source=None,
        author="张小三　李小四",
    ),
    "readers' comments without a name for their box": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div class='a1'>{BODY}</div><div class='b1'><h3>网友评论</h3>"
            + "".join(
                f"<div><b>网友{n}</b><p>说得好，支持，希望继续这样做下去，大家一起努力！</p></div>"
                for n in range(9)
            )
            + "</div>"
        )
    ),
    "pages to turn under it": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div class='a1'>{BODY}<div><a>1</a> <a>2</a> <a>下一页</a> 共2页</div></div>"
        )
    ),
    "a list of names": Case(
        page(
            "<h1>拟录用人员公示</h1><p>来源：云溪发布 2020-02-02 20:52</p><div class='a1'><p>现将名单公示如下：</p><table><tr><th>姓名</th><th>性别</th></tr>"
            + "<tr><td>张小三</td><td>男</td></tr>" * 30
            + "</table></div>",
            title="拟录用人员公示-云溪网",
        ),
        title="拟录用人员公示",
        text="现将名单公示如下：\n姓名\t性别" + "\n张小三\t男" * 30,
    ),
    "head table without colons": Case(
        page(
            f"<div class='x'><table><tr><td>索引号</td><td>011-1</td><td>主题分类</td><td>卫生</td></tr><tr><td>发文机关</td><td>云溪县人民政府</td><td>成文日期</td>"
            f"<td>2020年01月31日</td></tr><tr><td>发文字号</td><td>云政发〔2020〕3号</td><td>发布日期</td><td>2020年02月02日</td></tr></table>"
            f"<h1>{TITLE}</h1><div class='w'>{BODY}</div></div>"
        ),
        published_at="2020-02-02",
        source="云溪县人民政府",
        issued_by="云溪县人民政府",
        document_number="云政发〔2020〕3号",
    ),
    "portal of tables": Case(
        f"<html><head><title>{TITLE}-新闻中心-云溪网</title></head><body><table><tr><td>{MENU}</td></tr></table><table><tr><td><table>"
        f"<tr><td><font size=4><b>{TITLE}</b></font></td></tr><tr><td>http://www.yunxi.example 2004年02月02日 10:22 云溪晚报</td></tr>"
        f"<tr><td><font>　　{'<br><br>　　'.join(LINES)}</font></td></tr><tr><td>(责任编辑：李小四)</td></tr></table></td><td>{HOT}</td></tr></table></body></html>",
        published_at="2004-02-02T10:22:00+08:00",
        source="云溪晚报",
    ),
    "labels set in spaces": Case(
        page(
            f"<h1>{TITLE}</h1><p>来　源：云溪发布　　日　期：2020-02-02　　作　者：张小三</p><div class='a1'>{BODY}</div>"
        ),
        published_at="2020-02-02",
        author="张小三",
    ),
    "time of the day and month only": Case(
        page(
            f"<div class='x'><h1>{TITLE}</h1><p>云溪发布　02-02 20:52</p><div class='a1'>{BODY}</div></div>"
        ),
        published_at="2020-02-02T20:52:00+08:00",
    ),
    "author in linked data": Case(
        page(
            f"<h1>{TITLE}</h1><div class='a1'>{BODY}</div>",
            head='<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2020-02-02T20:52:00+08:00","author":{"@type":"Person","name":"张小三"}}</script>',
        ),
        source=None,
        author="张小三",
        found_by={"author": "json-ld", "published_at": "script"},
    ),
    "source and author under the text": Case(
        page(
            f"<h1>{TITLE}</h1><p>2020-02-02 20:52</p><div id='zoom'>{BODY}</div><table><tr><td>编辑： 李小四</td><td>来源： 云溪晚报</td><td>作者：张小三</td></tr></table>"
        ),
        source="云溪晚报",
        author="张小三",
        found_by={"source": "label-in-body", "author": "label-in-body"},
    ),
    "buttons in a row under it": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}<table><tr><td>发送给朋友</td><td>发表评论</td><td>打印本文</td></tr></table></div>"
        )
    ),
    "what the platform says of its users": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}<p>以上内容为创作者上传并发布，本平台仅提供信息存储服务</p><p>1</p><p>文章不错，点个赞吧</p></div>"
        )
    ),
    "traditional characters": Case(
        page(
            f"<h1>{TITLE}</h1><p>2020/02/02 20:52</p><p>〔記者張小三／雲溪報導〕</p><div id='zoom'>{BODY}</div>"
        ),
        source=None,
        author="張小三",
    ),
    "the text in a box named for sharing": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div class='js_share_area'>{BODY}</div><div class='x'>{HOT * 3}</div>"
            f"<script>var page = '{'x' * 3000}';</script>"
        )
    ),
    "more to read than was written": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div class='y'><div>{BODY}</div><h3>你可能还想看</h3>"
            + f"<div><h4>邻县召开会议</h4><p>{LINES[0]}</p></div>" * 12
            + "</div>"
        )
    ),
    "outlet among other words, without a label": Case(
        page(
            f"<h1>{TITLE}</h1><p>2020-02-02 20:52 | 云溪发布 | 评论(0) | 阅读 1.2万</p><div class='c'>{BODY}<p>标签：疫情 防控</p></div>"
        ),
        found_by={"source": "beside-the-time"},
    ),
    "the day of reading over the page": Case(
        f"<html><head><title>{TITLE}_云溪网</title></head><body><div>今天是2031年11月27日 星期四</div><h1>{TITLE}</h1><div class='c'>{BODY}<p>2020年2月2日</p></div>{FOOT}</body></html>",
        url="http://www.yunxi.example/1.html",
        text=f"{TEXT}\n2020年2月2日",
        published_at="2020-02-02",
        source=None,
    ),
    "the site's name for a headline": Case(
        f"<html><head><title>云溪县人民政府</title></head><body><h1 class='logo'><a href='/'>云溪县人民政府</a></h1>{MENU}<h2>{TITLE}</h2>"
        f"<p>来源：云溪发布 2020-02-02 20:52</p><div class='c'>{BODY}</div>{FOOT}</body></html>"
    ),
    "reporter and agency": Case(
        page(
            f"<h1>{TITLE}</h1><p>2020-02-02 20:52 来源：云溪日报 作者：张小三</p><div id='zoom'>{BODY}</div>"
        ),
        source="云溪日报",
        author="张小三",
    ),
    "author and paper by a slash": Case(
        page(
            f"<h1>{TITLE}</h1><p>张小三/云溪日报</p><p>2020-02-02 20:52</p><div id='zoom'>{BODY}</div>"
        ),
        source="云溪日报",
        author="张小三",
    ),
    "the date in the address": Case(
        page(f"<h1>{TITLE}</h1><div id='zoom'>{BODY}</div>"), published_at="2020-02-02", source=None
    ),
    "made on one day, published on another": Case(
        page(
            f"<h1>{TITLE}</h1><table><tr><td>成文日期：</td><td>2020年01月20日</td></tr><tr><td>发布日期：2020年02月02日</td><td>来源：云溪发布</td></tr></table><div id='UCAP-CONTENT'>{BODY}</div>"
        ),
        published_at="2020-02-02",
    ),
    "an official document": Case(
        page(
            f"<table><tr><td>索 引 号：</td><td>000/2020-1</td></tr><tr><td>发文机关：</td><td>云溪县人民政府</td><td>成文日期：</td><td>2020年01月20日</td></tr>"
            f"<tr><td>发文字号：</td><td>云政发〔2020〕 3号</td><td>发布日期：</td><td>2020年02月02日</td></tr></table><h1>{TITLE}</h1>"
            f"<p>更新时间：2020-02-05 08:00</p><div id='UCAP-CONTENT'>{BODY}</div>"
        ),
        published_at="2020-02-02",
        source="云溪县人民政府",
        issued_by="云溪县人民政府",
        document_number="云政发〔2020〕3号",
        updated_at="2020-02-05T08:00:00+08:00",
        found_by={
            "title": "headline",
            "published_at": "label",
            "document_number": "label",
            "issued_by": "label",
            "updated_at": "label",
        },
    ),
    "a number of its own line, a time before the publication": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'><p>云政办函〔2020〕12号</p>{BODY}</div>",
            head='<meta property="article:modified_time" content="2020-02-01T10:00:00+08:00">',
        ),
        text="云政办函〔2020〕12号\n" + TEXT,
        document_number="云政办函〔2020〕12号",
        found_by={
            "document_number": "first-lines",
            "source": "label",
            "published_at": "near-headline",
        },
    ),
    "lazy pictures": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}<p><img src='/blank.gif' data-src='//img.yunxi.example/1.jpg'></p><p><img data-original='2.png'></p></div>"
        ),
        pictures=["http://img.yunxi.example/1.jpg", "http://www.yunxi.example/xw/20200202/2.png"],
    ),
    "a time in another zone": Case(
        page(
            f"<h1>{TITLE}</h1><div id='zoom'>{BODY}</div>",
            head='<meta property="article:published_time" content="2020-02-02T12:52:00.000Z">',
        ),
        source=None,
    ),
    "a Z that is none: readers are shown the same hour": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}</div>",
            head='<meta property="article:published_time" content="2020-02-02T20:52:00Z">',
        ),
    ),
    "GBK": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}</div>"
        ).replace("utf-8", "gb2312"),
        encoding="gb18030",
    ),
    "stale charset": Case(
        page(
            f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}</div>"
        ).replace("utf-8", "gb2312")
    ),
    "BOM": Case(
        "\ufeff"
        + page(f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}</div>")
    ),
    "no html, head or body": Case(
        f"<h1>{TITLE}</h1><p>来源：云溪发布 2020-02-02 20:52</p><div id='zoom'>{BODY}</div>"
    ),
}
DEAD = {
    "withdrawn": "该内容已被发布者删除",
    "withdrawn too": "此内容因违规无法查看",
    "not-found": "您访问的页面不存在，5秒后返回首页",
    "blocked": "当前环境异常，完成验证后即可继续访问",
    "blocked by a log-in": "请登录后查看全部内容",
    "withdrawn for a complaint": "此内容被投诉且经审核涉嫌侵权，无法查看。",
    "not-found, a link": "您访问的链接已失效",
    "not-found in English": "The page you requested was not found",
    "blocked by a firewall": "很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。",
    "error of the server": "502 Bad Gateway",
}
