"""Only a walk that came to an end that is known says that an article is not listed any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.database.catalogue import Catalogue
from archive.model import Account
from tests.conftest import rows
from tests.rigs.accounts import Past, Seen, story

ACCOUNT = Account(platform="thepaper", account_id="44871", url="")
STORIES = [story(number, "云溪发布", hours=-number) for number in range(6)]
WALKS: dict[str, tuple[dict[str, object], int]] = {
    "complete": ({"outcome": "none"}, 2),
    "partial": ({"outcome": "partial", "complete": 0, "ended": 0, "list_end": "unknown"}, 0),
    "partial, though its row says complete": ({"outcome": "partial"}, 0),
    "shorter than it can be": ({"outcome": "suspicious_empty"}, 0),
    "none of it had": ({"outcome": "unreachable"}, 0),
    "cut by a limit": ({"outcome": "budget", "complete": 0}, 0),
    "in another order": ({"outcome": "none", "covered_from": None}, 0),
}


@pytest.mark.parametrize("name", WALKS)
def test_what_a_walk_did_not_meet(name: str, tmp_path: Path) -> None:
    coverage, unlisted = WALKS[name]
    past = Past(tmp_path)
    past.crawl(0, Seen(listed=STORIES, pages=[(each, None) for each in STORIES]))
    still_listed = [STORIES[0], STORIES[3], STORIES[4], STORIES[5]]
    past.crawl(24, Seen(listed=still_listed, coverage=coverage))
    past.index()

    statement = "SELECT id FROM articles WHERE unlisted_at IS NOT NULL"
    assert len(rows(tmp_path, statement)) == unlisted
    catalogue = Catalogue(tmp_path / "archive.db")
    second = catalogue.lists.last_complete(ACCOUNT)
    assert (second or "") > "2" and len(catalogue.lists.newest_listed(ACCOUNT, second or "")) == 3
    assert len(catalogue.unlisted("thepaper")) == unlisted
    catalogue.close()
