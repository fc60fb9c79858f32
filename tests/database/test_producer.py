"""The producer: what changes its digest, and what does not."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import archive
from archive.database.producer import code_digest, current
from archive.errors import ArchiveError
from archive.platforms import load
from tests.conftest import ROOT

PACKAGE = Path(archive.__file__).parent


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGE, tmp_path / "archive"))


@pytest.mark.parametrize(
    "name",
    ["status.py", "search.py", "archive.py", "cli.py", "lock.py", "__main__.py", "xinmin.py"],
)
def test_a_platform_counts_whatever_its_name(name: str, package: Path) -> None:
    before = code_digest(package).hexdigest()

    (package / "platforms" / name).write_text("PLATFORM = None\n")

    assert code_digest(package).hexdigest() != before


@pytest.mark.parametrize(
    "room", ["platforms/kit", "general", "page", "history", "index", "database", "warc"]
)
def test_each_room_that_reads_pages_counts(room: str, package: Path) -> None:
    before = code_digest(package).hexdigest()

    with next((package / room).glob("[a-z]*.py")).open("a") as file:
        file.write("# changed\n")

    assert code_digest(package).hexdigest() != before


@pytest.mark.parametrize(
    "room", ["cli", "search", "monitoring", "verification", "handover", "reader", "upkeep"]
)
def test_rooms_that_read_no_page_do_not_count(room: str, package: Path) -> None:
    before = code_digest(package).hexdigest()

    with next((package / room).glob("[a-z]*.py")).open("a") as file:
        file.write("# changed\n")
    (package / room / "new.py").write_text("")

    assert code_digest(package).hexdigest() == before


def test_descriptions_count_by_name_and_bytes(tmp_path: Path) -> None:
    text = """
name = "yunxi"
title = "云溪新闻网"
hosts = ["www.yunxi.example"]
article = '/news/(\\d+)\\.html$'
[lists]
feed = "https://www.yunxi.example/rss.xml"
"""
    (tmp_path / "yunxi.toml").write_text(text, "utf-8")
    first = current(load(tmp_path))
    (tmp_path / "yunxi.toml").rename(tmp_path / "other.toml")
    renamed = current(load(tmp_path))
    (tmp_path / "other.toml").write_text(f"{text}# changed\n", "utf-8")
    changed = current(load(tmp_path))

    assert len({producer.rules for producer in (current(load()), first, renamed, changed)}) == 4
    assert len({producer.id for producer in (current(load()), first, renamed, changed)}) == 4


DESCRIPTION = """
name = "{name}"
title = "云溪新闻网"
hosts = ["www.{name}.example"]
article = '/news/(\\d+)\\.html$'
[lists]
feed = "https://www.{name}.example/rss.xml"
"""


def described(folder: Path, **files: str) -> None:
    """Make `platforms/*.toml` of an archive what is given: text, by the name of the platform."""
    for path in (folder / "platforms").glob("*"):
        path.unlink()
    (folder / "platforms").mkdir(exist_ok=True)
    for name, more in files.items():
        text = DESCRIPTION.format(name=name) + more
        (folder / "platforms" / f"{name}.toml").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("files", "difference"),
    [
        ({"yunxi": "# edited", "hetan": ""}, "yunxi.toml has changed"),
        ({"yunxi": "#", "hetan": "#"}, "hetan.toml has changed, yunxi.toml has changed"),
        ({"yunxi": ""}, "hetan.toml is gone"),
        ({}, "hetan.toml is gone, yunxi.toml is gone"),
        ({"yunxi": "", "hetan": "", "lin": ""}, "lin.toml is new"),
        ({"yunxi": "", "lin": ""}, "lin.toml is new, hetan.toml is gone"),
    ],
)
def test_descriptions_that_are_not_those_of_the_rows_are_named(
    files: dict[str, str], difference: str, archive_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHENGWEN_PLATFORMS", raising=False)
    described(archive_dir, yunxi="", hetan="")
    with archive.Archive(archive_dir) as before:
        before.index()

    described(archive_dir, **files)
    with archive.Archive(archive_dir) as after:
        with pytest.raises(ArchiveError) as error:
            after.index()
        (finding,) = after.verify()
        assert f"({difference})" in str(error.value) and "another version" not in str(error.value)
        assert f"({difference})" in finding.wrong and "another version" not in finding.wrong
        after.rebuild()
        assert after.verify() == []


def test_where_the_program_differs_too_descriptions_are_not_blamed(
    archive_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHENGWEN_PLATFORMS", raising=False)
    described(archive_dir, yunxi="")
    with archive.Archive(archive_dir) as before:
        before.index()
    for damage in ("id", "descriptions"):
        with sqlite3.connect(archive_dir / "archive.db") as db:
            db.execute(f"UPDATE producers SET {damage} = 'other'")
        db.close()
        described(archive_dir, yunxi="# edited")
        with archive.Archive(archive_dir) as after:
            with pytest.raises(ArchiveError, match="another version of the program"):
                after.index()
            (finding,) = after.verify()
            assert "another version of the program" in finding.wrong


WARC = ROOT / "tests" / "platforms" / "thepaper" / "next" / "capture.warc.gz"
UPGRADE = """
import sys
from pathlib import Path

import {program}
from archive import Archive

if __name__ == "__main__":
    package = Path(sys.modules["archive"].__file__).parent
    {change}
    with Archive("my-archive") as archive:
        archive.index(workers=2)
        print(archive.connection.execute("SELECT rules FROM producers").fetchone()[0])
        print(archive.connection.execute("SELECT count(*) FROM articles").fetchone()[0])
"""


@pytest.mark.e2e
@pytest.mark.parametrize(
    "program", ["archive.index.indexer", "crawler.start", "crawler.wire.recorder"]
)
@pytest.mark.parametrize(
    "change",
    [
        '(package / "general" / "vote.py").open("a").write("# changed")',
        '(package / "platforms" / "thepaper.py").write_text("a syntax error")',
    ],
)
def test_an_upgrade_between_start_and_index_signs_no_rows_of_the_old_code(
    program: str, change: str, tmp_path: Path
) -> None:
    for name in ("archive", "crawler"):
        shutil.copytree(PACKAGE.parent / name, tmp_path / name)
    shutil.copy(PACKAGE.parent / "zhengwen_plugins.py", tmp_path)
    before = code_digest(tmp_path / "archive").hexdigest()[:12]
    (tmp_path / "my-archive" / "warc").mkdir(parents=True)
    shutil.copy(WARC, tmp_path / "my-archive" / "warc")
    (tmp_path / "start.py").write_text(UPGRADE.format(program=program, change=change))

    done = subprocess.run(
        [sys.executable, "start.py"],
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stderr
    signed, articles = done.stdout.split()
    assert signed == before and int(articles) > 0
