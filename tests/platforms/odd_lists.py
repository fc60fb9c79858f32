"""Lists with less usual paging, and single pages with what only looks like paging."""

from __future__ import annotations

from urllib.parse import parse_qs

from archive.platform import Ask
from tests.platforms.lists import (
    COLUMN,
    GO_SIMPLE,
    LIST,
    SITE,
    MadeList,
    alone,
    article,
    chunk,
    html,
    next_link,
    paged,
    row,
    rows,
    simple,
    strong_numbers,
    trs,
)

PATHS = [f"{SITE}/news/page/{n}/" for n in (1, 2, 3)]
BY_TWO = [f"{SITE}/col/col9/index.html"] + [
    f"{SITE}/col/col9/index.html?uid=49468&pageNum={n}" for n in (2, 3)
]
RANKS = (
    "<div class='hot'><ul>"
    + "".join(
        f"<li><em>{n}</em><a href='/h/{n}.html'>大家都在看的热门新闻标题之{n}</a></li>"
        for n in range(1, 11)
    )
    + "</ul></div>"
)
CALENDAR = (
    "<table class='cal'><tr><td>日</td><td>一</td></tr>"
    + "".join(
        f"<tr>{''.join(f'<td><a href=/rl/{d}.html>{d}</a></td>' for d in range(w, min(w + 7, 32)))}</tr>"
        for w in range(1, 32, 7)
    )
    + "</table>"
)
SELECT = "<select onchange='location=this.value'>{}</select>"
WITH_FORM = "<form id='f' method='post' action='/list.do'><input type='hidden' name='channel' value='通知'><input type='hidden' id='no' name='pageNo' value='{}'></form><script>function toPage(p){{document.getElementById('no').value=p;document.getElementById('f').submit();}}</script>"


def by_form(charset: str = "utf-8") -> MadeList:
    """A form with the number of the page, which a function submits."""

    def answer(ask: Ask) -> str | None:
        if ask.url != f"{SITE}/list.do":
            return None
        fields = parse_qs(ask.body.decode(), encoding="gb18030" if "gb" in charset else "utf-8")
        if ask.method == "POST" and fields.get("channel") != ["通知"]:
            return None
        k = int(fields.get("pageNo", ["1"])[0])
        follow = f"<a href='javascript:toPage({k + 1})'>下页</a>" if k < 3 else "<font>下页</font>"
        return html(WITH_FORM.format(k) + rows(chunk(k)) + follow)

    return MadeList(f"{SITE}/list.do", 12, answer, charset=charset)


def base_href() -> MadeList:
    """Links and paging that are relative to the base of the page."""
    names = [f"{SITE}/a/tzgg.html", f"{SITE}/b/list_2.html"]
    pages = paged(
        names,
        next_link(names, lambda url, _: "<a href='list_2.html'>下一页</a>"),
        head=f"<base href='{SITE}/b/'>",
    )
    return MadeList(names[0], 8, pages)


def empty_after_last() -> MadeList:
    """A site that answers any page, those after the last with nothing."""

    def answer(ask: Ask) -> str | None:
        if not ask.url.startswith(f"{SITE}/list.php?page="):
            return None
        k = int(ask.url.rpartition("=")[2])
        return html(rows(chunk(k)) if k < 4 else "<p>暂无相关信息</p>")

    return MadeList(f"{SITE}/list.php?page=1", 12, answer)


def clamped() -> MadeList:
    """A site that answers the last page for any after it."""
    return MadeList(
        f"{SITE}/list.php?page=1",
        12,
        lambda ask: html(rows(chunk(min(int(ask.url.rpartition("=")[2]), 3)))),
    )


def ignores_page() -> MadeList:
    """A site whose `page` has no effect: more is promised and cannot be had."""
    return MadeList(
        f"{SITE}/list.php?page=1",
        4,
        lambda ask: html(rows(chunk(1)) + "共5页 第1页"),
        complete=False,
    )


def select_options(k: int, n: int) -> str:
    return SELECT.format(
        "".join(
            f"<option value='{LIST[j]}'{' selected' if j == k - 1 else ''}>第{j + 1}页</option>"
            for j in range(n)
        )
    )


