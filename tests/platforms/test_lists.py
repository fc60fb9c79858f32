"""Lists of any site are walked to their ends, or known to be partial: no list is complete that is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import Unreadable
from archive.model import Account, Failure, Link
from archive.page.page import Page
from archive.platform import Ask, Listing, Platform
from archive.platforms import gov
from archive.platforms.kit.toml import Description, described
from crawler.ledger.walk import Walk
from tests.platforms.lists import LISTS, ROWS, MadeList
from tests.platforms.odd_lists import ODD, ODD_ROWS

ALL = LISTS | ROWS | ODD | ODD_ROWS

MOST_PAGES = 20


def platform_of(case: MadeList, folder: Path) -> tuple[Platform, Account]:
    if not case.toml:
        return gov.PLATFORM, Account(platform="gov", account_id="list", url=case.start)
    (folder / "yunxi.toml").write_text(case.toml, "utf-8")
    platform = described(Description.read(folder / "yunxi.toml"))
    return platform, Account(platform="yunxi", account_id="notices", url=case.start)


def answered(case: MadeList, ask: Ask) -> Page | None:
    text = case.answer(ask)
    if text is None:
        return None
    head = f"<meta charset='{case.charset}'>"
    body = text.replace("<head>", f"<head>{head}", 1).encode(
        "gb18030" if "gb" in case.charset else "utf-8"
    )
    return Page(url=ask.url, body=body, content_type="text/html", request_body=ask.body)


def walk(case: MadeList, folder: Path) -> tuple[Walk, dict[str, Link]]:
    """The walk of a crawl, and the entries that it met."""
    platform, account = platform_of(case, folder)
    assert platform.listing and platform.discover
    walk, links = Walk(account=account, begun_at="2031-03-02T00:00:00Z"), {}
    ask: Ask | None = platform.listing(account)
    while ask is not None and walk.pages < MOST_PAGES:
        listing = read(case, platform, ask)
        if isinstance(listing, Failure):
            walk.fail(listing)
            break
        fresh = walk.add(listing)
        links.update({link.id: link for link in fresh})
        ask = listing.more if fresh or not listing.links else None
    return walk, links


def read(case: MadeList, platform: Platform, ask: Ask) -> Listing | Failure:
    page = answered(case, ask)
    if page is None:
        return Failure(outcome="not-found", reason="http-404")
    assert platform.discover
    try:
        return platform.discover(page)
    except Unreadable as error:
        return Failure(outcome="unreadable", reason=error.reason, detail=error.detail)


@pytest.fixture(params=sorted(ALL))
def case(request: pytest.FixtureRequest) -> Iterator[MadeList]:
    yield ALL[request.param]


def test_a_list_is_walked_to_its_end_or_known_to_be_partial(case: MadeList, tmp_path: Path) -> None:
    walked, links = walk(case, tmp_path)

    assert len(links) == (case.articles if case.had is None else case.had)
    assert walked.complete == case.complete, walked.progress
    assert walked.failure is None
    assert walked.left_out.total == case.left_out
    titles = [link.title or "" for link in links.values()]
    assert all("供水" in title or "公告" in title for title in titles), titles


def test_there_are_forty_lists_of_twelve_families_in_two_charsets() -> None:
    assert len(LISTS) >= 40
    assert sum("gb" in case.charset for case in LISTS.values()) >= 10
