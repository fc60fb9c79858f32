"""Whether the platform is online at all, where articles are missing."""

from __future__ import annotations

from archive.model import Article, Failure


class Control:
    """The articles of one run that are online and those that are missing.

    A missing page proves something only in a run that also met one that is online: otherwise all of
    the platform may be out of order.
    """

    def __init__(self) -> None:
        self.online: set[str] = set()
        self.missing: set[str] = set()
        self._was_due = False

    def note(self, article_id: str, outcome: Article | Failure) -> None:
        """Take in what the page of an article was read as."""
        if isinstance(outcome, Article):
            self.online.add(article_id)
        elif outcome.outcome in ("not-found", "empty"):
            self.missing.add(article_id)

    def is_due(self) -> bool:
        """Whether articles that should be online are to be asked for now; true at most once."""
        due = bool(self.missing) and not self.online and not self._was_due
        self._was_due = self._was_due or due
        return due