ODD: dict[str, MadeList] = {
    "page-folders": simple(
        PATHS,
        next_link(
            PATHS,
            lambda url, _: f"<a class='next' href='{url}'></a>",
            "<a class='prev' href='/x'>上一页</a>",
        ),
    ),
    "numbers-in-query": simple(
        BY_TWO, strong_numbers(BY_TWO, lambda j, url: f"<a href='{url}'>{j}</a>")
    ),
    "select-of-pages": simple(LIST, select_options),
    "last-page-alone-gbk": simple(
        LIST,
        lambda k, n: f"<a href='{LIST[0]}'>首页</a> <a href='{LIST[-1]}'>尾页</a>",
        charset="gbk",
    ),
    "form-by-function": by_form(),
    "form-by-function-gbk": by_form("gbk"),
    "base": base_href(),
    "empty-after-last": empty_after_last(),
    "last-page-again": clamped(),
    "page-without-effect": ignores_page(),
    "spaced-words": simple(
        LIST,
        next_link(
            LIST, lambda url, _: f"<a href='{url}'><b>下 一 页</b></a>", "<span>下 一 页</span>"
        ),
    ),
    "arrows": simple(LIST, next_link(LIST, lambda url, _: f"<a href='{url}'>›</a>")),
    "trs-called-otherwise": trs(3, "createPageList('{n}','{zero}','index','html','')"),
    "trs-in-a-comment": simple(
        LIST,
        lambda k, n: (
            f"<script>//createPageHTML(1, 0, 'x', 'html');\n</script>{'' if k == n else f'<a href={LIST[k]}>下页</a>'}"
        ),
    ),
    "window-of-numbers": simple(
        [f"{COLUMN}/list.html"] + [f"{COLUMN}/list_{n}.html" for n in range(2, 9)],
        lambda k, n: (
            "<p>"
            + "".join(
                f"<b>{j}</b>" if j == k else f"<a href='list_{j}.html'>{j}</a>"
                for j in range(max(1, k - 1), min(n, k + 2) + 1)
            )
            + "</p>"
        ),
    ),
    "ranks-and-calendar": alone(RANKS + CALENDAR),
    "one-page-said-so": alone("<p>共1页 <a href='#'>上一页</a> <a href='#'>下一页</a></p>"),
    "one-page-off": alone(
        "<a href='javascript:;' class='layui-laypage-next layui-disabled'>下一页</a>"
    ),
    "one-page-by-count": alone("<p>共4条 <a href='#'>下一页</a></p>"),
    "headings-with-more": alone(
        "<h3>图片新闻<span class='more'>更多</span></h3><h3>专题<a href='/zt/' class='more'>更多&gt;&gt;</a></h3>"
    ),
    "dead-next": alone(
        "<a href='javascript:;' id='next'>下一页</a><script src='/p.js'></script>", complete=False
    ),
    "numbers-without-addresses": alone(
        "<div id='fy'><span>1</span><a href='#'>2</a><a href='#'>3</a></div>",
        complete=False,
        charset="gbk",
    ),
    "loaded-on-scroll": alone(
        "<script>var pageIndex=1;$(window).scroll(function(){pageIndex++;load(pageIndex);});</script>",
        complete=False,
    ),
    "list-by-template": alone(
        "<ul><li v-for='item in list'><a>{{ item.title }}</a></li></ul>", complete=False
    ),
    "empty-list-for-a-script": alone(
        "<ul id='newsList'></ul><script src='/list.js'></script>", complete=False
    ),
    "count-of-entries-alone": alone(
        "<div class='page'>共38条记录 <a href='javascript:;'>下一页</a></div>", complete=False
    ),
    "load-more-link": alone("<a href='javascript:loadMore()'>更多</a>", complete=False),
    "unlinked-words": alone(
        "<div><em>上一页</em> <em class='x'>下一页</em></div><script src='/p.js'></script>",
        complete=False,
    ),
    "unlinked-numbers": alone(
        "<div class='page_num'><span>1</span><span>2</span><span>3</span></div>", complete=False
    ),
    "one-page-unlinked": alone(
        "<div class='page_num'><span>上一页</span><span>1</span><span>下一页</span></div>"
    ),
    "unknown-call": alone("<script>showpages(20,1,'list','htm')</script>", complete=False),
    "count-in-a-variable": alone(
        "<script>var totalPage = 7;</script><div class='p'></div>", complete=False, charset="gbk"
    ),
    "count-in-a-hidden-field": alone(
        "<input type='hidden' id='pageCount' value='7'>", complete=False
    ),
    "one-page-in-a-variable": alone("<script>var pageCount = 1;</script><a href='#'>下一页</a>"),
    "view-more": alone("<div class='more'>查看更多</div>", complete=False),
    "blog-calendar": alone(
        "<table><tr><td><a href='?month=2031-02'>«</a></td><td><a href='?month=2031-04'>»</a></td></tr></table>"
    ),
    "base64-pager": alone(
        "<div id='pages' class='pagination'></div><script>document.getElementById('pages').innerHTML=window.atob('PGE+')</script>",
        complete=False,
    ),
    "broken-trs-call": alone(
        "<script>createPageHTML(pageCount, 0, 'tzgg', 'html');</script>", complete=False
    ),
    "three-pages-hidden-by-ajax": alone(
        "<a onclick='turn(2)'>2</a><a onclick='turn(3)'>3</a><script>function turn(n){$.get('/api',{p:n},show)}</script>",
        complete=False,
    ),
}


def _picture_and_title(number: int) -> str:
    return f"<li><a href='{article(number)}'><img src='/p/{number}.jpg'></a><a href='{article(number)}'>第{number}期供水保障通知</a><a href='{article(number)}'>[详细]</a></li>"


ODD_ROWS: dict[str, MadeList] = {
    "picture-and-title": simple(LIST[:1], lambda k, n: "", make=_picture_and_title),
    "short-titles": simple(
        LIST[:1],
        lambda k, n: "",
        make=lambda n: f"<li><a href='{article(n)}'>供水{n}</a><i>2031-03-01</i></li>",
    ),
    "maps": alone("").__class__(
        COLUMN + "/m.html",
        2,
        lambda ask: html(
            f"<map><area href='{article(1)}' alt='供水' title='第1期供水保障图解'><area href='{article(2)}' title='第2期供水保障图解'></map>"
        ),
    ),
    "guarded-go": simple(LIST[:1], lambda k, n: GO_SIMPLE, make=row),
}
