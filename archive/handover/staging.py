"""A package that is being made: `DEST.partial` holds it until it is complete, with a journal of
what is finished.

A killed export leaves `DEST.partial` and no `DEST`; the same command goes on from the journal. A
file counts as finished when it is on disk for good and its SHA-256 is in the journal, and it is
read again before it is trusted.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypedDict

from archive.disk import require_free, stream_sha256, sync_directory
from archive.errors import UsageError
from archive.handover import layout
from archive.lock import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFile:
    """A finished file of a package.

    Attributes:
        path: in the package, with `/`.
        sha256: in hexadecimal.
        size: in bytes.
    """

    path: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


class _File(TypedDict):
    path: str
    sha256: str
    size: int


class _Step(TypedDict):
    """A line of the journal after the first."""

    step: str
    files: list[_File]


class Staging:
    """The package that is to become `dest`. Use it as a context manager.

    Args:
        dest: where the package goes; `DEST.partial` next to it holds the work.
        state: a digest of what the package is made of: work on another state is thrown away.
        force: replace a package that is there already.

    Raises:
        UsageError: where something else is at `dest`, or its folder is missing.
        Busy: where another export makes the same package.
    """

    def __init__(self, dest: Path, state: str, *, force: bool = False) -> None:
        dest = dest.resolve()  # the folder that holds `.` or a symbolic link's target is known then
        _require_replaceable(dest, force)
        self.dest, self.state = dest, state
        self.folder = dest.with_name(dest.name + ".partial")
        self.package, self.work = self.folder / "package", self.folder / "work"
        self.journal = self.folder / "journal.jsonl"
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            self.lock = Lock(self.folder)
            self.finished = self._resume_locked()
        except OSError:
            if not _complete_lines(self.journal):  # nothing that the next attempt could use
                shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if not self.finished and self.folder.exists():
            shutil.rmtree(self.folder)
        self.lock.release()

    def _resume_locked(self) -> dict[str, list[PackageFile]]:
        try:
            return self._resume()
        except BaseException:
            self.lock.release()
            raise

    def _resume(self) -> dict[str, list[PackageFile]]:
        """The steps that an earlier attempt finished; everything else of it is removed."""
        head, *lines = _complete_lines(self.journal) or [""]
        shutil.rmtree(self.work)
        self.work.mkdir()
        if head != (own_head := json.dumps({"state": self.state})):
            shutil.rmtree(self.package, ignore_errors=True)
            self.journal.write_text(own_head + "\n", "utf-8")
            lines = []
        self.package.mkdir(exist_ok=True)
        steps: list[_Step] = [json.loads(line) for line in lines]
        return {step["step"]: [PackageFile(**file) for file in step["files"]] for step in steps}

    def step(self, name: str, make: Callable[[], Iterable[str]]) -> bool:
        """Make the files of a step, unless they are there and unchanged.

        Args:
            name: of the step, the same in every export of this state.
            make: makes the files and returns their paths in the package.

        Returns:
            Whether they had to be made.
        """
        if name in self.finished and all(map(self._is_unchanged, self.finished[name])):
            return False
        self.finished[name] = [self._finish(path) for path in make()]
        line = json.dumps({"step": name, "files": [asdict(file) for file in self.finished[name]]})
        with self.journal.open("a", encoding="utf-8") as journal:
            journal.write(line + "\n")
            journal.flush()
            os.fsync(journal.fileno())
        return True

    def write(self, path: str, text: str) -> list[str]:
        """Make one text file: the complete work of a step."""
        self.target(path).write_text(text, "utf-8", newline="\n")
        return [path]

    def target(self, path: str) -> Path:
        """Where a file of the package is to be written."""
        target = self.package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def files(self, under: str = "") -> list[PackageFile]:
        """The finished files whose path begins with `under`, by path."""
        files = {
            file.path: file
            for files in self.finished.values()
            for file in files
            if file.path.startswith(under)
        }
        return [files[path] for path in sorted(files)]

    def _finish(self, path: str) -> PackageFile:
        with (self.package / path).open("rb") as file:
            digest = stream_sha256(file)
            os.fsync(file.fileno())
            return PackageFile(path=path, sha256=digest, size=file.seek(0, os.SEEK_END))

    def _is_unchanged(self, file: PackageFile) -> bool:
        path = self.package / file.path
        has_size = path.is_file() and path.stat().st_size == file.size
        return has_size and self._finish(file.path) == file

    def discard(self) -> None:
        """Begin anew when the export is repeated."""
        self.finished.clear()

    def complete(self) -> None:
        """Put the package in its place; what was there with `force` is removed afterwards."""
        paths = {file.path for file in self.files()}
        for path in [path for path in self.package.rglob("*") if path.is_file()]:
            if path.relative_to(self.package).as_posix() not in paths:
                path.unlink()
        for folder in (self.package, *(path for path in self.package.rglob("*") if path.is_dir())):
            sync_directory(folder)
        if self.dest.exists():
            self.dest.rename(self.folder / "replaced")
        self.package.rename(self.dest)
        sync_directory(self.dest.parent)
        shutil.rmtree(self.folder)

    def require_space(self, size: int) -> None:
        """Check that the disk has room for the package.

        Args:
            size: bytes of the complete package, with the work on it.

        Raises:
            ArchiveError: where less is free, what is finished already not counted.
        """
        finished = sum(file.size for file in self.files())
        todo = "make room, choose another place, or hand over less (--tier, --account, --since)"
        require_free(self.dest.parent, size - finished, "The package", todo)


def _require_replaceable(dest: Path, force: bool) -> None:
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


def _complete_lines(path: Path) -> list[str]:
    """The lines of a journal; what a kill or a full disk left of another is cut off."""
    data = path.read_bytes() if path.exists() else b""
    end = data.rfind(b"\n") + 1
    if end < len(data):
        os.truncate(path, end)
    return data[:end].decode("utf-8").splitlines()
