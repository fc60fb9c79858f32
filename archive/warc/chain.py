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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.disk import sha256
from archive.warc.directory import warc_files

CHAIN = "chain.jsonl"
START = "0" * 64  # what the first line has for the digest of the line before


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

    Example:
        >>> [link.file_name for link in links(Path("archive"))]
        ['thepaper-20310301080000000-00000-host.warc.gz']
    """
    path = folder / CHAIN
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    for number, line in enumerate(lines, 1):
        yield Link(number, line, _entry(line))


def _entry(line: bytes) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def extend(
    folder: Path, warc_dir: Path | None = None, run: Mapping[str, object] | None = None
) -> None:
    """Add the finished WARC files that the chain does not name, and then the run, if there is one.

    The caller has the archive's lock. A kill between two files leaves a valid chain of the first;
    the next call goes on. A file that the chain names is not read again: whether it changed is for
    `zhengwen verify` to say.

    Args:
        folder: the archive.
        warc_dir: its WARC files; `warc` in the archive where None.
        run: what to write about a run, such as `{"id": "…"}`.
    """
    _cut_torn_line(folder)
    chain = list(links(folder))
    known = {link.entry.get("name") for link in chain}
    last_digest = chain[-1].digest if chain else START
    names = []
    for path in warc_files(warc_dir or folder / "warc"):
        if path.name not in known and (entry := _entry_of(path)):
            last_digest = _append(folder, entry, last_digest)
            names.append(path.name)
    if run is not None:
        _append(folder, {"kind": "run", **run, "warcs": names}, last_digest)


def _entry_of(path: Path) -> dict[str, object] | None:
    """What the chain says of a file; None where it cannot be read, which `index` says."""
    try:
        return {
            "kind": "warc",
            "name": path.name,
            "size": path.stat().st_size,
            "sha256": sha256(path),
        }
    except OSError:
        return None


def _cut_torn_line(folder: Path) -> None:
    """Cut off a last line that a kill left without its end."""
    path = folder / CHAIN
    if path.exists() and (data := path.read_bytes()) and not data.endswith(b"\n"):
        os.truncate(path, data.rfind(b"\n") + 1)


def _append(folder: Path, entry: dict[str, object], last_digest: str) -> str:
    """Write a line for good, and return its digest."""
    line = line_of({**entry, "previous": last_digest})
    descriptor = os.open(folder / CHAIN, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
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
    return json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()
