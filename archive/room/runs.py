"""Pages of crawls: all of them, one of them, and the grid of accounts and crawls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from archive.archive import Archive
from archive.database.opening import read_rows
from archive.model.words import CoverageOutcome
from archive.monitoring.problems import OUTCOMES
from archive.monitoring.summary import summary_of
from archive.room.answer import Answer, NotHere
from archive.room.asked import Asked
from archive.room.every import of_all
from archive.room.language import Speaker
from archive.room.remembered import remembered
from archive.room.rendering import page

SHOWN = 200  # runs of the list
COLUMNS, ROWS = 30, 500  # runs and accounts of the grid
RUNS = f"""SELECT id, platform, started_at, finished_at, finish_reason FROM runs
    ORDER BY started_at DESC, id LIMIT {SHOWN}"""
RUN = "SELECT * FROM runs WHERE id = ?"
OF_RUN = "SELECT * FROM coverage WHERE run = ? ORDER BY account_id"
MOST_FAILURES = 200
FAILURES = f"""SELECT url, outcome, reason, detail, article_id FROM failures WHERE run = ?
    ORDER BY url LIMIT {MOST_FAILURES}"""
IN_GRID = f"""SELECT id, platform, started_at FROM runs WHERE id IN (SELECT run FROM coverage)
    ORDER BY started_at DESC, id LIMIT {COLUMNS}"""
EMPTY = Markup("<td></td>")
BEGIN = Markup('<td class="{}"><a href="{}#')
END = Markup('" title="{}" aria-label="{}">{}</a></td>')
CELLS = """SELECT run, platform, account_id, account, outcome, reason, listed, new FROM coverage
    WHERE run = ?"""
SIGNS: dict[CoverageOutcome, str] = {
    "new": "+",
    "none": "·",
    "deferred": "…",
    "budget": "~",
    "partial": "P",
    "endless": "∞",
    "blocked": "B",
    "throttled": "T",
    "robots": "R",
    "format_changed": "F",
    "suspicious_empty": "E",
    "unreachable": "U",
    "moved": "M",
    "gone": "G",
}
"""What a cell shows besides its colour, for whoever cannot tell the colours apart."""


def runs(archive: Archive, asked: Asked) -> Answer:
    """The page with the last crawls."""
    return page(asked, "runs.html", runs=list(read_rows(archive.connection, RUNS)))


def run(archive: Archive, asked: Asked, run_id: str) -> Answer:
    """The page of a crawl."""
    row = next(read_rows(archive.connection, RUN, [run_id]), None)
    if row is None:
        raise NotHere(f"There is no crawl {run_id}.")
    return page(
        asked,
        "run.html",
        run=row,
        summary=remembered(archive, "summary", lambda: _summary(archive, run_id), run_id),
        walks=list(read_rows(archive.connection, OF_RUN, [run_id])),
        names=archive.names(),
        failures=_failures(archive, run_id),
        wrong=OUTCOMES,
        anchor=anchor,
    )


def _failures(archive: Archive, run_id: str) -> list[dict[str, Any]]:
    """What could not be had, each once, though several databases may know it."""
    rows = [*of_all(archive, FAILURES, [run_id])]
    if len(archive.connections) > 1:
        once = {tuple(row.values()): row for row in rows}
        rows = sorted(once.values(), key=lambda row: str(row["url"]))
    return rows[:MOST_FAILURES]


def _summary(archive: Archive, run_id: str) -> str:
    return str(summary_of(archive.together.connection, [run_id]))


def coverage(archive: Archive, asked: Asked) -> Answer:
    """The grid: what each of the last crawls found of each account."""
    of = (asked.root, asked.language, asked.chosen)
    return page(
        asked, "coverage.html", **remembered(archive, "grid", lambda: _grid(archive, asked), *of)
    )


def _grid(archive: Archive, asked: Asked) -> dict[str, Any]:
    columns = list(reversed(list(read_rows(archive.connection, IN_GRID))))
    for column in columns:
        column["link"] = asked.link("run", column["id"])
        column["day"] = (column["started_at"] or "")[:10]
    accounts: dict[tuple[str, str], dict[str, Any]] = defaultdict(lambda: {"name": "", "cells": {}})
    names, cell = archive.names(), _cells(Speaker(asked.language))
    outcomes = set()
    for column in columns:
        for row in read_rows(archive.connection, CELLS, [column["id"]]):
            key = (row["platform"], row["account_id"])
            account = accounts[key]
            account["name"] = names.get(key) or row["account"] or row["account_id"]
            account.setdefault("anchor", anchor(*key))
            outcome = (row["outcome"], row["new"], row["reason"])
            begin, end = cell(column["link"], column["day"], *outcome)
            account["cells"][row["run"]] = begin + account["anchor"] + end
            outcomes.add(row["outcome"])
    ordered = sorted(accounts.items(), key=lambda item: (item[0][0], item[1]["name"]))
    runs = [column["id"] for column in columns]
    return {
        "runs": columns,
        "accounts": [
            (key, account["name"], _row(account["cells"], runs)) for key, account in ordered[:ROWS]
        ],
        "count": len(ordered),
        "legend": [(outcome, sign) for outcome, sign in SIGNS.items() if outcome in outcomes],
    }


def _row(cells: Mapping[str, Markup], runs: Sequence[str]) -> Markup:
    return Markup("").join(cells.get(run, EMPTY) for run in runs)


def anchor(platform: str, account_id: str) -> str:
    """The place of an account within the page of a crawl, as an id and as a fragment.

    Example:
        >>> anchor("thepaper", "4 1"), anchor("demo", '"><b>')
        ('thepaper%3A4%201', 'demo%3A%22%3E%3Cb%3E')
    """
    return quote(f"{platform}:{account_id}", safe="", errors="replace")


def _cells(
    speaker: Speaker,
) -> Callable[[str, str, str, int | None, str | None], tuple[Markup, Markup]]:
    """Makes cells of the grid: what is before the anchor of the account and what is behind it.
    There are thousands on a page, and most say the same."""

    @cache
    def cell(
        link: str, day: str, outcome: str, new: int | None, reason: str | None
    ) -> tuple[Markup, Markup]:
        words = speaker.word("coverage", outcome)
        title = f"{words}{f': {new}' if new else ''}{f' – {reason}' if reason else ''}"
        sign = str(new) if outcome == "new" and new else SIGNS.get(outcome, "?")  # type: ignore[call-overload]
        return BEGIN.format(outcome, link), END.format(title, f"{day}: {words}", sign)

    return cell
