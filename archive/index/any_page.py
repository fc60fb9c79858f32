"""Pages of no platform, in files of an import whose operator wants them read too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from archive.index.exchanges import Note
from archive.index.facts import text_of
from archive.index.recorded import Recorded
from archive.platforms import Platforms
from archive.warc import http
from archive.warc.chain_state import fields_at_begin

PLATFORM = "page"
WANTED = ("any-page", "yes")  # of the record that a file of an import begins with
HTML = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\b", re.I)


def is_wanted(path: Path) -> bool:
    """Whether a WARC file is of an import in which any page is read."""
    fields = fields_at_begin(path)
    name, value = WANTED
    return "source-sha256" in fields and fields.get(name) == value


def with_any_page(
    records: Iterable[Recorded | Note], platforms: Platforms
) -> Iterator[Recorded | Note]:
    """The same records, of which HTML pages of no platform are of the platform `page`.

    Args:
        records: of one file.
        platforms: those of the archive.
    """
    for record in records:
        if isinstance(record, Recorded) and _is_page(record, platforms):
            yield replace(record, facts={**record.facts, "platform": PLATFORM})
        else:
            yield record


def _is_page(record: Recorded, platforms: Platforms) -> bool:
    if record.is_file or text_of(record.facts, "platform") or text_of(record.facts, "role"):
        return False
    if not record.url.startswith(("http://", "https://")) or platforms.of_url(record.url):
        return False
    return HTML.match(http.split(record.block)[0].get("Content-Type") or "") is not None
