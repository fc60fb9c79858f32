"""`chain.jsonl`: a hash chain over the WARC files and runs of an archive, so that no later change
stays unseen.

It has a line for each finished WARC file, with its size and SHA-256, and one for each start of a
crawl, which names the files it left. Each line holds the SHA-256 of the line before, so the digest
of the last line covers every line. `archive.warc.chaining` adds lines, `archive.warc.signing` signs
them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from archive.errors import ArchiveError
from archive.warc.chain_state import ChainState, state_at_begin
from archive.warc.directory import warc_files
from archive.warc.imports import removed_files
from archive.warc.stored import stored_names

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
    for number, line in enumerate(data_of(folder).splitlines(keepends=True), 1):
        yield Link(number, line, _entry(line))


def data_of(folder: Path) -> bytes:
    """The bytes of the chain; none where there is no file. Raises ArchiveError where something else
    is in the place of the file."""
    path = folder / CHAIN
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
