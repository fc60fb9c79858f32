"""Decides from an article's observations whether it is online or missing, and between which times
it went.

A tombstone is the platform's own word. A 404, an emptied body or a way back to the home page may
as well be an outage, so it counts only from a run in which the platform showed another article, or
said that it does not show the account.
Whatever it is, it must be observed twice with time between, on the article's own page at least
once; a block, a throttle, an error or no answer proves nothing. All of it can be taken back: an
article that is seen again is online.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from archive.model import Outcome, Status, Withdrawer

CONFIRM_AFTER = timedelta(hours=6)  # between the first and the last observation of an absence
MISSING = frozenset({"withdrawn", "not-found", "empty", "unlisted"})
BY_ACCOUNT = re.compile(
    r"(?:发布者|作者|发布方|帐号主体|账号主体|本人).{0,6}(?:删除|撤回|注销|下线)"
    r"|自主注销|by the author"
)
BY_PLATFORM = re.compile(
    r"违规|违反|屏蔽|封禁|管理员|系统|被?投诉|平台.{0,6}(?:删除|下架|下线)|violat", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One observation of an article. `outcome` as in captures, or `unlisted` for a complete walk
    through its listing without it.

    `proof` is the id of the WARC record. `digest`: of the content that was read. `trusted`: the run
    also saw that the platform was online.
    """

    at: str
    outcome: Outcome | Literal["unlisted"]
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
    withdrawn_by: Withdrawer | None = None
    reason: str | None = None
    proofs: list[str] = field(default_factory=list)


def absences(observations: Iterable[Observation]) -> list[Absence]:
    """The times in which the article was missing, oldest first.

    Args:
        observations: all of one article, in the order of time.

    Example:
        >>> day = "2031-03-0{}T09:00:00+00:00"
        >>> seen = Observation(at=day.format(1), outcome="article", proof="a", digest="0f")
        >>> gone = [Observation(at=day.format(n), outcome="withdrawn", proof="b") for n in (2, 3)]
        >>> absences([seen, *gone])[0].confirmed_at
        '2031-03-03T09:00:00+00:00'
    """
    absent: list[Absence] = []
    last_seen: str | None = None
    unlisted: list[Observation] = []
    for observation in observations:
        lasting = absent[-1] if absent and absent[-1].reinstated_at is None else None
        if observation.digest:
            if lasting:
                lasting.reinstated_at = observation.at
            last_seen, unlisted = observation.at, []
        elif last_seen is None or not _is_missing(observation):
            continue
        elif lasting:
            _add(lasting, observation)
        elif observation.outcome == "unlisted":
            unlisted.append(observation)
        else:
            absent.append(_begun(last_seen, [*unlisted, observation]))
    return absent


def _is_missing(observation: Observation) -> bool:
    return observation.outcome in MISSING and observation.trusted


def _begun(last_seen: str, observations: list[Observation]) -> Absence:
    at = observations[0].at
    absence = Absence(last_seen_at=last_seen, first_missing_at=at, last_missing_at=at)
    for observation in observations:
        _add(absence, observation)
    return absence


def _add(absence: Absence, observation: Observation) -> None:
    absence.last_missing_at = observation.at
    absence.proofs.append(observation.proof)
    lasted = _between(absence.first_missing_at, observation.at)
    if absence.confirmed_at is None and lasted >= CONFIRM_AFTER:
        absence.confirmed_at = observation.at
    if observation.outcome == "unlisted":
        absence.reason = absence.reason or "unlisted"
        return
    absence.withdrawn_by = withdrawer(observation.detail) or absence.withdrawn_by
    if observation.outcome == "withdrawn" or absence.reason in (None, "unlisted"):
        absence.reason = observation.detail or observation.reason


def withdrawer(message: str | None) -> Withdrawer | None:
    """Who took the article away, by the text of the tombstone; None where it does not say.

    Example:
        >>> withdrawer("该内容已被发布者删除")
        'account'
    """
    if message and BY_ACCOUNT.search(message):
        return "account"
    return "platform" if message and BY_PLATFORM.search(message) else None


def _between(first: str, last: str) -> timedelta:
    return datetime.fromisoformat(last) - datetime.fromisoformat(first)


def status(absence: Absence | None, versions: int) -> Status:
    """The status of an article.

    Args:
        absence: its last one, over or not; None where it was never missing.
        versions: how many contents of it were seen.
    """
    if absence is None or absence.reinstated_at:
        return "changed" if versions > 1 else "live"
    return "withdrawn" if absence.confirmed_at else "unreachable"
