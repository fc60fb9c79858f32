"""What a crawl is to know of listed articles that were never there."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.database.catalogue import Catalogue
from archive.model import Account
from tests.rigs.history import OTHER, OTHERS, STORY, History

ACCOUNT = Account(platform="thepaper", account_id=str(STORY.account_id), url="")
ID = f"thepaper-{STORY.cont_id}"


def catalogue(folder: Path) -> Catalogue:
    with Archive(folder) as archive:
        archive.index()
    return Catalogue(folder / "archive.db")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("404", "http-404"),
        ("410", "http-410"),
        ("home", "redirect-home"),
        ("empty", "empty-content"),
    ],
)
def test_an_article_that_was_never_there_has_its_first_and_last_answer(
    answer: str, reason: str, tmp_path: Path
) -> None:
    history = History(tmp_path)
    for hour in (0, 24, 72):
        history.run(hour, answer, walk=[STORY, OTHER])

    known = catalogue(tmp_path)

    absence = known.absence(ID)
    assert absence and absence.reason == reason
    assert absence.first_at.startswith("2031-03-01") and absence.last_at.startswith("2031-03-04")
    assert STORY.cont_id in [int(link.id) for link in known.lists.not_captured(ACCOUNT)]


@pytest.mark.parametrize("answer", ["ok", "503", "403", "noanswer"])
def test_what_was_had_or_refused_has_no_absence(answer: str, tmp_path: Path) -> None:
    History(tmp_path).run(0, answer, walk=[STORY, OTHER])

    assert catalogue(tmp_path).absence(ID) is None


def test_what_is_not_listed_any_more_and_was_never_there_is_not_asked_for(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.run(0, "404", walk=[STORY, *OTHERS])
    history.run(24, "404", walk=OTHERS)

    known = catalogue(tmp_path)

    assert known.lists.is_gone_from_list(ACCOUNT, str(STORY.cont_id))
    assert str(STORY.cont_id) not in [link.id for link in known.lists.not_captured(ACCOUNT)]
