"""A simulated year: what 40 accounts do to an archive, and whether it says so, truly and in few words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCREENS = 2 * 24  # lines of mail in a month
COMPLETE = bool(os.environ.get("ZHENGWEN_YEARS"))  # three seeds, a crawl a day; half an hour
SEEDS = (1, 2, 3) if COMPLETE else (1,)
PACE = ("365", "1", "12") if COMPLETE else ("208", "8", "20")


@pytest.mark.e2e
@pytest.mark.timeout(3600 if COMPLETE else 900)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_is_recorded_truly_and_reported_in_few_words(seed: int, tmp_path: Path) -> None:
    measured = year(tmp_path, seed)

    assert measured["false"] == []
    assert measured["proved"] >= 0.98 * (measured["proved"] + len(measured["missed"])) > 0, measured["missed"]  # fmt: skip
    assert measured["waiting_as_none"] == []
    assert measured["untold"] == [] and measured["events"] == 7
    assert max(measured["lines_by_month"]) <= SCREENS, measured["mail"]
    assert {"new", "none", "blocked", "unreachable"} <= measured["outcomes"].keys()


def year(folder: Path, seed: int) -> dict[str, Any]:
    """Let it pass in a process of its own, as Scrapy's loop begins once in each."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rigs.year", str(folder), str(seed), *PACE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    value: dict[str, Any] = json.loads(done.stdout)
    return value
