"""The hash chain of the archive in the package, with its signatures: what its WARC files are
checked against, years later.

The complete chain is handed over, also where the package has only some of the files: a line proves
nothing without those before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from archive.handover import layout
from archive.handover.staging import PackageFile
from archive.warc.chain import CHAIN, Link, links, named_files
from archive.warc.signing import PUBLIC_KEY, SIGNATURES, lines_signed


class Seal:
    """The chain as it is now, up to its last complete line; a crawl may go on writing it.

    Args:
        folder: the archive.
        shards: the archives of a collection, by name, whose chains are evidence too.

    Attributes:
        files: the files of the package that it gives: path and content.
    """

    def __init__(self, folder: Path, shards: Mapping[str, Path] | None = None) -> None:
        chain = _complete_lines(folder)
        self._digests = {
            name: str(entry.get("sha256")) for name, entry in named_files(chain).items()
        }
        self.files: dict[str, bytes] = dict(_files(folder, layout.DATA))
        for name, path in sorted((shards or {}).items()):
            self.files.update(_files(path, f"{layout.SHARDS}/{name}"))

    @property
    def state(self) -> list[str]:
        """A digest of each file."""
        return [hashlib.sha256(data).hexdigest() for data in self.files.values()]

    def contradicts(self, file: PackageFile) -> bool:
        """Whether a WARC file of the package is not what it was when it was closed.

        A part of a file has another name, of which the chain says nothing.
        """
        return self._digests.get(file.name, file.sha256) != file.sha256


def _complete_lines(folder: Path) -> list[Link]:
    return [link for link in links(folder) if link.line.endswith(b"\n")]


def _files(folder: Path, target: str) -> Iterator[tuple[str, bytes]]:
    """The chain of an archive and its signatures, with their paths in the package."""
    chain = _complete_lines(folder)
    if chain:
        yield f"{target}/{CHAIN}", b"".join(link.line for link in chain)
    signatures = [
        path
        for path in sorted((folder / SIGNATURES).glob("*.sig"))
        if 0 < (lines_signed(path) or 0) <= len(chain)
    ]
    keys = (folder / SIGNATURES).glob(PUBLIC_KEY) if signatures else ()
    for path in [*signatures, *keys]:
        yield f"{target}/{SIGNATURES}/{path.name}", path.read_bytes()
