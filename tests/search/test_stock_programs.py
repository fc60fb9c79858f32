"""sqlite-utils and Datasette work as they come in any folder and on any database, and search ours with queries of any length."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

import zhengwen_plugins
from archive.database.schema import FULL_TEXT, TEXT_INDEXES, is_our_index
from tests.conftest import ROOT
from tests.rigs.corpus import row, write

QUERY = "疫情防控工作会议"  # longer than any term of the index
TRAP = "open('EXECUTED', 'w').close()\nraise RuntimeError('imported from the current folder')\n"
PROGRAMS = {"sqlite-utils": "sqlite_utils", "datasette": "datasette"}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive's database with one article."""
    path = tmp_path_factory.mktemp("ours") / "archive.db"
    write(path, [row(1, f"全县{QUERY}今天召开", "正文。", "云溪发布", None)])
    return path


def run(
    folder: Path, program: str, *words: str, module: bool = True, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Start a stock program in a folder, as a module, which puts the folder on the path, or as a script."""
    start = (
        [sys.executable, "-m", PROGRAMS[program]]
        if module
        else [str(Path(sys.executable).with_name(program))]
    )
    return subprocess.run(
        [*start, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", **environ},
        timeout=180,
    )


def search(folder: Path, program: str, database: Path, **how: Any) -> list[dict[str, Any]]:
    if program == "sqlite-utils":
        done = run(
            folder, program, "search", str(database), "articles", QUERY, "-c", "title", **how
        )
    else:
        path = f"/{database.stem}/articles.json?_search={QUERY}&_shape=array&_col=title"
        done = run(folder, program, str(database), "--get", path, **how)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return [{"title": each["title"]} for each in json.loads(done.stdout)]


def trap(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TRAP)


TRAPS = [
    "archive.py",
    "archive/__init__.py",
    "archive/search/parser.py",
    "crawler.py",
    "opencc.py",
    "lxml.py",
    "zhengwen.py",
    "isal/__init__.py",
]


@pytest.mark.e2e
@pytest.mark.parametrize("name", TRAPS)
def test_nothing_of_the_current_folder_is_imported(name: str, ours: Path, tmp_path: Path) -> None:
    trap(tmp_path, name)

    assert search(tmp_path, "sqlite-utils", ours) == [{"title": f"全县{QUERY}今天召开"}]
    assert not (tmp_path / "EXECUTED").exists()


@pytest.mark.e2e
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    "how",
    [{"module": True}, {"module": False}, {"module": False, "PYTHONPATH": "."}],
    ids=["module", "script", "path"],
)
def test_every_way_to_start_the_programs_is_safe(
    program: str, how: dict[str, Any], ours: Path, tmp_path: Path
) -> None:
    for name in ("archive/__init__.py", "crawler.py", "opencc.py", "lxml.py"):
        trap(tmp_path, name)

    assert search(tmp_path, program, ours, **how) == [{"title": f"全县{QUERY}今天召开"}]
    assert not (tmp_path / "EXECUTED").exists()


FOREIGN = {
    "no tables": "",
    "other tables": "CREATE TABLE notes (title TEXT); INSERT INTO notes VALUES ('x')",
    "articles without an index": "CREATE TABLE articles (title TEXT)",
    "articles with their own index": """CREATE TABLE articles (title TEXT); INSERT INTO articles VALUES ('one two');
        CREATE VIRTUAL TABLE articles_fts USING fts5 (title, content="articles");
        INSERT INTO articles_fts (rowid, title) SELECT rowid, title FROM articles""",
    "a view called articles": "CREATE TABLE t (title TEXT); CREATE VIEW articles AS SELECT * FROM t",
    "an index that does not end": """CREATE VIEW articles AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)
        SELECT x AS title FROM n""",
}


@pytest.fixture(params=FOREIGN)
def foreign(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """The database of another program."""
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(FOREIGN[request.param] + "; PRAGMA user_version = 77")
    yield path


@pytest.mark.e2e
def test_a_foreign_database_is_searched_as_without_us(foreign: Path, tmp_path: Path) -> None:
    trap(tmp_path, "archive.py")
    words = ("search", str(foreign), "articles", "one")

    with_us, without_us = run(tmp_path, "sqlite-utils", *words), _without_us(tmp_path, *words)

    # On a view it ends with a traceback of its own, whose lines depend on how it was started.
    ends = [
        (done.returncode, done.stdout, done.stderr.splitlines()[-1:])
        for done in (with_us, without_us)
    ]
    assert ends[0] == ends[1]
    assert run(tmp_path, "sqlite-utils", "tables", str(foreign)).returncode == 0
    assert not (tmp_path / "EXECUTED").exists()


def _without_us(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """sqlite-utils without any plugin."""
    code = "import sqlite_utils.plugins as p; [p.pm.unregister(x) for x in list(p.pm.get_plugins())]; from sqlite_utils.cli import cli; cli()"
    program = f"import sys; sys._called_from_test = True; sys.argv = ['sqlite-utils', *sys.argv[1:]]; {code}"
    return subprocess.run(
        [sys.executable, "-P", "-c", program, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
    )


@pytest.mark.e2e
def test_datasette_serves_foreign_databases_as_they_are(tmp_path: Path) -> None:
    trap(tmp_path, "archive.py")
    databases = []
    for number, script in enumerate([*FOREIGN.values()][:4]):
        path = tmp_path / f"d{number}.db"
        with closing(sqlite3.connect(path)) as db:
            db.executescript(script + "; PRAGMA user_version = 77")
        databases.append(str(path))

    done = run(
        tmp_path, "datasette", *databases, "--get", "/d3/articles.json?_search=two&_shape=array"
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert [each["title"] for each in json.loads(done.stdout)] == ["one two"]


@pytest.mark.e2e
@pytest.mark.parametrize("missing", ["archive", "archive/search", "archive/database/terms.py"])
def test_a_broken_installation_leaves_the_programs_alone(
    missing: str, ours: Path, tmp_path: Path
) -> None:
    """The plugin is on the path with a package `archive` that lacks something; the query goes on as it was typed."""
    home = tmp_path / "site"
    home.mkdir()
    shutil.copy(ROOT / "zhengwen_plugins.py", home)
    shutil.copytree(
        ROOT / "archive", home / "archive", ignore=shutil.ignore_patterns("__pycache__")
    )
    path = home / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    program = (
        f"import sys; sys.path.insert(0, {str(home)!r}); sys.meta_path[:] = [f for f in sys.meta_path if 'editable' not in repr(f)]; "
        "import zhengwen_plugins; from sqlite_utils.cli import cli; cli()"
    )

    done = subprocess.run(
        [sys.executable, "-P", "-c", program, "search", str(ours), "articles", "疫情", "-c", "title"],
        cwd=tmp_path, capture_output=True, text=True, timeout=180,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr and "searched for as it is" in done.stderr
    assert json.loads(done.stdout) == [{"title": f"全县{QUERY}今天召开"}]


def test_the_plugin_knows_our_index_as_the_archive_does(ours: Path) -> None:
    with closing(sqlite3.connect(ours)) as db:
        assert zhengwen_plugins._is_ours(db, alone=True) and is_our_index(db)
    assert all(zhengwen_plugins.MARK.search(sql) for sql in (FULL_TEXT, *TEXT_INDEXES))


@pytest.mark.parametrize(
    "cli", [object(), click.Group(), click.Group(commands={"search": click.Command("search")})]
)
def test_a_program_without_the_command_is_left_alone(cli: Any) -> None:
    zhengwen_plugins.register_commands(cli)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"dbtable": "articles"},
        {"dbtable": "articles", "path": None},
        {"dbtable": "articles", "path": "\0"},
    ],
)
def test_what_cannot_be_looked_at_is_searched_as_it_is(given: dict[str, Any]) -> None:
    assert zhengwen_plugins._rewritten(given) == {}


@pytest.mark.parametrize("kind", ["text", "pipe", "folder", "nothing", "empty"])
def test_what_is_no_database_is_left_to_the_program(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    if kind == "text":
        path.write_text("no database " * 100)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()

    assert not zhengwen_plugins._is_ours_at(path)
    assert (
        zhengwen_plugins._rewritten(
            {"dbtable": "articles", "path": str(path), "q": "x", "quote": False}
        )
        == {}
    )


def test_a_connection_that_is_closed_is_left_alone() -> None:
    db = sqlite3.connect(":memory:")
    db.close()

    zhengwen_plugins.prepare_connection(db)


def test_another_module_called_archive_is_never_asked(
    ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "archive", ModuleType("archive"))
    given = {"dbtable": "articles", "path": str(ours), "q": QUERY, "quote": False}

    assert zhengwen_plugins._rewritten(given) == {}
    assert "searched for as it is" in capsys.readouterr().err
