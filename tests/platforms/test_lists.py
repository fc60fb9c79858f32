"""Lists of any site are walked to their ends, or known to be partial: no list is complete that is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.errors import Unreadable
from archive.model import Account, Link
from archive.page.page import Page
from archive.platform import Ask, LeftOut, Platform
from archive.platforms import gov
from archive.platforms.kit.toml import Description, described
from tests.platforms.lists import LISTS, ROWS, MadeList

MOST_PAGES = 20


@dataclass
class Walked:
    """What a walk met."""

    links: dict[str, Link] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    end: str | None = None
    pages: int = 0

    @property
    def complete(self) -> bool:
        return self.end not in (None, "unknown")


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


def walk(case: MadeList, folder: Path) -> Walked:
    """As a crawl walks: a trial that fails is the end, unless there are signs of more."""
    platform, account = platform_of(case, folder)
    assert platform.listing and platform.discover
    walked = Walked()
    ask: Ask | None = platform.listing(account)
    trial, fallback = False, None
    while ask is not None and walked.pages < MOST_PAGES:
        page = answered(case, ask)
        try:
            listing = platform.discover(page) if page else None
        except Unreadable:
            listing = None
        fresh = (
            {link.id: link for link in listing.links if link.id not in walked.links}
            if listing
            else {}
        )
        if listing is None or (listing.links and not fresh):
            walked.end = (fallback or "repeats") if trial else None
            return walked
        walked.pages += 1
        walked.links.update(fresh)
        walked.left_out += listing.left_out
        ask, trial, fallback = listing.more, listing.trial, listing.end
        walked.end = listing.end if ask is None else None
    return walked


@pytest.fixture(params=sorted(LISTS | ROWS))
def case(request: pytest.FixtureRequest) -> Iterator[MadeList]:
    yield (LISTS | ROWS)[request.param]


def test_a_list_is_walked_to_its_end_or_known_to_be_partial(case: MadeList, tmp_path: Path) -> None:
    walked = walk(case, tmp_path)

    assert len(walked.links) == (case.articles if case.had is None else case.had)
    assert walked.complete == case.complete
    assert len(walked.left_out) == case.left_out
    assert all(
        (link.title and "供水" in link.title) or "公告" in (link.title or "")
        for link in walked.links.values()
    )


def test_there_are_forty_lists_of_twelve_families_in_two_charsets() -> None:
    assert len(LISTS) >= 40
    assert sum("gb" in case.charset for case in LISTS.values()) >= 10
