"""The database is a function of the WARC files: the same in any order, in any portions, with any number of processes."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from archive.archive import Archive
from archive.index.indexer import index
from archive.lock import Lock
from archive.platforms import load
from archive.warc.writer import WarcWriter
from tests.conftest import ACCOUNT, FAST, ROOT, Program, dump, rows
from tests.rigs.warc_records import OURS
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper

PICTURE = "https://imgpai.thepaper.cn/newpai/image/1.png"


@pytest.fixture
def history(thepaper: ThePaper, zhengwen: Program, archive_dir: Path) -> Path:
    """An archive of four crawls: an edit, revisits, a withdrawal, a picture."""
    url = "https://www.thepaper.cn/newsDetail_forward_570000"
    thepaper.add(
        *(
            Story(5_700_000 + n, f"第{n}次通报", ["疫情防控。", f"第{n}段。"], pictures=[PICTURE])
            for n in range(6)
        )
    )
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.stories[5_700_001].text[1] = "改过了。"
    zhengwen("crawl", f"{url}0", f"{url}1", *FAST)
    thepaper.stories[5_700_002].state = "tombstone"
    zhengwen("crawl", f"{url}1", f"{url}2", *FAST)
    zhengwen("crawl", f"{url}0", f"{url}1", *FAST)
    return archive_dir


def without_order(
    tables: dict[str, list[tuple[object, ...]]],
) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in tables.items() if name != "producers"}


def test_any_order_of_files_gives_the_same_rows(history: Path, tmp_path: Path) -> None:
    live = dump(history)
    files = sorted((history / "warc").glob("*.warc.gz"))
    assert len(files) == 4 and len(live["versions"]) == 7

    for seed in range(4):
        folder = tmp_path / f"order-{seed}"
        (folder / "warc").mkdir(parents=True)
        random.Random(seed).shuffle(files)
        for file in files:
            shutil.copy(file, folder / "warc")
            index(folder / "warc", folder / "archive.db", load())
        assert without_order(dump(folder)) == without_order(live), [file.name for file in files]


def test_processes_change_nothing_but_the_time(history: Path, tmp_path: Path) -> None:
    live = dump(history)

    index(history / "warc", tmp_path / "archive.db", load(), workers=2)

    assert dump(tmp_path) == live


SCRIPT = """
import sys
from archive import Archive
import archive.index.workers
archive.index.workers.WORTH_WORKERS = 0  # as if the archive were large
with Archive(sys.argv[1]) as opened:
    opened.rebuild()
    assert not opened.compare() and not opened.verify()
    print(opened.index())
"""


def test_a_plain_script_may_index_a_large_archive(history: Path, tmp_path: Path) -> None:
    """Processes begin with the script again where it does not guard against that, so they are asked for and never a default."""
    (tmp_path / "script.py").write_text(SCRIPT)

    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py"), str(history)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "Indexed(files=0, captures=0)\n"), done.stderr


def test_the_database_of_an_older_program_is_compared_as_well(history: Path) -> None:
    with Archive(history) as archive:
        assert not archive.compare()
    with closing(sqlite3.connect(history / "archive.db")) as db:
        for name in ("markdown", "published_candidates", "document_number", "kind"):
            db.execute(f"ALTER TABLE articles DROP COLUMN {name}")
        db.execute("UPDATE articles SET author = '别人' WHERE id = 'thepaper-5700001'")
        db.commit()

    with Archive(history) as archive:
        changes = archive.compare()

    assert {change.field for change in changes} == {"author", "markdown", "kind"}
    assert [change.before for change in changes if change.field == "author"] == ["别人"]
    assert {change.before for change in changes if change.field != "author"} == {None}


def test_a_damaged_file_costs_what_is_damaged_and_leaves_the_rest(history: Path) -> None:
    live = dump(history)
    torn = history / "warc" / "zhengwen-thepaper-99999999999999999-00000-x.warc.gz"
    data = sorted((history / "warc").glob("*.warc.gz"))[0].read_bytes()
    torn.write_bytes(data[:-7])

    with Archive(history) as archive:
        archive.index()

    after = dump(history)
    assert [row for row in after["warcs"] if torn.name not in row] == live["warcs"]
    (damaged,) = rows(history, "SELECT records, damage FROM warcs WHERE damage IS NOT NULL")
    assert damaged["records"] > 0 and "the record does not end as it must" in damaged["damage"]
    assert [table for table in live if after[table] != live[table]] == ["warcs"]


def test_a_capture_gives_its_bytes(history: Path) -> None:
    with Archive(history) as archive:
        version = archive.versions("thepaper-5700001")[1]
        capture = archive.capture(version.capture)

    assert capture.block.startswith(b"HTTP/1.1 200 ")
    assert "改过了。".encode() in capture.block
    assert capture.row.length > 0


def test_notes_that_no_crawl_of_ours_would_write_cost_themselves(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path / "warc", prefix="other", info={"software": "Zhengwen/0"})
    (tmp_path / "warc").mkdir()
    for facts in (
        {"kind": "run"},
        {"kind": "run", "id": "x", "counts": [1], 'wanted"; DROP TABLE runs; --': 1},
        {"kind": "run", "id": {"a": 1}},
        {"kind": "coverage", "run": "x"},
        {"kind": "failure", "url": 1},
        {"kind": ["run"]},
        {"kind": "run", "id": "y", "started_at": "2026-01-01T00:00:00Z"},
    ):
        writer.write_metadata(facts)
    writer.close()

    index(tmp_path / "warc", tmp_path / "archive.db", load())

    assert rows(tmp_path, "SELECT id, started_at, counts FROM runs ORDER BY id") == [
        {"id": "x", "started_at": None, "counts": None},
        {"id": "y", "started_at": "2026-01-01T00:00:00Z", "counts": None},
    ]
    assert rows(tmp_path, "SELECT record FROM coverage") == []
    failures = rows(tmp_path, "SELECT reason, count(*) AS n FROM failures GROUP BY reason")
    assert failures == [{"reason": "unreadable-note", "n": 6}]


def test_a_metadata_record_that_holds_no_json_object_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    blocks = [b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"kind": "run", "id": "x"}']
    with (tmp_path / "warc" / "other.warc.gz").open("wb") as file:
        file.write(OURS)
        for block in blocks:
            head = (
                "WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
                f"WARC-Record-ID: <urn:uuid:{uuid4()}>\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(block)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + block + b"\r\n\r\n"))

    index(tmp_path / "warc", tmp_path / "archive.db", load())

    assert rows(tmp_path, "SELECT id FROM runs") == [{"id": "x"}]
    assert rows(tmp_path, "SELECT records FROM warcs") == [{"records": 1 + len(blocks)}]
    failures = rows(tmp_path, "SELECT detail FROM failures ORDER BY offset")
    assert [row["detail"].split(" in ")[0] for row in failures] == [
        "it is no JSON: JSONDecodeError",
        "its JSON is no object",
        "it is no JSON: JSONDecodeError",
        "its JSON is deeper than 50 levels",
    ]


def test_an_archive_indexed_in_python_verifies_like_one_indexed_by_the_command(
    tmp_path: Path,
) -> None:
    """The chain names the new file too; without it `verify` would report one that was put in."""
    (tmp_path / "warc").mkdir()
    for case in ("next", "gone"):
        shutil.copy(
            ROOT / "tests" / "platforms" / "thepaper" / case / "capture.warc.gz",
            tmp_path / "warc" / f"{case}.warc.gz",
        )
        with Archive(tmp_path) as archive, Lock(tmp_path):
            archive.index()
            assert archive.verify() == []
