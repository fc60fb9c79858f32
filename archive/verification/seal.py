"""Checks of a sealed archive: that its manifest is the one that the hash chain names, and that
every file is what the manifest says.

    {"name": "thepaper-2031", "sealed_at": "2032-01-08T02:17:00Z",
     "chain": {"lines": 12, "head": "…"}, "database": {"size": …, "sha256": "…"},
     "files": {"warc/….warc.gz": {"size": …, "sha256": "…"}, "accounts.csv": …}}

The database is as it was when the archive was sealed; made again later it has the same rows and
other bytes, so that its digest is not compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.disk import sha256
from archive.errors import ArchiveError
from archive.folder import SEAL
from archive.verification.finding import Finding
from archive.warc.chain import Link, links, named_files
from archive.warc.directory import RESTORE, warc_files

SEALED, UNSEALED = "seal", "unseal"  # kinds of lines of the chain
AGAIN = "run `zhengwen seal` again, which completes it"
WARC = "warc/"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sealed archive consists of.

    Attributes:
        lines, head: how long its chain was, and the SHA-256 of the last line.
        files: size and SHA-256 of each file by its path, `warc/…` and others.
    """

    lines: int
    head: str
    files: Mapping[str, tuple[int, str]]

    @property
    def warcs(self) -> dict[str, tuple[int, str]]:
        """Size and SHA-256 of each WARC file by its name."""
        return {
            path.removeprefix(WARC): file
            for path, file in self.files.items()
            if path.startswith(WARC)
        }


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a sealed archive.

    Args:
        folder: the archive.

    Raises:
        ArchiveError: it cannot be read, or is not as `zhengwen seal` writes it.

    Example:
        >>> read_manifest(Path("my-collection/shards/thepaper-2031")).lines
        12
    """
    path = folder / SEAL
    try:
        values = json.loads(path.read_bytes())
        return _parsed(values)
    except OSError as error:
        raise ArchiveError(
            f"{path} cannot be read ({error.strerror}); see to its rights."
        ) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"{path} is not as `zhengwen seal` writes it; {RESTORE}.") from error


def _parsed(values: Any) -> Manifest:
    files = {
        str(path): (int(file["size"]), str(file["sha256"]))
        for path, file in values["files"].items()
    }
    if any(Path(path).is_absolute() or ".." in Path(path).parts for path in files):
        raise ValueError("a path leads out of the archive")
    return Manifest(int(values["chain"]["lines"]), str(values["chain"]["head"]), files)


def last_seal(chain: Sequence[Link]) -> str | None:
    """The SHA-256 of the manifest by which an archive is sealed, as its chain says last; None where
    it never was sealed, or was opened again."""
    for link in reversed(chain):
        if link.entry.get("kind") == UNSEALED:
            return None
        if link.entry.get("kind") == SEALED:
            return str(link.entry.get("manifest"))
    return None


def check_seal(folder: Path) -> Iterator[Finding]:
    """What is wrong with an archive as far as its seal says; nothing for one without."""
    path = folder / SEAL
    try:
        chain = list(links(folder))
    except ArchiveError:
        return  # the check of the chain says it
    named = last_seal(chain)
    if not path.is_file():
        if named is not None:
            wrong = "the chain says that the archive is sealed, and the manifest is missing"
            yield Finding(file=SEAL, wrong=wrong, todo="restore it from a copy")
        return
    if named != hashlib.sha256(path.read_bytes()).hexdigest():
        wrong = "it is not the manifest that the chain names"
        if named is None:
            wrong, todo = "sealing or unsealing the archive was cut off", AGAIN
        else:
            todo = "restore it from a copy"
        yield Finding(file=SEAL, wrong=wrong, todo=todo)
        return
    try:
        manifest = read_manifest(folder)
    except ArchiveError as error:
        yield Finding(file=SEAL, wrong=str(error).rstrip("."), todo="restore it from a copy")
        return
    yield from _check_files(folder, manifest, chain)


def _check_files(folder: Path, manifest: Manifest, chain: Sequence[Link]) -> Iterator[Finding]:
    stated = named_files(chain)
    for path, (size, digest) in manifest.files.items():
        name = path.removeprefix(WARC)
        if path.startswith(WARC) and stated.get(name, {}).get("sha256") == digest:
            continue  # the check of the chain compares its bytes
        if wrong := _wrong(folder / path, size, digest):
            yield Finding(file=path, wrong=wrong, todo="restore it from a copy")
    for file in warc_files(folder / "warc"):
        if file.name not in manifest.warcs:
            wrong = "the file came after the archive was sealed"
            yield Finding(file=file.name, wrong=wrong, todo="take it out, or unseal the archive")


def _wrong(path: Path, size: int, digest: str) -> str | None:
    """What is wrong with a file of which size and SHA-256 are known; None where nothing is."""
    if not path.is_file():
        return "the manifest names the file and it is missing"
    if path.stat().st_size != size or sha256(path) != digest:
        return "the file is not what it was when the archive was sealed (SHA-256)"
    return None
