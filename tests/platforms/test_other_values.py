"""What a page says besides what a platform's own rules took is kept, with where it says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from archive import extract
from archive.model import Article
from archive.platforms.kit.other_values import dates_in_json

TITLE = "云溪县召开全县防汛工作会议"
TEXT = "".join(
    f"<p>会议要求，第{n}项防汛责任要落实到人，水库调度、物资储备和值班值守逐一检查，不留死角。</p>"
    for n in "一二三四五"
)
THEPAPER = "https://www.thepaper.cn/newsDetail_forward_30000001"
CLOCK = "2024-03-05T10:23:00+08:00"
SECONDS = 1709605380  # of the same minute
LATER = 1709692200000  # 2024-03-06 10:30, in milliseconds
LATER_ON_PAGE = ("2024-03-06T10:30:00+08:00", "updated")


def article(markup: str, url: str) -> Article:
    read = extract(markup.encode(), url, captured_at=datetime(2024, 4, 1, tzinfo=UTC))
    assert isinstance(read, Article), read
    return read


def dates(of: Article) -> list[tuple[str, str | None, str]]:
    """Value, label and place of the other dates."""
    return [
        (date["value"], date["label"], date["where"])
        for date in json.loads(of.published_candidates or "[]")
    ]


def others(of: Article, field: str) -> list[tuple[str, str]]:
    values: dict[str, list[dict[str, str]]] = json.loads(of.field_candidates or "{}")
    return [(value["value"], value["where"]) for value in values.get(field, [])]


def next_page(**fields: Any) -> str:
    content = {
        "contId": "30000001",
        "name": TITLE,
        "content": TEXT,
        "pubTime": "2024-03-05 10:23",
        "publishTime": SECONDS * 1000,
        "relateConts": [{"pubTime": "2023-01-01 08:00"}],
        **fields,
    }
    data = {"props": {"pageProps": {"detailData": {"contentDetail": content}}}}
    return (
        f"<html><head><title>{TITLE}_澎湃号·政务</title></head><body>"
        f'<h1 class="index_title__a">{TITLE}</h1><div class="index_cententWrap__a">{TEXT}</div>'
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></body></html>'
    )


def jsp_page(head: str = "", source: str = "", byline: str = "") -> str:
    return (
        f'<html><head><title>{TITLE}</title>{head}</head><body><div class="newscontent">'
        f'<h1 class="news_title">{TITLE}</h1><div class="news_about"><p>{byline}</p>'
        f'<p>2024-03-05 10:23 {source}</p></div><div class="news_txt">{TEXT}</div></div></body></html>'
    )


def test_json_of_the_paper_keeps_its_other_dates_and_no_other_article_s() -> None:
    read = article(
        next_page(updateTime=LATER, createTime="2024-03-04 09:00", shareCount=20240305), THEPAPER
    )

    assert read.published_at == CLOCK
    assert dates(read) == [
        ("2024-03-04T09:00:00+08:00", "published", "json createTime"),
        (*LATER_ON_PAGE, "json updateTime"),
    ]


def test_a_time_of_programs_that_readers_did_not_see_is_another_date() -> None:
    read = article(next_page(publishTime=SECONDS * 1000 + 3_600_000), THEPAPER)

    assert read.published_at == CLOCK
    assert dates(read) == [("2024-03-05T11:23:00+08:00", "published", "json publishTime")]


def test_dates_in_the_text_of_a_known_layout_are_kept() -> None:
    signed = f"{TEXT}<p>云溪县人民政府</p><p>2024年3月1日</p><p>本办法自2024年5月1日起施行。</p>"

    read = article(next_page(content=signed), THEPAPER)

    assert ("2024-03-01", None, "signature") in dates(read)
    assert ("2024-05-01", "effective", "text") in dates(read)


def test_the_source_in_the_author_line_of_the_paper_is_kept() -> None:
    read = article(next_page(author="王芳/云溪日报", source="新华社"), THEPAPER)

    assert (read.source, others(read, "source")) == ("新华社", [("云溪日报", "json author")])


def test_elements_of_the_old_paper_are_compared_with_meta_data_and_scripts() -> None:
    head = (
        '<meta name="publishdate" content="2024-03-04 18:00:00"><meta name="author" content="李大力">'
        '<meta name="source" content="青禾日报"><script>var updateTime = "2024-03-06 10:30:00";</script>'
    )

    read = article(jsp_page(head, "<span>来源：云溪日报</span>", "王芳"), THEPAPER)

    assert (read.published_at, read.source) == (CLOCK, "云溪日报")
    assert dates(read) == [
        ("2024-03-04T18:00:00+08:00", "published", "meta publishdate"),
        (*LATER_ON_PAGE, "script updateTime"),
    ]
    assert others(read, "source") == [("青禾日报", "meta")]
    assert others(read, "author") == [("李大力", "meta")]


def toutiao() -> tuple[str, str]:
    data = {
        "title": TITLE,
        "content": TEXT,
        "publish_time": SECONDS,
        "update_time": LATER // 1000,
        "source": "青禾日报",
        "detail_source": "云溪发布",
    }
    return json.dumps({"data": data}), "https://m.toutiao.com/i6900000000000000001/info/"


def ifeng() -> tuple[str, str]:
    piece = {"type": "text", "data": TEXT}
    story = {
        "title": TITLE,
        "newsTime": "2024-03-05 10:23:00",
        "updateTime": "2024-03-06 10:30:00",
        "contentData": {"contentList": [piece]},
    }
    script = f"var allData = {json.dumps({'docData': story})};"
    return f"<html><script>{script}</script></html>", "https://news.ifeng.com/c/8ABCDEFGHIJ"


def tencent() -> tuple[str, str]:
    story = {
        "title": TITLE,
        "pubtime": "2024-03-05 10:23:00",
        "update_time": "2024-03-06 10:30:00",
        "originContent": {"text": TEXT},
    }
    script = f"window.DATA = {json.dumps(story)};"
    return f"<html><script>{script}</script></html>", "https://news.qq.com/rain/a/20240305A0123400"


def baijiahao() -> tuple[str, str]:
    item = {
        "header": TITLE,
        "title": "全县防汛会议召开",
        "date": "2024-03-05 10:23",
        "updatetime": LATER,
        "sections": [{"type": "text", "content": TEXT}],
    }
    data = {"bsData": {"superlanding": [{"itemData": item}]}}
    page = f"<html><script>window.jsonData = {json.dumps(data)};</script></html>"
    return page, "https://baijiahao.baidu.com/s?id=1700000000000000001"


@pytest.mark.parametrize(
    "platform", [toutiao, ifeng, tencent, baijiahao], ids=lambda make: make.__name__
)
def test_json_of_a_platform_keeps_its_other_dates(platform: Any) -> None:
    read = article(*platform())

    assert (read.platform, read.published_at) == (platform.__name__, CLOCK)
    assert [(value, label) for value, label, _ in dates(read)] == [LATER_ON_PAGE]


def test_other_names_of_json_are_kept() -> None:
    assert others(article(*toutiao()), "source") == [("青禾日报", "json source")]
    assert ("全县防汛会议召开", "json title") in others(article(*baijiahao()), "title")


def sina() -> tuple[str, str]:
    page = (
        '<meta property="article:published_time" content="2024-03-05T10:25:40+08:00">'
        f'<h1 class="main-title">{TITLE}</h1><div class="date-source"><span class="date">2024年03月05日 10:23</span>'
        f'<span class="source">云溪日报</span></div><div class="article" id="artibody">{TEXT}</div>'
    )
    return page, "https://news.sina.com.cn/c/2024-03-05/doc-inamabcd1234567.shtml"


def sohu() -> tuple[str, str]:
    page = (
        f'<div class="text-title"><h1>{TITLE}</h1><span id="news-time" data-val="{SECONDS}000">2024-03-05 10:25</span>'
        f'</div><article class="article" id="mp-editor">{TEXT}</article>'
    )
    return page, "https://www.sohu.com/a/700000001_100000001"


def netease() -> tuple[str, str]:
    page = (
        f'<html data-publishtime="2024-03-05 10:23:00"><body><h1 class="post_title">{TITLE}</h1>'
        f'<div class="post_info">2024-03-05 10:25:00 来源: 云溪日报</div><div class="post_body">{TEXT}</div></body></html>'
    )
    return page, "https://www.163.com/dy/article/ABCDEFGH01234567.html"


def wechat() -> tuple[str, str]:
    page = (
        f'<h1 id="activity-name">{TITLE}</h1><em id="publish_time">2024-03-05 10:25</em>'
        f'<div id="js_content">{TEXT}</div><script>var ct = "{SECONDS}";</script>'
    )
    return page, "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstu1"


@pytest.mark.parametrize("platform", [sina, sohu, netease, wechat], ids=lambda make: make.__name__)
def test_the_date_that_a_platform_s_rules_overruled_is_kept_and_the_one_they_took_is_not(
    platform: Any,
) -> None:
    read = article(*platform())

    assert (read.platform, read.published_at) == (platform.__name__, CLOCK)
    minutes = [value[:16] for value, _, _ in dates(read)]
    assert "2024-03-05T10:25" in minutes
    assert "2024-03-05T10:23" not in minutes


def test_the_name_that_a_platform_s_rules_overruled_is_kept() -> None:
    page, url = netease()
    link = '来源: <a href="https://www.163.com/dy/media/T1500000000001.html">云溪发布</a>'

    read = article(page.replace("来源: 云溪日报", f"来源: 云溪日报 {link}"), url)

    assert read.source == "云溪发布"
    assert any("云溪日报" in value for value, _ in others(read, "source"))


@pytest.mark.parametrize(
    "value",
    [
        True,
        None,
        "",
        "x",
        "2024年3月5日上午，会议在县政府召开，县长主持并讲话，提出三点要求。" * 3,
        -1,
        10**30,
        ["2024-03-05"],
        1.5,
    ],
)
def test_what_is_no_date_in_json_is_none(value: object) -> None:
    assert dates_in_json({"updateTime": value}, None, ()) == ()
