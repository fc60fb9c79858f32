"""What a check reports: where, what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from archive.counting import counted

DATABASE = "archive.db"
REBUILD = "run `zhengwen rebuild`"
MANY = 20  # findings of one kind that are reported one by one
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
        >>> str(Finding(file="a.warc.gz", offset=512, wrong="it is empty", todo="restore it"))
        'a.warc.gz at 512: it is empty; restore it.'
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


@dataclass(slots=True)
class Several:
    """Findings of one kind, of which there may be millions: the first are kept, the others counted.

    Example:
        >>> several = Several()
        >>> for number in range(1_000):
        ...     several.add(Finding(file="a.csv", wrong="a line is missing", todo=ASK))
        >>> [finding.wrong for finding in several][-1]
        'a line is missing, 980 times more'
    """

    first: list[Finding] = field(default_factory=list)
    more: int = 0

    def add(self, finding: Finding) -> None:
        """Take a finding."""
        if len(self.first) < MANY:
            self.first.append(finding)
        else:
            self.more += 1

    def add_all(self, findings: Iterable[Finding]) -> Several:
        """Take some findings, and return itself."""
        for finding in findings:
            self.add(finding)
        return self

    def __iter__(self) -> Iterator[Finding]:
        yield from self.first
        if self.more:
            last = self.first[-1]
            wrong = f"{last.wrong}, {counted(self.more, 'time')} more"
            yield replace(last, offset=None, record=None, wrong=wrong)
