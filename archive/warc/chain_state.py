"""How long the hash chain was at some moment, and with what digest it ended: what shows later that
lines were taken from its end.

Each WARC file of a crawl says in its warcinfo record how the chain stood when the file was begun,
and `archive.db` how it stood when it was last indexed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.errors import StorageError, WarcError
from archive.warc.reader import records
from archive.warc.stored import WarcFile

START = "0" * 64  # what the first line has for the digest of the line before
LARGEST_WARCINFO = 64 * 1024  # bytes that are read of one
FIELDS = {"lines": "chain-lines", "head": "chain-head", "first": "chain-first"}
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ChainState:
    """A state of a chain.

    Attributes:
        lines: how many it had.
        head: SHA-256 of the last of them, in hexadecimal.
        first: SHA-256 of the first of them, by which one chain is known from another.
    """

    lines: int = 0
    head: str = START
    first: str = START

    def warcinfo(self) -> dict[str, str]:
        """The fields that a warcinfo record has for it.

        Example:
            >>> ChainState().warcinfo()["chain-lines"]
            '0'
        """
        return {field: str(getattr(self, name)) for name, field in FIELDS.items()}

    @classmethod
    def parsed(cls, lines: object, head: object, first: object) -> ChainState | None:
        """The state with these values; None where they are none of a state."""
        number = str(lines)
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        if not all(
            isinstance(digest, str) and DIGEST.fullmatch(digest) for digest in (head, first)
        ):
            return None
        return cls(int(number), str(head), str(first))


def state_at_begin(path: WarcFile) -> ChainState | None:
    """How the chain stood when a WARC file was begun, by its warcinfo record.

    None where that is not known: another program made the file, an earlier version, or it cannot be
    read.
    """
    fields = fields_at_begin(path)
    return ChainState.parsed(*(fields.get(field) for field in FIELDS.values()))


def fields_at_begin(path: WarcFile) -> dict[str, str]:
    """What the warcinfo record that a WARC file begins with says, by names in small letters; empty
    where it begins with none or cannot be read."""
    try:
        for record in records(path):
            block = record.read(LARGEST_WARCINFO) if record.type == "warcinfo" else b""
            break
        else:
            return {}
    except (WarcError, StorageError, OSError):
        return {}
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in lines}
