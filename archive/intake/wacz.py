"""WACZ: a zip file with WARC files, page lists and the digests of both. It is believed only where
all of it is as it says itself; entries are read where they lie and never unpacked by their names.

The format: https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from archive.disk import Progress, no_progress
from archive.errors import ArchiveError
from archive.intake.window import PIECE, Window
from archive.warc.digests import labelled

BEGINS = (b"PK\x03\x04", b"PK\x05\x06")
PACKAGE = "datapackage.json"
SEAL = "datapackage-digest.json"
WACZ = ".wacz"
LARGEST_LIST = 64 * 2**20  # bytes of a description that is read completely
ENCRYPTED = 1  # of the flags of an entry
LOCAL_HEAD = struct.Struct("<4s22xHH")
LOCAL_MARK = b"PK\x03\x04"
# Zip bombs: an entry of zeros gets a thousandth of its size, pages a fifth.
MOST_GROWTH = 100
FREE_GROWTH = 256 * 2**20  # bytes that any zip file may unpack to
OUTSIDE = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")
DIGEST = re.compile(r"(sha256|sha1|md5|sha512):([0-9a-f]+)")


@dataclass(frozen=True, slots=True)
class Checked:
    """An entry whose bytes are as the zip file and the package say.

    Attributes:
        path: in the zip file.
        size: in bytes.
        file: its bytes.
        block_digest: its SHA-1 as WARC writes it.
        media_type: what kind of description it is, "" for a file of records.
    """

    path: str
    size: int
    file: Window
    block_digest: str
    media_type: str = ""


class Wacz:
    """A WACZ. Use it as a context manager.

    Args:
        file: the open zip file.
        work: a folder for entries that are compressed once more, which are unpacked to be read.

    Raises:
        ArchiveError: it is no zip file, is damaged, encrypted, names paths outside itself or would
            unpack to far more than it is; the text is a part of a sentence.
    """

    def __init__(self, file: BinaryIO, work: Path) -> None:
        self.file, self.work = file, work
        self._unpacked_files = ExitStack()
        try:
            with ZipFile(file) as zip_file:
                self._entries = {entry.filename: entry for entry in _usable(zip_file)}
        except (BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error) as error:
            raise ArchiveError(f"the zip file is damaged or cut short ({error})") from error
        self._check_growth()
        if not self._records() and not self._packages():
            raise ArchiveError("it is a zip file and no WACZ: it has no folder archive")
        try:
            self._digests = self._stated_digests()
        except BaseException:
            self._unpacked_files.close()
            raise

    def __enter__(self) -> Wacz:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._unpacked_files.close()

    def _check_growth(self) -> None:
        size = self.file.seek(0, 2)
        packed = sum(entry.compress_size for entry in self._entries.values())
        unpacked = sum(entry.file_size for entry in self._entries.values())
        if packed > size or unpacked > FREE_GROWTH + MOST_GROWTH * size:
            raise ArchiveError("the zip file would unpack to far more than a web archive does")

    def _stated_digests(self) -> dict[str, str]:
        """What the package says of its files, which its own digest covers where it has one."""
        if PACKAGE not in self._entries:
            return {}
        seal = self._json(SEAL) if SEAL in self._entries else {}
        stated = {PACKAGE: str(seal["hash"])} if "hash" in seal else {}
        resources = self._json(PACKAGE).get("resources")
        for each in resources if isinstance(resources, list) else []:
            if isinstance(each, dict) and isinstance(each.get("path"), str) and "hash" in each:
                stated[each["path"]] = str(each["hash"])
        return stated

    def _json(self, path: str) -> dict[str, object]:
        entry = self._entries[path]
        if entry.file_size > LARGEST_LIST:
            raise ArchiveError(f"{path} is too large")
        try:
            value = json.loads(self._content(entry).read())
        except (ValueError, RecursionError) as error:
            raise ArchiveError(f"{path} is no JSON") from error
        return value if isinstance(value, dict) else {}

    @property
    def lost(self) -> list[str]:
        """The paths that the package names and the zip file lacks."""
        return [path for path in self._digests if path not in self._entries]

    @property
    def others(self) -> list[str]:
        """The paths of what is neither records nor a description: indexes, which are made anew, and
        whatever else there is."""
        used = {*self._records(), *self._descriptions(), *self._packages()}
        return [path for path in self._entries if path not in used]

    def _records(self) -> list[str]:
        return [path for path in self._entries if path.lower().startswith("archive/")]

    def _descriptions(self) -> list[str]:
        lists = [path for path in self._entries if path.lower().startswith("pages/")]
        return [path for path in (PACKAGE, SEAL) if path in self._entries] + lists

    def _packages(self) -> list[str]:
        return [path for path in self._entries if path.lower().endswith(WACZ)]

    def record_files(self, progress: Progress = no_progress) -> Iterator[Checked]:
        """The files of records.

        Raises:
            ArchiveError: one is not as the package says.
        """
        for path in self._records():
            yield self._checked(path, progress)

    def packages(self) -> Iterator[Checked]:
        """The WACZ files in it (multi-WACZ). Raises ArchiveError as `record_files` does."""
        for path in self._packages():
            yield self._checked(path)

    def descriptions(self) -> Iterator[Checked]:
        """Page lists, the package's own description and its digest. Raises ArchiveError as
        `record_files` does."""
        for path in self._descriptions():
            yield self._checked(path)

    def _checked(self, path: str, progress: Progress = no_progress) -> Checked:
        entry = self._entries[path]
        content = self._content(entry)
        stated = DIGEST.fullmatch(self._digests.get(path, ""))
        digests = {"sha1": hashlib.sha1()}
        if stated:
            digests.setdefault(stated[1], hashlib.new(stated[1]))
        checksum = size = 0
        for piece in content.pieces():
            checksum, size = zlib.crc32(piece, checksum), size + len(piece)
            for digest in digests.values():
                digest.update(piece)
        if size != entry.file_size or checksum != entry.CRC:
            raise ArchiveError(f"{path} in it is damaged (CRC-32)")
        if stated and digests[stated[1]].hexdigest() != stated[2]:
            raise ArchiveError(f"{path} in it is not what {PACKAGE} says ({stated[1]})")
        fresh = Window(content.file, content.start, content.size, progress)
        return Checked(path, size, fresh, labelled(digests["sha1"]), _media_type(path))

    def _content(self, entry: ZipInfo) -> Window:
        """The bytes of an entry, where they lie or unpacked."""
        if entry.header_offset < 0:
            raise ArchiveError("the zip file is damaged or cut short (where its entries are)")
        self.file.seek(entry.header_offset)
        mark, name, extra = LOCAL_HEAD.unpack(self.file.read(LOCAL_HEAD.size).ljust(30, b"\0"))
        if mark != LOCAL_MARK:
            raise ArchiveError(f"{entry.filename} in it is damaged (its head)")
        start = entry.header_offset + LOCAL_HEAD.size + name + extra
        packed = Window(self.file, start, entry.compress_size)
        if entry.compress_type == ZIP_STORED:
            return packed
        return self._unpacked(entry, packed)

    def _unpacked(self, entry: ZipInfo, packed: Window) -> Window:
        unpacker, size = zlib.decompressobj(-15), 0
        target = self._unpacked_files.enter_context(TemporaryFile(dir=self.work))  # noqa: SIM115  # closed by __exit__
        try:
            raw = packed.read(PIECE)
            while raw and not unpacker.eof and size <= entry.file_size:
                size += target.write(unpacker.decompress(raw, PIECE))
                raw = unpacker.unconsumed_tail or packed.read(PIECE)
        except zlib.error as error:
            raise ArchiveError(f"{entry.filename} in it is damaged ({error})") from error
        target.flush()
        return Window(cast("BinaryIO", target), 0, size)


def _usable(zip_file: ZipFile) -> Iterator[ZipInfo]:
    """The entries. Raises ArchiveError for one that is not as in a web archive."""
    names = set()
    for entry in zip_file.infolist():
        name = entry.filename
        if OUTSIDE.search(name) or "\0" in entry.orig_filename:
            raise ArchiveError(f"the zip file names a path outside itself ({name})")
        if entry.flag_bits & ENCRYPTED:
            raise ArchiveError("the zip file is encrypted; decrypt it first")
        if name in names:
            raise ArchiveError(f"the zip file has {name} twice")
        names.add(name)
        if entry.is_dir():
            continue
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise ArchiveError(
                f"{name} in the zip file is compressed by another method than deflate"
            )
        yield entry


def _media_type(path: str) -> str:
    if path in (PACKAGE, SEAL):
        return "application/vnd.datapackage+json"
    return "application/x-ndjson" if path.lower().startswith("pages/") else ""
