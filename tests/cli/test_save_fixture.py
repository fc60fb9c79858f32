"""`zhengwen save-fixture`: a page of a real archive becomes a test case of its platform."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli.fixture import cut, expected
from archive.cli.main import cli
from archive.platforms import Platforms
from archive.warc.reader import Record, records
from tests.conftest import ACCOUNT, FAST, ROOT, Program, captured
from tests.rigs.history import STORY, History
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import Reply

URL = "https://www.thepaper.cn/newsDetail_forward_5700001"
MOBILE = "https://m.thepaper.cn/detail/5700001"
IGNORED = (".git", ".venv", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis", "docs")


@pytest.fixture
def crawled(zhengwen: Program, thepaper: ThePaper, archive_dir: Path) -> Path:
    """An archive of an account with two articles, one of which has moved to the mobile site."""
    for number in (1, 2):
        thepaper.add(Story(5_700_000 + number, f"云溪县第{number}次会议", ["全县会议今天召开。"]))
    moved = Reply(302, {"Location": MOBILE})
    thepaper.interventions.append(
        lambda request: (
            moved
            if request.host == "www.thepaper.cn" and request.path.endswith("5700001")
            else None
        )
    )
    zhengwen("follow", ACCOUNT)
    zhengwen("crawl", *FAST)
    return archive_dir


def save(archive_dir: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(archive_dir), "save-fixture", *words])


def members(path: Path) -> list[Record]:
    return list(records(path))


def test_a_case_is_the_exchange_of_a_page_and_the_redirects_that_led_there(
    crawled: Path, tmp_path: Path
) -> None:
    done = save(crawled, URL, "--into", str(tmp_path))

    case = tmp_path / "thepaper" / "5700001"
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [str(case / "capture.warc.gz"), str(case / "expected.json")]
    pieces = members(case / "capture.warc.gz")
    (original,) = (crawled / "warc").glob("*.warc.gz")
    copy = (case / "capture.warc.gz").read_bytes()
    for record in pieces:
        assert copy[record.offset : record.offset + record.length] in original.read_bytes()
    assert [(record.type, record.url) for record in pieces if record.type == "response"] == [
        ("response", URL),
        ("response", MOBILE),
    ]
    assert [record.type for record in pieces] == ["response", "request", "metadata"] * 2
    written = json.loads((case / "expected.json").read_text("utf-8"))
    assert written == expected(case, Platforms())
    assert [article["id"] for article in written["articles"]] == ["thepaper-5700001"]
    with Archive(crawled) as archive:
        assert written["articles"][0]["text"] == archive.article("thepaper-5700001").text


def test_an_account_is_its_profile_and_its_list(crawled: Path, tmp_path: Path) -> None:
    done = save(crawled, ACCOUNT, "--into", str(tmp_path), "--case", "the-list")

    case = tmp_path / "thepaper" / "the-list"
    assert done.exit_code == 0, done.output
    urls = [record.url for record in members(case / "capture.warc.gz") if record.type == "response"]
    assert [url.rpartition("/")[2] for url in urls] == ["44871", "gov"]
    links = json.loads((case / "expected.json").read_text("utf-8"))["links"]
    assert [link["article_id"] for link in links] == ["thepaper-5700001", "thepaper-5700002"]


def test_wrong_input_gets_a_single_sentence_and_nothing_is_written(
    crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into = tmp_path / "cases"
    (into / "thepaper" / "5700002").mkdir(parents=True)
    other = URL.replace("5700001", "5700002")
    wrong = {
        "has no capture of": [URL.replace("5700001", "99"), "--into", str(into)],
        "is there already": [other, "--into", str(into)],
        "is no name for a case": [URL, "--into", str(into), "--case", "../../elsewhere"],
        "does not exist": [URL, "--into", str(tmp_path / "nowhere")],
        "in a checkout of the project": [URL],
    }

    monkeypatch.chdir(tmp_path)
    for sentence, words in wrong.items():
        done = save(crawled, *words)
        assert done.exit_code == 2 and sentence in done.stderr, (words, done.output)

    assert list(into.rglob("*.json")) == []
    assert save(crawled, other, "--into", str(into), "--force").exit_code == 0
    assert len(list(into.rglob("*.json"))) == 1


def test_a_revisit_is_saved_with_the_bytes_that_it_refers_to(
    archive_dir: Path, tmp_path: Path
) -> None:
    history = History(archive_dir)
    history.run(0, "ok")
    history.run(24, "ok")
    with Archive(archive_dir) as archive:
        archive.index()
    last = captured(archive_dir)[-2:]
    assert any(row["refers_to"] for row in last)

    done = save(archive_dir, URL, "--into", str(tmp_path))

    assert done.exit_code == 0, done.output
    (article,) = json.loads((tmp_path / "thepaper/5700001/expected.json").read_text("utf-8"))[
        "articles"
    ]
    assert article["title"] == STORY.title


def test_a_request_before_its_response_is_cut_out_too(crawled: Path, tmp_path: Path) -> None:
    """So do other programs write their files."""
    (path,) = (crawled / "warc").glob("*.warc.gz")
    content = path.read_bytes()
    (row,) = [row for row in captured(crawled) if row["url"] == MOBILE]
    exchange = [record for record in members(path) if record.offset >= int(str(row["offset"]))][:3]
    response, request, facts = (
        content[record.offset : record.offset + record.length] for record in exchange
    )
    foreign = tmp_path / "warc" / "foreign.warc.gz"
    foreign.parent.mkdir()
    foreign.write_bytes(request + response + facts)

    copy = cut(foreign.parent, [{"warc": foreign.name, "offset": len(request)}])

    assert copy == request + response + facts


def test_a_page_of_a_described_platform_has_no_case(archive_dir: Path, tmp_path: Path) -> None:
    History(archive_dir).run(0, "ok")
    with Archive(archive_dir) as archive:
        archive.index()

    done = save(archive_dir, "https://www.yunxi.example/news/1.html", "--into", str(tmp_path))

    assert done.exit_code == 2 and "has no capture of" in done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout, in which a platform may be begun."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*IGNORED))
    (folder / "docs").mkdir()
    return folder


def in_checkout(checkout: Path, *words: str, check: int | None = 0) -> str:
    """The output of a program that runs in the copy, with the copy's code."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert check is None or done.returncode == check, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.e2e
