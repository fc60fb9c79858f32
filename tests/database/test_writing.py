"""Rows are written by one builder of statements, whatever the names in them, and read as they were
written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlite_utils

from archive.database import store, writing
from archive.database.reading import select
from archive.database.rows import CaptureRow, VersionRow, WarcRow, columns

NIGHT, DAY = "2031-03-01T01:00:00+00:00", "2031-03-01T09:00:00+00:00"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite_utils.Database]:
    opened = store.open_for_index(tmp_path / "archive.db")
    with opened.atomic():
        yield opened
    opened.close()


def version(capture: str, at: str, **values: str | None) -> VersionRow:
    return VersionRow(
        article_id="demo-1",
        digest="0f",
        title="题",
        text="文",
        url="http://a.example/1",
        rules="rules",
        page_title=None,
        found_by="{}",
        producer="p",
        pictures="[]",
        capture=capture,
        first_captured_at=at,
        last_captured_at=at,
        **values,  # type: ignore[arg-type]  # fields that are text
    )


def test_a_name_is_an_identifier_whatever_is_in_it() -> None:
    statement = writing.insertion("warcs", ("name", 'x") VALUES (1); DROP TABLE "warcs'))

    assert statement == (
        'INSERT INTO "warcs" ("name", "x"") VALUES (1); DROP TABLE ""warcs") VALUES (?, ?)'
    )


def test_a_row_is_read_as_it_was_written(db: sqlite_utils.Database) -> None:
    row = CaptureRow(
        id="urn:uuid:1",
        url="http://a.example/1",
        captured_at=DAY,
        outcome="listing",
        warc="a.warc.gz",
        offset=7,
        length=9,
    )
    writing.insert(db.conn, "captures", [columns(row)])

    assert list(select(db.conn, CaptureRow, "WHERE warc = ?", ["a.warc.gz"])) == [row]


def test_a_row_that_is_there_stays(db: sqlite_utils.Database) -> None:
    for size in (1, 2):
        writing.insert(db.conn, "warcs", [columns(WarcRow(name="a", size=size, records=1))])

    assert list(select(db.conn, WarcRow, "")) == [WarcRow(name="a", size=1, records=1)]


@pytest.mark.parametrize("order", [(NIGHT, DAY), (DAY, NIGHT)])
def test_the_earliest_capture_gives_all_that_makes_no_version(
    db: sqlite_utils.Database, order: tuple[str, str]
) -> None:
    for at in order:
        row = version(f"urn:{at}", at, account="夜" if at == NIGHT else "日")
        writing.merge_versions(db.conn, [columns(row)])

    (merged,) = select(db.conn, VersionRow, "")
    assert (merged.account, merged.capture, merged.first_captured_at) == (
        "夜",
        f"urn:{NIGHT}",
        NIGHT,
    )


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_notes_of_a_run_are_a_single_row(
    db: sqlite_utils.Database, order: tuple[int, int]
) -> None:
    notes = [{"id": "r", "started_at": NIGHT}, {"finished_at": DAY, "id": "r"}]
    for number in order:
        writing.merge_runs(db.conn, [notes[number]])
    writing.merge_runs(db.conn, [{"id": "r"}])

    assert list(db.query("SELECT id, started_at, finished_at FROM runs")) == [
        {"id": "r", "started_at": NIGHT, "finished_at": DAY}
    ]
