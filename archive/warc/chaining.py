"""Lines are added to `chain.jsonl`: for finished WARC files, for runs, for imports, and the first
one of a chain that begins anew. The caller has the archive's lock."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.disk import sha256, sync_directory, write_all
from archive.errors import ArchiveError, WarcError
from archive.warc.chain import (
    ANOTHER,
    CHAIN,
    RESTART,
    RESTORE_CHAIN,
    Link,
    data_of,
    holds,
    line_of,
    links,
    lost_state,
    named_files,
    state_of,
)
from archive.warc.chain_state import START, ChainState, state_at_begin
from archive.warc.directory import warc_files
from archive.warc.imports import settle, stated_files
from archive.warc.reader import records
from archive.warc.stored import all_files


def begin_anew(folder: Path, lost: ChainState) -> None:
    """Begin a new chain in place of one whose lines are lost and of which there is no copy.

    What is left of it, and its signatures, go aside. The first line of the new one says what the
    old one had, and which WARC files are older than the new one. The caller has the archive's
    lock.
    """
    number = 1 + len(list(folder.glob(f"{CHAIN}.old-*")))
    for name in (CHAIN, "signatures"):
        if (folder / name).exists():
            (folder / name).rename(folder / f"{name}.old-{number}")
    names = [file.name for file in all_files(folder / "warc")]
    entry = {"kind": RESTART, "lines": lost.lines, "head": lost.head, "warcs": names}
    _append(folder, entry, START)
    sync_directory(folder)


def extend(
    folder: Path,
    warc_dir: Path | None = None,
    run: Mapping[str, object] | None = None,
    *,
    known: ChainState | None = None,
) -> None:
    """Add the finished WARC files that the chain does not name, and then the run, if there is one.
    What a killed import or removal left to do is done first.

    Nothing is added to a chain whose lines are lost (`lost_state`): they can come back from a copy,
    and then what was not added is.

    The caller has the archive's lock. A kill between two files leaves a valid chain of the first;
    the next call goes on. A file that the chain names is not read again: whether it changed is for
    `zhengwen verify` to say.

    Args:
        folder: the archive.
        warc_dir: its WARC files; `warc` in the archive where None.
        run: what to write about a run, such as `{"id": "…"}`.
        known: the state that the archive's database knows.
    """
    if lost_state(folder, known, warc_dir):
        return
    _cut_torn_line(folder)
    chain = list(links(folder))
    settle(folder, [link.entry for link in chain])
    named = named_files(chain)
    last_digest = chain[-1].digest if chain else START
    names = []
    for path in warc_files(warc_dir or folder / "warc"):
        if path.name not in named and (entry := _entry_of(path, chain)):
            last_digest = _append(folder, entry, last_digest)
            names.append(path.name)
    if run is not None:
        _append(folder, {"kind": "run", **run, "warcs": names}, last_digest)


def append(folder: Path, entry: Mapping[str, object], known: ChainState | None = None) -> None:
    """Add a line to the chain. The caller has the archive's lock.

    Args:
        folder: the archive.
        entry: what the line says.
        known: the state that the archive's database knows.

    Raises:
        ArchiveError: lines of the chain are lost.
    """
    if lost_state(folder, known):
        raise ArchiveError(f"Lines of {folder / CHAIN} are lost; {RESTORE_CHAIN}.")
    _cut_torn_line(folder)
    _append(folder, entry, state_of(list(links(folder))).head)


def _entry_of(path: Path, chain: Sequence[Link]) -> dict[str, object] | None:
    """What the chain says of a file; None where it cannot be read, which `index` says."""
    try:
        entry: dict[str, object] = {"kind": "warc", "name": path.name, **_content(path, chain)}
    except OSError:
        return None
    state = state_at_begin(path)
    if state is None and not _is_readable(path):
        return None
    return entry if state is None or holds(chain, state) else {**entry, "chain": ANOTHER}


def _is_readable(path: Path) -> bool:
    """Whether all of a file that no crawl of ours wrote can be read. One that cannot is going to be
    replaced, which the chain would call a change for ever."""
    is_empty = True
    try:
        for record in records(path):
            record.finish()
            is_empty = False
    except WarcError:
        return False
    return not is_empty


def _content(path: Path, chain: Sequence[Link]) -> dict[str, object]:
    """Size and digest of a file: those of the import that wrote it, else as it is."""
    if stated := stated_files(link.entry for link in chain).get(path.name):
        return {"size": stated.get("size"), "sha256": stated.get("sha256")}
    return {"size": path.stat().st_size, "sha256": sha256(path)}


def _cut_torn_line(folder: Path) -> None:
    """Cut off a last line that a kill left without its end."""
    if (data := data_of(folder)) and not data.endswith(b"\n"):
        os.truncate(folder / CHAIN, data.rfind(b"\n") + 1)


def _append(folder: Path, entry: Mapping[str, object], last_digest: str) -> str:
    """Write a line for good, and return its digest."""
    line = line_of({**entry, "previous": last_digest})
    descriptor = os.open(folder / CHAIN, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    size = os.fstat(descriptor).st_size
    try:
        write_all(descriptor, line)
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise
    finally:
        os.close(descriptor)
    return hashlib.sha256(line).hexdigest()
