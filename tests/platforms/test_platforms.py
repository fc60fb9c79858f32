"""Each platform reads its fixtures, hand-made WARC files with what must come of them; a platform without one fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import platforms
from archive.cli.fixture import expected
from archive.errors import Unreadable
from archive.model import Account
from archive.page.page import Page
from archive.platform import Ask
from tests.fixtures import FOLDER

CASES = sorted(path.parent for path in FOLDER.glob("*/*/expected.json"))
THEPAPER = platforms.load()["thepaper"]
ACCOUNT = Account(platform="thepaper", account_id="44871", url="https://www.thepaper.cn/gov_44871")


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_fixture_is_read_as_expected(case: Path) -> None:
    assert expected(case, platforms.load()) == json.loads(
        (case / "expected.json").read_text("utf-8")
    )


def test_every_platform_has_a_fixture_and_every_fixture_a_platform() -> None:
    assert {case.parent.name for case in CASES} == {*platforms.load()}


@pytest.mark.parametrize(
    ("url", "role", "native", "canonical"),
    [
        (
            "https://www.thepaper.cn/newsDetail_forward_1",
            "article",
            "1",
            "https://www.thepaper.cn/newsDetail_forward_1",
        ),
        (
            "http://thepaper.cn/newsDetail_forward_1/",
            "article",
            "1",
            "https://www.thepaper.cn/newsDetail_forward_1",
        ),
        (
            "https://m.thepaper.cn/detail/12?from=a#b",
            "article",
            "12",
            "https://www.thepaper.cn/newsDetail_forward_12",
        ),
        (
            "https://m.thepaper.cn/series/12",
            "article",
            "12",
            "https://www.thepaper.cn/newsDetail_forward_12",
        ),
        (
            "https://www.thepaper.cn/gov_63850",
            "account",
            "63850",
            "https://www.thepaper.cn/gov_63850",
        ),
        (
            "https://m.thepaper.cn/user_4221423",
            "account",
            "4221423",
            "https://www.thepaper.cn/user_4221423",
        ),
        ("https://api.thepaper.cn/userservice/user/homePage/9", "profile", "9", None),
    ],
)
def test_addresses_of_the_paper(url: str, role: str, native: str, canonical: str | None) -> None:
    address = THEPAPER.locate(url)

    assert address is not None
    assert (address.role, address.id, address.url) == (role, native, canonical or url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.thepaper.cn/",
        "https://www.thepaper.cn/newsDetail_forward_1x",
        "https://www.thepaper.cn/a/newsDetail_forward_1",
        "https://api.thepaper.cn/newsDetail_forward_1",
        "https://dbgt.com.cn/newsDetail_forward_1",
        "https://thepaper.cn.example/gov_1",
    ],
)
def test_addresses_that_are_not_of_the_paper(url: str) -> None:
    assert THEPAPER.locate(url) is None


def answered(body: object, asked: Ask) -> Page:
    return Page(url=asked.url, body=json.dumps(body).encode(), request_body=asked.body)


def listed(**data: object) -> Page:
    assert THEPAPER.listing
    return answered({"code": 200, "data": data}, THEPAPER.listing(ACCOUNT))


def test_the_end_of_a_listing_is_the_platforms_word() -> None:
    assert THEPAPER.discover
    card = {"contId": "1", "name": "标题", "pubTimeLong": 1_790_045_984_634}

    more, last, silent, empty = (
        THEPAPER.discover(listed(hasNext=True, list=[card])),
        THEPAPER.discover(listed(hasNext=False, list=[card])),
        THEPAPER.discover(listed(list=[])),
        THEPAPER.discover(listed(hasNext=False, list=[])),
    )

    assert more.more is not None and json.loads(more.more.body)["pageNum"] == 2 and not more.ended
    assert last.more is None and last.ended
    assert silent.more is None and not silent.ended
    assert empty.ended and empty.links == ()
    assert more.links[0].published_at == "2026-09-22T10:59:44+08:00"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"list": None},
        {"list": {}},
        {"list": [{"name": "x"}]},
        {"list": [{"contId": "a", "name": "x"}]},
    ],
)
def test_a_listing_of_another_shape_is_not_read(data: dict[str, object]) -> None:
    assert THEPAPER.discover
    with pytest.raises(Unreadable):
        THEPAPER.discover(listed(**data))


def test_the_real_cards_are_read(shared: Path) -> None:
    assert THEPAPER.discover
    cards = json.loads((shared / "pages" / "thepaper" / "pil_cards_2026.json").read_text("utf-8"))[
        "list_page"
    ]

    listing = THEPAPER.discover(listed(list=cards["list"], hasNext=cards["hasNext"]))

    (link,) = listing.links
    assert (link.id, link.kind, link.title) == (
        "34198044",
        "video",
        "路遇火情秒出手，休假消防员上演教科书式处置",
    )
    assert link.published_at == "2026-10-04T12:59:05+08:00"


@pytest.mark.parametrize("name", ["pil_detail_text_34122288", "pil_detail_video_34180516"])
def test_the_real_details_are_read(name: str, shared: Path) -> None:
    from archive import extract
    from archive.model import Article

    saved = json.loads((shared / "pages" / "thepaper" / f"{name}.json").read_text("utf-8"))
    content = saved["contentDetail"]
    data = {
        "props": {
            "pageProps": {"detailData": {"contentDetail": content, "contType": content["contType"]}}
        }
    }
    html = f'<html><script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script></html>'

    article = extract(html.encode(), saved["url"])

    assert isinstance(article, Article)
    assert article.title == content["name"] and (article.published_raw or "") == content["pubTime"]
    assert article.kind == ("video" if "video" in name else "article")
    kinds = [file.kind for file in article.pictures]
    media = [content["content"].count(f"<{tag}") for tag in ("img", "video")]
    assert [kinds.count(kind) for kind in ("picture", "video")] == media
    assert article.text.count("\n") == max(content["content"].count("</p>") - 1, 0)
