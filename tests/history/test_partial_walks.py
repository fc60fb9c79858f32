"""Only a walk that came to an end that is known says that an article is not listed any more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
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


def test_an_entry_without_a_date_has_that_of_its_article(tmp_path: Path) -> None:
    past = Past(tmp_path)
    past.crawl(0, Seen(listed=STORIES[1:], pages=[(each, None) for each in STORIES[1:]]))
    past.crawl(24, Seen(listed=STORIES[:5], pages=[(STORIES[0], None)]))
    past.index()
    days = {str(each.cont_id): each.published.isoformat() for each in STORIES}
    newest = frozenset(list(days)[:3])

    for undated in (False, True):
        if undated:
            with closing(sqlite3.connect(tmp_path / "archive.db")) as db, db:
                db.execute("UPDATE links SET published_at = NULL")
        with closing(Catalogue(tmp_path / "archive.db")) as catalogue:
            lists, (first, second) = catalogue.lists, catalogue.lists.walks(ACCOUNT)
            mets = {native_id: lists.met(ACCOUNT, native_id) for native_id in days}
            assert {each: met.published_at for each, met in mets.items() if met} == days
            assert [first < met.first_at < second for met in mets.values() if met] == [False] + [
                True
            ] * 5
            assert lists.newest_listed(ACCOUNT, second) == newest
            assert lists.newer(ACCOUNT, second, "9", days["5700003"]) == 3
            assert lists.newer(ACCOUNT, first, "9", days["5700005"]) == 5
            assert lists.newer(ACCOUNT, first, second, days["5700005"]) == 4
            assert lists.newer(ACCOUNT, second, "9", "2000") == 5
            assert lists.newer(ACCOUNT, first, "9", "2000") == 6
    assert lists.met(ACCOUNT, "5700099") is None
