"""Lists as sites make them, in the public forms of their content systems; the town and its notices are invented."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from archive.platform import Ask

SITE = "http://www.yunxi.gov.cn"
COLUMN = f"{SITE}/xwzx/tzgg"
Answer = Callable[[Ask], str | None]


@dataclass(frozen=True)
class MadeList:
    """A list of a site: where it begins, how many articles it has, and what the site answers to a request (None: 404)."""

    start: str
    articles: int
    answer: Answer
    complete: bool = True  # whether it can be walked to a known end; else it must be partial
    had: int | None = None  # articles that can be had where that is not all
    left_out: int = 0
    charset: str = "utf-8"
    toml: str = ""


def article(number: int) -> str:
    return f"/xwzx/tzgg/203103/t20310301_{number}.html"


def row(number: int, address: str | None = None) -> str:
    return f"<li><a href='{address or article(number)}' title='关于做好第{number}期供水保障的通知'>关于做好第{number}期供水…</a><span>2031-03-{number % 28 + 1:02}</span></li>"


def rows(numbers: Iterable[int], make: Callable[[int], str] = row) -> str:
    return "<ul class='list'>" + "".join(map(make, numbers)) + "</ul>"


def html(body: str, head: str = "") -> str:
    menu = "<div class='nav'><a href='/'>首页</a><a href='/xwzx/'>新闻中心</a><a href='/zwgk/'>政务公开</a></div>"
    foot = "<div class='foot'><a href='/wzdt/'>网站地图</a> 主办：云溪县人民政府 网站标识码：3601230001</div>"
    return f"<!DOCTYPE html><html><head><title>通知公告</title>{head}</head><body>{menu}{body}{foot}</body></html>"


def chunk(page: int, size: int = 4) -> range:
    """The numbers of the articles of a page, from 1."""
    return range((page - 1) * size + 1, page * size + 1)


def paged(
    names: list[str],
    pager: Callable[[int, int], str],
    make: Callable[[int], str] = row,
    head: str = "",
) -> Answer:
    """A site whose pages are these addresses in order; `pager` makes the paging of page k of n."""

    def answer(ask: Ask) -> str | None:
        if ask.method != "GET" or ask.url not in names:
            return None
        number = names.index(ask.url) + 1
        return html(rows(chunk(number), make) + pager(number, len(names)), head)

    return answer


def numbered(
    stem: str, count: int, first: str = "", begin: int = 1, end: str = "html"
) -> list[str]:
    """`stem.html`, `stem_1.html` …"""
    return [first or f"{COLUMN}/{stem}.{end}"] + [
        f"{COLUMN}/{stem}_{n}.{end}" for n in range(begin, begin + count - 1)
    ]


def simple(names: list[str], pager: Callable[[int, int], str], **more: object) -> MadeList:
    make = more.pop("make", row)
    return MadeList(names[0], 4 * len(names), paged(names, pager, make), **more)  # type: ignore[arg-type]


def trs(count: int, form: str, **more: object) -> MadeList:
    names = numbered(
        "index", count, **{key: more.pop(key) for key in ("first", "begin", "end") if key in more}
    )  # type: ignore[arg-type]
    return simple(
        names,
        lambda k, n: (
            f"<div class='page'><script>\n{form.format(n=n, zero=k - 1, one=k)}\n</script></div>"
        ),
        **more,
    )


COUNT_PAGE = """//createPageHTML(9, 0, "index", "html");
var currentPage = {zero};//所在页从0开始
var nextPage = currentPage+1;//下一页
var countPage = {n}//共多少页
if(countPage>1&&currentPage!=(countPage-1)) document.write("<a href=\\"index"+"_" + nextPage + "."+"html\\">下一页</a>");"""


def hanweb(total: int, size: int = 3, form: str = "xml", charset: str = "utf-8") -> MadeList:
    """Records of three pages in the page itself, the others by the proxy."""
    proxy = f"{SITE}/module/web/jpage/dataproxy.jsp"
    present = min(total, size * 3)

    def record(number: int) -> str:
        return f"<record><![CDATA[<tr><td><a href='/art/2031/3/1/art_30067_{number}.html' title='云溪县第{number}号公告'>云溪县第{number}号公告</a></td><td>[2031-03-01]</td></tr>]]></record>"

    def answer(ask: Ask) -> str | None:
        if ask.url == f"{SITE}/col/col30067/index.html":
            store = (
                "<datastore><nextgroup></nextgroup><recordset>"
                + "".join(map(record, range(1, present + 1)))
                + "</recordset></datastore>"
            )
            data = f"<script type='text/xml'>{store}</script>"
            if form == "array":
                texts = ",".join(
                    f"'<tr><td><a href=\\'/art/2031/3/1/art_30067_{n}.html\\'>云溪县第{n}号公告</a></td></tr>'"
                    for n in range(1, present + 1)
                )
                data = f"<script>var InitData30067=[{texts}];</script>"
            call = f"$(function(){{$('#30067').jpage({{themeName:'default',totalRecord:{total},dataStore:null,groupSize:3,proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:{size},barPosition:'bottom',ajaxParam:{{col:1,appid:'1',webid:60,path:'/',columnid:30067,unitid:'49468',webname:'云溪县人民政府',permissiontype:0}}}});}});"
            return html(f"<div id='30067'>{data}</div><script>{call}</script>")
        posted = parse_qs(ask.body.decode())
        if (
            ask.url.startswith(proxy)
            and posted.get("unitid") == ["49468"]
            and posted["webname"] == ["云溪县人民政府"]
        ):
            query = parse_qs(urlsplit(ask.url).query)
            window = range(int(query["startrecord"][0]), min(int(query["endrecord"][0]), total) + 1)
            return (
                f"<datastore><totalrecord>{total}</totalrecord><totalpage>9</totalpage><recordset>"
                + "".join(map(record, window))
                + "</recordset></datastore>"
            )
        return None

    return MadeList(f"{SITE}/col/col30067/index.html", total, answer, charset=charset)


def next_groups(groups: int) -> MadeList:
    """hanweb's page with the link to the next records alone."""

    def group(number: int) -> str:
        link = f"/module/web/jpage/dataproxy.jsp?page={number + 1}&appid=1&webid=1&path=/&columnid=12377&unitid=38486&permissiontype=0"
        records = "".join(
            f"<record><![CDATA[<li><a href='/art/2031/3/2/art_12377_{n}.html' title='云溪县第{n}号公告'>云溪县第{n}号公告</a><b>2031-03-02</b></li>]]></record>"
            for n in chunk(number + 1, 5)
        )
        return f'<datastore><nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup><recordset>{records if number < groups else ""}</recordset></datastore>'

    def answer(ask: Ask) -> str | None:
        if ask.url == f"{SITE}/col/col12377/index.html":
            return html(f"<div id='38486'><script type='text/xml'>{group(0)}</script></div>")
        page = parse_qs(urlsplit(ask.url).query).get("page")
        return group(int(page[0])) if page else None

    return MadeList(f"{SITE}/col/col12377/index.html", 5 * groups, answer)


