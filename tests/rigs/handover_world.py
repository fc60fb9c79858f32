"""An archive worth handing over, made by the real program: three platforms, pictures, an edit, revisits and refusals."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.conftest import ACCOUNT, FAST, ROOT, rows
from tests.rigs.warm import WarmPrograms
from tests.standin.pages import CHINA, Story, jsp_page
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply
from tests.standin.worlds import WORLDS

PICTURE = "https://imgpai.thepaper.cn/newpai/image/1790043761206.png"
PAGE = "https://www.thepaper.cn/newsDetail_forward_{}"
STYLED, STYLE = (
    5_700_005,
    "https://static.thepaper.example/looks.css",
)  # the article whose page has a stylesheet
COLOUR = "rgb(12, 34, 56)"
OWN_WORDS = """
[package]
title = "济南高新区政务号档案（测试）"
archive_id = "archive.example.org"
operator = "Example Library"
contact = "archive@example.org"

[[creators]]
family = "王"
given = "示例"
orcid = "https://orcid.org/0000-0002-1825-0097"
affiliation = "Example University"

[answers]
purpose = "To test the hand-over."

[rights]
thepaper = "Rights of the test."
"""


@dataclass(frozen=True)
class Handed:
    """An archive folder, and the runs of its two crawls of The Paper: all that is listed, and the same unchanged."""

    folder: Path
    first_run: str
    second_run: str


def stories() -> list[Story]:
    """Articles a day apart in both layouts; one names its issuer at length, so that printed words are in the body too."""
    articles = [
        Story(
            5_700_000 + number,
            f"济南高新区第{number}次疫情防控通报",
            [
                f"这是第{number}次通报，全区上下共同努力。",
                "疫情就是命令，防控就是责任，各街道办事处要把工作做细做实。",
                "编辑丨王某",
            ],
            published=datetime(2020, 2, 1 + number, 9, number, tzinfo=CHINA),
            layout="jsp" if number % 2 else "next",
            pictures=[PICTURE] if number in (2, 5) else [],
        )
        for number in range(8)
    ]
    long = "济南高新技术产业开发区管理委员会办公室"
    articles.append(
        Story(
            5_700_100,
            "一则很短的通告",
            [f"本文由{long}发布，特此通告全体居民。"],
            source=long,
            published=datetime(2020, 3, 1, 9, tzinfo=CHINA),
        )
    )
    articles.append(
        Story(
            5_700_101,
            "=SUM(1,2)是一个标题",
            ["长文。" * 12_000],
            published=datetime(2020, 3, 2, 9, tzinfo=CHINA),
        )
    )
    return articles


def make(folder: Path, scratch: Path, programs: WarmPrograms) -> Handed:
    """Crawl it."""
    scratch.mkdir(parents=True)
    folder.mkdir(parents=True)
    web = LoopbackWeb(scratch)
    try:
        paper = ThePaper().join(web)
        paper.add(*stories())
        link = f'<head><link rel="stylesheet" href="{STYLE}">'.encode()
        paper.saved[STYLED] = jsp_page(paper.stories[STYLED]).replace(b"<head>", link)
        stylesheet = Reply(
            headers={"Content-Type": "text/css"}, body=f"body {{ color: {COLOUR} }}".encode()
        )
        web.sites["static.thepaper.example"] = lambda request: (
            stylesheet if request.path == "/looks.css" else Reply(404)
        )
        program = _program(web, folder, programs)
        program("follow", ACCOUNT)
        program("crawl", *FAST)
        program("crawl", *(PAGE.format(story.cont_id) for story in stories()[:8]), *FAST)
        for name in ("sohu", "govcn"):
            world = WORLDS[name]().join(web)
            program("crawl", world.account or "", *FAST)
        paper.stories[5_700_001].text[0] = "这是改过的第一句话，与原来不同。"
        paper.stories[5_700_003].state = "tombstone"
        program("crawl", PAGE.format(5_700_001), PAGE.format(5_700_003), *FAST, check=None)
    finally:
        web.close()
    (folder / "datasheet.toml").write_text(OWN_WORDS, "utf-8")
    runs = rows(folder, "SELECT id FROM runs WHERE platform = 'thepaper' ORDER BY started_at")
    return Handed(folder, str(runs[0]["id"]), str(runs[1]["id"]))


def _program(web: LoopbackWeb, folder: Path, programs: WarmPrograms) -> Callable[..., None]:
    def run(*words: str, check: int | None = 0) -> None:
        environ = {**os.environ, **web.environ()}
        done = programs.run(["--archive", str(folder), *words], environ, ROOT, timeout=120)
        assert check is None or done.returncode == check, done.stdout + done.stderr

    return run


def same(first: Path, second: Path) -> list[str]:
    """Files that two folders do not share byte for byte."""
    files = [
        {path.relative_to(top).as_posix(): path for path in top.rglob("*") if path.is_file()}
        for top in (first, second)
    ]
    odd = {*files[0]} ^ {*files[1]}
    return sorted(
        odd
        | {
            name
            for name in {*files[0]} & {*files[1]}
            if files[0][name].read_bytes() != files[1][name].read_bytes()
        }
    )
