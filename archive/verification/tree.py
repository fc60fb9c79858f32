"""The files of a package as its folder has them: looked for once, without a link being followed and
with nothing being opened that could block, and read in bounded pieces.

What a package says of itself, such as a path in a manifest, is only ever looked up among these
files, so that nothing outside the folder is opened whatever the path says.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from archive.disk import PIECE
from archive.verification.finding import ASK, Finding

MOST_ENTRIES = 200_000  # files and folders of a package
DEEPEST = 32  # folders within one another
# A file of a gigabyte or more that takes less than a 64th of its size on the disk is all holes, and
# would take hours to read for nothing; no file system compresses so well.
LARGE, HOLES = 2**30, 64
SAFE_TO_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
KINDS = {
    stat.S_IFLNK: "it is a link, and what it leads to is not part of the package",
    stat.S_IFIFO: "it is a named pipe, and no file",
    stat.S_IFSOCK: "it is a socket, and no file",
    stat.S_IFCHR: "it is a device, and no file",
    stat.S_IFBLK: "it is a device, and no file",
}


class Changed(OSError):
    """A file was changed while it was read, or is another one than when the folder was read."""


@dataclass(slots=True)
class Tree:
    """The files under a folder.

    Attributes:
        root: the folder.
        sizes: the bytes of each file, by its path from the root with `/`.
        faults: what is wrong with the folder itself: links, pipes, names that collide.
        is_safe: whether it has files and folders alone, so that its paths can be opened.

    Example:
        >>> tree = Tree.of(Path("handed-over"))
        >>> "data/archive.db" in tree.sizes
        True
    """

    root: Path
    sizes: dict[str, int] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    is_safe: bool = True
    _digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> Tree:
        """Find all files under a folder."""
        tree = cls(root)
        tree._gather()
        return tree

    def _gather(self) -> None:
        folders, count = [("", 0)], 0
        while folders:
            shown, depth = folders.pop()
            for entry in self._entries(shown):
                name, count = f"{shown}{entry.name}", count + 1
                if count > MOST_ENTRIES:
                    self._refuse(".", f"it holds more than {MOST_ENTRIES} files and folders")
                    return
                if self._is_folder(entry, name) and depth < DEEPEST:
                    folders.append((f"{name}/", depth + 1))
                elif entry.is_dir(follow_symlinks=False):
                    self._refuse(name, f"more than {DEEPEST} folders are within one another")
        self._compare_names()

    def _entries(self, shown: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / shown) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            wrong = f"the folder cannot be read ({error.strerror})"
            self.is_safe = self.is_safe and bool(shown)
            self.faults.append(Finding(file=shown.rstrip("/") or ".", wrong=wrong, todo=ASK))
            return []

    def _is_folder(self, entry: os.DirEntry[str], name: str) -> bool:
        """Note a file, or what is neither file nor folder."""
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            return True
        if not stat.S_ISREG(status.st_mode):
            self._refuse(name, KINDS.get(stat.S_IFMT(status.st_mode), "it is no file"))
        elif status.st_size >= LARGE and status.st_blocks * 512 * HOLES < status.st_size:
            self._refuse(name, f"its {status.st_size} bytes are holes")
        else:
            self.sizes[name] = status.st_size
        return False

    def _refuse(self, name: str, wrong: str) -> None:
        self.is_safe = False
        self.faults.append(Finding(file=name, wrong=wrong, todo=ASK))

    def _compare_names(self) -> None:
        """Names that are one on other systems, and those that no manifest can hold."""
        seen: dict[str, str] = {}
        for name in sorted(self.sizes):
            try:
                name.encode()
            except UnicodeEncodeError:
                self.faults.append(Finding(file=name, wrong="its name is not UTF-8", todo=ASK))
            other = seen.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
            if other != name:
                wrong = f"on other systems its name is the same as that of {other}"
                self.faults.append(Finding(file=name, wrong=wrong, todo=ASK))

    def open(self, name: str) -> BinaryIO:
        """A file of the tree, opened for reading.

        Raises:
            OSError: it cannot be read, or is no longer what it was.
        """
        descriptor = os.open(self.root / name, SAFE_TO_OPEN)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size != self.sizes[name]:
            os.close(descriptor)
            raise Changed(None, "it changed while the package was read")
        return os.fdopen(descriptor, "rb")

    def read(self, name: str, largest: int) -> bytes:
        """The bytes of a file.

        Raises:
            OSError: as in `open`.
            ValueError: it has more than `largest` bytes.
        """
        if self.sizes[name] > largest:
            raise ValueError(f"it has more than {largest} bytes")
        with self.open(name) as file:
            return file.read(largest)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, some at a time. Raises OSError as `open` does, and where the file
        grows or shrinks meanwhile."""
        left = self.sizes[name]
        with self.open(name) as file:
            before = os.fstat(file.fileno()).st_mtime_ns
            while piece := file.read(PIECE):
                left -= len(piece)
                if left < 0:
                    break
                yield piece
            if left or os.fstat(file.fileno()).st_mtime_ns != before:
                raise Changed(None, "it changed while it was read")

    def sha256(self, name: str) -> str:
        """The SHA-256 of a file, in hexadecimal; each file is read once. Raises OSError as `pieces`
        does."""
        if name not in self._digests:
            digest = hashlib.sha256()
            for piece in self.pieces(name):
                digest.update(piece)
            self._digests[name] = digest.hexdigest()
        return self._digests[name]
