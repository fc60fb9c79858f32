"""One article is one id, whatever its address carries."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.platforms import Platforms, load
from archive.platforms.kit.noise import without_noise
from archive.platforms.kit.toml import Description

GOV = "http://www.yunxi.gov.cn/art/2026/3/5/art_12_345.html"
SAME = {
    GOV: [
        "https://www.yunxi.gov.cn/art/2026/3/5/art_12_345.html",
        "http://yunxi.gov.cn/art/2026/3/5/art_12_345.html#top",
        f"{GOV};jsessionid=0A1B2C3D4E5F.node1",
        f"{GOV};JSESSIONID=0A1B?spm=a2c4e.11153940",
        f"{GOV}?utm_source=wx&utm_medium=social",
        f"{GOV}?_=1772668800123",
        f"{GOV}?t=0.8273645",
        f"{GOV}?from=timeline&isappinstalled=0",
        f"{GOV}?print=1",
        f"{GOV}?",
        "http://m.yunxi.gov.cn/art/2026/3/5/art_12_345.html",
        "http://www.yunxi.gov.cn/wap/art/2026/3/5/art_12_345.html",
    ],
    "http://www.yunxi.gov.cn/detail.aspx?id=7": [
        "http://www.yunxi.gov.cn/detail.aspx?id=7&timestamp=1772668800",
        "http://www.yunxi.gov.cn/detail.aspx?spm=1.2.3&id=7",
        "http://www.yunxi.gov.cn/detail.aspx;jsessionid=AB?id=7",
        "http://www.yunxi.gov.cn/detail.aspx?id=7&share_token=88-99",
        "http://wap.yunxi.gov.cn/detail.aspx?id=7&sid=0a1b2c3d4e5f60718293",
    ],
    "http://politics.people.com.cn/n1/2026/0305/c1001-40012345.html": [
        "http://politics.people.com.cn/n1/2026/0305/c1001-40012345.html;jsessionid=1",
        "https://politics.people.com.cn/n1/2026/0305/c1001-40012345.html?spm=C73544894212",
    ],
    "https://www.gov.cn/zhengce/content/202603/content_7012345.htm": [
        "https://www.gov.cn/zhengce/content/202603/content_7012345.htm;jsessionid=9",
        "http://www.gov.cn/zhengce/content/202603/content_7012345.htm?from=groupmessage",
    ],
    "https://www.163.com/dy/article/JP1ABCDE0514ABCD.html": [
        "https://www.163.com/dy/article/JP1ABCDE0514ABCD.html;sid=ab?spss=adap_pc",
        "https://m.163.com/dy/article/JP1ABCDE0514ABCD.html?f=post",
    ],
    "https://www.thepaper.cn/newsDetail_forward_5701234": [
        "https://m.thepaper.cn/newsDetail_forward_5701234;jsessionid=77?commTag=true",
    ],
}


@pytest.mark.parametrize(("url", "noisy"), [(url, each) for url in SAME for each in SAME[url]])
def test_noise_makes_no_article_of_its_own(url: str, noisy: str) -> None:
    platforms = load()
    plain, other = platforms.resolve(url)[1], platforms.resolve(noisy)[1]

    assert other.role == plain.role == "article"
    assert other.id == plain.id
    assert "session" not in other.url.lower()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("detail.aspx?id=7", "detail.aspx?id=8"),
        ("detail.aspx?id=7&cid=3", "detail.aspx?id=7&cid=4"),
        ("show.php?id=7&t=3", "show.php?id=7&t=4"),
        ("view.jsp?sid=12&id=1", "view.jsp?sid=13&id=1"),
        ("news.do?v=2&id=1772668800", "news.do?v=2&id=1772668801"),
        ("art/2026/3/5/art_12_345.html", "art/2026/3/5/art_12_346.html"),
    ],
)
def test_what_names_an_article_is_kept(first: str, second: str) -> None:
    ids = {load().resolve(f"http://www.yunxi.gov.cn/{each}")[1].id for each in (first, second)}

    assert len(ids) == 2


def test_a_described_platform_names_noise_of_its_own(tmp_path: Path) -> None:
    text = r"""name = "yunxi"
title = "云溪新闻网"
hosts = ["www.yunxi.example"]
article = 'show\?id=(\d+)$'
noise = ["chan", "pos"]
[lists]
news = "https://www.yunxi.example/rss.xml"
"""
    platforms = Platforms((Description(tmp_path / "yunxi.toml", text.encode()),))
    for query in ("id=7", "chan=2&id=7", "id=7&pos=top", "spm=1.2&id=7", "id=7&_=1772668800"):
        _, address = platforms.resolve(f"https://www.yunxi.example/show?{query}")
        assert (address.id, address.url) == ("7", "https://www.yunxi.example/show?id=7")


def test_the_order_of_what_is_kept_stays() -> None:
    url = "https://a.example/x?b=%E4%B8%80&a=&c"
    assert without_noise(f"{url}&utm_term=%E4#x") == url
