"""What a check found: where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.warc.reader import RESTORE as RESTORE  # the checks take it from here

REBUILD = "run `zhengwen rebuild`"
ASK = "ask whoever made the package for it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`file` is relative to the archive or package; `offset` that of the record's gzip member;
    `record` a record id or a row."""

    file: str
    wrong: str
    todo: str
    offset: int | None = None
    record: str | None = None

    def __str__(self) -> str:
        place = f" at {self.offset}" if self.offset is not None else ""
        return f"{self.file}{place}{f' ({self.record})' if self.record else ''}: {self.wrong}; {self.todo}."
