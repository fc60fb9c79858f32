"""Folders and files that are not as they should be: one clear sentence, the documented exit code, nothing touched."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import ACCOUNT, FAST, NOT_INSTALLABLE, ROOT, Program, rows
from tests.rigs.signals import kill_all
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply

WITHOUT_ROOTS_RIGHTS = [
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-all",
]


@pytest.fixture
def filled(thepaper: ThePaper, zhengwen: Program, archive_dir: Path) -> Path:
    """An archive with one article."""
    thepaper.add(Story(5_700_001, "疫情通报", ["疫情防控，人人有责。"]))
    zhengwen("crawl", ACCOUNT, *FAST)
    return archive_dir


@pytest.fixture
def read_only(filled: Path) -> Iterator[Path]:
    """The archive as on a disk that may only be read. Root may write anywhere, so it must give up that right first."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root writes into any folder, and there is no setpriv to give that right up")
    inside = [filled, *filled.rglob("*")]
    for path in inside:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield filled
    for path in inside:
        if path.exists():
            path.chmod(0o755)


def powerless(web: LoopbackWeb, *words: str) -> subprocess.CompletedProcess[str]:
    """`zhengwen` as a user without root's right to write everywhere."""
    lesser = WITHOUT_ROOTS_RIGHTS if os.geteuid() == 0 else []
    command = [*lesser, sys.executable, "-m", "crawler", *words]
    environ = {**os.environ, **web.environ()}
    return subprocess.run(
        command, check=False, env=environ, capture_output=True, text=True, timeout=120, cwd=ROOT
    )


def is_single_sentence(message: str) -> bool:
    return message.count("\n") == 1 and "Traceback" not in message


@pytest.mark.parametrize("words", [["crawl", ACCOUNT], ["follow", ACCOUNT], ["rebuild"]])
def test_a_read_only_archive_is_not_written(
    words: list[str], read_only: Path, web: LoopbackWeb
) -> None:
    web.forget()

    done = powerless(web, "--archive", str(read_only), *words)

    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert is_single_sentence(done.stderr) and str(read_only) in done.stderr
    assert web.log == []


def test_a_read_only_archive_is_still_read(read_only: Path, web: LoopbackWeb) -> None:
    searched = powerless(web, "--archive", str(read_only), "search", "疫情", "--json")
    shown = powerless(web, "--archive", str(read_only), "show", "thepaper-5700001")
    status = powerless(web, "--archive", str(read_only), "status", "--json")
    verified = powerless(web, "--archive", str(read_only), "verify")

    assert json.loads(searched.stdout)["id"] == "thepaper-5700001", searched.stderr
    assert "疫情防控，人人有责。" in shown.stdout
    assert status.returncode == 0
    assert (verified.returncode, verified.stderr) == (0, ""), verified.stdout


