"""Whether a walk came to the end of a listing, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass

from archive.counting import counted
from archive.model import Failure, ListEnd
from archive.platform import Listing

# What answers a page that is not there. A block, an error or a page that nobody can read may
# stand in the place of one that is.
NO_SUCH_PAGE = frozenset({"not-found", "withdrawn", "empty", "redirect"})
NO_EFFECT = "page 2 of the list has the entries of page 1: its paging has no effect"


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far a walk came in a listing.

    Attributes:
        pages: those that had rows which were not met before.
        rows: their rows, those too that were met before or that are not followed.
        entries: those that differ and are followed.
        left_out: those that are not.
        total: the platform's own count of articles.
        trial: whether the page that was asked for last was a guess.
        signs: whether the page before it showed that there are more, and not where.
        end: how the end is known; None where the walk is not there.
        doubt: why it is not known that the list ends here, as a sentence.
    """

    pages: int = 0
    rows: int = 0
    entries: int = 0
    left_out: int = 0
    total: int | None = None
    trial: bool = False
    signs: bool = False
    end: ListEnd | None = None
    doubt: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether the walk came to the end, and that is certain."""
        return self.end not in (None, "unknown") and self.doubt is None

    def add(self, listing: Listing, fresh: int) -> None:
        """Take in a page of which `fresh` entries had not been met."""
        was_trial, self.trial = self.trial, listing.trial
        self.total = self.total if listing.total is None else listing.total
        if not (listing.links or listing.left_out) and listing.more:
            return  # it only leads to the list
        self.pages += 1
        repeats = self.pages > 1 and bool(listing.links) and not fresh
        if not repeats:
            self.rows += len(listing.links) + len(listing.left_out)
            self.left_out += len(listing.left_out)
        self.entries += fresh
        if repeats:
            self._repeated(listing, was_trial)
        elif listing.more is None:
            self._last(listing)
        self.signs = listing.end == "unknown"

    def refuted(self, failure: Failure) -> bool:
        """Whether this answer only says that a page which was a guess is not there; then the list
        ended before it."""
        if not self.trial or failure.outcome not in {*NO_SUCH_PAGE, "unreadable"}:
            return False
        no_page = failure.outcome in NO_SUCH_PAGE and not self.signs
        self._close("no_more_links" if no_page else "unknown")
        return True

    def _last(self, listing: Listing) -> None:
        """The page names none after it."""
        self._close((listing.end or "platform_said") if listing.ended else "unknown")

    def _repeated(self, listing: Listing, was_trial: bool) -> None:
        """The page has only entries that were met before."""
        if listing.ended and listing.end in (None, "platform_said", "total_reached"):
            self._last(listing)
            return
        number, self.pages = self.pages, self.pages - 1
        if was_trial:
            self._close("unknown" if self.signs else "repeats")
        elif number == 2:
            self._close("unknown", NO_EFFECT)
        else:
            self._close("repeats")

    def _close(self, end: ListEnd, doubt: str | None = None) -> None:
        total = self.total
        if end == "unknown" and total is not None and self.entries + self.left_out >= total:
            end, doubt = "total_reached", None
        elif end == "unknown":
            doubt = doubt or f"nothing says whether the list goes on after its page {self.pages}"
        elif end in ("repeats", "no_more_links") and total is not None and self.rows < total:
            articles = counted(total, "article")
            doubt = f"the list has {self.rows} of the {articles} that the platform counts"
        self.end, self.doubt = end, doubt
