"""What the runs of an archive prove of one account: by its profile, by the walks through its list,
and by its articles where the list is empty."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.history.account_states import Proof, Sighting
from archive.history.silence import Silence
from archive.model import AccountStatus

# Accounts that were followed or described; of the authors of single articles nothing is known.
# The wider of both conditions on the role is that of the index, without which SQLite uses none.
ACCOUNTS = """SELECT platform, account_id FROM coverage
    UNION SELECT platform, account_id FROM captures
        WHERE role IN ('profile', 'listing') AND role = 'profile' AND account_id IS NOT NULL
            AND platform IS NOT NULL ORDER BY 1, 2"""
WALKS = """SELECT run, at, record, outcome, reason, listed, pages FROM coverage
    WHERE platform = ? AND account_id = ? ORDER BY at, run"""
ANSWERS = """SELECT c.id, c.run, c.captured_at, coalesce(o.outcome, c.outcome),
        coalesce(o.reason, c.reason), coalesce(o.detail, c.detail),
        coalesce(o.printed_account, c.printed_account)
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.platform = ? AND c.account_id = ? AND c.role IN ('profile', 'listing') AND c.role = ?
        AND c.captured_at > ?
    ORDER BY c.captured_at, c.id"""
SPELT = """SELECT name FROM account_names WHERE platform = ? AND account_id = ?
    AND seen_in = 'listing' AND first_seen_at <= ?"""
# An article that was captured when it was new shows the name of that time; an older one may keep
# the name of its day.
PRINTED = """SELECT c.id, c.run, c.captured_at, c.outcome, c.reason, c.detail, c.printed_account
    FROM articles a JOIN captures c ON c.article_id = a.id
    JOIN versions v ON v.article_id = a.id AND v.digest = c.content_digest
    WHERE a.platform = ?1 AND a.account_id = ?2 AND c.role = 'article'
        AND c.printed_account_id = ?2 AND c.printed_account IS NOT NULL
        AND julianday(c.captured_at) - julianday(v.published_at) BETWEEN -1 AND 7
        AND (SELECT count(*) FROM account_names n WHERE n.platform = ?1 AND n.account_id = ?2
            AND n.seen_in = 'article') > 1
    ORDER BY c.captured_at, c.id"""
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


class _Answer(NamedTuple):
    """A capture of a profile or a list. A revisit has outcome and name of its original."""

    id: str
    run: str | None
    at: str
    outcome: str
    reason: str | None
    detail: str | None
    name: str | None


class _Walk(NamedTuple):
    """The coverage of one run."""

    run: str
    at: str
    record: str
    outcome: str
    reason: str | None
    listed: int | None
    pages: int | None


@dataclass(slots=True, kw_only=True)
class _Run:
    """What one run saw of an account: its profile, and the row of its walk."""

    profiles: list[_Answer] = field(default_factory=list)
    walk: _Walk | None = None

    @property
    def begun_at(self) -> str:
        return self.profiles[0].at if self.profiles else self.walk.at if self.walk else ""

    @property
    def is_described(self) -> bool:
        return any(profile.outcome == "profile" for profile in self.profiles)

    @property
    def refusal(self) -> _Answer | None:
        """The last profile in whose place the account is said not to be there."""
        gone = [profile for profile in self.profiles if profile.outcome in GONE]
        return gone[-1] if gone else None

    @property
    def outcome(self) -> str | None:
        return self.walk.outcome if self.walk else None

    @property
    def reason(self) -> str:
        return (self.walk.reason if self.walk else None) or ""

    @property
    def lists_entries(self) -> bool:
        return bool(self.walk and self.walk.listed)

    @property
    def notice(self) -> str | None:
        """The platform's own words, of the profile or of the list; None where it has none."""
        if self.refusal and self.refusal.reason == "said":
            return self.refusal.detail
        is_gone = self.outcome == "gone" and self.reason.startswith("said ")
        return self.reason.removeprefix("said ") if is_gone else None

    def proof(
        self, status: AccountStatus, reason: str | None, articles: Iterable[str] = ()
    ) -> Proof:
        moments = [(profile.at, profile.id) for profile in self.profiles]
        if self.walk:
            moments.append((self.walk.at, self.walk.record))
        moments.sort()
        return Proof(
            status=status,
            at=moments[0][0],
            last_at=moments[-1][0],
            records=(*(record for _, record in moments), *articles),
            reason=reason,
            by_list=self.lists_entries or self.outcome in ("none", "moved"),
        )


