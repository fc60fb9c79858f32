"""What the observations of a listing prove about its entries: which changed, went and came back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from archive.database.rows import LinkChangeRow, LinkStateRow
from archive.model import Kind, LinkChange

FIELDS: Mapping[LinkChange, str] = {
    "title": "title",
    "date": "published_at",
    "kind": "kind",
    "address": "url",
}


class Entry(Protocol):
    """What one page of a listing says of an entry."""

    @property
    def title(self) -> str | None: ...

    @property
    def published_at(self) -> str | None: ...

    @property
    def kind(self) -> Kind: ...

    @property
    def url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as a page of the listing had it; `gone` once a walk did not meet it any more."""

    state: LinkStateRow
    at: str
    capture: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page of the listing with its entries, each once."""

    at: str
    capture: str
    states: tuple[LinkStateRow, ...]


@dataclass(frozen=True, slots=True)
class WalkOver:
    """The end of a complete walk, which met all entries from `covered_from` on."""

    at: str
    record: str
    begun_at: str
    covered_from: str


def changes(pages: Iterable[PageSeen], walks: Iterable[WalkOver]) -> Iterator[LinkChangeRow]:
    """All changes of the entries of an account's listing, in time.

    Args:
        pages: every page of it that was captured, in any order.
        walks: every complete walk through it, in any order.
    """
    entries: dict[str, Seen] = {}
    events: list[PageSeen | WalkOver] = [*pages, *walks]
    for event in sorted(events, key=_time):
        if isinstance(event, WalkOver):
            for key, seen in entries.items():
                if is_missed(seen, event):
                    entries[key] = replace(seen, gone=True)
                    yield gone(seen, event)
            continue
        for state in event.states:
            now = Seen(state, event.at, event.capture)
            if before := entries.get(state.native_id):
                yield from between(before, now)
            entries[state.native_id] = now


def _time(event: PageSeen | WalkOver) -> tuple[str, bool, str]:
    if isinstance(event, WalkOver):
        return event.at, True, event.record
    return event.at, False, event.capture


def is_missed(seen: Seen, walk: WalkOver) -> bool:
    """Whether the walk would have met the entry if it were listed still."""
    published_at = seen.state.published_at
    return (
        not seen.gone
        and seen.at < walk.begun_at
        and published_at is not None
        and published_at > walk.covered_from
    )


def gone(seen: Seen, walk: WalkOver) -> LinkChangeRow:
    """The row of an entry that a walk did not meet any more."""
    return _row(seen, "gone", None, None, walk.at, walk.record)


def between(before: Seen, now: Seen) -> Iterator[LinkChangeRow]:
    """The rows of what changed from one observation of an entry to the next."""
    if before.gone:
        yield _row(before, "back", None, None, now.at, now.capture)
    for change, old, new in differences(before.state, now.state):
        yield _row(before, change, old, new, now.at, now.capture)


def differences(before: Entry, now: Entry) -> Iterator[tuple[LinkChange, str, str]]:
    """What an entry has otherwise than before, with the old and the new value.

    A value that a page does not give is no change, nor is a date that only became more or less
    exact.
    """
    for change, name in FIELDS.items():
        old, new = getattr(before, name), getattr(now, name)
        if old is None or new is None or old == new:
            continue
        if change != "date" or not (old.startswith(new) or new.startswith(old)):
            yield change, old, new


def _row(
    before: Seen, change: LinkChange, old: str | None, new: str | None, at: str, proof: str
) -> LinkChangeRow:
    state = before.state
    return LinkChangeRow(
        platform=state.platform,
        account_id=state.account_id,
        native_id=state.native_id,
        article_id=f"{state.platform}-{state.native_id}",
        change=change,
        old=old,
        new=new,
        seen_at=before.at,
        changed_at=at,
        proofs=json.dumps([before.capture, proof]),
    )
