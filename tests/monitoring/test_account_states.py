"""`status` and `show` say what an account is, under which names it was seen, and when its articles were last proved to be online."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.cli.main import cli
from tests.history.test_account_status import HIDDEN, HISTORIES, LIVE, RENAMES, STORIES, played


def printed(folder: Path, *words: str) -> str:
    with Archive(folder) as archive:
        archive.follow(["https://www.thepaper.cn/gov_44871"])
    done = CliRunner().invoke(cli, ["--archive", str(folder), *words])
    assert done.exit_code in (0, 3), done.output
    return done.output


def account(folder: Path) -> dict[str, Any]:
    accounts: list[dict[str, Any]] = json.loads(printed(folder, "status", "--json"))["accounts"]
    return accounts[0]


@pytest.mark.parametrize(
    ("name", "status", "since", "proved"),
    [
        ("an outage", "live", "2031-03-01", True),
        ("a profile is not there and the list is empty", "suspended", "2031-03-02", True),
        ("the platform names a measure", "suspended", "2031-03-02", False),
        ("its owner closed it", "removed", "2031-03-02", False),
        ("its address leads to another account", "moved", "2031-03-02", True),
        ("it comes back", "live", "2031-03-04", True),
    ],
)
def test_status_says_what_an_account_is(
    name: str, status: str, since: str, proved: bool, tmp_path: Path
) -> None:
    played(tmp_path, HISTORIES[name][0])

    of_account = account(tmp_path)
    assert of_account["status"] == status
    assert of_account["status_since"][:10] == since
    assert of_account["status_proved"] == proved
    text = printed(tmp_path, "status")
    if status == "live":
        assert f"live on {of_account['status_seen'][:10]}" in text
    else:
        assert f"{status} since {since}" + ("" if proved else ", not proved yet") in text
        assert f"{status}: thepaper 44871 云溪发布: " in text


def test_status_counts_what_is_online_and_since_when_that_is_proved(tmp_path: Path) -> None:
    again = replace(LIVE, pages=[(STORIES[1], None)])
    played(tmp_path, [(0, LIVE), (24, again), (48, HIDDEN), (72, HIDDEN)])
    assert (account(tmp_path)["articles"], account(tmp_path)["online"]) == (2, 0)

    folder = tmp_path / "online"
    played(folder, [(0, LIVE), (24, again), (48, LIVE)])
    assert account(folder)["online"] == 2
    assert account(folder)["online_since"][:10] == "2031-03-02"
    assert "2, seen since 2031-03-02" in printed(folder, "status")


def test_status_has_the_present_name_and_the_past_ones(tmp_path: Path) -> None:
    played(tmp_path, [(24 * n, seen) for n, seen in enumerate(RENAMES["profile and list"])])

    assert account(tmp_path)["name"] == "云溪融媒"
    assert account(tmp_path)["past_names"] == ["云溪发布"]
    assert "names: thepaper 44871 云溪融媒: also seen as 云溪发布" in printed(tmp_path, "status")


def test_an_old_page_that_comes_again_does_not_bring_the_old_name_back(tmp_path: Path) -> None:
    old, new = RENAMES["profile and list"]
    late = replace(new, pages=[(replace(STORIES[0], account="云溪发布"), None)])
    played(tmp_path, [(0, old), (24, new), (48, late)])

    assert account(tmp_path)["name"] == "云溪融媒"


def test_show_says_when_the_last_proof_was(tmp_path: Path) -> None:
    played(tmp_path, [(0, LIVE), (24, LIVE)])
    assert "status: live, last seen online 2031-03-02T" in printed(tmp_path, "show", "5700001")

    folder = tmp_path / "hidden"
    played(folder, [(0, LIVE), (24, HIDDEN), (48, HIDDEN)])
    text = printed(folder, "show", "5700001")
    assert "status: withdrawn, last seen online 2031-03-01T" in text
    assert "missing since 2031-03-02T" in text
