"""What hits must have besides the words of the query: platform, account, status and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.database.fulltext import facet
from archive.errors import UsageError
from archive.model import Status

NO_DAY = "{!r} is no day; write it as YYYY-MM-DD, such as 2020-02-02."


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What hits must have. `since` and `until` are inclusive ISO dates of publication; `account`
    is a name or an id."""

    platform: str | None = None
    account: str | None = None
    status: Status | None = None
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        for day in filter(None, (self.since, self.until)):
            try:
                written = date.fromisoformat(day).isoformat()
            except ValueError:
                written = ""
            if written != day:
                raise UsageError(NO_DAY.format(day))
        if self.since and self.until and self.since > self.until:
            raise UsageError(
                f"Nothing can be from {self.since} on and until {self.until}: the first day is "
                "later than the last; exchange them."
            )

    def terms(self) -> list[str]:
        """Index terms that every hit has."""
        given = [(name, getattr(self, name)) for name in ("platform", "account", "status")]
        try:
            return [facet(name, value) for name, value in given if value]
        except UnicodeEncodeError as error:
            raise UsageError("A filter holds bytes that are no text; type it again.") from error

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """SQL over `articles a`, and its parameters."""
        tests = {
            "since": "a.published_at >= :since",
            "until": "substr(a.published_at, 1, length(:until)) <= :until",
        }
        given = {name: getattr(self, name) for name in tests if getattr(self, name)}
        return "".join(f"AND {tests[name]} " for name in given), given
