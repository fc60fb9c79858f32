"""Checks of a BagIt bag (RFC 8493), strictly: every file is in a manifest, every digest true, and
no file is in no manifest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from archive.verification.finding import ASK, Finding, Several
from archive.verification.tree import Tree

# RFC 8493, sections 2.1.1 (declaration), 2.1.3 (manifests), 2.2.2 (bag-info.txt) and 2.2.3 (fetch).
DECLARATION = re.compile(
    rb"BagIt-Version: (?:0\.97|1\.0)\r?\nTag-File-Character-Encoding: UTF-8\r?\n?"
)
LINE = re.compile(r"([0-9a-f]{64}) [ *]?(\S.*)")
OXUM = re.compile(r"^Payload-Oxum: (\d{1,20})\.(\d{1,20})\s*$", re.M)
BAG, PAYLOAD, TAGS = "bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"
INFO, FETCH = "bag-info.txt", "fetch.txt"
LONGEST_LINE = 16 * 1024  # bytes of a manifest's line
SPARE_LINES = 10_000  # that a manifest may have more than the folder has files
LARGEST_TAG_FILE = 2**20  # bytes of bagit.txt and bag-info.txt
TOO_LONG = f"the line has more than {LONGEST_LINE} bytes; what follows it was not read"
TOO_MANY = "it has more lines than the package has files; what follows was not read"


def check_bag(folder: Path, tree: Tree | None = None) -> Iterator[Finding]:
    """What is wrong with the bag.

    Args:
        folder: the bag.
        tree: its files, where they are known already.
    """
    tree = tree or Tree.of(folder)
    if not _is_declared(tree):
        wrong = "it does not declare a bag of a known version"
        yield Finding(file=BAG, wrong=wrong, todo=ASK)
    payload = {name for name in tree.sizes if name.startswith("data/")}
    tags = tree.sizes.keys() - payload - {TAGS}
    yield from _check_manifest(tree, PAYLOAD, payload)
    yield from _check_manifest(tree, TAGS, tags)
    yield from _check_oxum(tree, payload)
    if FETCH in tree.sizes:
        wrong = "it names files that lie elsewhere; nothing is fetched, and a package holds its own"
        yield Finding(file=FETCH, wrong=wrong, todo=ASK)


def _is_declared(tree: Tree) -> bool:
    try:
        return bool(DECLARATION.fullmatch(tree.read(BAG, LARGEST_TAG_FILE)))
    except (KeyError, OSError, ValueError):
        return False


@dataclass(slots=True)
class _Manifest:
    """What a manifest says, line by line.

    Attributes:
        name: of the manifest.
        files: the paths that it should name.
        digests: SHA-256 by path, of those of them that it names.
        faults: lines that are none.
        missing: files that it names and that are not there.
    """

    name: str
    files: AbstractSet[str]
    digests: dict[str, str] = field(default_factory=dict)
    faults: Several = field(default_factory=Several)
    missing: Several = field(default_factory=Several)

    def read(self, tree: Tree) -> None:
        """Read it. Raises OSError, KeyError and UnicodeDecodeError where it cannot be read."""
        with tree.open(self.name) as file:
            for number in range(1, len(self.files) + SPARE_LINES):
                line = file.readline(LONGEST_LINE)
                if not line:
                    return
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    self._wrong(number, TOO_LONG)
                    return
                if not line.endswith(b"\n"):
                    self._wrong(number, "the line has no end")
                self._take(number, line.decode("utf-8").rstrip("\r\n"))
        self._wrong(None, TOO_MANY)

    def _take(self, number: int, line: str) -> None:
        match = LINE.fullmatch(line)
        if not match:
            self._wrong(number, "the line is no digest with a path")
            return
        path = _decoded(match[2])
        if path not in self.files:
            wrong = f"{self.name} lists the file and it is missing"
            self.missing.add(Finding(file=path, wrong=wrong, todo=ASK))
        elif self.digests.setdefault(path, match[1]) != match[1]:
            self._wrong(number, f"another line has another digest of {path}")

    def _wrong(self, number: int | None, wrong: str) -> None:
        place = f"line {number}" if number else None
        self.faults.add(Finding(file=self.name, record=place, wrong=wrong, todo=ASK))


def _check_manifest(tree: Tree, name: str, files: AbstractSet[str]) -> Iterator[Finding]:
    manifest = _Manifest(name, files)
    try:
        manifest.read(tree)
    except (OSError, ValueError, KeyError) as error:
        wrong = f"it cannot be read ({type(error).__name__})"
        yield Finding(file=name, wrong=wrong, todo=ASK)
        return
    yield from manifest.faults
    yield from manifest.missing
    wrong = f"the file is not in {name}"
    unlisted = sorted(files - manifest.digests.keys())
    yield from Several().add_all(Finding(file=path, wrong=wrong, todo=ASK) for path in unlisted)
    for path, digest in sorted(manifest.digests.items()):
        if fault := _difference(tree, path, digest):
            yield Finding(file=path, wrong=fault.format(name), todo=ASK)


def _difference(tree: Tree, path: str, digest: str) -> str | None:
    try:
        is_same = tree.sha256(path) == digest
    except OSError as error:
        return f"the file cannot be read ({error.strerror})"
    return None if is_same else "the file is not what {} says (SHA-256)"


def _decoded(path: str) -> str:
    """A path of a manifest without its percent-encoding (RFC 8493, section 2.1.3)."""
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def _check_oxum(tree: Tree, payload: Iterable[str]) -> Iterator[Finding]:
    """Payload-Oxum: bytes and number of the files in `data` (RFC 8493, section 2.2.2)."""
    try:
        text = tree.read(INFO, LARGEST_TAG_FILE).decode("utf-8")
    except (KeyError, OSError, ValueError):
        text = ""
    match = OXUM.search(text)
    sizes = [tree.sizes[name] for name in payload]
    size, count = sum(sizes), len(sizes)
    if not match or (int(match[1]), int(match[2])) != (size, count):
        wrong = f"it has no Payload-Oxum of {size}.{count}, which the payload has"
        yield Finding(file=INFO, wrong=wrong, todo=ASK)
