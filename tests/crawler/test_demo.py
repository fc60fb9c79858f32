"""The README's first command: the chain of commands on the fictional platform, offline."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive import extraction
from archive.model import Article, Failure
from archive.page.page import Page
from archive.platforms import load
from crawler.demo.server import answer, articles
from tests.conftest import ROOT, rows, validate

pytestmark = pytest.mark.e2e


def test_the_demo_ends_with_hits(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crawler", "demo", str(tmp_path / "demo")]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180)

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("【") >= 4 and "Type next:" in done.stdout
    assert "从四月[-一-]{+六+}日起" in done.stdout
    assert rows(tmp_path / "demo", "SELECT count(*) AS n FROM articles") == [{"n": len(articles())}]
    validate(tmp_path / "demo")


def test_the_farewell_names_programs_as_they_must_be_typed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crawler", "demo", str(tmp_path / "demo")]

    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "PATH": "/usr/bin:/bin"},
    )

    typed = [
        line for line in done.stdout.splitlines() if line.startswith("  ") and " show demo-" in line
    ]
    shown = subprocess.run(
        ["/bin/sh", "-c", typed[0]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith("云溪县启动春季疫情防控演练")


def test_the_demo_never_touches_a_folder_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")

    done = subprocess.run(
        [sys.executable, "-m", "crawler", "demo", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2 and "has other files" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_every_article_comes_out_exact() -> None:
    platform = load()["demo"]
    for article in articles():
        page = Page(
            url=f"http://xinwen.example/article/{article['id']}",
            body=answer(f"/article/{article['id']}")[2].encode(),
        )
        read = extraction.read(page, platform, platform.locate(page.url))
        assert isinstance(read, Article)
        assert (read.title, read.text.split("\n"), read.source) == (
            article["title"],
            article["text"],
            article["source"],
        )
        assert (read.account, read.published_at) == ("云溪发布（虚构）", article["published_at"])


def test_a_tombstone_is_no_article() -> None:
    page = Page(
        url="http://xinwen.example/article/1", body="<html>这篇文章已被删除</html>".encode()
    )

    assert extraction.read(page, load()["demo"], None) == Failure(
        outcome="withdrawn", reason="tombstone", detail="这篇文章已被删除"
    )