def accounts_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The accounts of which there can be proofs, by platform and account id."""
    return [(row[0], row[1]) for row in connection.execute(ACCOUNTS)]


def evidence_of(
    connection: sqlite3.Connection, platform: str, account_id: str
) -> tuple[list[Proof], list[Sighting]]:
    """What each run proves of an account, and the names that it was seen to have, in the order of
    time; a run that was refused, or saw nothing that counts, proves nothing.

    Args:
        connection: the archive's database.
        platform, account_id: which account.
    """
    key = platform, account_id
    profiles = [*_answers(connection, *key, "profile")]
    silence = Silence(connection, *key)
    proofs = [
        proof
        for run, seen in _runs(connection, *key, profiles).items()
        if (proof := _proof(connection, account_id, run, seen, silence))
    ]
    proofs.sort(key=lambda proof: (proof.at, proof.records))
    return proofs, [*_sightings(connection, *key, profiles)]


def _sightings(
    connection: sqlite3.Connection, platform: str, account_id: str, profiles: list[_Answer]
) -> Iterator[Sighting]:
    """By the profile, and where that gives no name any more by the list, whose own spelling of a
    name that it had before is no change; by new articles where neither gives any name."""
    described = [answer for answer in profiles if answer.name]
    last = described[-1] if described else None
    until = last.at if last else ""
    spelt = {row[0] for row in connection.execute(SPELT, (platform, account_id, until))}
    yield from map(_sighting, described)
    listed = [*_answers(connection, platform, account_id, "listing", until)]
    if not described and not any(answer.name for answer in listed):
        printed = connection.execute(PRINTED, (platform, account_id))
        yield from map(_sighting, map(_Answer._make, printed))
    for answer in listed:
        if last and (answer.run == last.run or not spelt):
            spelt.add(answer.name)
        elif answer.name and answer.name not in spelt:
            yield _sighting(answer)


def _sighting(answer: _Answer) -> Sighting:
    return Sighting(name=answer.name or "", at=answer.at, record=answer.id)


def _answers(
    connection: sqlite3.Connection, platform: str, account_id: str, role: str, after: str = ""
) -> Iterator[_Answer]:
    values = (platform, account_id, role, after)
    return map(_Answer._make, connection.execute(ANSWERS, values))


def _runs(
    connection: sqlite3.Connection, platform: str, account_id: str, profiles: list[_Answer]
) -> dict[str, _Run]:
    runs: dict[str, _Run] = {}
    for answer in profiles:
        # A capture of another program is of no run, and proves what it shows by itself.
        runs.setdefault(answer.run or answer.id, _Run()).profiles.append(answer)
    for walk in map(_Walk._make, connection.execute(WALKS, (platform, account_id))):
        runs.setdefault(walk.run, _Run()).walk = walk
    return dict(sorted(runs.items(), key=lambda item: (item[1].begun_at, item[0])))


def _proof(
    connection: sqlite3.Connection, account_id: str, run: str, seen: _Run, silence: Silence
) -> Proof | None:
    if seen.outcome == "moved":
        return seen.proof("moved", seen.reason or None)
    if seen.lists_entries or seen.is_described or seen.outcome == "none":
        since = silence.at(seen.walk.at) if seen.walk and seen.lists_entries else None
        return seen.proof("silent" if since else "live", since)
    if notice := seen.notice:
        return seen.proof(_by_notice(notice, seen), notice)
    shown, missing = _articles(connection, account_id, run)
    is_online = shown or connection.execute(OTHER_LISTED, (run, account_id)).fetchone()
    if seen.outcome == "gone" and is_online:
        return seen.proof("removed", seen.reason or None, missing)
    if seen.outcome != "suspicious_empty" or not is_online:
        return None
    if seen.refusal or (len(missing) > 1 and account_id not in shown):
        reason = "its list is empty, and its profile or its articles are not there"
        return seen.proof("suspended", reason, missing)
    return None


def _by_notice(notice: str, seen: _Run) -> AccountStatus:
    """Who closed an account, where the words say it; else by whether its list still answers."""
    if MEASURE.search(notice):
        return "suspended"
    if OWNER.search(notice):
        return "removed"
    is_answered = seen.walk is not None and bool(seen.walk.pages)
    return "removed" if seen.outcome == "gone" and not is_answered else "suspended"


def _articles(
    connection: sqlite3.Connection, account_id: str, run: str
) -> tuple[set[str | None], list[str]]:
    """Of which accounts a run showed articles, and records of those of this one that were not
    there."""
    rows = connection.execute(ARTICLES, [run]).fetchall()
    shown = {of for _, of, outcome in rows if outcome == "article"}
    missing = [record for record, of, outcome in rows if outcome in MISSING and of == account_id]
    return shown, missing[:MOST_RECORDS]
