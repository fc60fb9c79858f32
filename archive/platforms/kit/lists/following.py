"""What comes after a page of a list, in the value that all readers of paging share."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import ListEnd
from archive.platform import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What comes after a page of a list.

    Attributes:
        more: asks for the next page; None where there is none, or no way to it is known.
        trial: whether `more` is a guess.
        end: without `more`, how the end is known, `unknown` where there are signs of more pages.
            With a trial, `unknown` where such signs stay even if the trial fails.
        total: the number of entries that the list states.
    """

    more: Ask | None = None
    trial: bool = False
    end: ListEnd | None = None
    total: int | None = None


LAST = Following(end="platform_said")
NO_MORE = Following(end="no_more_links")
UNKNOWN = Following(end="unknown")
