"""How sure each date of a page is as that of publication, seen from the others."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from archive.general.date_candidates import Candidate
from archive.model.times import CHINA

# Ranks of the places, the surest first; a label is surer than none. What is not here, such as
# what is labelled as a deadline, is never the date of publication.
RANKS = {
    ("meta", "published"): 0,
    ("head", "published"): 10,
    ("head", "time"): 20,
    ("meta", "time"): 23,
    ("page", "published"): 40,
    ("page", "time"): 42,
    ("element", "published"): 45,
    ("script", "published"): 50,
    ("script", "time"): 55,
    ("address", None): 70,
    ("head", "updated"): 80,
    ("head", "written"): 85,
    ("page", "written"): 86,
    ("signature", None): 90,
    ("signature", "written"): 90,
}
OF_SCRIPTS = ("script", "published")
EDGES = {
    "published": 41,
    "time": 73,
    None: 74,
}  # a byline within the article
CONTRADICTED = 12  # meta data that a printed label contradicts
TIMED_LINE, DATED_LINE, NEWSPAPER, OPENING = 21, 28, 32, 95
OTHER_THAN_ADDRESS = 72
LAST = 999  # what cannot be that of publication
END_OF_DAYS = "9999-12-31"
PLACES = ("meta", "head", "page", "element", "script")  # that say when it was changed


class Evidence:
    """All dates of a page, and how sure each is, seen from the others.

    Args:
        dates: in the order in which places are searched.
        captured_at: when the page was; None where that is not known: no date is after it then.
    """

    def __init__(self, dates: list[Candidate], captured_at: datetime | None) -> None:
        self.dates = dates
        self.today = (
            captured_at.astimezone(CHINA).date().isoformat() if captured_at else END_OF_DAYS
        )
        days = (date.day for date in dates if date.where == "address" and date.day <= self.today)
        self.address = next(days, None)
        self.scripts = {date.day for date in dates if (date.where, date.label) == OF_SCRIPTS}
        self.labels = [d for d in dates if d.where == "head" and d.label == "published"]

    @cached_property
    def ranked(self) -> list[Candidate]:
        """The dates that can be that of publication, the surest first."""
        ranks = [(self.rank(date), place) for place, date in enumerate(self.dates)]
        return [self.dates[place] for rank, place in sorted(r for r in ranks if r[0] is not None)]

    def rank(self, date: Candidate) -> int | None:
        """How far behind the surest evidence a date is; None for one that cannot be that of
        publication."""
        if date.day > self.today:
            return None
        if date.where == "head" and date.label is None:
            return self._rank_of_line(date)
        if date.where == "text":
            return EDGES.get(date.label) if date.byline else OPENING if date.alone else None
        rank = RANKS.get((date.where, date.label))
        if rank == 0 and self._is_contradicted(date):
            return CONTRADICTED
        of_others = date.where == "page" or (
            date.where == "script" and (date.label == "time" or len(self.scripts) > 1)
        )
        if of_others and self.address not in (None, date.day):
            return rank and max(rank, OTHER_THAN_ADDRESS)
        if date.where == "signature" and date.day != self._last_signature:
            return rank and rank + 1
        return rank

    def place(self, date: Candidate) -> int:
        """The rank by which a date is stored among the others."""
        rank = self.rank(date)
        return LAST if rank is None else rank

    def _rank_of_line(self, date: Candidate) -> int | None:
        """That of a date near the headline without a label."""
        if date.name:
            return TIMED_LINE
        if not date.byline:
            return None
        is_banner = date.weekday or date.day == self.today
        if (date.alone or is_banner) and self.address not in (None, date.day):
            return OTHER_THAN_ADDRESS
        return NEWSPAPER if date.weekday else TIMED_LINE if date.timed else DATED_LINE

    def _is_contradicted(self, date: Candidate) -> bool:
        return not any(label.day == date.day for label in self.labels) and any(
            label.day == self.address or (label.timed and not date.timed)
            for label in self.labels
            if label.day <= self.today
        )

    @cached_property
    def _last_signature(self) -> str:
        """A document is published after all that it quotes were signed."""
        days = [d.day for d in self.dates if d.where == "signature" and d.day <= self.today]
        return max(days, default="")

    def changed(self, published_at: str | None) -> Candidate | None:
        """When the article was changed after its publication, by the surest place that says so."""
        later = [
            date
            for date in self.dates
            if date.label == "updated"
            and date.day <= self.today
            and _is_later(date.value, published_at)
        ]
        return min(later, key=lambda date: PLACES.index(date.where), default=None)


def _is_later(changed: str, published_at: str | None) -> bool:
    if published_at is None or changed == published_at:
        return False
    both_timed = len(changed) > 10 and len(published_at) > 10
    return changed > published_at if both_timed else changed[:10] >= published_at[:10]
