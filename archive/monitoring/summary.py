"""What a crawl brought, in the few numbers that a person at the terminal wants to know."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from archive.counting import counted

OF_RUNS = "run IN (SELECT value FROM json_each(:runs))"
NEW = f"""SELECT count(DISTINCT a.id) FROM captures c JOIN articles a ON a.id = c.article_id
    WHERE c.{OF_RUNS} AND c.role = 'article' AND c.captured_at = a.first_captured_at"""
# Also back to an older text: what counts is the capture before.
CHANGED = f"""SELECT count(DISTINCT article_id) FROM (
    SELECT c.run, c.article_id, coalesce(c.content_digest, p.content_digest) AS content,
        lag(coalesce(c.content_digest, p.content_digest))
            OVER (PARTITION BY c.article_id ORDER BY c.captured_at) AS content_before
    FROM captures c LEFT JOIN captures p ON p.id = c.refers_to
    WHERE c.role = 'article' AND c.outcome IN ('article', 'unchanged') AND c.article_id IN (
        SELECT article_id FROM captures WHERE {OF_RUNS} AND role = 'article')
        AND (coalesce(p.reason, c.reason) IS NOT 'unknown-layout' OR NOT EXISTS (
            SELECT 1 FROM captures own WHERE own.article_id = c.article_id
            AND own.role = 'article' AND own.outcome = 'article' AND own.reason IS NULL)))
    WHERE {OF_RUNS} AND content <> content_before"""
UNFINISHED = f"SELECT count(*) FROM coverage WHERE {OF_RUNS} AND outcome = 'budget'"
# Those that the operator did not want are no matter.
LEFT_OUT = f"""SELECT sum(json_extract(r.value, '$.count')) AS number,
        min(json_extract(r.value, '$.example')) AS example, r.key AS reason
    FROM coverage, json_each(left_out_reasons) r
    WHERE {OF_RUNS} AND r.key <> 'date-not-wanted' GROUP BY r.key ORDER BY number DESC, r.key"""
SEEN = f"""SELECT count(DISTINCT article_id) FROM captures
    WHERE {OF_RUNS} AND role = 'article' AND article_id IS NOT NULL"""
MISSING = f"""SELECT count(DISTINCT w.article_id) FROM withdrawals w, json_each(w.proofs) p
    JOIN captures c ON c.id = p.value WHERE c.{OF_RUNS} AND w.reinstated_at IS NULL"""
INCOMPLETE = f"""SELECT count(*) FROM articles WHERE complete = 0 AND id IN (
    SELECT article_id FROM captures WHERE {OF_RUNS} AND role IN ('article', 'part'))"""
PICTURES = f"SELECT count(DISTINCT url) FROM captures WHERE {OF_RUNS} AND outcome = 'media'"
# `reason` is that of the row with the least address (https://www.sqlite.org/lang_select.html#bareagg)
FAILED = f"""SELECT count(DISTINCT url), min(url), reason FROM failures f
    WHERE {OF_RUNS} AND role = 'article' AND outcome NOT IN ('not-found', 'withdrawn')
        AND NOT EXISTS (SELECT 1 FROM captures c
        WHERE c.run = f.run AND c.article_id = f.article_id AND c.outcome = 'article')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What the runs of one crawl brought, in articles and files.

    `asked` articles were asked for; `new` ones were never captured before, `changed` ones have
    another text, `missing` ones are not there (proved or not), `failed` ones gave nothing, the
    first of them at `example` for `reason`. The lists of `unfinished` accounts were not walked to
    their ends, because the run was at its limit. `incomplete` ones lack some of their pages. Of
    `left_out` rows of lists nothing was asked for, for the commonest reason such as `left_out_row`.
    """

    asked: int
    new: int
    changed: int
    missing: int
    pictures: int
    failed: int
    example: str | None
    reason: str | None
    unfinished: int = 0
    incomplete: int = 0
    left_out: int = 0
    left_out_row: str = ""

    def __str__(self) -> str:
        parts = [
            f"{counted(self.asked, 'article')} asked for: {self.new} new, {self.changed} changed, "
            f"{self.missing} missing",
            f"{counted(self.pictures, 'picture or file', 'pictures and files')}",
        ]
        if self.failed:
            parts.append(f"{self.failed} failed (such as {self.example}: {self.reason})")
        if self.left_out:
            rows = counted(self.left_out, "row")
            parts.append(f"{rows} of lists not followed (such as {self.left_out_row})")
        if self.incomplete:
            parts.append(f"{self.incomplete} on several pages, of which some are missing")
        if self.unfinished:
            parts.append(
                f"lists not walked to their ends, at a limit of the run: {self.unfinished}"
            )
        return "; ".join(parts)


def summary_of(connection: sqlite3.Connection, runs: Sequence[str]) -> RunSummary:
    """Sum up the runs of a crawl.

    Args:
        connection: the archive's database.
        runs: their ids.
    """
    values = {"runs": json.dumps([*runs])}
    asked, new, changed, missing, pictures, unfinished, incomplete = (
        connection.execute(statement, values).fetchone()[0]
        for statement in (SEEN, NEW, CHANGED, MISSING, PICTURES, UNFINISHED, INCOMPLETE)
    )
    failed, example, reason = connection.execute(FAILED, values).fetchone()
    left_out = connection.execute(LEFT_OUT, values).fetchall()
    return RunSummary(
        asked=asked,
        new=new,
        changed=changed,
        missing=missing,
        pictures=pictures,
        failed=failed,
        example=example,
        reason=reason,
        unfinished=unfinished,
        incomplete=incomplete,
        left_out=sum(row[0] for row in left_out),
        left_out_row=f"{left_out[0][1]}: {left_out[0][2]}" if left_out else "",
    )
