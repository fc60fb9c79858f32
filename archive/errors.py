"""Every error this project raises on purpose, in one tree.

    ArchiveError                exit code 1: it failed, and says what to do
    ├── UsageError              exit code 2: the input is wrong (not a URL, unknown platform, missing folder)
    ├── Busy                    exit code 4: another run holds the archive, nothing was touched
    ├── CaptureError            a WARC file could not be written: the crawl must stop
    ├── WarcError               a WARC file could not be read; names the file and the offset
    └── Unreadable              one page could not be read; `index` turns it into a `failures` row

A message is one sentence that says what is wrong, where, and what to do.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ArchiveError(Exception):
    """Base of every error raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(ArchiveError):
    """The caller asked for something that cannot be done as asked."""

    exit_code = 2


class Busy(ArchiveError):
    """Another run holds the archive's lock."""

    exit_code = 4


class CaptureError(ArchiveError):
    """A record could not be written to the WARC; what was written before is whole."""


class WarcError(ArchiveError):
    """A WARC file is damaged or is not a WARC file. `wrong` and `todo` are the parts of the
    sentence behind the place."""

    def __init__(self, message: str, *, wrong: str = "", todo: str = "") -> None:
        super().__init__(message)
        self.wrong, self.todo = wrong or message.rstrip("."), todo


class Unreadable(ArchiveError):
    """A page that cannot be read; `reason` is a short kebab-case word that `failures` keeps."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@contextmanager
def surprises() -> Iterator[None]:
    """Around the rules of a platform: what they were not made for is an unreadable page, with the
    place where they failed.

    Pages change and break in ways that no rule foresees, and one of them may not end a crawl or an
    index.
    """
    try:
        yield
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        OSError,
    ) as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).stem}.{place.name}"
        raise Unreadable(
            "unexpected-shape", f"{type(error).__name__} in {where}: {error}"[:300]
        ) from error
