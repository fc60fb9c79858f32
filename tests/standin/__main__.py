"""Runs a command in a web of stand-ins: `python -m tests.standin zhengwen crawl`.

The platforms answer at their real addresses with invented articles, and so do two sites that no
platform knows, to be described in TOML (www.yunxi.example) and in Python (www.xinmin.example). The
command's requests reach nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from tests.standin.pages import CHINA, Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply, Request
from tests.standin.worlds import BODY, DAY, TITLE, WHEN, WORLDS, html

YUNXI, XINMIN = "www.yunxi.example", "www.xinmin.example"


def yunxi(request: Request) -> Reply:
    """A site with an RSS feed."""
    if request.path == "/rss.xml":
        items = "".join(
            f"<item><title>{TITLE}</title><link>https://{YUNXI}/news/{number}.html</link></item>"
            for number in (1, 2)
        )
        feed = f"<rss version='2.0'><channel><title>云溪新闻网</title>{items}</channel></rss>"
        return Reply(headers={"Content-Type": "text/xml; charset=utf-8"}, body=feed.encode())
    return article() if request.path.startswith("/news/") else Reply(404)


def xinmin(request: Request) -> Reply:
    """A site with a page that lists articles."""
    if request.path == "/list/gov":
        rows = "".join(
            f"<li><a href='/article/{number}.html'>{TITLE}</a><span>{DAY}</span></li>"
            for number in (1, 2)
        )
        return html(f"<ul>{rows}</ul>", title="通知")
    return article() if request.path.startswith("/article/") else Reply(404)


def article() -> Reply:
    """A page with an article."""
    return html(f"<h1>{TITLE}</h1><i>{WHEN}</i><div id='text'>{BODY}</div>")


def main(command: list[str]) -> int:
    """Run the command in the web; returns its exit code."""
    story = Story(
        4150096,
        TITLE,
        [TITLE],
        account="济南高新区",
        published=datetime(2020, 2, 3, 9, 0, tzinfo=CHINA),
    )
    with tempfile.TemporaryDirectory() as folder:
        web = LoopbackWeb(Path(folder))
        for make in WORLDS.values():
            make().join(web)
        ThePaper(stories={story.cont_id: story}).join(web)
        web.sites.update({YUNXI: yunxi, XINMIN: xinmin})
        try:
            environ = {**os.environ, **web.environ()}
            return subprocess.run(command, env=environ, check=False).returncode
        finally:
            web.close()


if __name__ == "__main__":
    if not sys.argv[1:] or shutil.which(sys.argv[1]) is None:
        raise SystemExit("Usage: python -m tests.standin COMMAND ..., of a program on PATH")
    raise SystemExit(main(sys.argv[1:]))
