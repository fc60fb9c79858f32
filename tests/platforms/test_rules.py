"""Before new rules are adopted: what they would change. And the first step of a new platform."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ACCOUNT, FAST, ROOT, Program, dump
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper


def test_a_comparison_names_each_field_and_changes_nothing(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(
        *(Story(5_700_000 + number, f"第{number}篇", ["正文如此。"]) for number in range(3))
    )
    zhengwen("crawl", ACCOUNT, *FAST)
    assert zhengwen("rebuild", "--compare").stdout == ""
    for statement in (
        "UPDATE articles SET title = '旧规则读出的标题' WHERE id = 'thepaper-5700001'",
        "UPDATE articles SET source = '旧来源'",
        "DELETE FROM articles WHERE id = 'thepaper-5700002'",
    ):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "sqlite_utils",
                "query",
                str(archive_dir / "archive.db"),
                statement,
            ],
            check=True,
            capture_output=True,
        )
    before = dump(archive_dir)

    differences = [
        json.loads(line) for line in zhengwen("rebuild", "--compare", "--json").stdout.splitlines()
    ]
    shown = zhengwen("rebuild", "--compare").stdout

    assert {(difference["id"], difference["field"]) for difference in differences} == {
        ("thepaper-5700002", "article"), ("thepaper-5700001", "title"), ("thepaper-5700000", "source"), ("thepaper-5700001", "source")
    }  # fmt: skip
    assert ("旧规则读出的标题", "第1篇") in {
        (difference["before"], difference["after"]) for difference in differences
    }
    assert "source: 2" in shown and "title: 1" in shown and "旧规则读出的标题" in shown
    assert dump(archive_dir) == before
    assert not list(archive_dir.glob(".compare*"))


def test_there_must_be_something_to_compare_with(zhengwen: Program) -> None:
    zhengwen("follow", ACCOUNT)
    assert "no archive.db to compare with" in zhengwen("rebuild", "--compare", check=2).stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    shutil.copytree(
        ROOT,
        folder,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
        ),
    )
    return folder


def begin(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    return subprocess.run(
        [sys.executable, "-m", "archive", "new-platform", *words],
        cwd=checkout,
        env=environ,
        capture_output=True,
        text=True,
    )


@pytest.mark.e2e
def test_a_new_platform_begins_with_a_failing_test(checkout: Path) -> None:
    done = begin(checkout, "xinmin", "https://www.xinmin.example/detail/5.html")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "archive/platforms/xinmin.py",
        "tests/platforms/test_xinmin.py",
        "tests/platforms/xinmin",
    ]

    run = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        "tests/platforms/test_xinmin.py",
        "tests/platforms/test_platforms.py",
    ]
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    failing = subprocess.run(run, cwd=checkout, env=environ, capture_output=True, text=True).stdout
    assert "locate() does not know https://www.xinmin.example/detail/5.html yet" in failing
    assert "test_every_platform_has_a_fixture" in failing
    assert "zhengwen save-fixture https://www.xinmin.example/detail/5.html" in failing
    path = checkout / "archive" / "platforms" / "xinmin.py"
    path.write_text(path.read_text("utf-8").replace("/article/(", "/detail/("), "utf-8")
    assert (
        "1 failed, 1 passed"
        in subprocess.run(
            run[:-1], cwd=checkout, env=environ, capture_output=True, text=True
        ).stdout
    )
    for tool in (
        ["ruff", "check", "archive"],
        ["ruff", "format", "--check", "archive", "tests/platforms/test_xinmin.py"],
    ):
        assert (
            subprocess.run(
                [sys.executable, "-m", *tool], cwd=checkout, capture_output=True
            ).returncode
            == 0
        ), tool


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("Xin Min", "https://a.example/1"), "small letters"),
        (("xinmin", "a.example"), "is not a URL"),
        (("sohu", "https://a.example/1"), "already"),
    ],
)
def test_a_platform_that_cannot_begin(
    words: tuple[str, str], complaint: str, checkout: Path
) -> None:
    done = begin(checkout, *words)
    assert done.returncode == 2 and complaint in done.stderr
    assert begin(checkout / "tests", "xinmin", "https://a.example/1").returncode == 2
