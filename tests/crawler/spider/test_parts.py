"""Articles on several pages, crawled by the program: all pages are asked for once, again with each recheck, and where one is missing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.conftest import FAST, Program, rows
from tests.rigs.paged import FORMS, HOST, PagedArchive
from tests.standin.web import LoopbackWeb, Reply, Request


class Site:
    """Articles in several forms; what is in `broken` answers 404, and every page is counted."""

    def __init__(self, folder: Path, names: list[str], count: int = 3) -> None:
        self.articles = [PagedArchive(folder, FORMS[name], count) for name in names]
        self.broken: set[str] = set()
        self.words: dict[str, str] = {}
        self.asked: Counter[str] = Counter()

    def __call__(self, request: Request) -> Reply:
        url = request.url.replace("https://", "http://")
        for article in self.articles:
            if url in article.urls:
                self.asked[url] += 1
                number = article.urls.index(url) + 1
                page = article.page(number, self.words.get(url, "要求"))
                return Reply(404) if url in self.broken else page
        return Reply(404)


def articles(archive_dir: Path) -> list[tuple[object, ...]]:
    several = rows(
        archive_dir, "SELECT id, pages, complete, version_count FROM articles ORDER BY id"
    )
    return [tuple(row.values()) for row in several]


def test_the_pages_of_an_article_are_crawled(
    web: LoopbackWeb, zhengwen: Program, archive_dir: Path, tmp_path: Path
) -> None:
    site = Site(tmp_path, ["TRS, by script", "neighbours", "a parameter"])
    web.sites[HOST.partition("//")[2]] = site
    firsts = [article.urls[0] for article in site.articles]
    second = site.articles[1].urls[1]
    site.broken = {second}
    zhengwen("crawl", *firsts[:1], site.articles[2].urls[1], *FAST, check=0)
    assert set(site.asked.values()) == {1}
    assert articles(archive_dir) == [
        (article.id, 3, 1, 1)
        for article in sorted((site.articles[0], site.articles[2]), key=lambda each: each.id)
    ]

    zhengwen("crawl", *firsts[1:2], *FAST)
    (row,) = rows(archive_dir, "SELECT id, pages, complete FROM articles WHERE complete = 0")
    assert row["id"] == site.articles[1].id
    assert "not all of which were captured" in zhengwen("show", str(row["id"])).stdout

    site.broken = set()
    site.words[site.articles[0].urls[2]] = "改为"
    zhengwen("crawl", *firsts, *FAST)
    assert [row[1:] for row in articles(archive_dir)] == [
        (3, 1, 2 if row[0] == site.articles[0].id else 1) for row in articles(archive_dir)
    ]
    assert zhengwen("verify").returncode == 0
    facts = rows(archive_dir, "SELECT DISTINCT role, part FROM captures WHERE part > 1 ORDER BY 2")
    assert [tuple(row.values()) for row in facts] == [("part", 2), ("part", 3)]
