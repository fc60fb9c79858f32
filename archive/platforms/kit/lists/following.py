"""What comes after a page of a list, in the value that all readers of paging share."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model import ListEnd
from archive.page.page import Page
from archive.platform import Ask
from archive.platforms.kit.lists.families import next_in_family


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


def guessed(page: Page) -> Following:
    """The next address of the page's family, where more pages are certain and no way to them is
    known; without one, nothing but that they are there."""
    url = next_in_family(page.url)
    return Following(more=Ask(url=url) if url else None, trial=bool(url), end="unknown")


LAST = Following(end="platform_said")
NO_MORE = Following(end="no_more_links")
