"""A hand-over while a crawl runs: a single, complete state of the archive, whatever the crawl adds meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from archive import Archive
from archive.warc import chaining
from tests.conftest import ACCOUNT, FAST, ROOT, Program, rows
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply, Request

BEFORE, ADDED = range(5_700_200, 5_700_203), range(5_700_300, 5_700_306)


def stories(numbers: range) -> list[Story]:
    return [
        Story(number, f"第{number}号通告", ["防汛工作会议召开。", f"文号{number}。"])
        for number in numbers
    ]


def test_an_export_while_a_crawl_runs_hands_over_a_single_sound_state(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path, tmp_path: Path
) -> None:
    thepaper.add(*stories(BEFORE))
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.add(*stories(ADDED))
    reached, go_on = threading.Event(), threading.Event()

    def wait(request: Request) -> Reply | None:
        if request.path.endswith(str(ADDED[2])):
            reached.set()
            assert go_on.wait(180)
        return None

    thepaper.interventions.append(wait)
    command = [
        sys.executable,
        "-m",
        "crawler",
        "--archive",
        str(archive_dir),
        "crawl",
        ACCOUNT,
        *FAST,
    ]
    with subprocess.Popen(command, env={**os.environ, **web.environ()}, cwd=ROOT) as crawl:
        try:
            assert reached.wait(180), "the crawl never asked for the article"
            assert list((archive_dir / "warc").glob("*.open")), "the crawl is writing"
            zhengwen("export", str(tmp_path / "during"))
            zhengwen("crawl", ACCOUNT, *FAST, check=4)
        finally:
            go_on.set()
        assert crawl.wait(180) == 0

    zhengwen("export", str(tmp_path / "after"))

    before, complete = (
        {f"thepaper-{number}" for number in numbers} for numbers in (BEFORE, [*BEFORE, *ADDED])
    )
    for name, wanted in (("during", before), ("after", complete)):
        assert zhengwen("verify", "--package", str(tmp_path / name)).stdout == ""
        assert {
            row["id"] for row in rows(tmp_path / name / "data", "SELECT id FROM articles")
        } == wanted
    assert not list((tmp_path / "during").rglob("*.open*"))
    assert zhengwen("verify").stdout == ""


def test_a_file_indexed_in_the_middle_of_an_export_is_not_half_in_it(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path, tmp_path: Path
) -> None:
    thepaper.add(*stories(BEFORE))
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.add(*stories(ADDED))
    zhengwen("crawl", ACCOUNT, *FAST)
    newest = max((archive_dir / "warc").iterdir())
    away = newest.rename(tmp_path / newest.name)
    (archive_dir / "chain.jsonl").unlink()
    (archive_dir / "archive.db").unlink()
    zhengwen("index")

    def progress(step: str, done: int, of: int) -> None:
        if step == "database" and away.exists():
            away.rename(newest)
            chaining.extend(archive_dir)
            with Archive(archive_dir) as other:
                assert other.index().files == 1

    with Archive(archive_dir) as archive:
        archive.export(tmp_path / "package", progress=progress)

    assert not away.exists(), "the other index ran"
    assert zhengwen("verify", "--package", str(tmp_path / "package")).stdout == ""
    assert len(rows(tmp_path / "package" / "data", "SELECT id FROM articles")) == len(BEFORE)
    assert newest.name in (tmp_path / "package" / "README.md").read_text(), (
        "what is not in it is named"
    )
