"""Nobody is watching: the crontab line under cron's environment, logs, reports, alerts, budgets, signals, a full disk, the lock."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.errors import UsageError
from crawler.schedule import schedule
from crawler.spider.recheck_schedule import Schedule
from crawler.units import parse_duration, parse_size
from tests.conftest import ACCOUNT, FAST, NOT_INSTALLABLE, ROOT, Program, rows, validate
from tests.rigs.warc_records import OURS, note, record
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb, Reply


def stories(number: int, first: int = 5_700_000) -> list[Story]:
    return [
        Story(first + n, f"第{n}次通报", [f"疫情防控第{n}天，会议要求落实措施。"])
        for n in range(number)
    ]


def report(archive_dir: Path) -> dict[str, object]:
    value: dict[str, object] = json.loads(
        (archive_dir / "reports" / "latest.json").read_text("utf-8")
    )
    return value


def started(web: LoopbackWeb, archive_dir: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "crawler", "--archive", str(archive_dir), "crawl", *words]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **web.environ()}, stderr=subprocess.PIPE, text=True
    )


def until(true: object, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


# --- cron ---


def test_the_crontab_line_works_in_crons_environment(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "an archive 100% mine"
    folder.mkdir()
    thepaper.add(*stories(2))
    zhengwen("follow", ACCOUNT, archive=folder)
    line = zhengwen(
        "schedule", "--contact", "me@example.org", "--cron", archive=folder
    ).stdout.strip()
    minute, hour, *rest = line.split(" ", 5)
    assert minute.isdigit() and hour.isdigit() and rest[:3] == ["*", "*", "*"]
    assert not re.search(r"(?<!\\)%", line)  # a bare % ends the command

    done = subprocess.run(
        ["env", "-i", "PATH=/usr/bin:/bin", f"HOME={tmp_path}", "SHELL=/bin/sh", "LOGNAME=me",
         *(f"{name}={value}" for name, value in web.environ().items() if name != "XDG_STATE_HOME"),
         "/bin/sh", "-c", rest[3].replace(r"\%", "%")],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(rows(folder, "SELECT id FROM articles")) == 2
    assert "me@example.org" in next(iter(web.requests())).headers["user-agent"]


@pytest.mark.e2e
def test_the_units_are_those_of_this_archive(tmp_path: Path) -> None:
    folder = tmp_path / 'a "quoted" $HOME 50%'
    folder.mkdir()
    parts = schedule(folder, 6, "me@example.org")

    assert re.search(r"OnCalendar=\*-\*-\* (\d+,){3}\d+:\d\d:00", parts["timer"])
    assert (
        r"\"quoted\" $$HOME 50%%" in parts["service"] and "SuccessExitStatus=4" in parts["service"]
    )
    assert (
        parts["cron"] in parts["text"]
        and "crontab -" in parts["text"]
        and "systemctl --user enable" in parts["text"]
    )
    with pytest.raises(UsageError, match="--every"):
        schedule(folder, 5, "me@example.org")
    if (analyze := shutil.which("systemd-analyze")) is None:
        pytest.skip(
            "systemd-analyze is not here (apt-get install systemd); the text of the unit is checked,"
            " the unit is not verified"
        )
    (tmp_path / "zhengwen.service").write_text(parts["service"])
    done = subprocess.run(
        [analyze, "verify", str(tmp_path / "zhengwen.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "zhengwen.service" not in done.stderr, done.stderr


def test_success_is_quiet_and_the_log_has_it_all(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    done = zhengwen("crawl", ACCOUNT, *FAST)

    assert (done.stdout, done.stderr) == ("", "")
    log = (archive_dir / "logs" / "crawl.log").read_text("utf-8")
    assert "Spider opened" in log and "exit code 0" in log
    value = report(archive_dir)
    assert value["exit_code"] == 0 and value["alarms"] == [] and value["failed"] is None
    assert value["outcomes"] == {
        "article article": 2,
        "listing listing": 1,
        "profile profile": 1,
        "robots robots": 2,
    }
    (row,) = value["coverage"]  # type: ignore[misc]
    assert row["outcome"] == "new" and row["new"] == 2  # type: ignore[index]
    assert value["warcs"] == [path.name for path in (archive_dir / "warc").iterdir()]


def test_an_alarm_is_reported_and_the_alert_runs(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path, tmp_path: Path
) -> None:
    thepaper.add(*stories(1))
    thepaper.interventions.append(
        lambda request: Reply(403) if request.path.startswith("/contentapi") else None
    )
    mark = tmp_path / "mark"

    done = zhengwen(
        "crawl",
        ACCOUNT,
        *FAST,
        "--alert",
        f'echo "$ZHENGWEN_EXIT_CODE $ZHENGWEN_REPORT" > {mark}',
        check=3,
    )

    code, path = mark.read_text().split()
    assert code == "3" and json.loads(Path(path).read_text("utf-8"))["exit_code"] == 3
    assert done.stderr.startswith("zhengwen: thepaper 44871: blocked (http-403")
    assert len(done.stderr.splitlines()) == 1
    assert (
        "alert command ended with exit code 7"
        in zhengwen("crawl", ACCOUNT, *FAST, "--alert", "exit 7", check=3).stderr
    )
    thepaper.interventions.clear()
    mark.unlink()
    again = zhengwen("crawl", ACCOUNT, *FAST, "--alert", f"touch {mark}").stderr
    assert not mark.exists() and again.startswith("zhengwen: over: thepaper 44871: was blocked")
    thepaper.add(*stories(1, 5_800_000))
    letter = tmp_path / "letter"
    zhengwen("crawl", ACCOUNT, *FAST, "--alert", f"cat > {letter}", "--alert-news")
    assert letter.read_text("utf-8").startswith("new  ") and "5800000" in letter.read_text("utf-8")


# --- the lock ---


def test_a_faulty_file_is_reported_by_every_crawl_and_costs_none_of_its_own(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    warc_dir = archive_dir / "warc"
    warc_dir.mkdir()
    (warc_dir / "0.warc.gz").write_bytes(record("response", version=b"WARC/2.0"))
    (warc_dir / "1.warc.gz").write_bytes(OURS + note({"kind": "run"}))
    os.mkfifo(warc_dir / "2.warc.gz")
    (warc_dir / "3.warc.gz").symlink_to("nowhere")
    Path(os.fsdecode(bytes(warc_dir) + b"/\xd6\xd0.warc.gz")).write_bytes(b"")

    first = zhengwen("crawl", ACCOUNT, *FAST, check=3).stderr

    for name, wrong in (
        ("0.warc.gz", "could not be read at 0: this is WARC/2.0"),
        ("1.warc.gz", "has 1 record that could not be read"),
        ("2.warc.gz", "was left out: it is a named pipe"),
        ("3.warc.gz", "was left out: it is a link that leads nowhere"),
        ("xd6\\xd0.warc.gz", "was left out: its name is not UTF-8"),
    ):
        assert f"{name} {wrong}" in first
        assert any(
            name in file["name"] and wrong in file["wrong"] for file in report(archive_dir)["files"]
        )  # type: ignore[attr-defined]
    assert report(archive_dir)["exit_code"] == 3
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 2

    thepaper.add(*stories(1, 5_800_000))
    second = zhengwen("crawl", ACCOUNT, *FAST, check=3).stderr
    assert "0.warc.gz could not be read" in second and "1.warc.gz" not in second
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 3


def test_a_second_start_leaves_at_once_and_touches_nothing(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    zhengwen("crawl", ACCOUNT, *FAST)
    thepaper.interventions.append(
        lambda request: (
            Reply(delay=90, status=404) if request.path.startswith("/contentapi") else None
        )
    )
    first = started(web, archive_dir, ACCOUNT, *FAST)
    until(lambda: len(web.requests(path="/contentapi")) >= 2)
    before = {
        path: (path.stat().st_mtime_ns, path.stat().st_size) for path in archive_dir.rglob("*")
    }
    asked = len(web.log)

    second = subprocess.run(
        [sys.executable, "-m", "crawler", "--archive", str(archive_dir), "crawl", ACCOUNT],
        cwd=ROOT, env={**os.environ, **web.environ()}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert first.poll() is None, "the second one waited for the first"
    assert second.returncode == 4 and len(second.stderr.splitlines()) == 1
    assert {
        path: (path.stat().st_mtime_ns, path.stat().st_size) for path in archive_dir.rglob("*")
    } == before
    assert len(web.log) == asked
    first.terminate()
    first.communicate(timeout=180)


# --- ends ---


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_crawl_cleanly_within_seconds(
    number: int, web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*stories(12))
    thepaper.interventions.append(
        lambda request: Reply(delay=60) if request.path.endswith("5700004") else None
    )
    running = started(web, archive_dir, ACCOUNT, "-s", "DOWNLOAD_DELAY=0.2")
    until(lambda: web.requests(path="/newsDetail_forward_5700004"))
    begun = time.monotonic()
    running.send_signal(number)
    message = running.communicate(timeout=180)[1]

    assert time.monotonic() - begun < 45  # of the 60 that the answer would take
    assert running.returncode == 1 and "asked to stop" in message and "Traceback" not in message
    assert not list((archive_dir / "warc").glob("*.open"))
    validate(archive_dir)
    (run,) = rows(archive_dir, "SELECT finish_reason, finished_at FROM runs")
    assert run["finish_reason"] == "shutdown" and run["finished_at"]
    thepaper.interventions.clear()
    zhengwen("crawl", ACCOUNT, *FAST)
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 12


def test_a_signal_ends_a_long_wait_too(
    web: LoopbackWeb, thepaper: ThePaper, archive_dir: Path
) -> None:
    thepaper.add(*stories(2))
    thepaper.interventions.append(
        lambda request: (
            Reply(429, {"Retry-After": "100"}) if request.path.startswith("/newsDetail") else None
        )
    )
    running = started(web, archive_dir, ACCOUNT, *FAST)
    until(lambda: web.requests(path="/newsDetail"))
    begun = time.monotonic()
    running.terminate()
    running.communicate(timeout=180)

    took = time.monotonic() - begun

    assert running.returncode == 1 and took < 75  # of the 100 that the host asks for


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--max-requests", "9"), "budget_requests"),
        (("--max-time", "4s"), "budget_time"),
        (("--max-bytes", "30KB"), "budget_bytes"),
    ],
)
def test_a_budget_ends_the_crawl_and_the_ledger_says_so(
    words: tuple[str, ...],
    reason: str,
    web: LoopbackWeb,
    thepaper: ThePaper,
    zhengwen: Program,
    archive_dir: Path,
) -> None:
    thepaper.add(*stories(60))
    thepaper.page_size = 5
    zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.1", *words)

    (row,) = rows(archive_dir, "SELECT outcome, reason FROM coverage")
    assert row["outcome"] == "budget" and reason in str(row["reason"])
    (run,) = rows(archive_dir, "SELECT finish_reason FROM runs")
    assert run["finish_reason"] == reason
    assert len(rows(archive_dir, "SELECT id FROM articles")) < 60
    zhengwen("crawl", ACCOUNT, *FAST)
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 60
    assert rows(archive_dir, "SELECT outcome FROM coverage ORDER BY at DESC LIMIT 1") == [
        {"outcome": "new"}
    ]


def test_pictures_count_among_the_bytes(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    pictures = [f"https://imgpai.thepaper.cn/newpai/{n}.png" for n in range(20)]
    thepaper.add(Story(5_700_000, "通报", ["正文。"], pictures=pictures))
    thepaper.picture_size = 100_000

    zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.1", "--max-bytes", "500KB")

    assert rows(archive_dir, "SELECT finish_reason FROM runs") == [
        {"finish_reason": "budget_bytes"}
    ]
    assert len(web.requests(host="imgpai.thepaper.cn", path="/newpai")) < 12


def test_too_little_room_is_reported_before_anything_is_asked(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    message = zhengwen("crawl", ACCOUNT, "-s", "MIN_FREE_DISK=900TB", check=2).stderr

    assert "MIN_FREE_DISK" in message and not web.log and not list(archive_dir.glob("warc/*"))


def test_a_full_disk_ends_the_crawl_and_it_goes_on_when_there_is_room(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(
            f"the right to mount a file system {NOT_INSTALLABLE}; test_cli has the same with a limit"
            " on the size of files"
        )
    try:
        thepaper.add(
            *(Story(5_700_000 + n, f"第{n}次通报", [os.urandom(60_000).hex()]) for n in range(40))
        )
        message = zhengwen(
            "crawl", ACCOUNT, *FAST, "-s", "MIN_FREE_DISK=0", archive=folder, check=1
        ).stderr
        assert "make room" in message and "Traceback" not in message
        subprocess.run(["mount", "-o", "remount,size=200m", str(folder)], check=True)
        zhengwen("crawl", ACCOUNT, *FAST, "-s", "MIN_FREE_DISK=0", archive=folder)
        assert len(rows(folder, "SELECT id FROM articles")) == 40
        assert rows(folder, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        validate(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


# --- updates ---


def test_after_an_update_captures_go_on_and_the_exit_code_asks_for_a_rebuild(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*(Story(5_700_000 + n, f"第{n}次通报", ["正文。"]) for n in range(2)))
    zhengwen("crawl", ACCOUNT, *FAST)
    with sqlite3.connect(archive_dir / "archive.db") as db:  # as if an older version had made it
        for statement in (
            "UPDATE producers SET id = 'older'",
            *(f"UPDATE {table} SET producer = 'older'" for table in ("articles", "versions")),
        ):
            db.execute(statement)
    db.close()
    thepaper.add(Story(5_700_002, "第2次通报", ["正文。"]))

    message = zhengwen("crawl", ACCOUNT, *FAST, check=1).stderr

    assert (
        "another version" in message
        and "zhengwen rebuild" in message
        and "Traceback" not in message
    )
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 2
    assert (
        zhengwen("rebuild", "--compare").stdout
        == "article: 1\n  thepaper-5700002\n    - 'None'\n    + '第2次通报'\n"
    )
    zhengwen("rebuild")
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 3
    zhengwen("crawl", ACCOUNT, *FAST)
    assert zhengwen("verify").stdout == ""


# --- words ---


def test_sizes_and_spans() -> None:
    assert [parse_size(text, "x") for text in ("", None, 0, "7", "500MB", "2 GB", "3k")] == [
        0,
        0,
        0,
        7,
        500_000_000,
        2 * 10**9,
        3000,
    ]
    assert [parse_duration(text, "x") for text in ("", "90", "90s", "30m", "2h", "1d")] == [
        0,
        90,
        90,
        1800,
        7200,
        86_400,
    ]
    for wrong in ("much", "-5", "5 apples"):
        with pytest.raises(UsageError):
            parse_size(wrong, "MAX_BYTES")
        with pytest.raises(UsageError):
            parse_duration(wrong, "MAX_TIME")


HOUR, DAY = 3600, 86_400


@pytest.mark.parametrize(
    ("age", "seen", "due"),
    [
        (0.5 * HOUR, 0, False), (1.1 * HOUR, 0, True), (1.1 * HOUR, 1.05 * HOUR, False), (5 * HOUR, 1.1 * HOUR, False),
        (7 * HOUR, 1.1 * HOUR, True), (3 * DAY, 7 * HOUR, True), (20 * DAY, 14.5 * DAY, False), (60 * DAY, 29 * DAY, True),
        (100 * DAY, 91 * DAY, False), (366 * DAY, 91 * DAY, True), (700 * DAY, 366 * DAY, False), (740 * DAY, 366 * DAY, True),
        (3000 * DAY, 2700 * DAY, False), (3000 * DAY, 2600 * DAY, True),
    ],
)  # fmt: skip
def test_when_a_recheck_is_due(age: float, seen: float, due: bool) -> None:
    schedule = Schedule.parse("1h 6h 1d 3d 7d 14d 30d 90d 365d+")
    assert (schedule.lateness(age, seen) is not None) is due


@pytest.mark.parametrize("text", ["often", "1h 1h", "6h 1h", "1h+ 6h", "0h", "1w"])
def test_an_invalid_schedule_is_reported(text: str) -> None:
    with pytest.raises(UsageError, match="RECHECK"):
        Schedule.parse(text)
    assert Schedule.parse("").lateness(1e9, 0) is None