def vsb(count: int, numbers_only: bool = False, charset: str = "utf-8") -> MadeList:
    """`tzgg.htm`, then `tzgg/2.htm`, `tzgg/1.htm`: the numbers of the files go down."""
    names = [f"{SITE}/tzgg.htm"] + [f"{SITE}/tzgg/{n}.htm" for n in range(count - 1, 0, -1)]

    def pager(k: int, n: int) -> str:
        tokens = "".join(
            f"<span class='p_no_d'>{j}</span>"
            if j == k
            else f"<span class='p_no'><a href='{names[j - 1]}'>{j}</a></span>"
            for j in range(1, n + 1)
        )
        if numbers_only:
            return f"<div class='pb_sys_common'><span class='p_pages'>{tokens}</span></div>"
        follow = (
            f"<span class='p_next p_fun'><a href='{names[k]}'>下页</a></span>"
            if k < n
            else "<span class='p_next_d p_fun_d'>下页</span>"
        )
        return f"<div class='pb_sys_common'><span class='p_t'>共{n * 4}条</span><span class='p_pages'>{tokens}{follow}</span><span class='p_t'>{k}/{n}</span></div>"

    return simple(
        names, pager, make=lambda n: row(n, f"/info/1276/203103{n:02}.htm"), charset=charset
    )


