"""What the runs of an archive prove of one account: by its profile, by the walks through its list,
and by its articles where the list is empty."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive.database.opening import read_rows
from archive.history.account_states import Proof, Sighting
from archive.history.silence import ENTRIES, moment_of, rhythm
from archive.model import AccountStatus

Row = Mapping[str, Any]

# Accounts that were followed or described; of the authors of single articles nothing is known.
ACCOUNTS = """SELECT platform, account_id FROM coverage
    UNION SELECT platform, account_id FROM captures
        WHERE role IN ('profile', 'listing') AND role = 'profile' AND account_id IS NOT NULL
            AND platform IS NOT NULL ORDER BY 1, 2"""
WALKS = "SELECT * FROM coverage WHERE platform = ? AND account_id = ? ORDER BY at, run"
OWN = """SELECT c.id, c.run, c.role, c.captured_at, coalesce(o.outcome, c.outcome) AS outcome,
        coalesce(o.reason, c.reason) AS reason, coalesce(o.detail, c.detail) AS detail,
        coalesce(o.printed_account, c.printed_account) AS name
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.platform = ? AND c.account_id = ? AND c.role IN ('profile', 'listing')
    ORDER BY c.captured_at, c.id"""
LISTED = """SELECT first_listed_at, published_at FROM links
    WHERE platform = ? AND account_id = ? AND published_at IS NOT NULL
    ORDER BY first_listed_at, published_at"""
ARTICLES = """SELECT c.id, c.account_id, coalesce(o.outcome, c.outcome) AS outcome
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.run = ? AND c.role = 'article' ORDER BY c.captured_at, c.id"""
OTHER_LISTED = """SELECT 1 FROM coverage WHERE run = ? AND account_id <> ? AND listed > 0 LIMIT 1"""
GONE = ("not-found", "withdrawn")
MISSING = ("not-found", "withdrawn", "empty")
MEASURE = re.compile(
    r"违规|违反|封|屏蔽|冻结|停用|禁用|处罚|暂停|suspend|disabled|banned|blocked", re.I
)
OWNER = re.compile(r"注销|销号|deactivated|closed", re.I)
MOST_RECORDS = 5  # articles that are named as proofs of one run


@dataclass(slots=True, kw_only=True)
class _Run:
    """What one run saw of an account: its profile, and the row of its walk."""

    profiles: list[Row] = field(default_factory=list)
    walk: Row | None = None

    @property
    def is_described(self) -> bool:
        return any(profile["outcome"] == "profile" for profile in self.profiles)

    @property
    def refusal(self) -> Row | None:
        """The last profile in whose place the account is said not to be there."""
        gone = [profile for profile in self.profiles if profile["outcome"] in GONE]
        return gone[-1] if gone else None

    @property
    def notice(self) -> str | None:
        """The platform's own words, of the profile or of the list; None where it has none."""
        if self.refusal and self.refusal["reason"] == "said":
            return str(self.refusal["detail"])
        reason = (self.walk or {}).get("reason") or ""
        is_gone = self.outcome == "gone" and reason.startswith("said ")
        return reason.removeprefix("said ") if is_gone else None

    @property
    def outcome(self) -> str | None:
        return self.walk["outcome"] if self.walk else None

    @property
    def lists_entries(self) -> bool:
        return bool(self.walk and self.walk["listed"])

    def proof(self, status: AccountStatus, reason: str | None, articles: Iterable[str]) -> Proof:
        moments = [(profile["captured_at"], profile["id"]) for profile in self.profiles]
        if self.walk:
            moments.append((self.walk["at"], self.walk["record"]))
        records = [record for _, record in sorted(moments)]
        return Proof(
            status=status,
            at=min(moments)[0],
            last_at=max(moments)[0],
            records=(*records, *articles),
            reason=reason,
        )


