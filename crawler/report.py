"""What a start of the crawl did, as JSON for monitors: `reports/<time>.json`, the newest also as
`reports/latest.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.archive import Archive
from archive.disk import free_bytes, write_completely
from archive.errors import ArchiveError
from archive.monitoring.files import FaultyFile

BY_OUTCOME = """SELECT role || ' ' || outcome, count(*) FROM captures
    WHERE run = ? AND role IS NOT NULL GROUP BY 1"""
MOST = 100  # reports; older ones are deleted


def write(
    archive: Archive,
    begun: datetime,
    runs: Sequence[str],
    exit_code: int,
    failed: str | None,
    problems: Sequence[str],
    files: Sequence[FaultyFile],
) -> Path:
    """Write the report.

    Args:
        archive: the archive, indexed after the crawl.
        begun: when the start began, with its zone.
        runs: the ids of its runs, one for each platform.
        exit_code: of the start.
        failed: why the crawl failed; None where it did not.
        problems: its alarms, one sentence each.
        files: those of which something could not be read; the alarms have their sentences too.

    Returns:
        The path of the report.
    """
    folder = archive.path / "reports"
    folder.mkdir(exist_ok=True)
    value = {
        "started_at": begun.isoformat(timespec="seconds"),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "exit_code": exit_code,
        "failed": failed,
        "alarms": list(problems),
        "files": [asdict(file) for file in files],
        "free_disk_bytes": free_bytes(archive.path),
        **_of_runs(archive, runs),
    }
    path = folder / f"{begun:%Y%m%dT%H%M%S%fZ}.json"
    data = f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()
    write_completely(path, data)
    write_completely(folder / "latest.json", data)
    for old in sorted(folder.glob("[0-9]*.json"))[:-MOST]:
        old.unlink()
    return path


def _of_runs(archive: Archive, runs: Sequence[str]) -> dict[str, Any]:
    """The runs as the database has them; empty where it cannot be read, which `failed` says
    then."""
    values: dict[str, Any] = {"runs": [], "coverage": [], "outcomes": {}, "warcs": []}
    try:
        db = archive.db
    except ArchiveError:
        return values
    for run in runs:
        values["runs"] += db.query(
            "SELECT id, platform, started_at, finished_at, finish_reason FROM runs WHERE id = ?",
            [run],
        )
        values["coverage"] += db.query("SELECT * FROM coverage WHERE run = ?", [run])
        for name, number in db.execute(BY_OUTCOME, (run,)):
            values["outcomes"][name] = values["outcomes"].get(name, 0) + number
        values["warcs"] += [
            row[0] for row in db.execute("SELECT DISTINCT warc FROM captures WHERE run = ?", (run,))
        ]
    return values