def vsb_query(count: int) -> MadeList:
    """`list.jsp` with the page in the query, articles by `content.jsp?…wbnewsid=`."""
    names = [f"{SITE}/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1276"] + [
        f"{SITE}/list.jsp?a1t={count}&a1p={n}&a1c=10&urltype=tree.TreeTempUrl&wbtreeid=1276"
        for n in range(2, count + 1)
    ]

    def follow(k: int, n: int) -> str:
        return f"<a href='{names[k]}' class='Next'>下页</a>" if k < n else "<span>下页</span>"

    return simple(
        names,
        follow,
        make=lambda n: row(
            n, f"content.jsp?urltype=news.NewsContentUrl&amp;wbtreeid=1276&amp;wbnewsid={39000 + n}"
        ),
    )


def strong_numbers(names: list[str], link: Callable[[int, str], str]) -> Callable[[int, int], str]:
    """Numbers alone, of which that of this page is no link."""
    return lambda k, n: (
        "<div class='fy'>"
        + " ".join(
            f"<strong>{j}</strong>" if j == k else link(j, names[j - 1]) for j in range(1, n + 1)
        )
        + "</div>"
    )


def next_link(
    names: list[str], link: Callable[[str, int], str], last: str = ""
) -> Callable[[int, int], str]:
    return lambda k, n: (
        f"<div class='pages'>{link(names[k], k + 1)}</div>"
        if k < n
        else f"<div class='pages'>{last}</div>"
    )


def aspx(
    pages: int,
    control: Callable[[int, int], str],
    event: Callable[[dict[str, list[str]]], int | None],
    charset: str = "utf-8",
) -> MadeList:
    """A form of ASP.NET that posts itself back; the page that is shown is part of its state."""
    url = f"{SITE}/News/NewsList.aspx?ClassID=3"

    def view(k: int) -> str:
        form = f"<form name='aspnetForm' method='post' action='NewsList.aspx?ClassID=3' id='aspnetForm'><input type='hidden' name='__VIEWSTATE' value='/wEP{k}'/><input type='hidden' name='__EVENTTARGET' value=''/>"
        return html(
            form
            + rows(chunk(k), lambda n: row(n, f"NewsDetail.aspx?ID={n}"))
            + control(k, pages)
            + "</form>"
        )

    def answer(ask: Ask) -> str | None:
        if ask.url != url:
            return None
        if ask.method == "GET":
            return view(1)
        fields = parse_qs(ask.body.decode(), keep_blank_values=True)
        number = event(fields)
        state = fields.get("__VIEWSTATE", [""])[0]
        return (
            view(number or int(state.removeprefix("/wEP")) + 1)
            if state.startswith("/wEP")
            else None
        )

    return MadeList(url, 4 * pages, answer, charset=charset)


def postback_numbers(k: int, n: int) -> str:
    follow = (
        f"<a href=\"javascript:__doPostBack('AspNetPager1','{k + 1}')\">下一页</a>"
        if k < n
        else "<a disabled='disabled'>下一页</a>"
    )
    numbers = "".join(
        f"<span style='color:red'>{j}</span>"
        if j == k
        else f"<a href=\"javascript:__doPostBack('AspNetPager1','{j}')\">{j}</a>"
        for j in range(1, n + 1)
    )
    return f"<div id='AspNetPager1'><a disabled='disabled'>首页</a>{numbers}{follow}</div>"


