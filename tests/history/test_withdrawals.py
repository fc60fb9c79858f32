"""What an archive says of articles that changed, went, came back or only seemed to: `scenarios.toml`, each as a real archive."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.cli.texts import marked
from archive.database.rows import columns
from archive.history.diff import compare
from archive.history.withdrawals import withdrawer
from archive.index.indexer import index
from archive.platforms import load
from tests.conftest import ROOT, dump, rows
from tests.rigs.history import STORY, played, stamp

SCENARIOS: list[dict[str, Any]] = tomllib.loads(
    (ROOT / "tests" / "rigs" / "scenarios.toml").read_text("utf-8")
)["scenario"]
ID = f"thepaper-{STORY.cont_id}"
GONE, BLOCKED = (
    ("withdrawn",),
    ("403", "401", "429", "50", "login", "captcha", "waf", "noanswer", "outage", "truncated"),
)


def test_there_are_enough_scenarios_and_none_twice() -> None:
    assert len(SCENARIOS) >= 60
    assert (
        len({scenario["name"] for scenario in SCENARIOS})
        == len(SCENARIOS)
        == len({tuple(scenario["observations"]) for scenario in SCENARIOS})
    )


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_a_scenario(scenario: dict[str, Any], tmp_path: Path) -> None:
    played(tmp_path, scenario["observations"])

    with Archive(tmp_path) as archive:
        articles = rows(tmp_path, "SELECT * FROM articles WHERE id = ?", ID)
        if scenario["status"] == "none":
            assert not articles
            return
        (article,) = articles
        assert article["status"] == scenario["status"]
        assert article["version_count"] == scenario.get("versions", 1)
        assert article["moved_to"] == scenario.get("moved")
        absences = [columns(row) for row in archive.withdrawals(ID)]
        absence = absences[-1] if absences else {}
        for name, column in {
            "seen": "last_seen_at",
            "missing": "first_missing_at",
            "proved": "confirmed_at",
            "back": "reinstated_at",
        }.items():
            if name in scenario:
                assert absence[column] == stamp(scenario[name]), name
        if "edits" in scenario:
            changed = [edit.fields[scenario.get("field", "text")] for edit in archive.edits(ID)]
            assert [
                [text_of(pieces, "removed"), text_of(pieces, "added")] for pieces in changed
            ] == scenario["edits"]
        assert not absence.get("confirmed_at") or len(rows(tmp_path, PROOFS)) >= 2


PROOFS = """SELECT p.value FROM withdrawals w, json_each(w.proofs) p WHERE p.value IN (SELECT id FROM captures)
    OR p.value IN (SELECT record FROM coverage)"""


def text_of(pieces: list[Any], kind: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind == kind)


@pytest.mark.slow
@pytest.mark.parametrize("order", ["reversed", "rotated"])
def test_any_order_of_the_files_proves_the_same(order: str, tmp_path: Path) -> None:
    for number, scenario in enumerate(SCENARIOS):
        first, second = tmp_path / f"{number}", tmp_path / f"{number}-again"
        played(first, scenario["observations"])
        files = sorted((first / "warc").glob("*.warc.gz"))
        (second / "warc").mkdir(parents=True)
        for file in files[::-1] if order == "reversed" else files[1:] + files[:1]:
            shutil.copy(file, second / "warc")
            index(second / "warc", second / "archive.db", load())
        rows_in_order, rows_in_disorder = dump(first), dump(second)
        assert {name: rows_in_order[name] for name in rows_in_order if name != "producers"} == {
            name: rows_in_disorder[name] for name in rows_in_disorder if name != "producers"
        }, scenario


def test_every_edit_is_exact() -> None:
    before, after = (
        "第一段。\n第二段，有字。\n第三段。",
        "第一段。\n第二段，有了别的字。\n第三段！\n第四段。",
    )
    pieces = compare(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert marked(pieces) == "第二段，有{+了别的+}字。\n第三段{+！\n第四段+}。"


@pytest.mark.parametrize(
    ("tombstone", "by"),
    [
        ("该内容已被发布者删除", "account"), ("此账号已自主注销", "account"), ("The content has been deleted by the author", "account"),
        ("此内容因违规无法查看", "platform"), ("该公众号已被封禁", "platform"), ("内容已被管理员删除", "platform"), ("此文章已下线", None), (None, None),
    ],
)  # fmt: skip
def test_the_tombstone_says_who_withdrew(tombstone: str | None, by: str | None) -> None:
    assert withdrawer(tombstone) == by
