"""A list that is in several parts, as a sitemap index says, is walked through all of them."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.conftest import FAST, Program, rows
from tests.standin.web import LoopbackWeb, Reply, Request
from tests.standin.worlds import BODY, TITLE, html

SITE = "https://www.yunxi.example"
TOML = f"""
name = "yunxi"
title = "云溪新闻网"
hosts = ["www.yunxi.example"]
article = '/news/(\\d+)\\.html$'
[lists]
map = "{SITE}/sitemap.xml"
"""


def sitemap(*numbers: int) -> bytes:
    urls = (f"<url><loc>{SITE}/news/{number}.html</loc></url>" for number in numbers)
    return f"<urlset>{''.join(urls)}</urlset>".encode()


def index(*names: str) -> bytes:
    parts = (f"<sitemap><loc>{SITE}/{name}</loc></sitemap>" for name in names)
    return f"<sitemapindex>{''.join(parts)}</sitemapindex>".encode()


def test_every_part_is_read_in_every_run(
    web: LoopbackWeb, archive_dir: Path, zhengwen: Program
) -> None:
    files = {
        "/sitemap.xml": index("old.xml", "same.xml", "nested.xml", "sitemap.xml"),
        "/nested.xml": index("new.xml.gz", "old.xml"),
        "/old.xml": sitemap(1, 2),
        "/same.xml": sitemap(2, 1),
        "/new.xml.gz": gzip.compress(sitemap(3)),
    }

    def site(request: Request) -> Reply:
        if request.path.startswith("/news/"):
            number = request.path[6:-5]
            return html(f"<h1>{TITLE}之{number}</h1>{BODY}", title=TITLE)
        return Reply(body=files[request.path]) if request.path in files else Reply(404)

    web.sites["www.yunxi.example"] = site
    (archive_dir / "platforms").mkdir()
    (archive_dir / "platforms" / "yunxi.toml").write_text(TOML, "utf-8")
    zhengwen("follow", f"{SITE}/sitemap.xml")
    zhengwen("crawl", *FAST)
    files["/new.xml.gz"] = gzip.compress(sitemap(4, 3))
    zhengwen("crawl", *FAST)
    files["/same.xml"] = b""
    files["/new.xml.gz"] = gzip.compress(sitemap(5, 4, 3))
    zhengwen("crawl", *FAST, check=3)

    articles = rows(archive_dir, "SELECT id FROM articles ORDER BY id")
    assert [row["id"] for row in articles] == [f"yunxi-{number}" for number in (1, 2, 3, 4, 5)]
    links = rows(archive_dir, "SELECT account_id, url FROM links")
    assert {(link["account_id"], link["url"]) for link in links} == {
        ("map", f"{SITE}/news/{number}.html") for number in (1, 2, 3, 4, 5)
    }
    walks = rows(archive_dir, "SELECT * FROM coverage ORDER BY begun_at")
    assert [(walk["outcome"], walk["complete"], walk["listed"]) for walk in walks] == [
        ("new", 1, 3),
        ("new", 1, 4),
        ("format_changed", 0, 5),
    ]
