"""Wrong input gets one clear sentence and the documented exit code, and nothing is lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.cli import cli
from tests.conftest import ACCOUNT, FAST, ROOT, Program, dump, rows, validate
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["follow", "thepaper"], "is not a URL"),
        (["follow", "https://[bad"], "is not a URL"),
        (["follow", "ftp://www.thepaper.cn/gov_1"], "is not a URL"),
        (["follow", "https://www.dbgt.com.cn/gov_44871"], "no known platform"),
        (["follow", "https://thepaper.cn.evil.example/gov_44871"], "no known platform"),
        (["follow", "https://www.thepaper.cn/newsDetail_forward_1"], "no account page"),
        (["follow", "https://www.thepaper.cn/channel_1"], "neither an account nor an article"),
        (["crawl", "https://www.dbgt.com.cn/newsDetail_forward_1"], "no known platform"),
        (["crawl", "nosuchplatform"], "platforms are: "),
        (["crawl"], "zhengwen follow URL"),
        (["crawl", ACCOUNT, "-s", "NONSENSE"], "NAME=VALUE"),
        (["crawl", ACCOUNT, "-s", "DOWNLOADDELAY=3"], "did you mean DOWNLOAD_DELAY?"),
        (["crawl", ACCOUNT, "-s", "download_delay=3"], "did you mean DOWNLOAD_DELAY?"),
        (["crawl", ACCOUNT, "-s", "XYZZY=3"], "no setting XYZZY; docs/settings.md lists them."),
        (
            ["crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=slow"],
            "DOWNLOAD_DELAY is 'slow'; give a number",
        ),
        (["crawl", ACCOUNT, "-s", "MEDIA_ENABLED=maybe"], "give True or False"),
        (["crawl", ACCOUNT, "--max-requests", "many"], "--max-requests"),
        (["crawl", ACCOUNT, "--max-time", "-5"], "--max-time is '-5'"),
        (["crawl", ACCOUNT, "--max-bytes", "much"], "--max-bytes is 'much'"),
        (["crawl", ACCOUNT, "--since", "yesterday"], "YYYY-MM-DD"),
        (["search", "疫情"], "no archive.db yet"),
        (["show", "thepaper-1"], "no archive.db yet"),
    ],
)
def test_wrong_words_get_a_single_sentence(
    words: list[str], complaint: str, zhengwen: Program, web: LoopbackWeb
) -> None:
    done = zhengwen(*words, check=2)

    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == "" and web.log == []


@pytest.mark.parametrize(
    "command", [["crawl"], ["status"], ["search", "疫情"], ["follow", ACCOUNT]]
)
def test_a_missing_folder_is_reported(
    command: list[str], zhengwen: Program, tmp_path: Path
) -> None:
    done = zhengwen(*command, archive=tmp_path / "nowhere", check=2)

    assert "There is no folder" in done.stderr and not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_written_is_reported(zhengwen: Program) -> None:
    done = zhengwen("crawl", ACCOUNT, archive=Path("/proc/self"), check=2)

    assert "Cannot write in /proc/self" in done.stderr


def test_search_without_a_word_is_reported(thepaper: ThePaper, zhengwen: Program) -> None:
    thepaper.add(Story(5_700_001, "标题", ["正文。"]))
    zhengwen("crawl", ACCOUNT, *FAST)

    assert "no word to search for" in zhengwen("search", "，。！", check=2).stderr
    assert "no article 'x'" in zhengwen("show", "x", check=2).stderr


def test_a_broken_accounts_file_is_reported_with_its_line(
    zhengwen: Program, archive_dir: Path
) -> None:
    (archive_dir / "accounts.csv").write_text(
        "platform,account_id,name,url\nnowhere,1,x,https://example.org\n", "utf-8"
    )

    assert "accounts.csv, line 2" in zhengwen("crawl", check=2).stderr


def test_a_spreadsheet_may_save_the_accounts_in_gb18030(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(Story(5_700_001, "标题", ["正文。"]))
    text = "platform,account_id,name,url\r\nthepaper,44871,济南高新区发布,https://www.thepaper.cn/gov_44871\r\n"
    (archive_dir / "accounts.csv").write_bytes(text.encode("gb18030"))

    zhengwen("crawl", "济南高新区发布", *FAST)

    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 1}]


def test_a_database_of_another_producer_is_not_mixed(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(Story(5_700_001, "标题", ["正文。"]))
    zhengwen("crawl", ACCOUNT, *FAST)
    live = dump(archive_dir)
    subprocess.run(
        [
            "sqlite-utils",
            "query",
            str(archive_dir / "archive.db"),
            "update producers set id = 'another'",
        ],
        check=True,
        env=_path(),
    )

    assert "zhengwen rebuild" in zhengwen("crawl", ACCOUNT, *FAST, check=1).stderr
    zhengwen("rebuild")

    assert dump(archive_dir)["articles"] == live["articles"]


def test_a_full_disk_stops_the_crawl_and_loses_nothing(
    web: LoopbackWeb, thepaper: ThePaper, archive_dir: Path, zhengwen: Program
) -> None:
    """A limit on the size of a file fails a write as a full disk does, without the rights to mount one."""
    thepaper.add(
        *(Story(5_700_000 + n, f"第{n}次通报", [os.urandom(40_000).hex()]) for n in range(20))
    )
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

    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **web.environ()},
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY)
        ),
    )

    assert done.returncode == 1
    assert "Cannot write the WARC" in done.stderr
    zhengwen("crawl", ACCOUNT, *FAST)
    assert rows(archive_dir, "SELECT count(*) AS n FROM articles") == [{"n": 20}]
    validate(archive_dir)


def test_every_command_has_help_with_its_options(zhengwen: Program) -> None:
    listed = zhengwen("--help").stdout

    for command in sorted(cli.commands):
        assert f"\n  {command} " in listed
        assert "Options:" in zhengwen(command, "--help").stdout


@pytest.mark.e2e
def test_the_archive_alone_needs_no_crawler(archive_dir: Path) -> None:
    code = "import sys, archive, archive.cli.main, archive.platforms; archive.platforms.load(); print([m for m in ('scrapy', 'twisted', 'crawler') if m in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    helped = subprocess.run(
        [sys.executable, "-m", "archive", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"
    assert "search" in helped.stdout and "\n  crawl " not in helped.stdout


def _path() -> dict[str, str]:
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
