"""Drift and silence: pages that break one by one against a platform's own past, and accounts that fall silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.monitoring.alarms import of_runs
from archive.monitoring.drift import drift
from archive.monitoring.silence import silence
from tests.rigs.history import ANSWERS, BEGUN, STORY, History, page
from tests.standin.pages import CHINA, Story, next_page
from tests.standin.web import Reply

pytestmark = pytest.mark.slow  # tries many inputs

LONG = [f"第{number}段：会议要求，落实“四早”措施，确保群众生命安全。" * 3 for number in range(6)]


def story(number: int) -> Story:
    return replace(STORY, cont_id=5_800_000 + number, title=f"云溪县第{number}次通报会", text=LONG)


def healthy(history: History) -> None:
    """Three runs of ten good articles each."""
    for run in range(3):
        history.articles(
            24.0 * run,
            [
                (story(10 * run + number).cont_id, page(story(10 * run + number)))
                for number in range(10)
            ],
        )


def without_date(story: Story) -> Reply:
    body = next_page(story).replace(
        f'"publishTime": {story.milliseconds}'.encode(), b'"publishTime": null'
    )
    return Reply(body=body.replace(story.printed.encode(), "刚刚".encode()))


BREAKS = {
    "share with a time of publication": without_date,
    "share that can be read": lambda story: Reply(body=b"<html><body><div id='app'></div></body></html>"),
    "length of the text": lambda story: page(replace(story, text=["网友评论：好。"])),
    "share with an account": lambda story: Reply(body=next_page(story).replace("济南高新区".encode(), b"").replace(b"index_name__", b"x__")),
    "agreement of title and page title": lambda story: Reply(body=next_page(story).replace(f'"name": "{story.title}"'.encode(), '"name": "热门评论"'.encode())),
    "share with a plausible date": lambda story: page(replace(story, published=datetime(2099, 1, 1, tzinfo=CHINA))),
}  # fmt: skip


@pytest.mark.parametrize("measure", BREAKS)
def test_a_break_is_an_alarm_with_an_example(measure: str, tmp_path: Path) -> None:
    history = History(tmp_path)
    healthy(history)
    run = history.articles(
        96.0,
        [
            (story(900 + number).cont_id, BREAKS[measure](story(900 + number)))
            for number in range(8)
        ],
    )
    history.index()

    with Archive(tmp_path) as archive:
        alarms = drift(archive.connection, run)
        assert any(set(measure.split()) <= set(alarm.measure.split()) for alarm in alarms), alarms
        alarm = alarms[0]
        assert (
            (tmp_path / "warc" / alarm.warc).exists()
            and alarm.offset > 0
            and "newsDetail_forward_58009" in alarm.url
        )
        assert any(
            sentence.startswith("drift: thepaper")
            for sentence in of_runs(archive.connection, [run], BEGUN).all
        )


def test_no_alarm_when_nothing_has_changed(tmp_path: Path) -> None:
    history = History(tmp_path)
    healthy(history)
    run = history.articles(
        96.0, [(story(900 + number).cont_id, page(story(900 + number))) for number in range(8)]
    )
    few = history.articles(
        120.0, [(story(990 + number).cont_id, ANSWERS["404"]) for number in range(3)]
    )
    history.index()

    with Archive(tmp_path) as archive:
        assert (
            drift(archive.connection, run) == []
            and drift(archive.connection, few) == []
            and drift(archive.connection, "no such run") == []
        )


def test_an_account_that_falls_silent_is_reported(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.run(
        0,
        "ok",
        walk=[
            replace(STORY, cont_id=5_810_000 + n, published=STORY.published - timedelta(days=n))
            for n in range(12)
        ],
    )
    history.index()
    last = STORY.published.astimezone(UTC)

    with Archive(tmp_path) as archive:
        assert silence(archive.connection, "thepaper", "44871", last + timedelta(days=2)) is None
        alarm = silence(archive.connection, "thepaper", "44871", last + timedelta(days=4))
        assert (
            alarm and last.astimezone(CHINA).strftime("%Y-%m-%d") in alarm and "1.0 days" in alarm
        )
        assert silence(archive.connection, "thepaper", "no one", last) is None


def test_an_account_that_was_silent_when_it_was_followed_is_no_news(tmp_path: Path) -> None:
    history = History(tmp_path)
    old = [
        replace(STORY, cont_id=5_810_000 + n, published=STORY.published - timedelta(days=500 + n))
        for n in range(12)
    ]
    history.run(0, "ok", walk=old)
    history.index()

    with Archive(tmp_path) as archive:
        assert silence(archive.connection, "thepaper", "44871", BEGUN + timedelta(days=30)) is None