@pytest.mark.parametrize("words", [["crawl", ACCOUNT], ["search", "疫情"], ["status"], ["index"]])
def test_an_archive_that_is_a_file_is_reported(
    words: list[str], zhengwen: Program, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")

    done = zhengwen(*words, archive=tmp_path / "file", check=2)

    assert is_single_sentence(done.stderr) and str(tmp_path / "file") in done.stderr


@pytest.mark.parametrize(
    "words",
    [["search", "疫情"], ["show", "thepaper-5700001"], ["status"], ["index"], ["crawl", ACCOUNT]],
)
def test_a_database_that_is_none_is_reported(
    words: list[str], filled: Path, zhengwen: Program, web: LoopbackWeb
) -> None:
    for path in filled.glob("archive.db-*"):
        path.unlink()
    (filled / "archive.db").write_bytes(b"this is no database " * 500)

    done = zhengwen(*words, *(FAST if words[0] == "crawl" else ()), check=1)

    assert is_single_sentence(done.stderr) and "zhengwen rebuild" in done.stderr
    zhengwen("rebuild")
    assert len(rows(filled, "SELECT id FROM articles")) == 1


def test_a_damaged_warc_file_is_reported_by_name(filled: Path, zhengwen: Program) -> None:
    (path,) = (filled / "warc").glob("*.warc.gz")
    data = bytearray(path.read_bytes())
    starts = [member.start() for member in re.finditer(rb"\x1f\x8b\x08", data)]
    start, end = max(pairwise([*starts, len(data)]), key=lambda both: both[1] - both[0])
    data[(start + end) // 2] ^= 0xFF  # in the data of a record, not in the head of its member
    path.write_bytes(data)

    done = zhengwen("rebuild", check=3)

    assert all(map(is_single_sentence, done.stderr.splitlines(keepends=True)))
    assert path.name in done.stderr
    (filled / "archive.before-damage.db").replace(filled / "archive.db")
    assert len(rows(filled, "SELECT id FROM articles")) == 1


@pytest.mark.parametrize(
    "command",
    [["crawl", ACCOUNT], ["index"], ["rebuild"], ["follow", "https://www.thepaper.cn/gov_2"]],
)
def test_a_writing_command_waits_for_no_other_run(
    command: list[str], web: LoopbackWeb, thepaper: ThePaper, filled: Path, zhengwen: Program
) -> None:
    thepaper.interventions.append(lambda request: Reply(delay=90))
    running = subprocess.Popen(
        [sys.executable, "-m", "crawler", "--archive", str(filled), "crawl", ACCOUNT, *FAST],
        cwd=ROOT,
        env={**os.environ, **web.environ()},
        start_new_session=True,
    )
    while not list((filled / "warc").glob("*.open")) and running.poll() is None:
        time.sleep(0.02)

    done = zhengwen(*command, check=None)
    kill_all(running)

    if command[0] == "follow":  # accounts.csv is a person's file, not the crawl's
        assert done.returncode in (0, 4)
    else:
        assert done.returncode == 4 and is_single_sentence(done.stderr)


def test_reading_goes_on_while_a_crawl_runs(
    web: LoopbackWeb, thepaper: ThePaper, filled: Path, zhengwen: Program
) -> None:
    thepaper.interventions.append(lambda request: Reply(delay=90))
    command = [sys.executable, "-m", "crawler", "--archive", str(filled), "crawl", ACCOUNT, *FAST]
    running = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **web.environ()}, start_new_session=True
    )

    searched = zhengwen("search", "疫情", "--json")
    kill_all(running)

    assert json.loads(searched.stdout)["id"] == "thepaper-5700001"


@pytest.mark.parametrize(
    "mirror",
    ["www.dbgt.com.cn", "thepaper.cn.kxwhcb.com", "wwwthepaper.cn", "evil@www.dbgt.com.cn"],
)
def test_a_mirror_is_no_platform(mirror: str, zhengwen: Program, web: LoopbackWeb) -> None:
    done = zhengwen("crawl", f"https://{mirror}/newsDetail_forward_1", check=2)

    assert is_single_sentence(done.stderr) and web.log == []


@pytest.mark.parametrize(
    "words",
    [["search", "疫情"], ["status"], ["show", "thepaper-5700001"]],
    ids=lambda words: words[0],
)
def test_a_reader_that_has_seen_enough_is_no_error(words: list[str], filled: Path) -> None:
    """As in `zhengwen search 疫情 | head -1`."""
    reader, writer = os.pipe()
    os.close(reader)

    with os.fdopen(writer, "wb") as gone:
        command = [sys.executable, "-m", "crawler", "--archive", str(filled), *words]
        done = subprocess.run(
            command, stdout=gone, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False
        )

    assert done.stderr == ""
    # `status` has an exit code of its own to give, and could not say all that it is for.
    assert done.returncode == (1 if words == ["status"] else 0)


def test_verify_says_where_it_needs_room(
    filled: Path, zhengwen: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    ).returncode:
        pytest.skip(f"the right to mount a file system {NOT_INSTALLABLE}")
    try:
        monkeypatch.setenv("TMPDIR", str(small))
        message = zhengwen("verify", check=1).stderr
        assert is_single_sentence(message) and f"in {small} and" in message and "TMPDIR" in message
        assert zhengwen("verify", "--quick").stdout == ""
    finally:
        subprocess.run(["umount", str(small)], check=True)
