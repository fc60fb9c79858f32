"""A package being made: `DEST.partial` holds it until it is whole, with a journal of what is
finished.

A killed export leaves `DEST.partial` and no `DEST`; the same command goes on from the journal. A
file counts as finished when it is on disk for certain and its SHA-256 stands in the journal, and
it is looked at again before it is believed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archive.disk import require_free, stream_sha256, sync_directory
from archive.errors import UsageError
from archive.handover import layout
from archive.lock import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished file: its path in the package, its SHA-256 in hexadecimal and its size in
    bytes."""

    path: str
    sha256: str
    size: int


class Draft:
    """The package that is to become `dest`. `state` names what it is made of: work on another
    state is thrown away.

    Raises UsageError where `dest` is in the way, Busy where another export makes the same package.
    """

    def __init__(self, dest: Path, state: str, *, force: bool = False) -> None:
        dest = dest.resolve()  # `.` and a symbolic link have a folder beside them then
        _check_free(dest, force)
        self.dest, self.state = dest, state
        self.place = dest.with_name(dest.name + ".partial")
        self.package, self.work = self.place / "package", self.place / "work"
        self.work.mkdir(parents=True, exist_ok=True)
        self.lock = Lock(self.place)
        self.journal = self.place / "journal.jsonl"
        self.finished = self._resumed()

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if not self.finished and self.place.exists():
            shutil.rmtree(self.place)
        self.lock.release()

    def _resumed(self) -> dict[str, list[Made]]:
        """The steps that an earlier attempt finished; everything else it made is removed."""
        lines = _lines(self.journal)
        shutil.rmtree(self.work)
        self.work.mkdir()
        if not lines or lines[0] != {"state": self.state}:
            shutil.rmtree(self.package, ignore_errors=True)
            self.journal.write_text(json.dumps({"state": self.state}) + "\n", "utf-8")
            lines = []
        self.package.mkdir(exist_ok=True)
        return {line["step"]: [Made(**one) for one in line["files"]] for line in lines[1:]}

    def step(self, name: str, make: Callable[[], Iterable[str]]) -> bool:
        """Make the files of a step, unless they are there and whole. `make` returns their paths.
        Says whether it had to."""
        if name in self.finished and all(self._is_whole(one) for one in self.finished[name]):
            return False
        self.finished[name] = [self._finish(path) for path in make()]
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(
                json.dumps({"step": name, "files": [asdict(one) for one in self.finished[name]]})
                + "\n"
            )
            journal.flush()
            os.fsync(journal.fileno())
        return True

    def write(self, path: str, text: str) -> list[str]:
        """A step's whole work where it makes one text file."""
        self.target(path).write_text(text, "utf-8", newline="\n")
        return [path]

    def target(self, path: str) -> Path:
        """Where a file of the package is to be written."""
        found = self.package / path
        found.parent.mkdir(parents=True, exist_ok=True)
        return found

    def made(self, under: str = "") -> list[Made]:
        """The finished files whose path begins so, by path."""
        found = {
            one.path: one
            for files in self.finished.values()
            for one in files
            if one.path.startswith(under)
        }
        return [found[path] for path in sorted(found)]

    def _finish(self, path: str) -> Made:
        with (self.package / path).open("rb") as file:
            digest = stream_sha256(file)
            os.fsync(file.fileno())
            return Made(path=path, sha256=digest, size=file.seek(0, os.SEEK_END))

    def _is_whole(self, one: Made) -> bool:
        path = self.package / one.path
        return path.is_file() and path.stat().st_size == one.size and self._finish(one.path) == one

    def discard(self) -> None:
        """Go on with nothing of this when the export is repeated."""
        self.finished.clear()

    def complete(self) -> None:
        """Put the package in its place. What stood there with --force is removed afterwards."""
        known = {one.path for one in self.made()}
        for path in [path for path in self.package.rglob("*") if path.is_file()]:
            if path.relative_to(self.package).as_posix() not in known:
                path.unlink()
        for folder in (self.package, *(path for path in self.package.rglob("*") if path.is_dir())):
            sync_directory(folder)
        if self.dest.exists():
            self.dest.rename(self.place / "replaced")
        self.package.rename(self.dest)
        sync_directory(self.dest.parent)
        shutil.rmtree(self.place)

    def check_space(self, needed: int) -> None:
        """Raise ArchiveError where the disk cannot take so many bytes beside what is there
        already."""
        there = sum(one.size for one in self.made())
        todo = "make room, choose another place, or hand over less (--tier, --account, --since)"
        require_free(self.dest.parent, needed - there, "The package", todo)


def _check_free(dest: Path, force: bool) -> None:
    if not dest.parent.is_dir():
        raise UsageError(
            f"There is no folder {dest.parent} to put the package into; make it first."
        )
    if not dest.exists():
        return
    if not force:
        raise UsageError(f"{dest} exists already; give another name, or --force to replace it.")
    is_package = (dest / layout.BAG).is_file() and (dest / layout.DATAPACKAGE).is_file()
    if not is_package and not (dest.is_dir() and not any(dest.iterdir())):
        raise UsageError(
            f"{dest} is no package made by this program, so --force does not replace it; give "
            "another name."
        )


def _lines(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a journal; a kill may have torn the last one."""
    text = path.read_text("utf-8") if path.exists() else ""
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]
