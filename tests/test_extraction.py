"""The extractor alone: pages of many makes, pages that are none, and pages that wish us ill."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive import extract
from archive.cli.extract import article_of
from archive.model import Article, Failure
from archive.model.columns import fields_by_rule
from archive.platforms import load
from tests.conftest import ROOT, Program
from tests.rigs.handmade import BODY, CASES, DEAD, LINES, TEXT, TITLE, Case, page
from tests.standin.web import LoopbackWeb, Reply


@pytest.mark.parametrize("name", CASES)
def test_every_field_of_a_page(name: str) -> None:
    case = CASES[name]
    article = extract(case.html.encode(case.encoding), case.url)

    assert isinstance(article, Article), article
    read = {
        "title": article.title, "text": article.text, "published_at": article.published_at, "source": article.source, "author": article.author,
        "account": article.account, "updated_at": article.updated_at, "document_number": article.document_number,
        "issued_by": article.issued_by, "found_by": {name: article.found_by[name] for name in case.found_by}, "pictures": [picture.url for picture in article.pictures],
    }  # fmt: skip
    assert read == {key: getattr(case, key) for key in read}
    assert set(article.found_by) == {
        name for name in fields_by_rule() if getattr(article, name) is not None
    }


@pytest.mark.parametrize("kind", DEAD)
def test_a_dead_page_is_no_article(kind: str) -> None:
    html = f"<html><head><title>提示</title></head><body><div class='msg'><h2>{DEAD[kind]}</h2></div></body></html>"
    failure = extract(html.encode(), "http://www.yunxi.example/1.html")

    assert isinstance(failure, Failure)
    assert failure.outcome == kind.split(" ")[0].strip(",")


def test_a_tombstone_under_the_menus_of_its_site_is_no_article() -> None:
    links = "".join(f"<a href='/{n}'>云溪县人民政府第{n}个栏目</a>" for n in range(40))
    html = page(
        f"<div>{links}</div><div class='tip'><p>{DEAD['withdrawn']}</p></div>", title="云溪网"
    )
    failure = extract(html.encode(), "http://www.yunxi.example/1.html")

    assert isinstance(failure, Failure) and failure.outcome == "withdrawn"


def test_json_is_no_article_and_a_bracket_is_no_json() -> None:
    message = extract(
        '{"code": 0, "message": "服务异常，请联系管理员处理，谢谢。"}'.encode(),
        "http://www.yunxi.example/1",
    )
    other = extract(f"[通知] <p>{TEXT}</p>".encode(), "http://www.yunxi.example/1")

    assert isinstance(message, Failure) and message.reason == "not-html"
    assert isinstance(other, Article)


def test_an_article_about_deleting_is_an_article() -> None:
    html = page(
        f"<h1>{TITLE}</h1><div id='zoom'>{BODY}<p>该内容已被发布者删除的传言不实。</p></div>" * 1
    )

    assert isinstance(extract(html.encode(), "http://www.yunxi.example/1.html"), Article)


@pytest.mark.parametrize(
    "noise", ["name, email@gmail.com", "01//2005", 'size="20"', "——", "网络", "{{}}"]
)
def test_remains_in_the_place_of_a_name_are_no_name(noise: str) -> None:
    """Remains of templates and mark-up, as real pages have them."""
    head = f"<meta name='author' content='{noise}'><meta name='source' content='{noise}'>"
    html = page(
        f"<h1>{TITLE}</h1><p>来源：{noise}</p><p>2020-02-02 20:52 {noise}</p><div id='zoom'>{BODY}</div>",
        head=head,
    )

    article = extract(html.encode(), "http://www.yunxi.example/1.html")

    assert isinstance(article, Article) and (article.author, article.source) == (None, None)
    assert article.text == TEXT and article.published_at == "2020-02-02T20:52:00+08:00"


def test_the_command_reads_files_and_standard_input(tmp_path: Path, zhengwen: Program) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(CASES["GBK"].html.encode("gb18030"))

    article = json.loads(
        zhengwen("extract", str(file), "--url", "http://www.yunxi.example/1.html").stdout
    )
    piped = subprocess.run(
        [sys.executable, "-m", "archive", "extract", "-"],
        input=file.read_bytes(),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )

    assert (article["title"], article["text"], article["source"]) == (TITLE, TEXT, "云溪发布")
    assert json.loads(piped.stdout)["text"] == TEXT


def test_the_command_explains_wrong_input(tmp_path: Path, zhengwen: Program) -> None:
    assert "cannot be read" in zhengwen("extract", str(tmp_path / "none.html"), check=2).stderr
    (tmp_path / "empty.html").write_bytes(b"")
    assert "empty" in zhengwen("extract", str(tmp_path / "empty.html"), check=2).stderr
    (tmp_path / "dead.html").write_text(DEAD["withdrawn"], "utf-8")
    assert (
        json.loads(zhengwen("extract", str(tmp_path / "dead.html"), check=1).stdout)["outcome"]
        == "withdrawn"
    )


def test_the_command_obeys_robots_txt(web: LoopbackWeb, zhengwen: Program) -> None:
    def site(request: Any) -> Reply:
        if request.path == "/robots.txt":
            return Reply(body=b"User-agent: *\nDisallow: /secret\n")
        return (
            Reply(body=CASES["unknown make"].html.encode())
            if request.path == "/1.html"
            else Reply(404)
        )

    web.sites["www.yunxi.example"] = site
    assert (
        json.loads(zhengwen("extract", "https://www.yunxi.example/1.html").stdout)["text"] == TEXT
    )
    assert "robots.txt" in zhengwen("extract", "https://www.yunxi.example/secret", check=1).stderr
    assert not web.requests(path="/secret")
    assert (
        "cannot be fetched"
        in zhengwen("extract", "https://www.yunxi.example/2.html", check=1).stderr
    )
    assert all(
        "Zhengwen/" in request.headers.get("User-Agent", request.headers.get("user-agent", ""))
        for request in web.requests(host="www.yunxi.example")
    )


def test_without_an_address_the_pages_own_is_taken() -> None:
    html = CASES["unknown make"].html.replace(
        "<title>", '<link rel="canonical" href="http://www.yunxi.example/77.html"><title>'
    )

    assert (
        article_of(html.encode(), None, platforms=load())[1]["url"]
        == "http://www.yunxi.example/77.html"
    )


LIMIT_SECONDS, LIMIT_MB = 15.0, 500
GIANTS = {
    "nested": lambda: b"<div>" * 1_000_000 + b"text",
    "nested, 50 MB": lambda: b"<b>" * (50 * 2**20 // 3),
    "one line": lambda: ("字" * 3_000_000).encode(),
    "many paragraphs": lambda: f"<p>{LINES[0]}</p>".encode() * 20_000,
    "many attributes": lambda: b"<div " + b" ".join(b"a%d='1'" % number for number in range(200_000)) + b">x</div>",
    "entities": lambda: b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + b"".join(b"<!ENTITY a%d '&a%d;&a%d;'>" % (n, n - 1, n - 1) for n in range(1, 40)) + b"]><p>&a39;</p>",
    "comments": lambda: b"<!--" + b"-" * 5_000_000,
    "tables": lambda: b"<table><tr><td>" * 3000 + BODY.encode(),
    "tables of many cells": lambda: b"<table><tr><td>a</td><td>b</td><td>" * 10_000 + BODY.encode(),
    "boxes of headlines within each other": lambda: b"<div class='title'>x</div><div class='title'>" * 20_000 + BODY.encode(),
    "rows within rows": lambda: f"<div id='zoom'>{LINES[0]}<table><tr><td>a</td><td>".encode() + b"<div><tr><td>b</td><td>c" * 1000 + BODY.encode(),
    "small tables within each other": lambda: (b"<table><tr><td>a</td><td>b</td><td>" * 60 + b"c" + b"</table>" * 60) * 80,
    "players around paragraphs": lambda: b"<div class='player share'><form>" * 1000 + "<p>短</p>".encode() * 40_000,
    "marks within each other": lambda: f"<div id='zoom'>{LINES[0]}".encode() * 5000,
    "breaks": lambda: b"<p>" + BODY.encode() + b"<br>" * 1_000_000,
    "lines": lambda: f"<h1>{TITLE}</h1>".encode() + "<li>云溪县人民政府</li>".encode() * 40_000 + BODY.encode(),
    "a title without end": lambda: f"<title>{'标题 - ' * 500_000}</title>{BODY}".encode(),
    "attributes with a bracket in them": lambda: b"<div x='>' " + b" ".join(b"a%d='1'" % number for number in range(200_000)) + b">x</div>",
    "many links": lambda: b"<a href='x'>\xe6\xa0\x87\xe9\xa2\x98</a>" * 100_000,
}  # fmt: skip


@pytest.mark.e2e
@pytest.mark.parametrize("name", GIANTS)
def test_a_giant_page_takes_seconds_and_little_memory(name: str) -> None:
    code = (
        "import re, sys, time\nfrom pathlib import Path\nfrom archive import extract\nfrom archive.model import Article, Failure\n"
        "extract(b'<p>x</p>', 'http://a.example/')\npage = sys.stdin.buffer.read()\nbegun = time.process_time()\n"
        "found = extract(page, 'http://a.example/')\nassert isinstance(found, (Article, Failure))\n"
        # The peak of this program alone: ru_maxrss begins with that of the process which started it.
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "print(time.process_time() - begun, int(peak) / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=GIANTS[name](),
        capture_output=True,
        cwd=ROOT,
        timeout=100,
        check=False,
    )  # type: ignore[no-untyped-call]
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    seconds, memory = map(float, done.stdout.split())
    assert seconds < LIMIT_SECONDS and memory < LIMIT_MB, (seconds, memory)


def test_the_same_bytes_give_the_same_article() -> None:
    case: Case = CASES["unknown make"]
    first = extract(case.html.encode(), case.url)

    assert all(extract(case.html.encode(), case.url) == first for _ in range(5))
