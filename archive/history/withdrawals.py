"""What the sights of an article prove: that it is there, that it is gone, and between which
moments it went.

A tombstone is the platform's own word. A 404, an emptied body or a way back to the home page may
as well be an outage, so it counts only from a run in which the platform showed another article
well. Whatever it is, it must be seen twice with time between, on the article's own page at least
once; a block, a throttle, an error or no answer proves nothing. All of it can be taken back: an
article that is seen again is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CONFIRM_AFTER = timedelta(hours=6)  # between the first and the last sight of a withdrawal
MISSING = frozenset({"withdrawn", "not-found", "empty", "unlisted"})
BY_ACCOUNT = re.compile(
    r"(?:发布者|作者|发布方|帐号主体|账号主体|本人).{0,6}(?:删除|撤回|注销|下线)|自主注销|by the author"
)
BY_PLATFORM = re.compile(
    r"违规|违反|屏蔽|封禁|管理员|系统|被?投诉|平台.{0,6}(?:删除|下架|下线)|violat", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One look at an article. `outcome` as in captures, or `unlisted` for a whole walk through its
    listing without it.

    `proof` is the id of the WARC record. `trusted`: the run also saw that the platform was well.
    """

    at: str
    outcome: str
    proof: str
    reason: str | None = None
    detail: str | None = None
    digest: str | None = None
    trusted: bool = True


@dataclass(slots=True, kw_only=True)
class Absence:
    """A time in which an article was missing. `confirmed_at`: when it was proved; `reinstated_at`:
    when it was back."""

    last_seen_at: str
    first_missing_at: str
    last_missing_at: str
    confirmed_at: str | None = None
    reinstated_at: str | None = None
    withdrawn_by: str | None = None
    reason: str | None = None
    proofs: list[str] = field(default_factory=list)


def absences(sights: Iterable[Sight]) -> list[Absence]:
    """The times in which the article was missing, oldest first; `sights` in the order of time."""
    found: list[Absence] = []
    last_seen: str | None = None
    unlisted: list[Sight] = []
    for sight in sights:
        open_ = found[-1] if found and found[-1].reinstated_at is None else None
        if sight.digest:
            if open_:
                open_.reinstated_at = sight.at
            last_seen, unlisted = sight.at, []
        elif last_seen is None or sight.outcome not in MISSING or not sight.trusted:
            continue
        elif sight.outcome == "unlisted":
            unlisted.append(sight)
            if open_:
                _add(open_, sight)
        elif open_:
            _add(open_, sight)
        else:
            found.append(_begun(last_seen, [*unlisted, sight]))
    return found


def _begun(last_seen: str, sights: list[Sight]) -> Absence:
    first = Absence(
        last_seen_at=last_seen, first_missing_at=sights[0].at, last_missing_at=sights[0].at
    )
    for sight in sights:
        _add(first, sight)
    return first


def _add(absence: Absence, sight: Sight) -> None:
    absence.last_missing_at = sight.at
    absence.proofs.append(sight.proof)
    if (
        absence.confirmed_at is None
        and _between(absence.first_missing_at, sight.at) >= CONFIRM_AFTER
    ):
        absence.confirmed_at = sight.at
    if sight.outcome == "unlisted":
        absence.reason = absence.reason or "unlisted"
        return
    absence.withdrawn_by = who(sight.detail) or absence.withdrawn_by
    if sight.outcome == "withdrawn" or absence.reason in (None, "unlisted"):
        absence.reason = sight.detail or sight.reason


def who(said: str | None) -> str | None:
    """Who took the article away, by the words of the tombstone: `account`, `platform`, None where
    they do not tell."""
    if said and BY_ACCOUNT.search(said):
        return "account"
    return "platform" if said and BY_PLATFORM.search(said) else None


def _between(first: str, last: str) -> timedelta:
    return datetime.fromisoformat(last) - datetime.fromisoformat(first)


def status(absence: Absence | None, versions: int) -> str:
    """The word for the article, by its last absence and the number of its versions."""
    if absence is None or absence.reinstated_at:
        return "changed" if versions > 1 else "live"
    return "withdrawn" if absence.confirmed_at else "unreachable"
