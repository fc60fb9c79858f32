"""What pages say in the place of an article, with status 200, bare and under the menus of a site."""

from __future__ import annotations

import pytest

from archive import extract
from archive.general.notices import notice_in
from archive.model import Article, Failure

MENU = "".join(
    f'<li><a href="/{name}/">{name}</a></li>'
    for name in [
        "首页",
        "政务公开",
        "政务服务",
        "互动交流",
        "走进云溪",
        "数据开放",
        "专题专栏",
        "领导之窗",
        "机构职能",
        "政策文件",
    ]
)
IMPRINT = "<div class=footer>主办：云溪县人民政府 承办：云溪县数据局 地址：云溪县中山路1号 云ICP备00000001号</div>"
WRAPS = {
    "bare": "<html><head><title>{words}</title></head><body><div>{words}</div></body></html>",
    "under menus": f"""<html><head><title>提示信息</title></head><body><ul>{MENU}</ul>
        <div class="content"><p>{{words}}</p><a href="/">返回首页</a></div>{IMPRINT}</body></html>""",
    "as a headline": f"""<html><head><title>云溪县人民政府</title></head><body><ul>{MENU}</ul>
        <div class="error"><h1>{{words}}</h1><p>系统将在5秒后自动跳转</p></div>{IMPRINT}</body></html>""",
}
WORDS = {
    "not-found": """页面地址不存在
        您访问的页面不存在或已被删除！
        很抱歉，您查看的页面找不到了！
        对不起，您请求的文件不存在！
        无法找到该页
        404 - 找不到文件或目录。
        您要查看的资源可能已被删除，名称已更改，或者暂时不可用。
        The resource cannot be found.
        HTTP 404 - File not found
        您访问的链接地址有误或已过期
        您输入的网址有误
        啊哦，你要找的页面飞走了
        该页面已被移除
        您访问的栏目不存在
        Page Not Found
        哎呀，页面迷路了
        出错啦！找不到该页面
        错误的请求地址
        该网址不存在""",
    "withdrawn": """信息已下架
        该稿件已撤销
        文章正在审核中
        该内容已被发布者删除""",
    "error": """抱歉，您访问的页面出错了
        抱歉！页面无法访问......
        此页面暂时无法访问""",
}
ARTICLES = [
    "关于网页不存在问题的说明", "网页不存在，市民投诉无门", "食品过期了怎么办", "病历信息丢失了怎么补办", "云溪县政府网站维护工作通过验收",
    "关于服务器错误导致数据丢失的通报", "市民反映路牌文件找不到，部门回应",
]  # fmt: skip


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize(
    ("outcome", "words"),
    [(outcome, line.strip()) for outcome, lines in WORDS.items() for line in lines.split("\n")],
)
def test_a_notice_is_no_article(outcome: str, words: str, wrap: str) -> None:
    page = WRAPS[wrap].format(words=words).encode()

    answer = extract(page, "https://www.yunxi.example/art/2031/3/5/art_1_2.html")

    assert isinstance(answer, Failure), answer
    assert (answer.outcome, answer.reason) == (outcome, "said")


@pytest.mark.parametrize("title", ARTICLES)
def test_an_article_about_such_things_is_none(title: str) -> None:
    page = f"""<html><head><title>{title}_云溪县人民政府</title></head><body><ul>{MENU}</ul><h1>{title}</h1>
        <div>发布时间：2031-03-05 10:23 来源：云溪发布</div>
        <div class="content"><p><img src="/p/1.jpg"></p></div>{IMPRINT}</body></html>"""

    answer = extract(page.encode(), "https://www.yunxi.example/art/2031/3/5/art_1_2.html")

    assert notice_in(title) is None
    assert isinstance(answer, Article) and answer.title == title, answer
