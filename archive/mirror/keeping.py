"""Keeping a mirror in step: what differs is written, what is gone is deleted, and nothing else is
touched.

Both sides are gone through in the order of their ids, and compared by digests. So it does not
matter how long the server was away, what became of the archive meanwhile, or where the last time
was broken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.mirror import tables
from archive.mirror.documents import Documents, mirrored
from archive.mirror.question import literal
from archive.mirror.server import Server
from archive.reader.reader import Reader
from archive.warc import chain

AT_ONCE = 10_000  # digests that are asked for in one call
MOST_BYTES = 4_000_000  # of text that is written in one call, about


@dataclass(slots=True)
class Changes:
    """What became of the articles of a mirror: how many were written, deleted, and left as they
    were."""

    written: int = 0
    deleted: int = 0
    unchanged: int = 0


def keep(reader: Reader, address: str, *, anew: bool = False) -> Changes:
    """Bring a mirror in step with an archive.

    Args:
        reader: the archive, indexed.
        address: of a Groonga server, such as `groonga://127.0.0.1:10041`.
        anew: throw away what the mirror holds, and write everything.

    Raises:
        UsageError: it is no address, or the server mirrors another archive.
        ArchiveError: the server cannot be asked, or refuses; what it took stays, and the next call
            goes on from there.
    """
    server, changes = Server(address), Changes()
    documents = Documents(reader.connection)
    tables.prepare(server, _identity(reader.path), anew=anew)
    there = _Digests(server)
    writing = _Writing(server)
    for row in documents:
        _delete(server, there.before(row["id"]), changes)
        if there.is_so(row["id"], row["digest"]):
            changes.unchanged += 1
        else:
            writing.add(mirrored(row))
            changes.written += 1
    writing.end()
    _delete(server, there.rest(), changes)
    server.ask("io_flush")
    return changes


def _identity(folder: Path) -> str:
    """What no other archive has: the digest of the first line of its chain; empty without one."""
    first = next(iter(chain.links(folder)), None)
    return first.digest if first else ""


def _delete(server: Server, ids: Iterable[str], changes: Changes) -> None:
    for article_id in ids:
        if not server.ask("delete", table=tables.ARTICLES, key=article_id):
            raise ArchiveError(
                f"The search server at {server.where} did not delete {article_id}; see its log, "
                "and run this again."
            )
        changes.deleted += 1


class _Digests:
    """The ids and digests that a mirror holds, in order."""

    def __init__(self, server: Server) -> None:
        self._rows = self._all(server)
        self._next = next(self._rows, None)

    @staticmethod
    def _all(server: Server) -> Iterator[tuple[str, str]]:
        last = ""
        while True:
            rows = tables.selected(
                server,
                table=tables.ARTICLES,
                filter=f"_key > {literal(last)}" if last else "all_records()",
                output_columns="_key,digest",
                sort_keys="_key",
                limit=AT_ONCE,
            )
            yield from ((row["_key"], row["digest"]) for row in rows)
            if len(rows) < AT_ONCE:
                return
            last = rows[-1]["_key"]

    def before(self, article_id: str) -> Iterator[str]:
        """The ids that come before this one."""
        while self._next and self._next[0] < article_id:
            yield self._next[0]
            self._next = next(self._rows, None)

    def is_so(self, article_id: str, digest: str) -> bool:
        """Whether this article comes next, with this digest."""
        if not self._next or self._next[0] != article_id:
            return False
        is_so = self._next[1] == digest
        self._next = next(self._rows, None)
        return is_so

    def rest(self) -> Iterator[str]:
        """The ids that are left."""
        while self._next:
            yield self._next[0]
            self._next = next(self._rows, None)


class _Writing:
    """Rows on their way to the server, many in a call."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._rows: list[dict[str, Any]] = []
        self._size = 0

    def add(self, row: dict[str, Any]) -> None:
        """Write a row with the next call, which may be now."""
        self._rows.append(row)
        self._size += len(row["text"]) + len(row["pages"])
        if self._size * 8 > MOST_BYTES:  # three bytes a character; the units, with blanks
            self.end()

    def end(self) -> None:
        """Write what waits."""
        if self._rows:
            self.server.load(tables.ARTICLES, self._rows)
        self._rows, self._size = [], 0
