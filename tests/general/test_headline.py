"""Titles of invented pages: headlines on the page, in their `<title>`, or in both."""

from __future__ import annotations

import pytest

from archive import extract
from archive.general.headline import without_site
from archive.model import Article

BODY = "".join(
    f"<p>{n}月以来，全县供水管网改造工程有序推进，各项任务按期完成，群众反映良好。</p>"
    for n in range(3, 8)
)
LONG_SITE = "云溪县人民政府门户网站_云溪县水务局政务公开平台_云溪县城乡供水一体化信息服务"
PAGES = [
    ("short", "通知_云溪县人民政府", "<h1>通知</h1>", "通知"),
    ("short, no headline", "公告_云溪县水务局", "", "公告"),
    ("short, long title", f"停水通知_{LONG_SITE}", "<div class=tit>停水通知</div>", "停水通知"),
    ("fourth level", f"供水改造进展_{LONG_SITE}", "<h4>供水改造进展</h4>", "供水改造进展"),
    ("subtitle", "砥砺奋进——云溪改革纪实_云溪县人民政府", "", "砥砺奋进——云溪改革纪实"),
    ("subtitle, no site", "春到云溪——老城故事", "", "春到云溪——老城故事"),
    ("subtitle shown", "清水长流——云溪纪事-云溪网", "<h2>清水长流——云溪纪事</h2>", "清水长流——云溪纪事"),
    ("underscore", "图解_云溪县供水工作要点_云溪县人民政府", "<h1>图解_云溪县供水工作要点</h1>", "图解_云溪县供水工作要点"),
    ("set wide", "通　　告_云溪县人民政府", "<h1>通　　告</h1>", "通　　告"),
    ("site alone", "云溪县人民政府", "<h3 class=title>全县供水改造有序推进</h3>", "全县供水改造有序推进"),
    ("menu before it", "云溪县人民政府", "<div class=title>当前位置：首页 > 政务公开 > 工作动态</div><div class=title>全县供水改造有序推进</div>", "全县供水改造有序推进"),
    ("two names of the site", "云溪信息网-云溪社会组织网", "<p align=center>关于冬季供水保障的通知</p>", "关于冬季供水保障的通知"),
    ("a large line", "云溪县水务局网站", "<div style='font-size:24px'>关于冬季供水保障的通知</div>", "关于冬季供水保障的通知"),
    ("a cell", "云溪门户", "<table><tr><td><b>《云溪县供水办法》作出修改</b></td></tr></table>", "《云溪县供水办法》作出修改"),
    ("under crumbs", "正文", "<p>您当前的位置：首页&nbsp;&gt;&nbsp;通知</p><font size=5>关于冬季供水保障的通知</font>", "关于冬季供水保障的通知"),
    ("a span", "", "<span>全县供水改造有序推进</span>", "全县供水改造有序推进"),
    ("with its day", f"全县供水改造有序推进  水务局办公室_{LONG_SITE}", "<h2>全县供水改造有序推进<br><span>2024-03-05</span></h2>", "全县供水改造有序推进"),
    ("with its minute", f"全县供水改造有序推进_{LONG_SITE}", "<h1>全县供水改造有序推进 2024年3月5日 10:23</h1>", "全县供水改造有序推进"),
    ("day in brackets", f"全县供水改造有序推进_{LONG_SITE}", "<div class=tit>全县供水改造有序推进（2024.03.05）</div>", "全县供水改造有序推进"),
    ("a day of its own", "全县供水情况2024年3月5日_云溪县水务局", "<h1>全县供水情况2024年3月5日</h1>", "全县供水情况2024年3月5日"),
    ("several sites", f"全县供水改造有序推进 云溪水务_{LONG_SITE}|Yunxi", "<h2>全县供水改造有序推进</h2>", "全县供水改造有序推进"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("page_title", "head", "title"), [case[1:] for case in PAGES], ids=[case[0] for case in PAGES]
)
def test_title(page_title: str, head: str, title: str) -> None:
    html = (
        f"<html><head><meta charset=utf-8><title>{page_title}</title></head><body>"
        f"<div class=nav><a href=/>首页</a> <a href=/zw/>政务公开</a></div>{head}"
        f"<div>发布时间：2024-03-05 来源：县水务局</div><div class=content>{BODY}</div></body></html>"
    )
    article = extract(html.encode(), "http://www.yunxi.example/a/1.html")
    assert isinstance(article, Article)
    assert article.title == title


@pytest.mark.parametrize("site", ["云溪网", "云溪县人民政府", "云溪日报", "新华网"])
def test_a_site_after_a_double_dash_is_no_subtitle(site: str) -> None:
    assert without_site(f"全县供水改造有序推进——{site}") == "全县供水改造有序推进"
