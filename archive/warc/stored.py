"""Where the bytes of a WARC file are: in a file of the folder, or in an object of a bucket of S3,
from which single records are read by requests for a part.

An object has a marker in its place in the folder, `NAME.warc.gz.stored`:

    {"remote": "s3://library/thepaper-2031", "endpoint": null, "size": 73400320, "sha256": "…"}

Where a file of that name is there too, the file counts. Nothing in a package is a marker: whoever
made it would decide which servers are asked.
"""

from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Literal

from archive.bucket import Bucket
from archive.disk import (
    PIECE,
    Progress,
    free_bytes,
    no_progress,
    removed_on_failure,
    sha256,
    write_completely,
)
from archive.errors import ArchiveError, StorageError, WarcError
from archive.folder import package_of
from archive.warc import directory
from archive.warc.directory import STORED, SUFFIX, warc_files

LARGEST_PART = 8 * 2**20  # bytes that are asked for at once where a file is read on and on
FETCHED = ".fetched-"  # begins the name of a folder with a file that is read completely
RESTORE = "restore it from another copy"
MAKE_ROOM = "make room there (it is set by TMPDIR where it is for temporary files)"
BROKEN_MARKER = "bring its file back by `zhengwen pull`, or restore the marker from a copy"


class NotFetched(ArchiveError):
    """A file that is stored elsewhere has no room here, which is no fault of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWarc:
    """A WARC file that is an object of a bucket.

    Attributes:
        name: of the file.
        remote: the address of its shard there, as s3://BUCKET/PREFIX.
        endpoint: address of the server; None for what the settings of AWS say.
        size: in bytes, and SHA-256 in hexadecimal, as it was sealed.
    """

    name: str
    remote: str
    endpoint: str | None
    size: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.remote}/{self.object_name}"

    @property
    def object_name(self) -> str:
        """The name of the object under the address of the shard."""
        return f"warc/{self.name}"

    @property
    def bucket(self) -> Bucket:
        """Where it is. Raises UsageError where the marker has no address of S3."""
        return _bucket(self.remote, self.endpoint, os.getpid())

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:
        """Read parts of it as of a file. StorageError comes from where they are read."""
        return io.BufferedReader(_Parts(self), PIECE)

    def fetch(self, target: Path, progress: Progress = no_progress) -> None:
        """Write the bytes that are there into a file, whatever they are.

        Args:
            target: the file; it is not left behind where that fails.
            progress: called with the bytes that came.

        Raises:
            StorageError: the object is not there, or the server cannot be asked.
            NotFetched: there is no room for it here.
        """
        size = self.bucket.size(self.object_name)
        if size is None:
            raise StorageError(f"{self.name} is lost: it is neither here nor at {self}", RESTORE)
        try:
            if free_bytes(target.parent) < size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            with removed_on_failure(target), target.open("wb") as file:
                for piece in self.bucket.pieces(self.object_name):
                    file.write(piece)
                    progress(len(piece))
        except OSError as error:
            raise NotFetched(
                f"{self} cannot be written into {target.parent} ({error.strerror}); {MAKE_ROOM}."
            ) from error

    def is_in(self, path: Path) -> bool:
        """Whether a file has the bytes that were stored."""
        return path.stat().st_size == self.size and sha256(path) == self.sha256


WarcFile = Path | StoredWarc
"""A WARC file, wherever its bytes are."""


class _Parts(io.RawIOBase):
    """The bytes of an object, by requests for parts. What is read on and on comes in ever larger
    ones."""

    def __init__(self, stored: StoredWarc) -> None:
        self.stored = stored
        self.position = self.begin = 0
        self.data = b""
        self.ahead = PIECE

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_CUR: self.position, io.SEEK_END: self.stored.size}.get(whence, 0)
        self.position = max(0, start + offset)
        return self.position

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # any writable buffer
        wanted = min(len(target), self.stored.size - self.position)
        if wanted <= 0:
            return 0
        if not self.begin <= self.position < self.begin + len(self.data):
            self._ask(max(wanted, self.ahead))
        start = self.position - self.begin
        piece = self.data[start : start + wanted]
        target[: len(piece)] = piece
        self.position += len(piece)
        return len(piece)

    def _ask(self, size: int) -> None:
        is_next = bool(self.data) and self.position == self.begin + len(self.data)
        self.ahead = min(2 * self.ahead, LARGEST_PART) if is_next else PIECE
        stored = self.stored
        size = min(size, stored.size - self.position)
        self.data = stored.bucket.part(stored.object_name, self.position, size)
        self.begin = self.position
        if len(self.data) != size:
            raise StorageError(f"{stored} is shorter than it was when it was sealed", RESTORE)


@lru_cache(maxsize=16)
def _bucket(remote: str, endpoint: str | None, process: int) -> Bucket:
    """A client for each bucket and process, as connections are not for two of those."""
    return Bucket(remote, endpoint)


def warc_file(warc_dir: Path, name: str) -> WarcFile:
    """A WARC file of a folder by its name: the object where only a marker is there. A file that is
    nowhere is a path to nothing, which those who read it say.

    Raises:
        WarcError: the marker cannot be read.

    Example:
        >>> str(warc_file(Path("shards/thepaper-2031/warc"), "a.warc.gz"))
        's3://library/thepaper-2031/warc/a.warc.gz'
    """
    path = warc_dir / name
    if path.is_file() or not _marker(path).is_file() or package_of(warc_dir.parent):
        return path
    return _read(path)


def all_files(warc_dir: Path) -> list[WarcFile]:
    """The finished WARC files of a folder by name, and those that are stored elsewhere.

    Raises:
        WarcError: a marker cannot be read.
    """
    here: dict[str, WarcFile] = {path.name: path for path in warc_files(warc_dir)}
    files = here | {file.name: file for file in stored_files(warc_dir)}
    return [files[name] for name in sorted(files)]


def stored_files(warc_dir: Path) -> list[StoredWarc]:
    """The WARC files of a folder that are stored elsewhere and are not here, by name. Raises
    WarcError where a marker cannot be read."""
    return [_read(warc_dir / name) for name in stored_names(warc_dir)]


def stored_names(warc_dir: Path) -> list[str]:
    """The names of the WARC files of a folder that are stored elsewhere and are not here."""
    if package_of(warc_dir.parent):
        return []
    names = (path.name.removesuffix(STORED) for path in warc_dir.glob(f"*{SUFFIX}{STORED}"))
    return sorted(name for name in names if not (warc_dir / name).is_file())


def mark(warc_dir: Path, stored: StoredWarc) -> None:
    """Write the marker of an object, for good."""
    data = {name: value for name, value in asdict(stored).items() if name != "name"}
    write_completely(_marker(warc_dir / stored.name), json.dumps(data).encode() + b"\n")


def unmark(warc_dir: Path, name: str) -> None:
    """Remove the marker of a file that is here again."""
    _marker(warc_dir / name).unlink(missing_ok=True)


def is_there(file: WarcFile) -> bool:
    """Whether there is such a file, here or by its marker elsewhere."""
    return isinstance(file, StoredWarc) or file.is_file()


def size_of(file: WarcFile) -> int:
    """The size of a file in bytes, as `archive.warc.directory.size_of` gives it."""
    return file.size if isinstance(file, StoredWarc) else directory.size_of(file)


def sha256_of(file: WarcFile) -> str:
    """The SHA-256 of a file in hexadecimal; of an object that which it was stored with."""
    return file.sha256 if isinstance(file, StoredWarc) else sha256(file)


@contextmanager
def on_disk(file: WarcFile, folder: Path | None) -> Iterator[Path]:
    """A WARC file as a file of the disk, by its own name, for as long as all of it is read.

    Args:
        file: an object is fetched and compared, and goes again.
        folder: where to; None for that of temporary files.

    Raises:
        StorageError: the object is missing or is not as it was sealed, or the server cannot be
            asked.
        NotFetched: there is no room for it.
    """
    if not isinstance(file, StoredWarc):
        yield file
        return
    with TemporaryDirectory(prefix=FETCHED, dir=folder) as work:
        path = Path(work) / file.name
        file.fetch(path)
        if not file.is_in(path):
            raise StorageError(f"{file} is not as it was sealed (SHA-256)", RESTORE)
        yield path


def _marker(path: Path) -> Path:
    return path.with_name(path.name + STORED)


def _read(path: Path) -> StoredWarc:
    marker = _marker(path)
    try:
        values = json.loads(marker.read_bytes())
        endpoint = values["endpoint"]
        return StoredWarc(
            name=path.name,
            remote=str(values["remote"]),
            endpoint=None if endpoint is None else str(endpoint),
            size=int(values["size"]),
            sha256=str(values["sha256"]),
        )
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        wrong = "it does not say where its WARC file is stored"
        raise WarcError(
            f"{marker}: {wrong}; {BROKEN_MARKER}.", wrong=wrong, todo=BROKEN_MARKER
        ) from error
