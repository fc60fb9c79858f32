"""What a check reports: where, what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.warc.reader import RESTORE as RESTORE  # the checks take it from here

REBUILD = "run `zhengwen rebuild`"
ASK = "ask whoever made the package for it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        file: its path, relative to the archive or package; a WARC file by its name.
        wrong: what is wrong, without a full stop.
        todo: what to do about it, without a full stop.
        offset: of the record's gzip member, in bytes.
        record: a record id, a row, a line or a member.

    Example:
        >>> str(Finding(file="a.warc.gz", offset=512, wrong="the file is empty", todo=RESTORE))
        'a.warc.gz at 512: the file is empty; restore the file from a copy, then run …'
    """

    file: str
    wrong: str
    todo: str
    offset: int | None = None
    record: str | None = None

    def __str__(self) -> str:
        place = f" at {self.offset}" if self.offset is not None else ""
        record = f" ({self.record})" if self.record else ""
        return f"{self.file}{place}{record}: {self.wrong}; {self.todo}."
