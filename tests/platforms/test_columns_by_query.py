"""news.aspx?id=3 is a column where whoever follows it says so, and an article everywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.errors import UsageError
from archive.page.page import Page
from archive.platforms import gov, load
from crawler.targets import resolve

SITE = "http://www.yunxi.gov.cn"
COLUMNS = [
    "/news.aspx?id=3",
    "/News.asp?ID=3",
    "/zwgk/info.php?id=12",
    "/notice.jsp?id=7&page=1",
    "/notices.aspx?typeid=2&id=9",
    "/articles.asp?id=1",
]
NO_COLUMNS = ["/detail.aspx?id=7", "/shownews.asp?id=7", "/newsview.php?id=7", "/article.php?id=7", "/t20310301_7.html"]  # fmt: skip


@pytest.mark.parametrize("path", COLUMNS)
def test_a_column_by_query_can_be_followed(path: str, tmp_path: Path) -> None:
    account = load().account_of(f"{SITE}{path}")

    assert (account.platform, account.url) == ("gov", f"{SITE}{path}")
    with Archive(tmp_path) as archive:
        before = resolve(archive, (account.url,))
        archive.follow([account.url])
        after = resolve(archive, (account.url,))
        every = resolve(archive, ())
    assert before == {"gov": {"account": [], "url": [gov.locate(account.url).url]}}
    assert after == every == {"gov": {"account": [account.url], "url": []}}


@pytest.mark.parametrize("path", NO_COLUMNS)
def test_an_article_is_none(path: str) -> None:
    with pytest.raises(UsageError, match="but an article"):
        load().account_of(f"{SITE}{path}")


def listed(path: str, *rows: str) -> list[tuple[str, str]]:
    items = "".join(f"<li><a href='{row}'>关于做好第{n}期供水保障的通知</a></li>" for n, row in enumerate(rows))  # fmt: skip
    html = f"<title>通知</title><ul>{items}</ul>"
    page = Page(url=f"{SITE}{path}", body=html.encode(), content_type="text/html; charset=utf-8")
    listing = gov.discover(page)
    return [(link.url.removeprefix(SITE), link.kind) for link in listing.links]


def test_other_columns_of_its_menu_are_no_articles_of_a_column() -> None:
    rows = ("/news.aspx?id=4", "/news.aspx?id=5", "/shownews.aspx?id=41", "/shownews.aspx?id=42")

    assert listed("/news.aspx?id=3", *rows) == [
        ("/shownews.aspx?id=41", "article"),
        ("/shownews.aspx?id=42", "article"),
    ]


def test_news_by_query_are_the_articles_of_another_list() -> None:
    rows = ("/news.aspx?id=4", "/news.aspx?id=5")

    assert listed("/list.aspx?cid=3", *rows) == [(row, "article") for row in rows]