def loaded(toml: str, pages: int, post: bool = False, ends_by: str = "empty") -> MadeList:
    """JSON that the page loads, as a description names it."""
    start = "https://www.yunxi.example/notice/"

    def answer(ask: Ask) -> str | None:
        if ask.url == start:
            button = "<a href='javascript:;' class='more'>加载更多</a>"
            return html(rows(chunk(1), lambda n: row(n, f"/news/{n}.html")) + button)
        if not ask.url.startswith("https://www.yunxi.example/api/list"):
            return None
        number = (
            json.loads(ask.body)["page"]
            if post
            else int(parse_qs(urlsplit(ask.url).query)["page"][0])
        )
        listed = chunk(number) if number <= pages else range(0)
        data: dict[str, object] = {
            "list": [
                {
                    "id": n,
                    "title": f"<em>第{n}期</em>供水保障通知",
                    "publishTime": 1_930_095_000_000,
                }
                for n in listed
            ]
        }
        if ends_by == "more":
            data["hasNext"] = number < pages
        return json.dumps({"code": 0, "data": data})

    return MadeList(start, 4 * pages, answer, toml=toml)


def toml(json_url: str, *more: str) -> str:
    lines = "\n".join(more)
    return f"""
name = "yunxi"
title = "云溪新闻网"
hosts = ["www.yunxi.example"]
article = '/news/(\\d+)\\.html$'
[lists.notices]
url = "https://www.yunxi.example/notice/"
json = "{json_url}"
entries = "data.list"
address = "/news/{{id}}.html"
time = "publishTime"
{lines}
"""


def forwarded(stub: str) -> MadeList:
    """A page that only leads to the list."""
    names = numbered("list", 3, begin=2)
    pages = paged(names, next_link(names, lambda url, _: f"<a href='{url}'>下一页</a>"))
    return MadeList(f"{COLUMN}/", 12, lambda ask: stub if ask.url == f"{COLUMN}/" else pages(ask))


def alone(body: str, **more: object) -> MadeList:
    """One page, all that the site has."""
    url = f"{COLUMN}/tzgg.html"
    return MadeList(
        url, 4, lambda ask: html(rows(chunk(1)) + body) if ask.url == url else None, **more
    )  # type: ignore[arg-type]


LIST = numbered("list", 3, begin=2)
QUERY = [f"{SITE}/news.php?page={n}" for n in (1, 2, 3)]
API = "https://www.yunxi.example/api/list?page={page}&amp;size=4".replace("&amp;", "&")
GO_SIMPLE = "<script>\nfunction goPage(n)\n{\n  var x = 1;\n  window.location.href = '/xwzx/tzgg/list_' + n + '.html';\n}\n</script>"
PICTURE_NEXT = "<a href='{}'><img src='/images/next.gif' border='0'></a>"

