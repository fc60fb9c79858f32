"""The producer: what changes its digest, and what does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import archive
from archive.database.producer import code_digest, current
from archive.platforms import load

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


@pytest.mark.parametrize("room", ["cli", "search", "monitoring", "verification", "handover"])
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
