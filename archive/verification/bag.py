"""Checks of a BagIt bag (RFC 8493), strictly: every file is in a manifest, every digest true, and
no file is in no manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from archive.disk import sha256
from archive.verification.finding import ASK, Finding

# RFC 8493, sections 2.1.1 (declaration), 2.1.3 (manifests) and 2.2.2 (bag-info.txt).
DECLARATION = re.compile(
    rb"BagIt-Version: (?:0\.97|1\.0)\r?\nTag-File-Character-Encoding: UTF-8\r?\n?"
)
LINE = re.compile(r"([0-9a-f]{64}) [ *]?(\S.*)")
OXUM = re.compile(r"^Payload-Oxum: (\d+)\.(\d+)\s*$", re.M)
PAYLOAD, TAGS, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"


def check_bag(folder: Path) -> Iterator[Finding]:
    """What is wrong with the bag."""
    declaration = folder / "bagit.txt"
    if not declaration.is_file() or not DECLARATION.fullmatch(declaration.read_bytes()):
        wrong = "it does not declare a bag of a known version"
        yield Finding(file=declaration.name, wrong=wrong, todo=ASK)
    files = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    payload = {name: path for name, path in files.items() if name.startswith("data/")}
    tags = {name: files[name] for name in files.keys() - payload.keys() - {TAGS}}
    yield from _check_manifest(folder, PAYLOAD, payload)
    yield from _check_manifest(folder, TAGS, tags)
    yield from _check_oxum(folder, payload)
    for path in sorted(path for path in folder.rglob("*") if path.is_symlink()):
        wrong = "it is a link, and what it leads to is not part of the package"
        yield Finding(file=path.relative_to(folder).as_posix(), wrong=wrong, todo=ASK)


def _check_manifest(folder: Path, manifest: str, files: dict[str, Path]) -> Iterator[Finding]:
    try:
        # not splitlines(), which takes other bytes for ends
        lines = (folder / manifest).read_bytes().decode("utf-8").split("\n")
    except (OSError, ValueError) as error:
        wrong = f"it cannot be read ({type(error).__name__})"
        yield Finding(file=manifest, wrong=wrong, todo=ASK)
        return
    if lines.pop():
        place = f"line {len(lines) + 1}"
        yield Finding(file=manifest, record=place, wrong="the line has no end", todo=ASK)
    digests: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if match := LINE.fullmatch(line):
            digests[_decoded(match[2])] = match[1]
        else:
            wrong = "the line is no digest with a path"
            yield Finding(file=manifest, record=f"line {number}", wrong=wrong, todo=ASK)
    for path in sorted(digests.keys() - files.keys()):
        yield Finding(file=path, wrong=f"{manifest} lists the file and it is missing", todo=ASK)
    for path in sorted(files.keys() - digests.keys()):
        yield Finding(file=path, wrong=f"the file is not in {manifest}", todo=ASK)
    for path in sorted(digests.keys() & files.keys()):
        if sha256(files[path]) != digests[path]:
            wrong = f"the file is not what {manifest} says (SHA-256)"
            yield Finding(file=path, wrong=wrong, todo=ASK)


def _decoded(path: str) -> str:
    """A path of a manifest without its percent-encoding (RFC 8493, section 2.1.3)."""
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def _check_oxum(folder: Path, payload: dict[str, Path]) -> Iterator[Finding]:
    """Payload-Oxum: bytes and number of the files in `data` (RFC 8493, section 2.2.2)."""
    try:
        text = (folder / INFO).read_text("utf-8")
    except (OSError, ValueError):
        text = ""
    match = OXUM.search(text)
    size, count = sum(path.stat().st_size for path in payload.values()), len(payload)
    if not match or (int(match[1]), int(match[2])) != (size, count):
        wrong = f"it has no Payload-Oxum of {size}.{count}, which the payload has"
        yield Finding(file=INFO, wrong=wrong, todo=ASK)
