"""What a hand-over is to hold: filters over articles, and how much of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from archive.errors import UsageError
from archive.search.search import Filters

Tier = Literal["metadata", "text", "full"]
TIERS: tuple[Tier, ...] = ("metadata", "text", "full")
MEANS = {
    "metadata": "No body text: titles, times, accounts, addresses, evidence of change. No WARC.",
    "text": "Texts and everything about them. No WARC, so no replay and no pictures.",
    "full": "Everything: texts, and the HTTP exchanges as WARC and WACZ.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for. `since` and `until` are inclusive days of publication, `account` a name
    or an id.

    `run`: only what that crawl captured, and whatever older captures it needs to be shown whole.
    """

    platform: str | None = None
    account: str | None = None
    since: str | None = None
    until: str | None = None
    query: str | None = None
    run: str | None = None
    tier: Tier = "full"

    def __post_init__(self) -> None:
        """A filter from an unset shell variable must not hand over everything. Raises
        UsageError."""
        for name, value in asdict(self).items():
            if value is not None and not value.strip():
                raise UsageError(f"The filter {name} is empty; leave it out, or say what it is.")

    @property
    def filters(self) -> Filters:
        """The filters that a search takes."""
        return Filters(
            platform=self.platform, account=self.account, since=self.since, until=self.until
        )

    @property
    def given(self) -> dict[str, Any]:
        """The filters that were given, without the tier."""
        return {name: value for name, value in asdict(self).items() if value and name != "tier"}

    @property
    def everything(self) -> bool:
        """Whether the whole archive is wanted."""
        return not self.given

    @property
    def by_article(self) -> bool:
        """Whether articles of one account are chosen from one another."""
        return bool(self.since or self.until or self.query)
