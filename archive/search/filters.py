"""What hits must have besides the words of the query: platform, account, status, kind and days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from archive.database.fulltext import facet
from archive.errors import UsageError
from archive.model import Kind, Status

NO_DAY = "{!r} is no day; write it as YYYY-MM-DD, such as 2020-02-02."


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What hits must have. `since` and `until` are inclusive ISO dates of publication; `account`
    is any of its names, past ones too, or its id."""

    platform: str | None = None
    account: str | None = None
    status: Status | None = None
    since: str | None = None
    until: str | None = None
    kind: Kind | None = None

    def __post_init__(self) -> None:
        for name in (each.name for each in fields(self) if getattr(self, each.name) == ""):
            # One from an unset shell variable must not be taken for none.
            raise UsageError(f"The filter {name} is empty; leave it out, or say what it is.")
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

    def terms(self, accounts: Iterable[tuple[str, str]] = ()) -> list[str]:
        """What every hit has, as parts of a question to the index.

        Args:
            accounts: platform and id of each account that has or had the name `account`.
        """
        given = [(name, getattr(self, name)) for name in ("platform", "status")]
        try:
            parts = [_term(name, value) for name, value in given if value]
            return [*parts, self._of_accounts(accounts)] if self.account else parts
        except UnicodeEncodeError as error:
            raise UsageError("A filter holds bytes that are no text; type it again.") from error

    def _of_accounts(self, accounts: Iterable[tuple[str, str]]) -> str:
        """An account is found under each of its names: by its id, which is only its platform's."""
        by_id = [
            f"({_term('platform', platform)} AND {_term('account', account_id)})"
            for platform, account_id in accounts
        ]
        return f"({' OR '.join([_term('account', self.account or ''), *by_id])})"

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """SQL over `articles a`, and its parameters."""
        tests = {
            "since": "a.published_at >= :since",
            "until": "substr(a.published_at, 1, length(:until)) <= :until",
            "kind": "a.kind = :kind",
        }
        given = {name: getattr(self, name) for name in tests if getattr(self, name)}
        return "".join(f"AND {tests[name]} " for name in given), given


def filters_of(*, since: object = None, until: object = None, **given: Any) -> Filters:
    """The filters of a search, whose days may also be dates.

    Raises:
        UsageError: as `Filters` does.
    """
    return Filters(
        since=None if since is None else str(since),
        until=None if until is None else str(until),
        **given,
    )


def _term(name: str, value: str) -> str:
    return f'"{facet(name, value)}"'
