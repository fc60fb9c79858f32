"""What the WARC must know about a run besides its exchanges, as `metadata` records: its beginning
and end, the coverage of each account, and the requests without an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from scrapy import Request

from archive.model import Outcome
from archive.warc.writer import WarcWriter
from crawler.causes import cause_of
from crawler.ledger.coverage import coverage_of
from crawler.ledger.walk import Walk
from crawler.requests import purpose_of
from crawler.run import Run
from crawler.wire.identity import software

LONGEST_DETAIL = 500  # characters of an error's message


class RunRecords:
    """Writes the records of one run. Every method raises CaptureError where it cannot."""

    def __init__(self, writer: WarcWriter, run: Run) -> None:
        self.writer, self.run = writer, run

    def begin(self) -> None:
        """Write that the run begins, and what is wanted of it."""
        self._write_run(
            platform=self.run.platform.name,
            started_at=now(),
            software=software(),
            wanted=json.dumps(asdict(self.run.wanted), ensure_ascii=False),
        )

    def no_answer(self, request: Request, error: Exception) -> None:
        """Write that a request got no answer."""
        name, cause = type(error).__name__.removesuffix("Error"), cause_of(error)
        detail = f"{cause} ({name}: {error})" if cause else f"{name}: {error}"
        self.failure(request, "error", "no-answer", detail[:LONGEST_DETAIL])

    def failure(self, request: Request, outcome: Outcome, reason: str, detail: str) -> None:
        """Write that a request was not answered or not made.

        Args:
            request: the request.
            outcome: the kind of failure, as in `captures.outcome`.
            reason: a short kebab-case word.
            detail: a sentence.
        """
        purpose = purpose_of(request)
        facts = purpose.facts() if purpose else {}
        self.writer.write_metadata(
            {
                "kind": "failure",
                "run": self.run.id,
                "platform": self.run.platform.name,
                "url": request.url,
                "outcome": outcome,
                "reason": reason,
                "detail": detail,
                **{
                    name: facts[name]
                    for name in ("role", "article_id", "account_id")
                    if name in facts
                },
            }
        )

    def coverage(self, walk: Walk, reason: str) -> None:
        """Write what a walk that is over covered.

        Args:
            walk: the walk.
            reason: as in `end`.
        """
        walk.end(reason)
        self.writer.write_metadata({"kind": "coverage", **coverage_of(walk, self.run.id)})

    def end(self, reason: str, stats: Mapping[str, Any]) -> None:
        """Write the coverage of each account, and that the run is over. In a cluster the coverage
        was written when each walk was over: what is left goes to another worker.

        Args:
            reason: why it ended, in Scrapy's word.
            stats: Scrapy's statistics, whose numbers are recorded.
        """
        for walk in self.run.walks if self.run.others is None else ():
            self.coverage(walk, reason)
        counts = {name: value for name, value in stats.items() if isinstance(value, int | float)}
        self._write_run(
            finished_at=now(), finish_reason=reason, counts=json.dumps(counts, sort_keys=True)
        )

    def _write_run(self, **values: str) -> None:
        self.writer.write_metadata({"kind": "run", "id": self.run.id, **values})


def now() -> str:
    """This moment in UTC, as the rows of runs have it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