LISTS: dict[str, MadeList] = {
    "trs": trs(3, 'createPageHTML({n}, {zero}, "index", "html");'),
    "trs-gbk-shtml": trs(
        4, 'createPageHTML({n},{zero},"index","shtml");', end="shtml", charset="gbk"
    ),
    "trs-folder": trs(3, "createPageHTML('{n}', '{zero}', 'index', 'html')", first=f"{COLUMN}/"),
    "trs-from-one": trs(3, "createPageHTML({n}, {one}, 'index', 'html')", begin=2, charset="gbk"),
    "trs-one-page": trs(1, 'createPageHTML({n}, {zero}, "index", "html");'),
    "trs-page-div": trs(
        3, "createPageHTML('page_div',{n}, {one},'index','shtml',12);", begin=2, end="shtml"
    ),
    "trs-variables": trs(3, COUNT_PAGE, charset="gb2312"),
    "hanweb": hanweb(23),
    "hanweb-gbk-array": hanweb(12, form="array", charset="gbk"),
    "hanweb-all-on-page": hanweb(7),
    "hanweb-next-group": next_groups(3),
    "vsb": vsb(3),
    "vsb-numbers-gbk": vsb(4, numbers_only=True, charset="gbk"),
    "vsb-query": vsb_query(3),
    "numbers-strong": simple(LIST, strong_numbers(LIST, lambda j, url: f"<a href='{url}'>{j}</a>")),
    "numbers-brackets-gbk": simple(
        LIST, strong_numbers(LIST, lambda j, url: f"<a href='{url}'>[{j}]</a>"), charset="gbk"
    ),
    "numbers-all-links": simple(
        LIST,
        lambda k, n: (
            "<div id='pg'>"
            + "".join(
                f"<a href='{LIST[j - 1]}'{' class=on' if j == k else ''}>{j}</a>"
                for j in range(1, n + 1)
            )
            + "</div>"
        ),
    ),
    "numbers-by-script": simple(
        [f"{COLUMN}/list_{n}.html" for n in (1, 2, 3)],
        lambda k, n: (
            GO_SIMPLE
            + strong_numbers(
                LIST, lambda j, _: f"<a href='javascript:void(0)' onclick='goPage({j})'>{j}</a>"
            )(k, n)
        ),
    ),
    "rel-next": MadeList(
        LIST[0],
        12,
        lambda ask: (
            html(
                rows(chunk(LIST.index(ask.url) + 1)),
                f"<link rel='next' href='{LIST[LIST.index(ask.url) + 1]}'>"
                if ask.url != LIST[-1]
                else "<link rel='prev' href='x'>",
            )
            if ask.url in LIST
            else None
        ),
    ),
    "rel-next-link-gbk": simple(
        LIST,
        next_link(LIST, lambda url, k: f"<a rel='next nofollow' href='{url}'>后面的</a>"),
        charset="gbk",
    ),
    "next-picture": simple(LIST, next_link(LIST, lambda url, _: PICTURE_NEXT.format(url))),
    "next-picture-alt-gbk": simple(
        LIST,
        next_link(
            LIST, lambda url, _: f"<a href='{url}'><img src='/images/a2.gif' alt='下一页'></a>"
        ),
        charset="gbk",
    ),
    "next-onclick": simple(
        LIST,
        next_link(
            LIST,
            lambda url, _: f"<a href='#' onclick=\"location.href='{url}';return false\">下一页</a>",
        ),
    ),
    "next-query-article": simple(
        LIST,
        next_link(
            LIST,
            lambda url, _: (
                f"<a style='cursor:pointer' title='下一页' onclick=\"queryArticleByCondition(this,'{urlsplit(url).path}')\">&gt;</a>"
            ),
        ),
    ),
    "next-by-function": simple(
        LIST,
        lambda k, n: (
            GO_SIMPLE + (f"<a href='javascript:goPage({k + 1})'>【下一页】</a>" if k < n else "")
        ),
        charset="gb18030",
    ),
    "next-button": simple(
        LIST,
        next_link(
            LIST,
            lambda url, _: (
                f"<input type='button' value='下一页' onclick='window.location=\"{url}\"'>"
            ),
        ),
    ),
    "next-to-itself-at-the-end": simple(
        LIST, lambda k, n: f"<a href='{LIST[min(k, n - 1)]}'>下一页 &gt;</a>"
    ),
    "next-to-the-first-at-the-end": simple(
        LIST, lambda k, n: f"第{k}页/共{n}页 <a href='{LIST[k % n]}'>下一页</a>"
    ),
    "query-family": simple(QUERY, lambda k, n: ""),
    "query-family-gbk-count": simple(
        QUERY,
        lambda k, n: (
            f"<p>共{n}页 第{k}页 <a href='javascript:;' onclick='turn(this)'>下一页</a></p>"
        ),
        charset="gbk",
    ),
    "count-without-links": simple(
        LIST,
        lambda k, n: (
            f"<div class='page'>当前第{k}页，共{n}页 <select onchange='go(this.value)'><option>1</option></select></div>"
        ),
    ),
    "count-unknown-names": alone(
        "<div class='page'>第1页 共3页 <select onchange='go(this.value)'></select></div>",
        complete=False,
    ),
    "load-more-json": loaded(toml(API), 3),
    "load-more-post": loaded(
        toml(
            "https://www.yunxi.example/api/list",
            'post = \'{"page": {page}, "channel": 7}\'',
            'more = "data.hasNext"',
        ),
        3,
        post=True,
        ends_by="more",
    ),
    "load-more-after-page": loaded(toml(API, "first = 2"), 3),
    "load-more-button": alone(
        "<div class='more' onclick='loadMore()'>点击加载更多</div>", complete=False
    ),
    "aspx-postback": aspx(
        3, postback_numbers, lambda fields: int(fields["__EVENTARGUMENT"][0]), charset="gbk"
    ),
    "aspx-button": aspx(
        3,
        lambda k, n: "<input type='submit' name='btnNext' value='下一页'>" if k < n else "",
        lambda fields: None if fields.get("btnNext") else 0,
    ),
    "laypage": simple(
        QUERY,
        lambda k, n: (
            f"<div id='page'></div><script>layui.use('laypage',function(){{layui.laypage.render({{elem:'page',count:{n * 4},limit:4,curr:{k},jump:function(obj,first){{if(!first){{location.href='?page='+obj.curr;}}}}}});}});</script>"
        ),
    ),
    "laypage-ajax": alone(
        "<div id='page'></div><script>laypage.render({elem:'page',count:12,limit:4,jump:function(o){load(o.curr)}})</script>",
        complete=False,
    ),
    "laypage-one-page": alone(
        "<div id='page'></div><script>laypage.render({elem:'page',count:4,limit:10})</script>"
    ),
    "pager-by-other-script-gbk": alone(
        "<div class='pagination' id='pagination'></div><script src='/js/page.js'></script>",
        complete=False,
        charset="gbk",
    ),
    "stub-refresh": forwarded(
        "<html><head><meta http-equiv='refresh' content='0; url=list.html'></head></html>"
    ),
    "stub-location": forwarded(
        '<html><body><script>window.location.href="/xwzx/tzgg/list.html";</script></body></html>'
    ),
    "stub-frame": forwarded(
        "<html><frameset rows='100%'><frame src='list.html'></frameset></html>"
    ),
    "no-paging": alone(""),
}


