"""What the simulated year is measured by, against the truth of its world."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tests.rigs.year_world import BEGUN, Article, World

LASTED = 70  # days after which an absence must be proved: between two rechecks are 60 at most
TRIES = 2  # runs in which an event must be reported


class Measures:
    """Counts and examples of what went wrong; `value()` is what the rig prints."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.waiting_as_none: list[str] = []
        self.mail: list[tuple[int, list[str]]] = []
        self.outcomes: Counter[str] = Counter()
        self.false: list[str] = []
        self.missed: list[str] = []
        self.proved = 0

    def run(self, connection: sqlite3.Connection, run: str, day: int, mail: list[str]) -> None:
        """Measure one run, when it is indexed."""
        self.mail.append((day, mail))
        rows = connection.execute("SELECT account_id, outcome FROM coverage WHERE run = ?", [run])
        captured = {row[0] for row in connection.execute("SELECT id FROM articles")}
        for account, outcome in rows.fetchall():
            self.outcomes[outcome] += 1
            waiting = self.world.waiting(int(account), lambda n: f"thepaper-{n}" in captured)
            if outcome == "none" and waiting:
                self.waiting_as_none.append(f"day {day}: {account}: {waiting[:3]}")

    def withdrawals(self, connection: sqlite3.Connection) -> None:
        """Compare what is proved with what was so."""
        cursor = connection.execute(
            "SELECT article_id, last_seen_at, first_missing_at, confirmed_at FROM withdrawals"
        )
        rows: dict[int, list[tuple[float, float, bool]]] = {}
        for article_id, seen, missing, confirmed in cursor:
            span = (_day(seen), _day(missing), confirmed is not None)
            rows.setdefault(int(article_id.removeprefix("thepaper-")), []).append(span)
        captured = dict(connection.execute("SELECT id, first_captured_at FROM articles"))
        for number, article in self.world.articles.items():
            spans = rows.get(number, [])
            self._false(number, article, spans)
            if first := captured.get(f"thepaper-{number}"):
                self._missed(number, article, spans, _day(first))

    def _false(self, number: int, article: Article, spans: list[tuple[float, float, bool]]) -> None:
        for seen, missing, confirmed in spans:
            true = [gone for gone, back in article.gone if gone <= missing and (back is None or back >= seen)]  # fmt: skip
            if confirmed and not true:
                self.false.append(f"{number}: {seen:.1f} to {missing:.1f}, truth {article.gone}")

    def _missed(
        self,
        number: int,
        article: Article,
        spans: list[tuple[float, float, bool]],
        first: float,
    ) -> None:
        for gone, back in article.gone:
            end = self.world.days if back is None else back
            if end - gone < LASTED or first > gone:  # nobody can miss what was never there
                continue
            if any(c and seen <= gone + 1 and missing >= gone for seen, missing, c in spans):
                self.proved += 1
            else:
                self.missed.append(f"{number}: gone {gone} to {back}, {spans}")

    def untold(self) -> list[str]:
        """The events of accounts that no mail of the runs names in time."""
        late = []
        for event in self.world.events:
            runs = [(day, mail) for day, mail in self.mail if day >= event.day]
            good = [day for day, _ in runs if day not in self.world.spoilt][:TRIES]
            until = good[-1] if good else -1
            lines = [line for day, mail in runs if day <= until for line in mail]
            if not any(str(event.account) in line and event.word in line for line in lines):
                late.append(f"day {event.day}: {event.account} {event.word}: {lines[:6]}")
        return late

    def months(self) -> list[int]:
        """Lines of mail in each month."""
        lines: Counter[int] = Counter()
        for day, mail in self.mail:
            lines[day // 30] += len(mail)
        return [lines[month] for month in range((self.world.days + 29) // 30)]

    def value(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {
            "runs": len(self.mail),
            "articles": len(self.world.articles),
            "events": len(self.world.events),
            "outcomes": dict(self.outcomes),
            "false": self.false,
            "proved": self.proved,
            "missed": self.missed,
            "waiting_as_none": self.waiting_as_none,
            "untold": self.untold(),
            "lines_by_month": self.months(),
            "mail": [f"{day}: {line}" for day, mail in self.mail for line in mail],
        }


def _day(moment: str) -> float:
    return (datetime.fromisoformat(moment) - BEGUN) / timedelta(days=1)
