"""What the commands say, in process: messages that name what was typed and what to do, and versions with their times."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Archive
from archive.lock import Lock
from crawler.cli import cli
from tests.rigs.history import played

EDITED = "thepaper-5700001"


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """An archive of one article that was edited: versions, the first of them captured twice."""
    played(tmp_path, ["0h ok", "6h ok", "1d edit"])
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["crawl", "--max-time", "abc"], 2, "--max-time is 'abc'; write it as 90s, 30m or 2h."),
        (["crawl", "--max-bytes", "much"], 2, "--max-bytes is 'much'; write it as 500MB or 2GB."),
        (["crawl", "--max-time=5 years"], 2, "--max-time is '5 years'; write"),
        (["sign", "--key", "missing.pem"], 2, "missing.pem cannot be read (No such file or"),
        (["follow", "https://elsewhere.example/1"], 2, "describe another in TOML, as docs/plat"),
        (["show", "demo-1", "--versions", "--diff"], 2, "show different things"),
        (["show", "demo-1", "--diff", "--versions", "--json"], 2, "give one of them"),
    ],
)
def test_a_message_names_what_was_typed_and_what_to_do(
    words: list[str], code: int, message: str, archive_dir: Path
) -> None:
    done = run(archive_dir, *words)

    assert done.exit_code == code
    assert message in done.stderr and "Errno" not in done.stderr


@pytest.mark.parametrize("name", ["foo", "demo-1001", "www.thepaper.cn/newsDetail_forward_1", ""])
def test_save_fixture_wants_an_address(name: str, archive_dir: Path) -> None:
    with Archive(archive_dir) as archive:
        archive.index()

    done = run(archive_dir, "save-fixture", name, "--into", str(archive_dir))

    assert done.exit_code == 2
    assert f"{name!r} is not a URL; give the full address" in done.stderr


@pytest.mark.parametrize("command", ["index", "rebuild", "crawl"])
def test_who_finds_the_archive_in_use_has_to_wait(
    command: str, archive_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGWEN_CONTACT", "me@example.org")
    (archive_dir / "accounts.csv").write_text(
        "platform,account_id,name,url\nthepaper,44871,x,https://www.thepaper.cn/gov_44871\n"
    )
    with Lock(archive_dir):
        done = run(archive_dir, command)

    assert done.exit_code == 4
    assert "nothing was touched, so wait for it to end and run this again." in done.stderr


def test_versions_are_printed_with_their_numbers_and_times(edited: Path) -> None:
    with Archive(edited) as archive:
        versions = archive.versions(EDITED)

    done = run(edited, "show", EDITED, "--versions")
    heads = re.findall(r"^version .*$", done.stdout, re.M)

    assert len(heads) == len(versions) == 2
    for number, (head, version) in enumerate(zip(heads, versions, strict=True), 1):
        first, last = version.first_captured_at, version.last_captured_at
        times = f"captured {first}" if first == last else f"captured from {first} to {last}"
        assert head == f"version {number} of 2, {times}"
    assert " from " in heads[0] and " from " not in heads[1]
    lines = run(edited, "show", EDITED, "--versions", "--json").stdout.splitlines()
    assert [json.loads(line)["digest"] for line in lines] == [row.digest for row in versions]