def accounts_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The accounts of which there can be proofs, by platform and account id."""
    return [(row[0], row[1]) for row in connection.execute(ACCOUNTS)]


def proofs_of(connection: sqlite3.Connection, platform: str, account_id: str) -> list[Proof]:
    """What each run proves of an account, in the order of time; a run that was refused, or saw
    nothing that counts, proves nothing.

    Args:
        connection: the archive's database.
        platform, account_id: which account.
    """
    silence = _Silence(connection, platform, account_id)
    proofs = [
        proof
        for run, seen in _runs(connection, platform, account_id).items()
        if (proof := _proof(connection, account_id, run, seen, silence))
    ]
    return sorted(proofs, key=lambda proof: (proof.at, proof.records))


def sightings_of(connection: sqlite3.Connection, platform: str, account_id: str) -> list[Sighting]:
    """The names that an account was seen to have, in time: by its profile, where that ever gave
    one, else by its list, so that two spellings of one name are no change."""
    by_place: dict[str, list[Sighting]] = {"profile": [], "listing": []}
    for row in read_rows(connection, OWN, (platform, account_id)):
        if row["name"]:
            sighting = Sighting(name=row["name"], at=row["captured_at"], record=row["id"])
            by_place[row["role"]].append(sighting)
    return by_place["profile"] or by_place["listing"]


def _runs(connection: sqlite3.Connection, platform: str, account_id: str) -> dict[str, _Run]:
    runs: dict[str, _Run] = {}
    for row in read_rows(connection, OWN, (platform, account_id)):
        if row["role"] == "profile":
            # A capture of another program is of no run, and proves what it shows by itself.
            runs.setdefault(row["run"] or row["id"], _Run()).profiles.append(row)
    for row in read_rows(connection, WALKS, (platform, account_id)):
        runs.setdefault(row["run"], _Run()).walk = row
    return dict(sorted(runs.items(), key=lambda item: (_begin(item[1]), item[0])))


def _begin(seen: _Run) -> str:
    walked = [seen.walk["at"]] if seen.walk else []
    return str(min([*walked, *(profile["captured_at"] for profile in seen.profiles)]))


def _proof(
    connection: sqlite3.Connection, account_id: str, run: str, seen: _Run, silence: _Silence
) -> Proof | None:
    if seen.outcome == "moved":
        return seen.proof("moved", (seen.walk or {})["reason"], ())
    if seen.lists_entries or seen.is_described or seen.outcome == "none":
        reason = silence.at((seen.walk or {}).get("at")) if seen.lists_entries else None
        return seen.proof("silent" if reason else "live", reason, ())
    if notice := seen.notice:
        return seen.proof(_by_notice(notice, seen), notice, ())
    shown, missing = _articles(connection, account_id, run)
    is_online = shown or connection.execute(OTHER_LISTED, (run, account_id)).fetchone()
    if seen.outcome == "gone" and is_online:
        return seen.proof("removed", (seen.walk or {})["reason"], missing)
    if seen.outcome != "suspicious_empty" or not is_online:
        return None
    if seen.refusal or (missing and account_id not in shown):
        reason = "its list is empty, and its profile or its articles are not there"
        return seen.proof("suspended", reason, missing)
    return None


def _by_notice(notice: str, seen: _Run) -> AccountStatus:
    """Who closed an account, where the words say it; else by whether its list still answers."""
    if MEASURE.search(notice):
        return "suspended"
    if OWNER.search(notice):
        return "removed"
    is_answered = seen.walk is not None and bool(seen.walk["pages"])
    return "removed" if seen.outcome == "gone" and not is_answered else "suspended"


def _articles(
    connection: sqlite3.Connection, account_id: str, run: str
) -> tuple[set[str | None], list[str]]:
    """Of which accounts a run showed articles, and records of those of this one that were not
    there."""
    rows = list(read_rows(connection, ARTICLES, [run]))
    shown = {row["account_id"] for row in rows if row["outcome"] == "article"}
    missing = [
        row["id"] for row in rows if row["outcome"] in MISSING and row["account_id"] == account_id
    ]
    return shown, missing[:MOST_RECORDS]


class _Silence:
    """Whether an account was silent at a time, by the entries that were known then. Asked in the
    order of time, it reads each entry once."""

    def __init__(self, connection: sqlite3.Connection, platform: str, account_id: str) -> None:
        self._entries: Iterator[tuple[str, str]] = connection.execute(
            LISTED, (platform, account_id)
        )
        self._next = next(self._entries, None)
        self._moments: list[datetime] = []
        self._rhythm = rhythm([])

    def at(self, moment: str | None) -> str | None:
        """Since when nothing was published, where that is unusual."""
        if moment is None:
            return None
        self._read(moment)
        known = self._rhythm
        if known is None or datetime.fromisoformat(moment) <= known.silent_from:
            return None
        return str(known)

    def _read(self, moment: str) -> None:
        before = len(self._moments)
        while self._next and self._next[0] <= moment:
            published = moment_of(self._next[1])
            place = bisect_left(self._moments, published)
            if self._moments[place : place + 1] != [published]:
                self._moments.insert(place, published)
            self._next = next(self._entries, None)
        if len(self._moments) > before:
            self._rhythm = rhythm(self._moments[: -ENTRIES - 1 : -1])
