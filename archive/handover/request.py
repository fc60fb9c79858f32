"""What a hand-over is asked to hold: filters over articles, and how much of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from archive.errors import UsageError
from archive.search.filters import Filters

Tier = Literal["metadata", "text", "full"]
TIERS: tuple[Tier, ...] = ("metadata", "text", "full")
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much: articles, rows or
bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """Which articles a package is asked to hold, and how much of each.

    Attributes:
        platform: only articles of this platform, by its name.
        account: only articles of this account, by its name or id.
        since, until: only articles published on these days (YYYY-MM-DD) or between them.
        query: only articles that satisfy this query, as in a search.
        run: only what that crawl captured, and the older captures that are needed to show it.
        tier: `metadata` (no body text), `text` (no WARC) or `full`.

    Raises:
        UsageError: for an empty filter: one from an unset shell variable must not hand over
            everything.
    """

    platform: str | None = None
    account: str | None = None
    since: str | None = None
    until: str | None = None
    query: str | None = None
    run: str | None = None
    tier: Tier = "full"

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value is not None and not value.strip():
                raise UsageError(f"The filter {name} is empty; leave it out, or say what it is.")

    @property
    def search_filters(self) -> Filters:
        """The filters that a search takes."""
        return Filters(
            platform=self.platform, account=self.account, since=self.since, until=self.until
        )

    @property
    def given(self) -> dict[str, str]:
        """The filters that were given, without the tier."""
        return {name: value for name, value in asdict(self).items() if value and name != "tier"}

    @property
    def selection(self) -> str:
        """The filters in words.

        Example:
            >>> ExportRequest(account="济南高新区", since="2020-02-03").selection
            'account 济南高新区, since 2020-02-03'
        """
        return ", ".join(f"{name} {value}" for name, value in self.given.items()) or "all articles"

    @property
    def everything(self) -> bool:
        """Whether all articles are asked for."""
        return not self.given

    @property
    def by_article(self) -> bool:
        """Whether some articles of an account are chosen and others not."""
        return bool(self.since or self.until or self.query)
