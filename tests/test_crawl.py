"""The main job, end to end: follow, crawl, index, search, with the real program against a stand-in at the real addresses."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Program
from tests.standin.pages import AFTER, BEFORE, CHINA, Story, seed_story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

ACCOUNT = "https://www.thepaper.cn/gov_44871"
FAST = ("-s", "DOWNLOAD_DELAY=0")


def rows(archive: Path, statement: str, *values: object) -> list[dict[str, object]]:
    db = sqlite3.connect(archive / "archive.db")
    db.row_factory = sqlite3.Row
    found = [dict(row) for row in db.execute(statement, values)]
    db.close()
    return found


@pytest.mark.parametrize("layout", ["next", "jsp"])
def test_the_seed_article_comes_out_exact(layout: str, shared: Path, thepaper: ThePaper, zhengwen: Program, archive_dir: Path) -> None:
    story = seed_story(shared / "seed" / "article.txt", layout)
    thepaper.add(story)

    zhengwen("crawl", "https://m.thepaper.cn/newsDetail_forward_5701234?from=share", *FAST)

    (row,) = rows(archive_dir, "SELECT * FROM articles")
    assert row["id"] == "thepaper-5701234"
    assert row["title"] == "干群协力同心,全力拒疫于外 济南高新区构筑起疫情防控坚强堡垒"
    assert (row["account"], row["published_at"]) == ("济南高新区", "2020-02-02T20:52:00+08:00")
    assert (row["source"], row["reprinted_from"]) == ("澎湃新闻·澎湃号·政务", "济南发布")
    assert row["original_title"] == "干群协力同心,全力拒疫于外 济南高新区构筑起疫情防控坚强堡垒"
    assert str(row["text"]).split("\n") == story.text
    assert not {*BEFORE, *AFTER} & {*str(row["text"]).split("\n")}
    assert row["url"] == "https://www.thepaper.cn/newsDetail_forward_5701234"
