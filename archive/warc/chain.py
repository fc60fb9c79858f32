"""`chain.jsonl`: a hash chain over the WARC files and runs of an archive, so that no later change
stays unseen.

It has a line for each finished WARC file, with its size and SHA-256, and one for each start of a
crawl, which names the files it left. Each line holds the SHA-256 of the line before, so the digest
of the last line covers every line. `archive.warc.signing` signs them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from archive.disk import sha256, sync_directory, write_all
from archive.errors import ArchiveError, WarcError
from archive.warc.chain_state import START, ChainState, state_at_begin
from archive.warc.directory import warc_files
from archive.warc.imports import removed_files, settle, stated_files
from archive.warc.reader import records
from archive.warc.stored import all_files, stored_names

CHAIN = "chain.jsonl"
ANOTHER = "another"  # `chain` of a file that came from another archive
RESTORE_CHAIN = (
    "restore chain.jsonl from a copy, or begin another with `zhengwen index --new-chain`"
)
RESTART = "restart"  # the kind of a line that begins the chain anew


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the chain.

    Attributes:
        number: of the line, from 1.
        line: its bytes, with the line break.
        entry: its JSON object; empty where the line is no JSON object.
    """

    number: int
    line: bytes
    entry: dict[str, object]

    @property
    def digest(self) -> str:
        """SHA-256 of the line, in hexadecimal."""
        return hashlib.sha256(self.line).hexdigest()

    @property
    def file_name(self) -> str | None:
        """The WARC file that the line is about, None for a line about something else."""
        return str(self.entry.get("name")) if self.entry.get("kind") == "warc" else None


def links(folder: Path) -> Iterator[Link]:
    """The lines of the chain of an archive, or of the `data` of a package, unchecked.

    Raises:
        ArchiveError: where something else is in the place of the file.

    Example:
        >>> [link.file_name for link in links(Path("archive"))]
        ['thepaper-20310301080000000-00000-host.warc.gz']
    """
    for number, line in enumerate(_data(folder / CHAIN).splitlines(keepends=True), 1):
        yield Link(number, line, _entry(line))


def _data(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise ArchiveError(f"{path} is no file; {RESTORE_CHAIN}.")
    return path.read_bytes() if path.exists() else b""


def _entry(line: bytes) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def state_of(chain: Sequence[Link]) -> ChainState:
    """The state of a chain."""
    if not chain:
        return ChainState()
    return ChainState(len(chain), chain[-1].digest, chain[0].digest)


def holds(chain: Sequence[Link], state: ChainState) -> bool:
    """Whether a chain has all lines of an earlier state of it."""
    if state.lines == 0:
        return True
    return state.lines <= len(chain) and chain[state.lines - 1].digest == state.head


def accepted_files(chain: Iterable[Link]) -> set[str]:
    """The files whose own state of the chain is of another chain: taken from another archive, or
    older than a chain that was begun anew."""
    names: set[str] = set()
    for link in chain:
        if link.file_name is not None and link.entry.get("chain") == ANOTHER:
            names.add(link.file_name)
        elif link.entry.get("kind") == RESTART and isinstance(link.entry.get("warcs"), list):
            names.update(map(str, cast("list[object]", link.entry["warcs"])))
    return names


def named_files(chain: Iterable[Link]) -> dict[str, dict[str, object]]:
    """What the chain says last of each WARC file that is to be there; not of those that it says
    were taken out."""
    files: dict[str, dict[str, object]] = {}
    for link in chain:
        if link.file_name is not None:
            files[link.file_name] = link.entry
        for name in removed_files([link.entry]):
            files.pop(name, None)
    return files


def missing_files(folder: Path, warc_dir: Path | None = None) -> list[str]:
    """The names of the WARC files that the chain has and the folder has not, in order. What is
    stored elsewhere is not missing."""
    warc_dir = warc_dir or folder / "warc"
    present = {path.name for path in warc_files(warc_dir)} | {*stored_names(warc_dir)}
    return sorted(named_files(links(folder)).keys() - present)


def lost_state(
    folder: Path, known: ChainState | None, warc_dir: Path | None = None
) -> ChainState | None:
    """A state that the chain had and whose lines it lacks; None where nothing shows that lines were
    lost.

    Args:
        folder: the archive.
        known: the state that its database knows, None where it knows none.
        warc_dir: its WARC files; `warc` in the archive where None.
    """
    chain = list(links(folder))
    if known and not holds(chain, known):
        return known
    named = {link.file_name for link in chain} | accepted_files(chain)
    paths = [path for path in warc_files(warc_dir or folder / "warc") if path.name not in named]
    states = [state for path in paths if (state := state_at_begin(path)) is not None]
    lost = [state for state in states if not holds(chain, state) and not _is_other(chain, state)]
    return max(lost, key=lambda state: state.lines, default=None)


def _is_other(chain: Sequence[Link], state: ChainState) -> bool:
    """Whether a state is of another chain, and not a later one of a chain that was shortened."""
    return bool(chain) and chain[0].digest != state.first


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


def _cut_torn_line(folder: Path) -> None:
    """Cut off a last line that a kill left without its end."""
    path = folder / CHAIN
    if (data := _data(path)) and not data.endswith(b"\n"):
        os.truncate(path, data.rfind(b"\n") + 1)


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


def line_of(entry: Mapping[str, object]) -> bytes:
    """The line for an entry.

    It holds a digest of the entry itself (`line_sha256`), so that a change in the last line shows
    too, which no later line covers.
    """
    bare = {name: value for name, value in entry.items() if name != "line_sha256"}
    digest = hashlib.sha256(_json(bare)).hexdigest()
    return _json({**bare, "line_sha256": digest}) + b"\n"


def _json(entry: Mapping[str, object]) -> bytes:
    # Only a damaged line holds half characters; it is to be compared, not to be written.
    return json.dumps(entry, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
