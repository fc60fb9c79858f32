"""A database that others changed or that is damaged: what can be read is printed, and anything else is one sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli.main import cli
from tests.rigs.history import played

pytestmark = pytest.mark.slow  # tries many inputs

ARTICLE = "thepaper-5700001"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    played(tmp_path, ["0h ok", "1d edit"])
    return tmp_path


def changed(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute("PRAGMA writable_schema = 1")
        for statement in statements:
            db.execute(statement)
        db.commit()


@pytest.mark.parametrize("table", ["articles", "versions", "withdrawals", "captures", "media"])
def test_columns_of_others_are_passed_over(table: str, folder: Path) -> None:
    changed(folder, f"ALTER TABLE {table} ADD COLUMN 备注 TEXT")

    for words in (["show", ARTICLE], ["show", ARTICLE, "--diff"], ["status"]):
        done = CliRunner().invoke(cli, ["--archive", str(folder), *words])
        assert (done.exit_code, done.stderr) == (0, ""), done.output


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE articles RENAME COLUMN source TO origin", ["show", ARTICLE]),
        ("ALTER TABLE versions RENAME COLUMN rules TO rule", ["show", ARTICLE, "--versions"]),
        ("DROP TABLE versions", ["show", ARTICLE, "--versions"]),
        ("DROP TABLE articles_fts_config", ["search", "疫情 防控"]),
        ("DELETE FROM articles_fts_data", ["search", "疫情 防控"]),
        ("UPDATE sqlite_master SET sql = 'x' WHERE name = 'links'", ["status"]),
    ],
)
def test_damage_is_one_sentence(statement: str, words: list[str], folder: Path) -> None:
    changed(folder, statement)

    done = CliRunner().invoke(cli, ["--archive", str(folder), *words])

    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), done.output
    assert done.stderr.count("\n") == 1 and "zhengwen rebuild" in done.stderr


@pytest.mark.parametrize("name", ["archive.db", "chain.jsonl"])
@pytest.mark.parametrize("kind", [os.mkfifo, os.mkdir])
@pytest.mark.parametrize(
    "command", ["verify", "index", "status", "search 疫情", "show demo-1", "rebuild"]
)
def test_what_is_no_file_blocks_nothing(
    command: str, kind: Callable[[Path], None], name: str, folder: Path
) -> None:
    (folder / name).unlink(missing_ok=True)
    kind(folder / name)

    done = CliRunner().invoke(cli, ["--archive", str(folder), *command.split()])

    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.exit_code in (0, 1, 2, 3) and "Traceback" not in done.output
