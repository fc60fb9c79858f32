"""Counts of what was not had of a listing: by reason, each with an example."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from archive.counting import counted

LONGEST_EXAMPLE = 300  # characters
MOST_REASONS = 3  # in a sentence; the JSON has all of them


@dataclass(slots=True)
class Tally:
    """Counts by reason; `examples` has the first of each by its text, so that it is the same one in
    whatever order they came."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, reason: str, example: str) -> None:
        """Count one.

        Args:
            reason: a short word, such as `http-404`.
            example: its address, or its text.
        """
        self.counts[reason] = self.counts.get(reason, 0) + 1
        shortened = example[:LONGEST_EXAMPLE]
        self.examples[reason] = min(shortened, self.examples.get(reason, shortened))

    @property
    def total(self) -> int:
        """How many there are of all reasons."""
        return sum(self.counts.values())

    def as_json(self) -> str | None:
        """The counts and examples by reason, as JSON; None where there are none.

        Example:
            >>> tally = Tally()
            >>> tally.add("http-404", "https://www.example.cn/a/1")
            >>> tally.as_json()
            '{"http-404": {"count": 1, "example": "https://www.example.cn/a/1"}}'
        """
        value = {
            reason: {"count": count, "example": self.examples[reason]}
            for reason, count in sorted(self.counts.items())
        }
        return json.dumps(value, ensure_ascii=False) if value else None

    def __str__(self) -> str:
        """The commonest reasons, as part of a sentence: `3 × http-404, 1 × no-answer`."""
        ranked = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        parts = [f"{count} × {reason}" for reason, count in ranked[:MOST_REASONS]]
        if rest := sum(count for _, count in ranked[MOST_REASONS:]):
            parts.append(counted(rest, "other"))
        return ", ".join(parts)
