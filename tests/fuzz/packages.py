"""Packages that are not as they were handed over."""

from __future__ import annotations

import hashlib
import io
import os
import random
import shutil
import sqlite3
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.fuzz import values
from tests.fuzz.answers import pieces
from tests.fuzz.folders import change_rows, flip_file, replace_file

Change = Callable[[Path, random.Random], None]
UNFIT = (
    UnicodeDecodeError,
    zipfile.BadZipFile,
    zlib.error,
    sqlite3.DatabaseError,
    MemoryError,
)


def mutate_package(package: Path, rnd: random.Random) -> None:
    """A package with one or two of its files changed, replaced, added or gone."""
    for _ in range(rnd.choice([1, 1, 1, 2])):
        files = sorted(
            path for path in package.rglob("*") if path.is_file() and not path.is_symlink()
        )
        if not files:  # an earlier change has taken the last one away
            return
        path = rnd.choice(files)
        change = rnd.choice(PACKAGE)
        if path.suffix in (".json", ".jsonl") and rnd.random() < 0.7:
            change = _json
        if path.suffix == ".wacz" and rnd.random() < 0.8:
            change = _zip
        if path.suffix == ".db" and rnd.random() < 0.4:
            change = change_rows
        if path.suffix == ".txt" and rnd.random() < 0.5:
            change = _manifest
        try:
            change(path, rnd)
        except UNFIT:  # an earlier change has left no such file, or one too large to be changed
            _pieces(path, rnd)
    if rnd.random() < 0.4:
        _reseal(package)


def _pieces(path: Path, rnd: random.Random) -> None:
    path.write_bytes(pieces(path.read_bytes(), rnd))


def _cut(path: Path, rnd: random.Random) -> None:
    os.truncate(path, rnd.randrange(path.stat().st_size + 1))


def _json(path: Path, rnd: random.Random) -> None:
    lines = (
        path.read_text("utf-8").splitlines()
        if path.suffix == ".jsonl"
        else [path.read_text("utf-8")]
    )
    at = rnd.randrange(len(lines)) if lines else 0
    if lines and (text := values.text(lines[at], rnd)) is not None:
        lines[at] = text
        path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    else:
        _pieces(path, rnd)


def _manifest(path: Path, rnd: random.Random) -> None:
    lines = path.read_bytes().split(b"\n")
    at = rnd.randrange(len(lines))
    new = [
        b"", b"x", b"\xff\xfe", b"0" * 64 + b"  ../../../etc/passwd", b"0" * 64 + b"  /etc/passwd", b"0" * 64 + b"  data/" + b"a" * 5000,
        b"0" * 64 + b"  data/\0", b"0" * 64 + b"  data/%0a%zz", b"0" * 64 + b"  \xed\xa0\xbd", b"x" * 2_000_000, b"BagIt-Version: 9.9",
        b"Tag-File-Character-Encoding: UTF-16", b"Tag-File-Character-Encoding: rot13", b"Payload-Oxum: x.y", b"Payload-Oxum: " + b"9" * 5000 + b".1", b"Bagging-Date: x",
        lines[at] * 2, lines[at].upper(), lines[at][::-1], lines[at] + b"\r", b"0" * 64 + b"  data", b"0" * 64 + b"  ", b"~user/x  data/x",
    ]  # fmt: skip
    lines[at] = rnd.choice(new)
    path.write_bytes(b"\n".join(lines))


def _zip(path: Path, rnd: random.Random) -> None:
    """A zip file with one member changed, doubled or renamed, or a bomb in it."""
    with zipfile.ZipFile(path) as old:
        members = [(info.filename, old.read(info)) for info in old.infolist()]
    at = rnd.randrange(len(members))
    name, data = members[at]
    choice = rnd.randrange(7)
    if choice == 0:
        members[at] = (
            rnd.choice(
                ["../../x", "/etc/x", "a\0b", "字" * 60, "", name.upper(), "archive/x.warc.gz"]
            ),
            data,
        )
    elif choice == 1:
        members[at] = (name, b"\0" * 60_000_000)
    elif choice == 2:
        del members[at]
    elif choice == 3:
        members.append((name, pieces(data, rnd)))
    elif choice < 6 and name.endswith((".json", ".jsonl", ".cdxj")):
        lines = (
            data.decode("utf-8", "replace").split("\n")
            if not name.endswith(".json")
            else [data.decode()]
        )
        line = rnd.randrange(len(lines))
        start = lines[line].find("{")
        lines[line] = lines[line][: max(start, 0)] + (
            values.text(lines[line][max(start, 0) :], rnd) or "x"
        )
        members[at] = (name, "\n".join(lines).encode("utf-8", "surrogatepass"))
    else:
        members[at] = (name, pieces(data, rnd))
    target = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore"),
        zipfile.ZipFile(target, "w", rnd.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as new,
    ):
        for name, data in members:
            new.writestr(zipfile.ZipInfo(name), data, compresslevel=1)
    path.write_bytes(target.getvalue())


def _beside(path: Path, rnd: random.Random) -> None:
    """One more file, of an odd name."""
    name = rnd.choice(
        [
            "x",
            "\udcff",
            "a\nb",
            "字" * 80,
            "fetch.txt",
            "manifest-md5.txt",
            "manifest-sha512.txt",
            "x.warc.gz",
            "\x1b[2J",
        ]
    )
    (path.parent / name).write_bytes(
        rnd.choice([b"", b"file:///etc/passwd - data/x\n", b"x" * 100])
    )


def _gone(path: Path, rnd: random.Random) -> None:
    path.unlink()
    if rnd.random() < 0.2:
        shutil.rmtree(path.parent)
        path.parent.mkdir()


PACKAGE: list[Change] = [flip_file, _pieces, _cut, replace_file, replace_file, _beside, _gone]


def _reseal(package: Path) -> None:
    """The manifests as the files are now, so that checks behind the digests are met too."""
    for manifest, top in (("manifest-sha256.txt", "data"), ("tagmanifest-sha256.txt", "")):
        if not (package / manifest).is_file():
            continue
        lines = []
        for path in sorted((package / top).rglob("*") if top else package.glob("*")):
            if path.is_file() and not path.is_symlink() and "tagmanifest" not in path.name:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                lines.append(f"{digest}  {path.relative_to(package).as_posix()}\n")
        (package / manifest).write_bytes("".join(lines).encode("utf-8", "surrogateescape"))
