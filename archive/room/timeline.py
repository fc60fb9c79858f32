"""What was seen of an article, observation by observation, equal ones in a row as one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from archive.archive import Archive
from archive.database.rows import VersionRow
from archive.history.observations import answers_of, observations_of
from archive.history.withdrawals import MISSING, Observation

State = Literal["first", "changed", "unchanged", "missing", "unlisted", "back", "unknown"]


@dataclass(slots=True, kw_only=True)
class Entry:
    """Observations in a row that say the same: from the first to the last of them, with the record
    of each of the two; `version` is the number of what was read."""

    state: State
    first_at: str
    last_at: str
    first_proof: str
    last_proof: str
    is_capture: bool
    outcome: str
    reason: str | None
    version: int | None
    count: int = 1


def timeline(archive: Archive, article_id: str, versions: Sequence[VersionRow]) -> list[Entry]:
    """The entries of an article, the oldest first."""
    numbers = {version.digest: number for number, version in enumerate(versions, 1)}
    answers = answers_of(archive.connection, article_id)
    entries: list[Entry] = []
    before: Observation | None = None
    version: int | None = None
    for observation in observations_of(archive.connection, article_id, answers):
        number = numbers.get(observation.digest or "")
        state = _state(observation, before, number, version)
        last = entries[-1] if entries else None
        if last and (last.state, last.outcome, last.version) == (
            state,
            observation.outcome,
            number,
        ):
            last.last_at, last.last_proof = observation.at, observation.proof
            last.count += 1
        else:
            entries.append(_entry(state, observation, number))
        version = number or version
        before = observation if state != "unknown" else before
    return entries


def _state(
    observation: Observation, before: Observation | None, number: int | None, version: int | None
) -> State:
    if observation.outcome == "unlisted":
        return "unlisted"
    if observation.outcome in MISSING:
        return "missing"
    if number is None:
        return "unknown"
    if version is None:
        return "first"
    if number != version:
        return "changed"
    return "back" if before and before.outcome in MISSING else "unchanged"


def _entry(state: State, observation: Observation, number: int | None) -> Entry:
    return Entry(
        state=state,
        first_at=observation.at,
        last_at=observation.at,
        first_proof=observation.proof,
        last_proof=observation.proof,
        is_capture=observation.outcome != "unlisted",
        outcome=observation.outcome,
        reason=observation.reason,
        version=number,
    )
