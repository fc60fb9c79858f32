"""When an article was published: which of a page's dates is chosen, and what is kept of the others.

The pages are made, in the shapes of the content systems of governments (TRS, VSB, hanweb, Kaipu),
news portals and accounts. Each kind of fault has several members.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from time import process_time
from typing import Any

import pytest

from archive import extract
from archive.cli.texts import article_text
from archive.general.other_values import dates_as_json
from archive.general.publication import published
from archive.model import Article
from archive.page.page import Page

TITLE = "关于做好冬季供暖保障工作的通知"
TEXT = [
    "为进一步做好全市冬季供暖保障工作，市住建局组织开展了专项检查，现将有关事项通知如下。",
    "各区县要加强组织领导，明确责任分工，建立健全工作台账，做到任务到岗、责任到人。",
    "各供热单位要加强设备检修和应急值守，及时回应群众诉求，确保居民温暖过冬。",
]
CAPTURED = datetime.fromisoformat("2026-11-20T12:00:00+08:00")
NO_DAY = "http://www.example.gov.cn/xxgk/content/post_7654321.html"
TRS = "http://www.example.gov.cn/xxgk/202403/t20240305_7654321.html"
DAY = "2024-03-05"


def read(
    info: str = "",
    *,
    url: str = NO_DAY,
    head: str = "",
    top: str = "",
    first: str = "",
    last: str = "",
    under: str = "",
) -> Article:
    """The article of a made page: `info` is the line under the headline, `first` and `last` are
    paragraphs of the body, `under` is behind it."""
    body = "".join(f"<p>{line}</p>" for line in TEXT)
    page = (
        f'<html><head><meta charset="utf-8"><title>{TITLE}_某市住房和城乡建设局</title>{head}</head>'
        f'<body>{top}<div class="nav"><a href="/">首页</a> <a href="/xxgk/">信息公开</a></div>'
        f'<div class="con"><h1>{TITLE}</h1><div class="info">{info}</div>'
        f'<div class="TRS_Editor">{first}{body}{last}</div></div>{under}'
        '<div class="footer">主办：某市住房和城乡建设局 版权所有</div></body></html>'
    )
    article = extract(page.encode(), url, captured_at=CAPTURED)
    assert isinstance(article, Article)
    return article


def others(article: Article) -> list[dict[str, Any]]:
    candidates: list[dict[str, Any]] = json.loads(article.published_candidates or "[]")
    return candidates


MINUTES = [
    "发布时间：2024年3月5日 下午3:07 来源：市住建局",
    "来源：市住建局　发布日期：2024-03-05 15:07　浏览次数：12",
    "发布时间： ２０２４－０３－０５ １５：０７",
    "【发布时间】2024.03.05 15:07 【字号：大 中 小】",
    "时间：2024-03-05 15:07 作者：办公室",
    "2024-03-05 15:07 来源：市住建局",
    "市住建局 2024年03月05日15:07",
    "发 布 时 间：2024/03/05 3:07 PM",
    "<span>发布时间：</span><b>2024-03-05 15:07</b>",
    "<table><tr><td>发布时间：</td><td>2024-03-05 15:07</td></tr></table>",
    "发布于 2024-03-05 15:07",
    "发布时间：<!-- a --><script>var t='2024-03-05 15:07';document.write(t)</script>",
    "<!-- a --><script>document.write('2024-03-05 15:07')</script>",
    "<span>发布时间：</span><script>document.write(day('2024-03-05 15:07'))</script>",
    "<i id='pt'></i><script>document.getElementById('pubtime').innerHTML='2024-03-05 15:07'</script>",
    "<span>发布时间：<script>document.write('2024-03-05 15:07')</script></span>",
]


@pytest.mark.parametrize("info", MINUTES)
@pytest.mark.parametrize("head", ["", '<meta name="PubDate" content="2024-03-05">'])
def test_the_printed_minute(info: str, head: str) -> None:
    assert read(info, head=head).published_at == "2024-03-05T15:07:00+08:00"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="PubDate" content="2024-03-05">',
        '<meta name="publishdate" content="2024-03-05 00:00:00">',
        '<meta property="article:published_time" content="2024-03-05T15:07:00+08:00">',
        '<meta name="createDate" content="2024-03-05 09:00:00">',
        '<meta itemprop="datePublished" content="20240305">',
        '<script>var createTime = "2024-03-05";</script>',
    ],
)
def test_the_printed_second(head: str) -> None:
    article = read("发布时间：2024-03-05 15:07:45", head=head)
    assert article.published_at == "2024-03-05T15:07:45+08:00"
    assert article.published_raw == "2024-03-05 15:07:45"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="PubDate" content="2024-03-05 15:07:45">',
        '<script>var pubtime = "2024-03-05 15:07:45";</script>',
        '<script type="application/ld+json">{"datePublished": "2024-03-05T15:07:45+08:00"}</script>',
        "<script>var ct = '1709622465';</script>",
        '<script>window.doc={"publishTime":1709622465000,"id":7}</script>',
    ],
)
def test_the_second_of_a_printed_minute_from_elsewhere(head: str) -> None:
    assert read("发布时间：2024-03-05 15:07", head=head).published_at == "2024-03-05T15:07:45+08:00"


OTHER_DATES = [
    "成文日期：2023-12-29 发布日期：2024-03-05",
    "<table><tr><td>成文日期：</td><td>2023年12月29日</td><td>发布日期：</td><td>2024年3月5日</td></tr></table>",
    "更新时间：2024-06-01 发布时间：2024-03-05",
    "施行日期：2024-05-01 公开日期：2024-03-05",
    "有效期至：2025-12-31 发布时间：2024-03-05",
    "截止时间：2024-04-01 17:00 发布日期：2024-03-05",
    "发文日期：2024-03-01 上网时间：2024-03-05",
    "签发日期：二〇二四年三月一日 公布日期：二〇二四年三月五日",
    "报名时间：2024-04-01 9:00 发布时间：2024-03-05",
    "2024-03-05 更新时间：2024-06-01",
]


@pytest.mark.parametrize("info", OTHER_DATES)
def test_labels_of_other_dates(info: str) -> None:
    article = read(info)
    assert article.published_at == DAY
    labels = [date["label"] for date in others(article)]
    assert article.updated_at or set(labels) - {None, "published", "time"}


IN_TEXT = [
    "（2002年8月29日第九届人大常委会第十二次会议通过）",
    "本次活动将于2024年5月1日上午9:00在市民中心举行。",
    "活动时间：2024年5月1日9:00—17:00",
    "报名截止时间：2024年4月30日",
    "公示时间为2024年3月10日至2024年3月14日。",
    "本办法自2024年6月1日起施行。",
    "请于2024年3月29日前报送工作总结。",
    "根据2019年7月1日印发的方案，现予公告。",
    "会议定于2024年4月2日召开，请准时参加。",
]
ADDRESSES = [
    TRS,
    "http://www.example.gov.cn/xxgk/202403/05/c_1210.html",
    "http://www.example.gov.cn/2024-03/05/content_20240305.htm",
    "http://www.example.gov.cn/info/content_20240305.html",
    "http://www.example.gov.cn/art/2024/3/5/art_12_3456.html",
    "http://www.example.gov.cn/system/2024/03/05/030012345.shtml",
    "http://www.example.cn/n1/2024/0305/c1001-40012345.html",
    "http://www.example.cn/a/20240305A0123400",
    "http://www.example.cn/20240305102233456.html",
    "http://www.example.cn/zt/20200101/202403/t20240305_12.html",
]


@pytest.mark.parametrize("sentence", IN_TEXT)
@pytest.mark.parametrize("where", ["first", "last"])
def test_no_date_of_the_text_outranks_the_address(sentence: str, where: str) -> None:
    article = read(url=TRS, **{where: f"<p>{sentence}</p>"})
    assert (article.published_at, article.found_by["published_at"]) == (DAY, "address")


@pytest.mark.parametrize("sentence", IN_TEXT)
def test_no_date_of_the_text_outranks_meta_data_or_a_label(sentence: str) -> None:
    head = '<meta name="PubDate" content="2024-03-05">'
    assert read(head=head, first=f"<p>{sentence}</p>").published_at == DAY
    assert read("时间：2024-03-05", last=f"<p>{sentence}</p>").published_at == DAY


@pytest.mark.parametrize("sentence", IN_TEXT)
def test_a_date_of_a_sentence_alone_is_none_of_publication(sentence: str) -> None:
    article = read(last=f"<p>{sentence}</p>")
    assert article.published_at is None
    assert all(date["where"] == "text" for date in others(article)) and others(article)


@pytest.mark.parametrize("url", ADDRESSES)
def test_the_day_of_an_address(url: str) -> None:
    assert read(url=url).published_at == DAY


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.gov.cn/xxgk/202403/content_6936000.htm",
        "http://www.example.gov.cn/info/1045/20241.htm",
        "http://www.example.gov.cn/content.html?from=20240305",
        "http://www.example.gov.cn/post_12024030599.html",
        "http://www.example.gov.cn/20241399/a.html",
    ],
)
def test_an_address_without_a_day(url: str) -> None:
    assert read(url=url).published_at is None


SIGNATURES = [
    "<p>某市住房和城乡建设局</p><p>二〇二四年三月五日</p>",
    "<p>某市住房和城乡建设局</p><p>2024年3月5日</p>",
    "<p>某市住房和城乡建设局 2024年3月5日</p>",
    "<p>某市住房和城乡建设局</p><p>二○二四年三月五日</p><p>（此件公开发布）</p>",
    "<p>某市住房和城乡建设局</p><p>2024年 3月 5日</p><p>附件：1.台账.xls</p><p>2.汇总表.xls</p>",
    "<p>某市住房和城乡建设局办公室</p><p>（二零二四年三月五日）</p>",
    "<p>某省住房和城乡建设厅</p><p>2024年2月28日</p><p>某市住房和城乡建设局</p><p>2024年3月5日</p>",
]


@pytest.mark.parametrize("last", SIGNATURES)
def test_the_date_of_a_signature_is_the_last_resort(last: str) -> None:
    assert (read(last=last).published_at, read(last=last).found_by["published_at"]) == (
        DAY,
        "ends-of-body",
    )
    later = read("发布时间：2024-03-06 08:30", last=last)
    assert later.published_at == "2024-03-06T08:30:00+08:00"
    assert {"value": DAY, "where": "signature"}.items() <= {
        key: value for date in others(later) if date["value"] == DAY for key, value in date.items()
    }.items()
    assert read(last=last, url=TRS.replace("0305", "0306")).published_at == "2024-03-06"


BANNERS = [
    "今天是2026年11月20日 星期五",
    "今天是：2026年11月20日",
    "2026年11月20日 星期五",
    "当前日期：2026-11-20",
    "现在是北京时间2026年11月20日 11:59",
    "欢迎访问！今天是2026年11月20日 农历十月十二",
]


@pytest.mark.parametrize("banner", BANNERS)
@pytest.mark.parametrize(
    "info", ["2024-03-05 10:23", "时间：2024-03-05 10:23", "发布时间：2024-03-05 10:23"]
)
def test_the_banner_of_today(banner: str, info: str) -> None:
    article = read(info, top=f'<div class="top">{banner}</div>')
    assert article.published_at == "2024-03-05T10:23:00+08:00"


@pytest.mark.parametrize("banner", BANNERS)
def test_the_banner_of_today_does_not_outrank_the_address(banner: str) -> None:
    assert read(url=TRS, top=f'<div class="top">{banner}</div>').published_at == DAY


@pytest.mark.parametrize(
    ("info", "head"),
    [
        ("发布时间：2042-01-01 08:00", ""),
        ("2042-01-01", ""),
        ("", '<meta name="PubDate" content="2042-01-01">'),
        ("", '<script>var pubtime = "2042-01-01 08:00";</script>'),
        ("2026-11-21 08:00 来源：市住建局", ""),
    ],
)
def test_nothing_is_published_after_its_capture(info: str, head: str) -> None:
    assert read(info, head=head).published_at is None
    article = read(info, head=head, url=TRS)
    assert article.published_at == DAY
    assert any(date["value"] > "2026-11-20T12" for date in others(article))


def test_of_a_minute_after_the_capture_the_day_is_sure() -> None:
    assert read("发布时间：2026-11-20 12:03").published_at == "2026-11-20"


@pytest.mark.parametrize(
    "info",
    [
        "更新时间：2024-06-01 08:00 发布时间：2024-03-05 10:23",
        "发布时间：2024-03-05 10:23 修改时间：2024年6月1日 8:00",
        "2024-03-05 10:23 来源：市住建局 更新时间：2024-06-01 上午8:00",
        "最后更新于 2024-06-01 08:00 发表于 2024-03-05 10:23",
        "发布日期：2024-03-05 10:23</div><div>更新日期：2024-06-01 08:00",
    ],
)
def test_when_it_was_changed(info: str) -> None:
    article = read(info)
    assert article.published_at == "2024-03-05T10:23:00+08:00"
    assert article.updated_at == "2024-06-01T08:00:00+08:00"


@pytest.mark.parametrize(
    "script",
    [
        "var pubdata='2024年03月05日';document.write(pubdata.substring(0,11));",
        "var fbsj = '2024-03-05';",
        'var docPubTime="2024-03-05";',
        'window.__DATA__={"a":1,"publishDate":"2024-03-05"}',
        "var ct = '1709604000';",
        "createTime: '2024-03-05',",
    ],
)
def test_a_script_names_the_day(script: str) -> None:
    assert (read(f"<script>{script}</script>").published_at or "")[:10] == DAY


@pytest.mark.parametrize(
    "script",
    [
        "var serverTime='2024-03-05';",
        "var endDate = '2024-03-05';",
        "var publishEndTime = '2024-03-05';",
        "jquery.version='2024-03-05'",
        "var build = 1709604000;",
        "document.write('今天是2024年3月5日')",
    ],
)
def test_a_script_names_another_day(script: str) -> None:
    assert read(f"<script>{script}</script>").published_at is None


def test_a_stale_meta_date_loses_to_a_printed_minute() -> None:
    article = read("发布时间：2024-03-05 10:23", head='<meta name="PubDate" content="2014-01-01">')
    assert article.published_at == "2024-03-05T10:23:00+08:00"
    assert {
        "value": "2014-01-01",
        "printed": "2014-01-01",
        "label": "published",
        "where": "meta pubdate",
    } in others(article)


def test_other_articles_of_the_page_do_not_outrank_the_address() -> None:
    related = "<ul><li>相关通知 发布时间：2019-01-01</li><li>更多 发布时间：2018-01-01</li></ul>"
    assert read(url=TRS, under=related).published_at == DAY


# as the content systems of governments, portals and accounts print them
MINUTE = "2024-03-05T10:23:00+08:00"
SHAPES: list[tuple[dict[str, str], str | None]] = [
    ({"info": "2024年3月1日停水通知"}, None),
    ({"first": "<p>时间：2024年4月1日 14:00</p><p>地点：市民中心</p>"}, None),
    ({"first": "<p>时间：2024年4月1日 14:00</p><p>地点：市民中心</p>", "url": TRS}, DAY),
    ({"first": "<p>一、时间：2024年4月1日 14:00</p>"}, None),
    ({"info": "开标时间：2024年4月1日9:00", "url": TRS}, DAY),
    ({"info": "直播时间：2024-04-01 09:00", "url": TRS}, DAY),
    ({"info": "报名截止：2024-04-01 09:00", "url": TRS}, DAY),
    ({"info": "2019年12月1日通过　公布日期：2024年3月5日"}, DAY),
    ({"info": "更新时间：2024-06-01 08:00", "url": TRS}, DAY),
    ({"info": "成文日期：2024年3月1日", "url": TRS}, DAY),
    (
        {
            "head": '<meta name="createDate" content="2024-03-01 09:00">',
            "info": "2024-03-05 10:23",
        },
        MINUTE,
    ),
    ({"top": "<div>2026-11-20 11:58:03 星期五</div>", "url": TRS}, DAY),
    (
        {"top": '<script>document.write("2026年11月20日 星期五")</script>', "url": TRS},
        DAY,
    ),
    ({"info": "2024-03-01停电检修公示"}, None),
    ({"top": "<div>当前位置：首页 > 2024-03-01 停水通知</div>", "url": TRS}, DAY),
    ({"top": "<div>上一篇：停水通知 2024-03-01</div>", "url": TRS}, DAY),
    (
        {
            "info": '时间：2024-03-05&nbsp;&nbsp; 作者：&nbsp;&nbsp; 点击：[<script>_showDynClicks("wbnews", 123, 456)</script>]'
        },
        DAY,
    ),
    (
        {"info": '<i>时间：2024-03-05 10:23</i><i>点击数：<span id="dynclicks">12</span></i>'},
        MINUTE,
    ),
    (
        {
            "info": '发布日期：2024-03-05 &nbsp;浏览次数：<script src="/c.js"></script>',
            "head": '<meta name="maketime" content="2024-03-05 10:23:11"><meta name="pubDate" content="2024-03-05 10:23">',
        },
        DAY + "T10:23:11+08:00",
    ),
    (
        {
            "info": '<span>日期：<b id="con_time">2024-03-05 10:23</b></span><span>来源：市住建局</span>'
        },
        MINUTE,
    ),
    ({"info": '<script>document.write("2024-03-05 10:23".substr(0,10))</script>'}, MINUTE),
    (
        {
            "info": "<script>document.write(\"<span class='t'>发布时间：2024-03-05 10:23</span>\")</script>"
        },
        MINUTE,
    ),
    (
        {
            "info": "<table><tr><td>索 引 号：</td><td>00014/2024-00012</td><td>发布机构：</td><td>市住建局</td></tr><tr><td>成文日期：</td><td>2024年03月01日</td><td>发布日期：</td><td>2024年03月05日</td></tr></table>"
        },
        DAY,
    ),
    (
        {
            "info": "<table><tr><th>发文日期</th><td>2024-03-01</td></tr><tr><th>公开日期</th><td>2024-03-05</td></tr></table>"
        },
        DAY,
    ),
    ({"info": '<em class="day">05</em><p>2024-03</p>'}, DAY),
    ({"info": "<div>2024-03-05</div><div>10:23:00</div><div>来源：市住建局</div>"}, MINUTE),
    ({"info": "<div>2024年03月05日</div><div>10:23</div>"}, MINUTE),
    ({"top": "<div>当前位置：首页 > 通知 > 2024年3月1日停水通知</div>", "url": TRS}, DAY),
    ({"info": "2024年3月1日停水通知", "url": TRS}, DAY),
    ({"info": "（2024年3月1日）", "url": TRS}, DAY),
    ({"info": "2024年3月4日", "url": TRS}, DAY),
    ({"info": "公告日期：2024-03-05"}, DAY),
    ({"info": "公示日期：2024-03-06至2024-03-12 发布日期：2024-03-05"}, DAY),
    ({"info": "公示时间：2024-03-06 至 2024-03-12", "url": TRS}, DAY),
    ({"info": "信息来源：市住建局 | 2024-03-05 10:23:00 | 【字体：大 中 小】"}, MINUTE),
    ({"info": "稿源：市日报 编辑：张三 2024-03-05 10:23"}, MINUTE),
    ({"info": "发布者：张三 发布时间：2024-03-05 10:23 阅读：12"}, MINUTE),
    ({"info": "发布时间：2024-03-05 10:23 有效期：2024-03-05至2025-03-05"}, MINUTE),
    ({"info": "文章来源：市住建局\u3000添加时间：2024/3/5 10:23:00"}, MINUTE),
    ({"info": "<p>发表时间</p><p>2024-03-05 10:23</p>"}, MINUTE),
    ({"info": "上传时间：2024-03-05\u3000\u3000阅读次数：13"}, DAY),
    ({"info": '<input type="hidden" id="t" value="2024">来源：市住建局 2024-03-05'}, DAY),
    ({"info": "[2024-03-05 10:23]"}, MINUTE),
    ({"info": "2024-03-05 10:23:00 星期二"}, MINUTE),
    ({"info": "日期: 2024-03-05 10:23 AM"}, MINUTE),
    ({"info": "Tue Mar 05 2024 10:23"}, "2024-03-05T10:23:00+08:00"),
    ({"info": "03-05 10:23", "url": TRS}, MINUTE),
    ({"info": "3月5日 10:23 来源：市住建局", "url": TRS}, MINUTE),
    ({"head": '<meta property="og:release_date" content="2024-03-05 10:23">'}, MINUTE),
    (
        {
            "head": '<meta name="PubDate" content="2024-03-05"><script>var fbsj="2024-03-05 10:23:00";</script>'
        },
        MINUTE,
    ),
    ({"under": "<div>发布时间：2024-03-05 10:23</div>"}, MINUTE),
    ({"last": "<p>发布时间：2024-03-05 10:23</p>"}, MINUTE),
    ({"first": "<p>2024-03-05 10:23\u3000来源：市住建局</p>"}, MINUTE),
    ({"first": "<p>发布时间：2024-03-05 10:23</p>"}, MINUTE),
    (
        {
            "info": "",
            "under": '<div class="r"><h3>热点</h3><ul><li>甲 2024-06-01</li><li>乙 2024-07-02</li></ul></div>',
        },
        None,
    ),
    ({"info": "", "under": "<p>网站更新日期：2024-06-01</p>", "url": TRS}, DAY),
    ({"info": "今天：2026年11月20日 发布时间：2024-03-05 10:23"}, MINUTE),
    ({"info": "浏览时间：2026-11-20 发布时间：2024-03-05 10:23"}, MINUTE),
    ({"info": "发布时间：2024-03-05 10:23 截至2024-04-01 有效"}, MINUTE),
    ({"info": "发布时间：二〇二四年三月五日 上午10:23"}, MINUTE),
    ({"info": '<time datetime="2024-03-05T10:23:00+08:00" pubdate>3月5日</time>'}, MINUTE),
    ({"info": '<time datetime="2024-03-05">2024-03-05</time> 10:23'}, MINUTE),
    (
        {
            "head": '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-05T02:23:00Z","dateModified":"2024-03-06T02:23:00Z"}</script>'
        },
        MINUTE,
    ),
    (
        {
            "head": '<script type="application/ld+json">{"title":"x","images":[],"pubDate":"2024-03-05T10:23:00","upDate":"2024-03-05T10:23:00"}</script>'
        },
        MINUTE,
    ),
    (
        {
            "last": "<p>某市住房和城乡建设局</p><p>二〇二四年三月五日</p><p>附件</p><p>某办法</p><p>第一条 本办法自2024年6月1日起施行。</p><p>第二条 2019年1月1日发布的办法同时废止。</p>"
        },
        DAY,
    ),
    (
        {
            "first": "<p>（2019年1月1日某市人民政府令第1号公布 根据2023年5月5日修订）</p>",
            "last": "<p>某市住房和城乡建设局</p><p>2024年3月5日</p>",
        },
        DAY,
    ),
    (
        {
            "last": "<p>申报时间：2024年4月1日至4月30日</p><p>联系电话：12345</p><p>某市住房和城乡建设局</p><p>2024年3月5日</p>"
        },
        DAY,
    ),
    ({"last": "<p>截止日期</p><p>2024年4月30日</p>"}, None),
    ({"last": "<p>截止日期：</p><p>2024年4月30日</p>"}, None),
    ({"last": "<p>某市住建局</p><p>2024年3月5日印发</p>"}, DAY),
    ({"last": "<p>某市住房和城乡建设局2024年3月5日</p>"}, DAY),
]


@pytest.mark.parametrize(("parts", "right"), SHAPES)
def test_shapes_of_content_systems(parts: dict[str, str], right: str | None) -> None:
    assert read(**parts).published_at == right


def test_a_person_is_shown_the_other_dates() -> None:
    article = read("成文日期：2024-03-01 发布日期：2024-03-05", url=TRS)
    shown = article_text(asdict(article))
    assert "published_at: 2024-03-05\n" in shown
    assert "published_candidates: 2024-03-05 (address); 2024-03-01 (written, head)\n" in shown


HOSTILE = [
    ("2024-03-05 " * 50_000, []),
    ("2024-03-05" + "\xa0" * 50_000, []),
    ("20" * 200_000, []),
    ("发布时间：" * 50_000, []),
    ("x", ["2024年3月5日"] * 20_000),
]


@pytest.mark.slow
@pytest.mark.parametrize(("line", "body"), HOSTILE)
def test_the_work_is_bounded(line: str, body: list[str]) -> None:
    page = Page(url=NO_DAY, body=f"<p>{line}</p><script>{line}</script>".encode())
    begun = process_time()
    read_dates = published({}, page, [line], body)
    assert process_time() - begun < 10
    assert len(dates_as_json(read_dates.others) or "") < 5_000
