"""The SQL of the documents gives, in the stock programs, what `status`, `news` and `show` say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from click.testing import CliRunner

from archive import Archive
from archive.cli.main import cli
from tests.conftest import ROOT
from tests.rigs.documents import blocks
from tests.rigs.history import OTHERS, STORY, History

ID = f"thepaper-{STORY.cont_id}"
STATUS, NEWS, VERSIONS, ABSENCES = (block.text for block in blocks("docs/search.md", "sql"))
PASTS = [
    ["ok", "ok"],
    ["ok", "edit", "404", "404", "ok"],
    ["ok", "404"],
    ["ok", "edit", "edit2", "edit", "ok"],
    ["ok", "tombstone", "tombstone", "ok", "title"],
    ["ok", "403", "edit"],
]


@pytest.fixture(scope="module", params=PASTS, ids="-".join)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    history = History(folder)
    for number, answer in enumerate(request.param):
        history.run(40 * number, answer, walk=[STORY])
    (folder / "accounts.csv").write_text(
        f"platform,account_id,name,url\nthepaper,{STORY.account_id},,"
        f"https://www.thepaper.cn/gov_{STORY.account_id}\n"
    )
    with Archive(folder) as archive:
        archive.index()
    return folder


@pytest.fixture
def db(folder: Path) -> Iterator[sqlite_utils.Database]:
    db = sqlite_utils.Database(folder / "archive.db")
    yield db
    db.close()


def output_of(folder: Path, *words: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(cli, ["--archive", str(folder), *words])
    assert done.exit_code in (0, 3), done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_status(folder: Path, db: sqlite_utils.Database) -> None:
    (state,) = output_of(folder, "status", "--json")

    rows = list(db.query(STATUS))

    assert rows and rows == [{name: each[name] for name in rows[0]} for each in state["accounts"]]


def test_news(folder: Path, db: sqlite_utils.Database) -> None:
    items = output_of(folder, "news", "--since", "1970-01-01", "--format", "json")

    assert [(row["at"], row["kind"], row["id"]) for row in db.query(NEWS)] == [
        (item["at"], item["kind"], item["id"]) for item in items
    ]


def test_versions_and_absences(folder: Path, db: sqlite_utils.Database) -> None:
    versions = list(db.query(VERSIONS, {"article": ID}))
    absences = list(db.query(ABSENCES, {"article": ID}))

    shown = output_of(folder, "show", ID, "--versions", "--json")
    diff = [each for each in output_of(folder, "show", ID, "--diff", "--json") if "proofs" in each]
    assert versions and versions == [{name: row[name] for name in versions[0]} for row in shown]
    assert absences == [{name: row[name] for name in absences[0]} for row in diff]


@pytest.mark.e2e
def test_datasette_serves_them(folder: Path) -> None:
    from urllib.parse import urlencode

    path = f"/archive.json?{urlencode({'sql': NEWS, '_shape': 'array'})}"
    done = subprocess.run(
        [sys.executable, "-m", "datasette", str(folder / "archive.db"), "--get", path],
        capture_output=True, text=True, cwd=ROOT, timeout=180,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    items = output_of(folder, "news", "--since", "1970-01-01", "--format", "json")
    assert [row["id"] for row in json.loads(done.stdout)] == [item["id"] for item in items]


QUESTIONS = [
    block.text for block in blocks("docs/search.md", "sh") if "FROM link_changes" in block.text or "FROM account_names" in block.text or "FROM aliases" in block.text
]  # fmt: skip


def test_the_questions_that_only_tables_answer_run(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.run(0, "ok", walk=[STORY, *OTHERS])
    history.run(40, "ok", walk=[replace(STORY, title="另一个标题"), *OTHERS])
    with Archive(tmp_path) as archive:
        archive.index()
    db = sqlite_utils.Database(tmp_path / "archive.db")

    changes, names, aliases = (
        list(db.query(re.findall(r'"(SELECT .*?)"', text, re.S)[0].replace("\\\n", "")))
        for text in QUESTIONS
    )

    assert [(row["change"], row["new"]) for row in changes] == [("title", "另一个标题")]
    assert {row["seen_in"] for row in names} == {"listing", "article"} and aliases == []
