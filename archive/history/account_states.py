"""What the proofs of one account come to: the times in which it was live, silent, moved, suspended
or removed, and those in which it had another name than before.

What is shown proves itself. That something is hidden may be an outage, so it is proved when another
run sees it hours later; until then it is there and not confirmed.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from archive.database.rows import AccountStatusRow
from archive.history.withdrawals import CONFIRM_AFTER
from archive.model import AccountStatus

SHOWN = frozenset({"live", "silent", "renamed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one run proves of an account, between `at` and `last_at`, by these WARC records.

    `by_list`: its list says it; a profile is shown too where the list leads to another account.
    """

    status: AccountStatus
    at: str
    last_at: str
    records: tuple[str, ...]
    reason: str | None = None
    by_list: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A name that the account was seen to have, with the WARC record that shows it."""

    name: str
    at: str
    record: str


@dataclass(slots=True)
class _Time:
    """A time in which an account was one thing."""

    first: Proof
    last: Proof
    before_at: str | None
    confirming: Proof | None = None
    over_at: str | None = None
    confirmed_at: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.confirmed_at = self.first.at if self.first.status in SHOWN else None

    def add(self, proof: Proof) -> None:
        self.last = proof
        if self.confirmed_at is None and _is_later(self.first.at, proof.at):
            self.confirmed_at, self.confirming = proof.at, proof

    def row(self, platform: str, account_id: str) -> AccountStatusRow:
        proofs = [proof for proof in (self.first, self.confirming, self.last) if proof]
        records = dict.fromkeys(record for proof in proofs for record in proof.records)
        return AccountStatusRow(
            platform=platform,
            account_id=account_id,
            status=self.first.status,
            before_at=self.before_at,
            begun_at=self.first.at,
            confirmed_at=self.confirmed_at,
            last_at=self.last.last_at,
            over_at=self.over_at,
            reason=self.last.reason or self.first.reason,
            proofs=json.dumps([*records]),
        )


def states(platform: str, account_id: str, proofs: Iterable[Proof]) -> Iterator[AccountStatusRow]:
    """The times of an account, the oldest first.

    Args:
        platform, account_id: which account.
        proofs: what each run proves, in the order of time.

    Example:
        >>> seen = Proof(status="live", at="2031-03-01", last_at="2031-03-01", records=("a",))
        >>> gone = Proof(status="removed", at="2031-03-02", last_at="2031-03-02", records=("b",))
        >>> [row.status for row in states("thepaper", "44871", [seen, gone])]
        ['live', 'removed']
    """
    times: list[_Time] = []
    for proof in proofs:
        if times and times[-1].first.status == "moved" and not proof.by_list:
            continue
        if times and times[-1].first.status == proof.status:
            times[-1].add(proof)
            continue
        if times:
            times[-1].over_at = proof.at
        times.append(_Time(proof, proof, times[-1].last.last_at if times else None))
    return (time.row(platform, account_id) for time in times)


def renames(
    platform: str, account_id: str, sightings: Iterable[Sighting]
) -> Iterator[AccountStatusRow]:
    """The times in which an account had another name than before, the oldest first.

    Args:
        platform, account_id: which account.
        sightings: its names in one kind of place, in the order of time.
    """
    stretches: list[list[Sighting]] = []
    for sighting in sightings:
        if stretches and _spelling(stretches[-1][-1].name) == _spelling(sighting.name):
            stretches[-1].append(sighting)
        else:
            stretches.append([sighting])
    following = [*stretches[2:], None]
    for before, after, then in zip(stretches, stretches[1:], following, strict=False):
        yield AccountStatusRow(
            platform=platform,
            account_id=account_id,
            status="renamed",
            before_at=before[-1].at,
            begun_at=after[0].at,
            confirmed_at=after[0].at,
            last_at=after[-1].at,
            over_at=then[0].at if then else None,
            reason=f"{before[-1].name} → {after[0].name}",
            proofs=json.dumps(
                [*dict.fromkeys((before[-1].record, after[0].record, after[-1].record))]
            ),
        )


def _spelling(name: str) -> str:
    """A name without what is no other name: white space, width of letters, capitals."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _is_later(first: str, at: str) -> bool:
    return datetime.fromisoformat(at) - datetime.fromisoformat(first) >= CONFIRM_AFTER
