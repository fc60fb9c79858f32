"""What belongs to an article is fetched once: pictures, attachments, and what its page needs to look as it did."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from crawler.spider.page_requisites import of_stylesheet
from tests.conftest import ACCOUNT, FAST, Program, rows, validate
from tests.standin.pages import Story, next_page
from tests.standin.thepaper import ThePaper, picture
from tests.standin.web import LoopbackWeb, Reply, Request

SITE = "https://static.thepaper.example"
HEAD = f"""<link rel="stylesheet" href="{SITE}/a.css"><LINK REL="Icon" HREF="/favicon.ico"><script src="{SITE}/a.js"></script>
<link rel="preload" href="{SITE}/never.css"><style>body {{ background: url('{SITE}/back.png') }} /* url({SITE}/never.png) */</style>"""
FILES = {
    "/a.css": Reply(headers={"Content-Type": "text/css"}, body=b'@import "b.css"; .x{background:url(../img/x.png)} .y{background:url(data:image/png;base64,AA)}'),
    "/b.css": Reply(headers={"Content-Type": "text/css"}, body=b"@import url(a.css); @font-face{src:url('f.woff2')}"),
    "/img/x.png": Reply(headers={"Content-Type": "image/png"}, body=picture("x")),
    "/back.png": Reply(headers={"Content-Type": "image/png"}, body=picture("back")),
    "/f.woff2": Reply(headers={"Content-Type": "font/woff2"}, body=b"font"),
}  # fmt: skip


def static(request: Request) -> Reply:
    return FILES.get(request.path, Reply(404))


def test_a_page_comes_with_its_styles_and_attachments_once(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    web.sites["static.thepaper.example"] = static
    for number in range(2):
        story = Story(5_700_001 + number, f"关于第{number}次招标的公告", ["公告正文。"])
        thepaper.add(story)
        body = f"<p>附件：<a href='https://www.thepaper.cn/files/{number}.pdf'>招标文件.pdf</a> <a href='/x.html'>别的</a></p>"
        page = next_page(story).replace(
            "<p>公告正文。</p>".encode(), f"<p>公告正文。</p>{body}".encode()
        )
        as_json = body.replace('"', '\\"')
        thepaper.saved[story.cont_id] = page.replace(
            '公告正文。</p>"'.encode(), f'公告正文。</p>{as_json}"'.encode()
        ).replace(b"<head>", b"<head>" + HEAD.encode())

    zhengwen("crawl", ACCOUNT, *FAST)

    asked = sorted(
        request.path
        for request in web.requests(host="static.thepaper.example")
        if request.path != "/robots.txt"
    )
    assert asked == ["/a.css", "/b.css", "/back.png", "/f.woff2", "/img/x.png"]
    assert len(web.requests(host="www.thepaper.cn", path="/favicon.ico")) == 1
    media = rows(
        archive_dir, "SELECT article_id, url, kind, caption, status FROM media ORDER BY article_id"
    )
    assert [(row["kind"], row["caption"]) for row in media] == [("attachment", "招标文件.pdf")] * 2
    assert {
        row["outcome"]
        for row in rows(
            archive_dir, "SELECT outcome FROM captures WHERE role = 'requisite' AND status = 200"
        )
    } == {"other"}
    validate(archive_dir)
    web.forget()
    thepaper.add(Story(5_700_009, "新的一篇", ["正文。"]))
    thepaper.saved[5_700_009] = next_page(thepaper.stories[5_700_009]).replace(
        b"<head>", b"<head>" + HEAD.encode()
    )
    zhengwen("crawl", ACCOUNT, *FAST)
    assert not [
        request
        for request in web.requests(host="static.thepaper.example")
        if request.path != "/robots.txt"
    ]


def test_what_the_server_sends_decides_on_a_link_that_names_no_file(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    site = "https://files.thepaper.example"
    pdf = Reply(
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": "attachment; filename*=UTF-8''%E5%90%8D%E5%8D%95.pdf",
        },
        body=b"%PDF-1.7\nnothing",
    )
    page = Reply(headers={"Content-Type": "text/html"}, body=b"<html><p>404</p></html>")
    served = {"id=1": pdf, "id=2": page}
    web.sites["files.thepaper.example"] = lambda request: served.get(
        urlsplit(request.url).query, Reply(404)
    )
    story = Story(5_700_001, "关于招标的公告", ["公告正文。"])
    thepaper.add(story)
    links = f"<p><a href='{site}/d?id=1'>附件1</a><a href='{site}/d?id=2'>附件2</a><a href='{site}/d?id=3'>下载客户端</a></p>"
    old, new = "<p>公告正文。</p>".encode(), f"<p>公告正文。</p>{links}".encode()
    saved = next_page(story).replace(old, new)
    thepaper.saved[story.cont_id] = saved.replace(
        '公告正文。</p>"'.encode(), f'公告正文。</p>{links}"'.encode()
    )

    zhengwen("crawl", ACCOUNT, *FAST)

    asked = [
        urlsplit(request.url).query
        for request in web.requests(host="files.thepaper.example", path="/d")
    ]
    assert sorted(asked) == ["id=1", "id=2"]
    media = rows(archive_dir, "SELECT url, status FROM media WHERE kind = 'attachment'")
    assert [(row["url"], row["status"]) for row in media] == [(f"{site}/d?id=1", 200)]
    web.forget()
    zhengwen("crawl", ACCOUNT, *FAST)
    assert not web.requests(host="files.thepaper.example", path="/d")


def test_neither_is_fetched_where_it_is_not_wanted(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program
) -> None:
    web.sites["static.thepaper.example"] = static
    story = Story(5_700_001, "公告", ["正文。"])
    thepaper.add(story)
    thepaper.saved[story.cont_id] = next_page(story).replace(b"<head>", b"<head>" + HEAD.encode())

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "REQUISITES_ENABLED=0")

    assert not web.requests(host="static.thepaper.example")


def test_addresses_in_a_stylesheet() -> None:
    text = "@import 'a.css' screen;@import url(\"b.css\");a{b:url( c.png )}/* url(d.png) */e{f:url(data:x)}g{h:url(//i.example/j.png?k#l)}"

    assert list(of_stylesheet(text, "https://s.example/css/x.css")) == [
        "https://s.example/css/a.css", "https://s.example/css/b.css", "https://s.example/css/c.png", "https://i.example/j.png?k",
    ]  # fmt: skip
