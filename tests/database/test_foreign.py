"""An `archive.db` that is another program's, or was made to harm, is one sentence from every command, and never runs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.archive import Archive
from archive.cli.main import cli
from archive.database import opening
from archive.database.schema import TABLES
from archive.errors import ArchiveError
from archive.verification.structure import check_structure
from tests.rigs.history import OTHER, STORY, History

pytestmark = pytest.mark.slow  # tries many inputs

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
OURS = f"PRAGMA user_version = {opening.VERSION}"
COMMANDS = [
    ["search", "疫情"],
    ["show", "thepaper-5700001"],
    ["status"],
    ["index"],
    ["export", "out"],
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of an archive."""
    folder = tmp_path_factory.mktemp("sound")
    History(folder).run(0, "ok", walk=[STORY, OTHER])
    with Archive(folder) as archive:
        archive.index()
    return folder / "archive.db"


Make = Callable[[Path, Path], object]


def sql(script: str) -> Make:
    """Another program's database."""

    def make(path: Path, _: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.executescript(script)

    return make


def changed(script: str) -> Make:
    """Ours, changed."""

    def make(path: Path, sound: Path) -> None:
        shutil.copy(sound, path)
        sql(script)(path, sound)

    return make


def view(table: str) -> str:
    return f"ALTER TABLE {table} RENAME TO old; CREATE VIEW {table} AS {ENDLESS} SELECT old.* FROM n, old"


FOREIGN: dict[str, tuple[Make, str]] = {
    "text": (lambda path, _: path.write_text("no database " * 1_000), "is not a readable database"),
    "folder": (lambda path, _: path.mkdir(), "is no file"),
    "named pipe": (lambda path, _: os.mkfifo(path), "is no file"),
    "half a database": (lambda path, sound: path.write_bytes(sound.read_bytes()[:100_000]), "is not a readable database"),
    "head of a database": (lambda path, sound: path.write_bytes(sound.read_bytes()[:100]), "is not a readable database"),
    "another program's": (sql("CREATE TABLE notes (a)"), "has schema 0"),
    "another program's of our version": (sql(f"CREATE TABLE notes (a); {OURS}"), "has no table"),
    "another program's articles": (sql(f"CREATE TABLE articles (title); {OURS}"), "has no table"),
    "endless articles": (changed(view("articles")), "has no table articles"),
    "endless captures": (changed(view("captures")), "has no table captures"),
    "endless coverage": (changed(view("coverage")), "has no table coverage"),
    "virtual table": (changed("DROP TABLE media; CREATE VIRTUAL TABLE media USING fts5 (a)"), "has no table media"),
    "no index": (changed("DROP TABLE articles_fts"), "has no table articles_fts"),
    "a table as index": (changed("DROP TABLE articles_fts; CREATE TABLE articles_fts (title)"), "has no table articles_fts"),
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", FOREIGN)
def test_every_command_says_in_one_sentence_what_is_wrong(
    name: str, sound: Path, tmp_path: Path
) -> None:
    make, wrong = FOREIGN[name]
    (tmp_path / "warc").mkdir()
    make(tmp_path / "archive.db", sound)

    for words in COMMANDS:
        started = time.process_time()
        done = CliRunner().invoke(cli, ["--archive", str(tmp_path), *words])

        assert done.exit_code == 1, (words, done.output)
        (line,) = done.stderr.splitlines()
        assert wrong in line and line.startswith("zhengwen: ") and line.endswith(".")
        assert time.process_time() - started < 5


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", [name for name in FOREIGN if name not in ("folder", "named pipe")])
def test_verify_has_findings(name: str, sound: Path, tmp_path: Path) -> None:
    FOREIGN[name][0](tmp_path / "archive.db", sound)

    assert list(check_structure(tmp_path / "archive.db"))


ODD = {
    "bytes for a title": ("UPDATE articles SET title = x'ff00'", "holds bytes for text"),
    "bytes for a text": ("UPDATE articles SET text = x'00'", "holds bytes for text"),
    "text that is not UTF-8": (
        "UPDATE articles SET title = CAST(x'fffe' AS TEXT)",
        "is not as this program makes it",
    ),
    "no column of titles": (
        "ALTER TABLE articles RENAME COLUMN title TO heading",
        "no column title",
    ),
    "no column of sources": (
        "ALTER TABLE articles RENAME COLUMN source TO heading",
        "no column source",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_values_and_columns_that_are_not_ours_are_a_sentence(
    name: str, sound: Path, tmp_path: Path
) -> None:
    script, wrong = ODD[name]
    changed(script)(tmp_path / "archive.db", sound)

    done = CliRunner().invoke(cli, ["--archive", str(tmp_path), "show", "thepaper-5700001"])

    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert wrong in line


def test_a_column_that_somebody_added_is_left_out(sound: Path, tmp_path: Path) -> None:
    changed(
        "ALTER TABLE articles ADD COLUMN note TEXT; ALTER TABLE versions ADD COLUMN twice AS (title || title)"
    )(tmp_path / "archive.db", sound)

    with Archive(tmp_path) as archive:
        assert archive.article("thepaper-5700001").title == STORY.title
        assert len(archive.versions("thepaper-5700001")) == 1


def test_a_trigger_never_runs(sound: Path, tmp_path: Path) -> None:
    """It may be without end, or change what is written."""
    trigger = f"CREATE TRIGGER evil AFTER INSERT ON articles BEGIN INSERT INTO about {ENDLESS} SELECT x, x FROM n; END"
    changed(trigger)(tmp_path / "archive.db", sound)
    History(tmp_path).run(0, "ok", walk=[STORY])

    with Archive(tmp_path) as archive, pytest.raises(ArchiveError, match="has a trigger, evil"):
        archive.index()


def test_the_tables_that_are_looked_for_are_those_of_the_schema() -> None:
    assert {table.name for table in TABLES} == opening.TABLES
