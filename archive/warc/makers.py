"""Which programs wrote the records of a WARC file, by its warcinfo records."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.warc.fields import bare
from archive.warc.reader import Record

LARGEST_INFO = 64 * 1024  # bytes that are read of a warcinfo record


@dataclass(slots=True)
class Makers:
    """Which programs wrote the records of a file, by its warcinfo records. What says in JSON what a
    crawl of ours noted counts only where ours wrote it."""

    by_id: dict[str, bool] = field(default_factory=dict)
    is_last_ours: bool = False

    def add(self, record: Record) -> None:
        """Take a warcinfo record in."""
        text = record.peek(LARGEST_INFO).decode("utf-8", "replace")
        fields = (line.partition(":") for line in text.splitlines())
        software = [value for name, _, value in fields if name.strip().lower() == "software"]
        self.is_last_ours = any("zhengwen" in value.lower() for value in software)
        self.by_id[record.id] = self.is_last_ours

    def is_ours(self, record: Record) -> bool:
        """Whether a record is of a crawl of ours: by the warcinfo record that it names, else by the
        last one before it."""
        named = bare(record.headers.get("WARC-Warcinfo-ID") or "")
        return self.by_id.get(named, self.is_last_ours)
