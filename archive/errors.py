"""Every error this project raises on purpose, in one tree.

    ArchiveError                exit code 1: it failed, and says what to do
    ├── UsageError              exit code 2: wrong input (no URL, no folder, unknown platform)
    │   └── NotWritable         a folder cannot be written
    ├── Busy                    exit code 4: another run has the archive's lock, nothing was touched
    ├── CaptureError            a WARC file could not be written: the crawl must stop
    ├── WarcError               a WARC file could not be read; names the file and the offset
    ├── StorageError            WARC files that are stored on a server cannot be had from there
    ├── SignatureError          a signature over the hash chain does not sign it
    └── Unreadable              one page could not be read; `index` turns it into a `failures` row

A message is one sentence that says what is wrong, where, and what to do.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_DETAIL = 300  # characters of an unforeseen error
ALIKE = 0.65  # of two names, by difflib: what is less alike was not meant
LIKE_THE_NEAREST = 0.1  # names that are so much less alike than the nearest were not meant either
MOST_SUGGESTED = 3
MEMORY_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")


class ArchiveError(Exception):
    """Base of every error raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(ArchiveError):
    """The caller asked for something that cannot be done as asked."""

    exit_code = 2


class NotWritable(UsageError):
    """A folder cannot be written: by this user, or by anybody, as on a read-only disk."""


class Busy(ArchiveError):
    """Another run has the archive's lock; nothing was touched."""

    exit_code = 4


class CaptureError(ArchiveError):
    """A record could not be written to the WARC; every record before it is complete."""


class WarcError(ArchiveError):
    """A WARC file is damaged or is not a WARC file.

    Args:
        message: the sentence, with the file and the offset.
        wrong: the part of the sentence that says what is wrong; the message without its full stop
            where not given.
        todo: the part that says what to do; empty where not given.
    """

    def __init__(self, message: str, *, wrong: str = "", todo: str = "") -> None:
        super().__init__(message)
        self.wrong, self.todo = wrong or message.rstrip("."), todo


class StorageError(ArchiveError):
    """A server that stores WARC files cannot be asked, refuses, or has not the bytes that were
    stored there: no fault of the file, of which nothing is to be concluded.

    Args:
        wrong: what is wrong, as a part of a sentence without its full stop.
        todo: what to do about it, likewise.
    """

    def __init__(self, wrong: str, todo: str) -> None:
        super().__init__(wrong, todo)
        self.wrong, self.todo = wrong, todo

    def __str__(self) -> str:
        return f"{self.wrong}; {self.todo}."


class SignatureError(ArchiveError):
    """A signature over the hash chain, or its public key, is missing, damaged or of other lines."""


class Unreadable(ArchiveError):
    """A page that cannot be read.

    Args:
        reason: a short kebab-case word, as the column `failures.reason` has it.
        detail: what exactly was wrong, for a person.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@contextmanager
def failures_as_unreadable() -> Iterator[None]:
    """Turns an unforeseen failure of a platform's rules into Unreadable, with its place in them.

    Pages change and break in ways that no rule foresees, and one of them may not end a crawl or an
    index.

    Raises:
        Unreadable: with the reason `unexpected-shape`.

    Example:
        >>> with failures_as_unreadable():
        ...     json.loads("<html>")
        Traceback (most recent call last):
        archive.errors.Unreadable: unexpected-shape: JSONDecodeError in decoder.raw_decode: ...
    """
    try:
        yield
    except ArchiveError:
        raise
    except Exception as error:
        raise Unreadable("unexpected-shape", described(error)) from error


def described(error: Exception) -> str:
    """An error as a short sentence that is the same in every process and on every machine: type,
    place in the code, message without addresses of memory.

    Where memory or the stack ends depends on what else is there, so that of such an error is its
    type alone.

    Example:
        >>> described(MemoryError())
        'MemoryError'
    """
    name = type(error).__name__
    if isinstance(error, MemoryError | RecursionError):
        return name
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).stem}.{frames[-1].name}" if frames else ""
    return f"{name}{place}: {MEMORY_ADDRESS.sub('0x…', str(error))}"[:LONGEST_DETAIL]


def suggestion(typed: str, names: Iterable[str]) -> str:
    """Which names may be meant: those that differ in capitals alone, else those that contain what
    was typed or are contained in it, then those that are spelt alike.

    Returns:
        The end of a sentence; '' where no name is like it.

    Example:
        >>> suggestion("thepapr", ["sina", "thepaper"])
        'did you mean thepaper?'
    """
    from difflib import SequenceMatcher  # not before something is wrong: it takes 4 ms

    names = [*names]
    if same := [name for name in names if name.lower() == typed.lower()]:
        return f"did you mean {' or '.join(same)}?"
    holding = [name for name in names if typed in name or (len(name) > 1 and name in typed)]
    likeness = {name: SequenceMatcher(None, name, typed).ratio() for name in names}
    nearest = max(likeness.values(), default=0) - LIKE_THE_NEAREST
    alike = [name for name in names if likeness[name] >= max(ALIKE, nearest)]
    alike.sort(key=lambda name: -likeness[name])
    meant = list(dict.fromkeys([*sorted(holding, key=len), *alike]))[:MOST_SUGGESTED]
    return f"did you mean {' or '.join(meant)}?" if typed and meant else ""
