"""A BagIt bag (RFC 8493), strictly: every file is in a manifest, every digest true, nothing beside
them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from archive.disk import sha256
from archive.verification.finding import ASK, Finding

DECLARATION = re.compile(
    rb"BagIt-Version: (?:0\.97|1\.0)\r?\nTag-File-Character-Encoding: UTF-8\r?\n?"
)
LINE = re.compile(r"([0-9a-f]{64}) [ *]?(\S.*)")
PAYLOAD, TAGS, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"


def check_bag(folder: Path) -> Iterator[Finding]:
    """What is wrong with the bag."""
    declared = folder / "bagit.txt"
    if not declared.is_file() or not DECLARATION.fullmatch(declared.read_bytes()):
        yield Finding(
            file="bagit.txt", wrong="it does not declare a bag of a known version", todo=ASK
        )
    there = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    payload = {name: path for name, path in there.items() if name.startswith("data/")}
    yield from _manifest(folder, PAYLOAD, payload)
    yield from _manifest(
        folder,
        TAGS,
        {name: path for name, path in there.items() if name not in payload and name != TAGS},
    )
    yield from _oxum(folder, payload)
    for path in sorted(path for path in folder.rglob("*") if path.is_symlink()):
        wrong = "it is a link, and what it leads to is not part of the package"
        yield Finding(file=path.relative_to(folder).as_posix(), wrong=wrong, todo=ASK)


def _manifest(folder: Path, name: str, files: dict[str, Path]) -> Iterator[Finding]:
    try:
        lines = (
            (folder / name).read_bytes().decode("utf-8").split("\n")
        )  # not splitlines(), which takes other bytes for ends
    except (OSError, ValueError) as error:
        yield Finding(file=name, wrong=f"it cannot be read ({type(error).__name__})", todo=ASK)
        return
    listed: dict[str, str] = {}
    if lines.pop():
        yield Finding(
            file=name, record=f"line {len(lines) + 1}", wrong="the line has no end", todo=ASK
        )
    for number, line in enumerate(lines, 1):
        if found := LINE.fullmatch(line):
            listed[found[2].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")] = found[
                1
            ]
        else:
            yield Finding(
                file=name,
                record=f"line {number}",
                wrong="the line is no digest with a path",
                todo=ASK,
            )
    for path in sorted(listed.keys() - files.keys()):
        yield Finding(file=path, wrong=f"{name} lists the file and it is not there", todo=ASK)
    for path in sorted(files.keys() - listed.keys()):
        yield Finding(file=path, wrong=f"the file is not in {name}", todo=ASK)
    for path in sorted(listed.keys() & files.keys()):
        if sha256(files[path]) != listed[path]:
            yield Finding(file=path, wrong=f"the file is not what {name} says (SHA-256)", todo=ASK)


def _oxum(folder: Path, payload: dict[str, Path]) -> Iterator[Finding]:
    try:
        text = (folder / INFO).read_text("utf-8")
    except (OSError, ValueError):
        text = ""
    found = re.search(r"^Payload-Oxum: (\d+)\.(\d+)\s*$", text, re.M)
    held = (sum(path.stat().st_size for path in payload.values()), len(payload))
    if not found or (int(found[1]), int(found[2])) != held:
        yield Finding(
            file=INFO,
            wrong=f"it has no Payload-Oxum of {held[0]}.{held[1]}, which the payload has",
            todo=ASK,
        )
