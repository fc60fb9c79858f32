"""What the spiders of one start may spend, they spend together."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from archive.errors import UsageError
from crawler.budget import RunBudget, Spent
from crawler.disk import check_disk


def budget(folder: Path, spent: Spent | None, **limits: object) -> RunBudget:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update({**limits, "ARCHIVE": str(folder)}, priority="cmdline")
    crawler = Crawler(Spider, settings)
    crawler.settings.set("SPENT", spent)
    return RunBudget(crawler)


def test_the_spiders_of_a_start_share_its_budget(tmp_path: Path) -> None:
    spent = Spent()
    first, second = (
        budget(tmp_path, spent, MAX_REQUESTS=2, MAX_BYTES="2KB", MIN_FREE_DISK="") for _ in range(2)
    )
    first.requested(Request("https://a.example/"))
    second.received(b"x" * 1000)
    assert first._used_up() is None

    second.requested(Request("https://b.example/"))
    assert first._used_up() == second._used_up() == "budget_requests"

    first.requests = 0
    first.received(b"x" * 1000)
    assert first._used_up() == "budget_bytes"


def test_another_start_has_its_own(tmp_path: Path) -> None:
    first, second = (budget(tmp_path, None, MAX_REQUESTS=1, MIN_FREE_DISK="") for _ in range(2))
    first.requested(Request("https://a.example/"))

    assert first._used_up() == "budget_requests"
    assert second._used_up() is None


def test_a_time_that_is_over_ends_the_run(tmp_path: Path) -> None:
    spent = Spent(begun=Spent().begun - 61)

    assert budget(tmp_path, spent, MAX_TIME="1m", MIN_FREE_DISK="")._used_up() == "budget_time"


def test_a_nearly_full_disk_ends_the_run_and_starts_none(tmp_path: Path) -> None:
    assert budget(tmp_path, None, MIN_FREE_DISK="9000T")._used_up() == "disk_full"
    with pytest.raises(UsageError, match="MIN_FREE_DISK is 9000000000"):
        check_disk(str(tmp_path), "9000T")
