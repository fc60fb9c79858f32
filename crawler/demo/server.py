"""The fictional platform: an HTTP proxy on loopback that answers for `xinwen.example` and for
nothing else."""

from __future__ import annotations

import json
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from archive.platforms.demo import ACCOUNT, ARTICLE, HOST, LIST, SITE

NAME, NATIVE = "云溪发布（虚构）", "yunxi"
ACCOUNT_PAGE = f"{SITE}/account/{NATIVE}"
PAGE_SIZE = 5
HTML = "text/html; charset=utf-8"
CHROME = "".join(
    f"<li>{word}</li>"
    for word in ("示例新闻", "下载客户端", "登录", "收藏", "我要举报", "相关推荐")
)

PAGE = f"""<!DOCTYPE html><html lang="zh"><head><title>{{title}}_示例新闻</title></head>
<body><ul>{CHROME}</ul>
<h1 class="title">{{title}}</h1>
<p class="about"><a class="account" href="/account/{NATIVE}">{NAME}</a> {{printed}}
<span class="source">来源：{{source}}</span></p>
<div class="body">{{body}}</div><ul>{CHROME}</ul></body></html>"""


def articles(*, edited: bool = False) -> list[dict[str, Any]]:
    """The invented articles, newest first; `edited`: as they are once the platform edited one."""
    invented = json.loads(files("crawler.demo").joinpath("articles.json").read_text("utf-8"))
    shown = [article | (article.get("edited", {}) if edited else {}) for article in invented]
    return sorted(shown, key=lambda article: str(article["published_at"]), reverse=True)


def answer(path: str, *, edited: bool = False) -> tuple[int, str, str]:
    """Status, content type and body for a path, before or after the platform edited an article."""
    if path == "/robots.txt":
        return 200, "text/plain", "User-agent: *\nAllow: /\n"
    if match := LIST.fullmatch(path):
        return 200, "application/json", _listing(int(match[2]), edited)
    if ACCOUNT.fullmatch(path):
        return 200, HTML, f"<h1>{NAME}</h1>"
    if match := ARTICLE.fullmatch(path):
        for article in articles(edited=edited):
            if article["id"] == int(match[1]):
                return 200, HTML, _page(article)
    return 404, HTML, "没有这个页面"


def _listing(number: int, edited: bool) -> str:
    every = articles(edited=edited)
    shown = every[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    entries = [
        {name: article[name] for name in ("id", "title", "published_at")} for article in shown
    ]
    return json.dumps(
        {"articles": entries, "more": number * PAGE_SIZE < len(every)}, ensure_ascii=False
    )


def _page(article: dict[str, Any]) -> str:
    return PAGE.format(
        title=escape(article["title"]),
        printed=str(article["published_at"])[:16].replace("T", " "),
        source=article["source"],
        body="".join(f"<p>{escape(line)}</p>" for line in article["text"]),
    )


class _Server(ThreadingHTTPServer):
    edited = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:  # the standard library's name
        """Answer for the platform's host and for no other."""
        parts = urlsplit(self.path)
        status, kind, text = (
            answer(parts.path, edited=self.server.edited)
            if parts.hostname == HOST
            else (502, "text/plain", "no such host")
        )
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # the standard library's name
        """Write nothing: the tour shows the commands and their output only."""


class DemoPlatform:
    """The platform while it is served; `environ` is for the program that is to find it."""

    def __init__(self) -> None:
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.state = TemporaryDirectory()  # what crawls owe to this host dies with it
        proxy = f"http://127.0.0.1:{self.server.server_port}"
        self.environ = {
            "http_proxy": proxy,
            "no_proxy": "",
            "NO_PROXY": "",
            "XDG_STATE_HOME": self.state.name,
            "ZHENGWEN_CONTACT": "demo@xinwen.example",
        }

    def __enter__(self) -> DemoPlatform:
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def edit(self) -> None:
        """Change one article, and its title in the list, from now on."""
        self.server.edited = True

    def __exit__(self, *exc_info: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.state.cleanup()
