"""What was taken of a source, and what was not and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class Damage(Exception):
    """A part of a source that cannot be read; the text says why, as a part of a sentence."""


@dataclass(slots=True)
class NotUsed:
    """What was left out of a source for one reason.

    Attributes:
        count: how many times.
        first: where the first one is, such as `offset 1234` or a path in a WACZ.
        is_lost: whether something that ought to be there could not be read, and not merely what an
            import has no use for.
    """

    count: int
    first: str
    is_lost: bool


@dataclass(slots=True)
class Tally:
    """Counts of one source.

    Attributes:
        types: records that were taken, by WARC-Type as it is written, in small letters.
        not_used: what was left out, by reason.

    Example:
        >>> tally = Tally()
        >>> tally.leave_out("the record is cut short", "offset 512")
        >>> tally.is_damaged
        True
    """

    types: Counter[str] = field(default_factory=Counter)
    not_used: dict[str, NotUsed] = field(default_factory=dict)

    def leave_out(self, reason: str, place: str, *, is_lost: bool = True) -> None:
        """Note something that is not taken."""
        if reason in self.not_used:
            self.not_used[reason].count += 1
        else:
            self.not_used[reason] = NotUsed(1, place, is_lost)

    def add(self, other: Tally) -> None:
        """Add the counts of a part of the source."""
        self.types += other.types
        for reason, each in other.not_used.items():
            if reason in self.not_used:
                self.not_used[reason].count += each.count
            else:
                self.not_used[reason] = each

    @property
    def records(self) -> int:
        """How many records were taken."""
        return sum(self.types.values())

    @property
    def exchanges(self) -> int:
        """How many of them are answers of a server."""
        return self.types["response"] + self.types["revisit"]

    @property
    def is_damaged(self) -> bool:
        """Whether something was lost."""
        return any(reason.is_lost for reason in self.not_used.values())