def _pictures(number: int) -> str:
    return f"<li><a href='{article(number)}'><img src='/p/{number}.jpg' alt='第{number}期图解供水保障'></a></li>"


def _onclick(number: int) -> str:
    return f"<li onclick=\"window.open('{article(number)}')\"><p>关于做好第{number}期供水保障的通知</p><span>2031-03-01</span></li>"


def _view(number: int) -> str:
    return f"<li><a href='javascript:void(0)' onclick=\"view('{number}')\">关于做好第{number}期供水保障的通知</a><span>2031-03-01</span></li>"


def _mixed(number: int) -> str:
    target = {
        2: "/u/files/7.pdf",
        3: "javascript:show(7)",
        4: "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv",
    }
    return row(number, target.get(number))


VIEW = "<script>function view(id){ window.open('/xwzx/tzgg/203103/t20310301_' + id + '.html', '_blank'); }</script>"
ROWS: dict[str, MadeList] = {
    "pictures": simple(LIST[:1], lambda k, n: "", make=_pictures),
    "rows-by-onclick": simple(LIST[:1], lambda k, n: "", make=_onclick, charset="gbk"),
    "rows-by-function": simple(LIST[:1], lambda k, n: VIEW, make=_view),
    "rows-by-query": simple(LIST[:1], lambda k, n: "", make=lambda n: row(n, f"detail?id={n}")),
    "rows-by-capital-query": simple(
        LIST[:1], lambda k, n: "", make=lambda n: row(n, f"/Show.aspx?ID={n}"), charset="gbk"
    ),
    "rows-that-lead-elsewhere": simple(LIST[:1], lambda k, n: "", make=_mixed, had=1, left_out=3),
}
