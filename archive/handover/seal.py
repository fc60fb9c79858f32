"""The hash chain of the archive in the package, with its signatures: what its WARC files are held
against, years later.

The whole chain is handed over, also where the package holds a part of the files: a line proves
nothing without those before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from archive.handover import layout
from archive.handover.staging import Made
from archive.warc.chain import CHAIN, Link, links
from archive.warc.signing import PUBLIC_KEY, SIGNATURES, lines_signed


class Seal:
    """The chain as it stands now, up to its last whole line; a crawl may go on writing it."""

    def __init__(self, folder: Path) -> None:
        held = [link for link in links(folder) if link.line.endswith(b"\n")]
        self._digests = _digests(held)
        self.files: dict[str, bytes] = {}
        if held:
            self.files[f"{layout.DATA}/{CHAIN}"] = b"".join(link.line for link in held)
        beside = folder / SIGNATURES
        signatures = [
            path
            for path in sorted(beside.glob("*.sig"))
            if 0 < (lines_signed(path) or 0) <= len(held)
        ]
        for path in [*signatures, *(beside.glob(PUBLIC_KEY) if signatures else ())]:
            self.files[f"{layout.DATA}/{SIGNATURES}/{path.name}"] = path.read_bytes()

    @property
    def state(self) -> list[str]:
        """A digest of each file."""
        return [hashlib.sha256(data).hexdigest() for data in self.files.values()]

    def holds(self, made: Made) -> bool:
        """Whether a WARC file of the package is what it was when it was closed; a part of one has
        another name."""
        return self._digests.get(made.path.rpartition("/")[2], made.sha256) == made.sha256


def _digests(held: list[Link]) -> Mapping[str, str]:
    return {
        str(link.entry["name"]): str(link.entry.get("sha256"))
        for link in held
        if link.entry.get("kind") == "warc"
    }