def test_a_new_platform_and_its_case_pass_the_tests_of_every_platform(
    checkout: Path, archive_dir: Path
) -> None:
    url = "https://www.xinmin.example/article/1.html"
    program = ("crawler", "--archive", str(archive_dir))
    tests = ("pytest", "-q", "-n0", "-p", "no:cacheprovider", "-k", "xinmin or every_platform")

    in_checkout(checkout, *program, "new-platform", "xinmin", url)
    assert "there is no fixture yet" in in_checkout(checkout, *tests, "tests/platforms", check=1)
    in_checkout(
        checkout, "tests.standin", sys.executable, "-m", *program, "crawl", url, *FAST, check=None
    )
    saved = in_checkout(checkout, *program, "save-fixture", url)
    done = in_checkout(checkout, *tests, "tests/platforms")

    assert saved.split() == [
        "tests/platforms/xinmin/1/capture.warc.gz",
        "tests/platforms/xinmin/1/expected.json",
    ]
    assert " passed" in done and "failed" not in done
    case = checkout / "tests" / "platforms" / "xinmin" / "1"
    (article,) = json.loads((case / "expected.json").read_text("utf-8"))["articles"]
    assert article["id"] == "xinmin-1" and article["text"]
    (case / "expected.json").write_text("{}\n", "utf-8")
    assert "test_a_fixture_is_read_as_expected[xinmin-1]" in in_checkout(
        checkout, *tests, "tests/platforms", check=1
    )
