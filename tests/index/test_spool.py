"""What was read of a WARC file, on its way to whoever writes its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.database.producer import current
from archive.errors import described
from archive.index import indexer, spool
from archive.index.files import FilesHere, NoRows, RowsOfFile
from archive.index.notes import NoteRows
from archive.index.rows import Rows
from archive.index.workers import Workers
from archive.platforms import Platforms
from archive.warc.directory import warc_files
from tests.conftest import dump
from tests.rigs.history import OTHERS, STORY, History


@pytest.fixture
def archive_dir(tmp_path: Path) -> Path:
    """An archive with two WARC files, indexed."""
    history = History(tmp_path / "archive")
    history.run(0, "ok", walk=[STORY, *OTHERS], more=OTHERS)
    history.run(24, "edit", walk=[STORY, *OTHERS])
    with Archive(tmp_path / "archive") as archive:
        archive.index()
    return tmp_path / "archive"


def spooled(archive_dir: Path, folder: Path) -> spool.Spools:
    folder.mkdir()
    platforms = Platforms()
    here = FilesHere(Workers(1, platforms, current(platforms).id))
    for path in warc_files(archive_dir / "warc"):
        spool.write(here.rows_of(path), spool.spool_of(path, folder))
    return spool.Spools(folder)


def test_spools_give_the_rows_of_the_files(archive_dir: Path, tmp_path: Path) -> None:
    before = dump(archive_dir)
    spools = spooled(archive_dir, tmp_path / "spools")
    with Archive(archive_dir) as archive:
        archive.rebuild(files=spools)
    assert dump(archive_dir) == before


def test_a_spool_that_is_gone_or_cut_is_no_fault_of_the_file(
    archive_dir: Path, tmp_path: Path
) -> None:
    before = dump(archive_dir)
    spools = spooled(archive_dir, tmp_path / "spools")
    first, second = sorted(spools.folder.iterdir())
    second.write_bytes(second.read_bytes()[:-20])
    for missing in (second, first):
        with Archive(archive_dir) as archive, pytest.raises(NoRows, match=missing.name):
            archive.rebuild(files=spools)
        first.unlink(missing_ok=True)
    assert dump(archive_dir) == before
    assert not list(archive_dir.glob("archive.rebuilding*"))


class _Failing:
    """Rows whose reading ends early."""

    def __init__(self, path: Path, rows: RowsOfFile) -> None:
        self.path, self.rows = path, rows

    def __iter__(self) -> Iterator[Rows | NoteRows]:
        yield next(iter(self.rows))
        raise ValueError("of the rules")

    file = property(lambda self: self.rows.file)


def test_what_ended_the_reading_elsewhere_is_the_damage_of_the_file(
    archive_dir: Path, tmp_path: Path
) -> None:
    spools = spooled(archive_dir, tmp_path / "spools")
    path = warc_files(archive_dir / "warc")[0]
    target = spool.spool_of(path, spools.folder)
    rows = _Failing(path, spools.rows_of(path))
    spool.write(rows, tmp_path / "written")
    (tmp_path / "written").replace(target)
    with Archive(archive_dir) as archive:
        archive.rebuild(files=spools)
        rows_of_files = archive.connection.execute(
            "SELECT damage, records FROM warcs ORDER BY name"
        )
        damage, records = rows_of_files.fetchone()
    with pytest.raises(ValueError, match="of the rules") as caught:
        list(_Failing(path, FilesHere(Workers(1, Platforms(), "")).rows_of(path)))
    assert isinstance(caught.value, Exception)
    assert (damage, records) == (described(caught.value), 0)


def test_a_database_for_comparing_has_the_same_rows_and_no_terms(
    archive_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    target = tmp_path / "other/archive.db"
    indexer.make(archive_dir / "warc", target, Platforms(), searchable=False)
    expected, without = dump(archive_dir), dump(tmp_path / "other")
    with closing(sqlite3.connect(target)) as connection:
        topics = connection.execute("SELECT topic FROM about").fetchall()
    assert ("no full text",) in topics
    assert expected["terms"] and not without["terms"]
    for name in expected.keys() - {"about", "terms"}:
        assert without[name] == expected[name], name
