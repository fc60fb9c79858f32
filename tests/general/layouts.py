"""Invented sites around one article: menus, crumbs, share bars, dialogs, imprints as content systems
write them, none of a real site."""

from __future__ import annotations

from collections.abc import Callable

TITLE = "云溪县应急管理局关于开展宣传活动的公告"
MENU = "".join(
    f"<li><a href='/{n}/'>{name}</a></li>"
    for n, name in enumerate(
        ["首页", "新闻中心", "政务公开", "政务服务", "互动交流", "专题专栏", "走进云溪", "数据开放"]
    )
)
NEWS = "".join(
    f"<li><a href='/a/{n}.html'>云溪县召开第{n}次防汛抗旱工作部署会议，全面落实责任</a></li>"
    for n in range(12)
)
IMPRINT = (
    "<p>主办：云溪县人民政府办公室　承办：云溪县大数据中心</p><p>地址：云溪县人民路1号，邮编：123456，"
    "电话：0000-1234567，请在工作日的上午九点至下午五点拨打。</p><p>云ICP备00000001号 网站标识码：0000000001</p>"
)
LEAVING = "您访问的链接即将离开“云溪县人民政府”门户网站，是否继续？"
BYLINE = "发布时间：2031-03-05 10:23　来源：云溪县应急管理局　浏览次数：128"


def trs(content: str) -> str:
    """A table of crumbs, `xl_title`, a byline in spans, and a dialog that the style hides."""
    return f"""<html><head><title>{TITLE}_云溪县人民政府</title></head><body>
<div class="header"><ul class="nav">{MENU}</ul></div><div class="wz">您现在的位置：<a href="/">首页</a> &gt;
<a href="/tz/">通知公告</a></div><div class="xl"><div class="xl_title">{TITLE}</div><div class="xl_time">
<span>{BYLINE}</span><span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span></div><div class="xl_con">{content}</div>
<div class="fx">分享到：<a href="#">微信</a><a href="#">微博</a></div></div><div class="foot">{IMPRINT}</div>
<div class="tc" style="display:none"><p>{LEAVING}</p><a>继续访问</a><a>放弃</a></div></body></html>"""


def hanweb(content: str) -> str:
    """Tables within tables, the headline in a cell."""
    return f"""<html><head><title>云溪县应急管理局 通知公告 {TITLE}</title></head><body><table><tr><td>
<table><tr>{MENU.replace("li>", "td>")}</tr></table></td></tr><tr><td><table><tr><td class="title">{TITLE}</td></tr>
<tr><td align="center">{BYLINE}</td></tr><tr><td id="c1">{content}</td></tr><tr><td>【打印本页】【关闭窗口】</td></tr>
</table></td><td><ul>{NEWS}</ul></td></tr><tr><td>{IMPRINT}</td></tr></table></body></html>"""


def vsb(content: str) -> str:
    """A form with name, the last and the next article, two columns."""
    return f"""<html><head><title>{TITLE}-云溪县应急管理局</title></head><body><div id="top"><ul>{MENU}</ul>
</div><div class="left"><h3>栏目导航</h3><ul>{MENU}</ul></div><div class="right"><form name="_newscontent_fromname">
<h1 align="center">{TITLE}</h1><div class="info">{BYLINE}</div><div id="vsb"><div class="v_news">{content}</div></div>
<p>上一条：<a href="1.htm">云溪县开展安全生产检查，要求各单位举一反三</a></p>
<p>下一条：<a href="2.htm">云溪县组织消防演练，提升应急处置能力</a></p></form></div><div id="bottom">{IMPRINT}</div></body></html>"""


def modern(content: str) -> str:
    """`main`, `article` and `aside`; a dialog of layui that no style hides."""
    return f"""<html><head><title>{TITLE} - 云溪发布</title></head><body><header><nav><ul>{MENU}</ul></nav></header>
<main><article><header><h1>{TITLE}</h1><p class="meta">{BYLINE}</p></header><section class="entry">{content}</section>
<footer>责任编辑：赵敏</footer></article><aside><h3>热门文章</h3><ul>{NEWS}</ul></aside></main><footer>{IMPRINT}</footer>
<div class="layui-layer-dialog"><div>{LEAVING}</div><button>确定</button></div></body></html>"""


def bare(content: str) -> str:
    """Everything in one box without names: headline, byline and content are neighbours."""
    return f"""<html><head><title>{TITLE}</title></head><body><ul>{MENU}</ul><div><h2>{TITLE}</h2><p>{BYLINE}</p>
{content}</div><ul>{NEWS}</ul><div>{IMPRINT}</div></body></html>"""


LAYOUTS: dict[str, Callable[[str], str]] = {
    "trs": trs,
    "hanweb": hanweb,
    "vsb": vsb,
    "modern": modern,
    "bare": bare,
}
