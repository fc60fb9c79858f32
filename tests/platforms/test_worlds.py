"""Every platform, end to end: the real program at the real addresses, against a stand-in with the known shapes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from archive import platforms
from archive.errors import Unreadable
from archive.model import Account
from archive.page.page import Page
from tests.conftest import FAST, Program, rows, validate
from tests.standin.web import LoopbackWeb, Reply
from tests.standin.worlds import WORLDS, World

LISTED = [name for name, make in WORLDS.items() if make().account]


def crawl(world: World, zhengwen: Program, check: int | None = 0) -> None:
    if world.account:
        zhengwen("follow", world.account)
        zhengwen("crawl", *FAST, check=check)
    else:
        zhengwen("crawl", *world.asked, *FAST, check=check)


def read(archive: Path) -> dict[str, dict[str, Any]]:
    return {
        str(row["id"]).partition("-")[2]: row for row in rows(archive, "SELECT * FROM articles")
    }


@pytest.mark.parametrize("name", WORLDS)
def test_a_platform_from_its_list_to_its_articles(
    name: str, web: LoopbackWeb, archive_dir: Path, zhengwen: Program
) -> None:
    world = WORLDS[name]().join(web)
    crawl(world, zhengwen)

    articles = read(archive_dir)
    wanted = {native: {"platform": name, **fields} for native, fields in world.articles.items()}
    assert {
        native: {key: row[key] for key in wanted.get(native, {})}
        for native, row in articles.items()
        if row["kind"] == "article"
    } == wanted
    (pictures,) = rows(
        archive_dir, "SELECT count(*) AS number, count(capture) AS fetched FROM media"
    )
    assert pictures["number"] and pictures["number"] == pictures["fetched"]
    validate(archive_dir)
    if world.account:
        (coverage,) = rows(archive_dir, "SELECT * FROM coverage")
        assert (coverage["outcome"], coverage["complete"], coverage["pages"]) == (
            "new",
            1,
            world.pages,
        )


@pytest.mark.parametrize("name", LISTED)
def test_a_second_crawl_fetches_no_article_again(
    name: str, web: LoopbackWeb, archive_dir: Path, zhengwen: Program
) -> None:
    world = WORLDS[name]().join(web)
    crawl(world, zhengwen)
    before = len(rows(archive_dir, "SELECT 1 FROM captures WHERE role = 'article'"))
    zhengwen("crawl", *FAST)

    assert len(rows(archive_dir, "SELECT 1 FROM captures WHERE role = 'article'")) == before


@pytest.mark.parametrize("name", WORLDS)
def test_an_answer_that_is_gone_or_refused_is_no_article(
    name: str, web: LoopbackWeb, archive_dir: Path, zhengwen: Program
) -> None:
    world = WORLDS[name]().join(web)
    assert world.gone
    zhengwen("crawl", *world.gone, *FAST, check=None)

    outcomes = sorted(
        str(row["outcome"])
        for row in rows(archive_dir, "SELECT outcome FROM failures WHERE role = 'article'")
    )
    assert outcomes == sorted(world.gone.values())
    assert not rows(archive_dir, "SELECT 1 FROM articles")


CHALLENGE = Reply(
    body=b"<html><script>var arg1='0123';document.cookie='acw_sc__v2=';</script></html>"
)


@pytest.mark.parametrize("name", LISTED)
def test_a_challenge_in_the_place_of_a_list_is_a_block(
    name: str, web: LoopbackWeb, archive_dir: Path, zhengwen: Program
) -> None:
    world = WORLDS[name]().join(web)
    world.answers = dict.fromkeys(world.answers, CHALLENGE)
    crawl(world, zhengwen, check=3)

    assert [row["outcome"] for row in rows(archive_dir, "SELECT outcome FROM coverage")] == [
        "blocked"
    ]


@pytest.mark.parametrize("name", LISTED)
@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"null",
        b'{"data": null}',
        b"<html><body>hello</body></html>",
        b"",
        b'{"code":200,"data":{"x":1}}',
    ],
)
def test_a_list_of_another_shape_is_never_an_end(name: str, body: bytes) -> None:
    platform = platforms.load()[name]
    assert platform.listing and platform.discover
    url = WORLDS[name]().account or ""
    place = platform.locate(url)
    assert place
    asked = platform.listing(Account(platform=name, account_id=place.id, url=place.url))
    with pytest.raises(Unreadable):
        platform.discover(Page(url=asked.url, body=body, request_body=asked.body))


@pytest.mark.parametrize("name", sorted(set(WORLDS) - set(LISTED)))
def test_a_platform_without_a_list_says_so(name: str) -> None:
    assert platforms.load()[name].listing is None


@pytest.mark.parametrize("name", WORLDS)
def test_no_other_host_is_a_platforms_own(name: str) -> None:
    platform = platforms.load()[name]
    for host in platform.hosts:
        bare = host.lstrip(".")
        assert platforms.load().of_url(
            f"https://{bare}/x" if host == bare else f"https://a.{bare}/x"
        )
        assert platforms.load().of_url(f"https://{bare}.example/x") is None
        assert (
            platforms.load().of_url(f"https://not{bare}/x") is not platform
            or host not in platform.hosts
        )


def test_www_gov_cn_has_its_own_rules_and_any_other_site_the_general_ones() -> None:
    names = [
        getattr(platforms.load().of_url(f"https://{host}/x"), "name", None)
        for host in ("www.gov.cn", "www.yunxi.gov.cn", "gov.cn.example")
    ]
    assert names == ["govcn", "gov", None]


def test_every_address_is_written_in_a_single_way() -> None:
    spellings = {
        "wechat": ["http://mp.weixin.qq.com/s?__biz=Mz==&mid=22&idx=1&sn=ab&scene=1", "https://mp.weixin.qq.com/s?sn=ab&idx=1&appmsgid=22&__biz=Mz=="],
        "tencent": ["https://new.qq.com/rain/a/20210301A00GCM00", "https://view.inews.qq.com/a/20210301A00GCM00", "https://new.qq.com/omn/20210301/20210301A00GCM00.html"],
        "toutiao": ["https://www.toutiao.com/a7000000000000000001/", "https://m.toutiao.com/i7000000000000000001/", "https://www.toutiao.com/group/7000000000000000001/"],
        "netease": ["https://m.163.com/dy/article/ABCDEFGH0514R9KQ.html?spss=x", "https://www.163.com/news/article/ABCDEFGH0514R9KQ.html", "http://dy.163.com/v2/article/detail/ABCDEFGH0514R9KQ.html"],
        "sohu": ["https://m.sohu.com/a/7_1?scm=x", "https://business.sohu.com/a/7_1"],
        "ifeng": ["https://finance.ifeng.com/c/8Wda7wwUnu1", "https://ishare.ifeng.com/c/s/8Wda7wwUnu1"],
        "baijiahao": ["https://baijiahao.baidu.com/s?id=17&wfr=spider", "https://mbd.baidu.com/newspage/data/landingsuper?nid=news_17"],
    }  # fmt: skip
    for name, urls in spellings.items():
        canonical = {platforms.load()[name].locate(url) for url in urls}
        assert len(canonical) == 1 and None not in canonical, (name, canonical)


def test_the_policy_library_is_walked_to_the_page_that_it_says_is_its_last() -> None:
    govcn = platforms.load()["govcn"]
    assert govcn.listing and govcn.discover
    library = Account(
        platform="govcn",
        account_id="zhengcelibrary_gw",
        url="https://sousuo.www.gov.cn/search-gov/data?t=zhengcelibrary_gw",
    )
    row = {
        "title": "关于<em>防汛</em>的通知",
        "url": "https://www.gov.cn/zhengce/content/202103/content_7.htm",
        "pubtimeStr": "2021.03.01",
    }
    ask, numbers = govcn.listing(library), []
    for _ in (1, 2):
        answer = {"searchVO": {"totalCount": 21, "totalpage": 2, "listVO": [row]}}
        listing = govcn.discover(Page(url=ask.url, body=json.dumps(answer).encode()))
        numbers.append(
            (listing.links[0].title, listing.links[0].published_at, listing.total, listing.ended)
        )
        ask = listing.more or ask
    assert re.search("[?&]p=2&", ask.url)
    assert numbers == [
        ("关于防汛的通知", "2021-03-01", 21, False),
        ("关于防汛的通知", "2021-03-01", 21, True),
    ]
