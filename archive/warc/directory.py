"""The WARC files of a folder, by their names: finished, still open, and what else lies there and is
not read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".warc.gz"
OPEN = ".open"  # ends the name of a file that is being written
STORED = ".stored"  # ends the name of what says where a file is that is not here
OTHER_KINDS = (".warc", ".warc.zst", ".arc", ".arc.gz", ".wacz")
RESTORE = "restore the file from a copy, then run `zhengwen rebuild`"
CONVERT = "move it out of the folder, and take it in by `zhengwen import FILE`"
ASIDE = ".damaged"  # ends the name of what was cut from a file of ours
KINDS = {  # of what is no file
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a folder of WARC files that is not read.

    Attributes:
        name: its name; what is not UTF-8 in it as `\\xNN`.
        wrong: why, without a full stop.
        todo: what to do about it, without a full stop.
    """

    name: str
    wrong: str
    todo: str


def warc_files(directory: Path) -> list[Path]:
    """The finished WARC files of a folder, by name. What only has such a name, as a folder or a
    named pipe may, is not among them."""
    return _files(directory, SUFFIX)


def open_files(directory: Path) -> list[Path]:
    """The WARC files of a folder that are being written or that a killed run left, by name."""
    return _files(directory, SUFFIX + OPEN)


def size_of(path: Path) -> int:
    """The size of a file in bytes, 0 where nobody can say: it may go while it is being read."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def left_out(directory: Path) -> list[LeftOut]:
    """What is in a folder and looks like a web archive and is not read, by name."""
    return sorted(_left_out(directory), key=lambda each: each.name)


def shown_name(name: str) -> str:
    r"""The name of a file as text; a byte that is not UTF-8 is shown as `\xNN`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _files(directory: Path, suffix: str) -> list[Path]:
    paths = directory.glob(f"*{suffix}")
    return sorted(path for path in paths if _is_text(path.name) and path.is_file())


def _is_text(name: str) -> bool:
    """Whether a name is UTF-8, as the database and the chain need it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _left_out(directory: Path) -> Iterator[LeftOut]:
    for path in directory.glob("*"):
        name, lower = shown_name(path.name), path.name.lower()
        if path.name.endswith((SUFFIX, SUFFIX + OPEN, SUFFIX + STORED)):
            if wrong := _no_file(path):
                yield LeftOut(name, wrong, "move it out of the folder")
            elif not _is_text(path.name):
                yield LeftOut(name, "its name is not UTF-8", "rename it")
        elif lower.endswith(SUFFIX):
            yield LeftOut(
                name, f"the names of WARC files end in {SUFFIX}, in small letters", "rename it"
            )
        elif lower.endswith(OTHER_KINDS):
            yield LeftOut(name, "only .warc.gz files are read, and this one is not", CONVERT)
        elif not path.name.startswith(".") and not lower.endswith(ASIDE):
            yield LeftOut(name, "it is no WARC file by its name", "move it out of the folder")


def _no_file(path: Path) -> str | None:
    """What it is, where it is no file."""
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except OSError as error:
        target = "it is a link that leads nowhere" if path.is_symlink() else "it cannot be read"
        return f"{target} ({error.strerror})"
    return None if kind == stat.S_IFREG else f"it is {KINDS.get(kind, 'no file')} and no WARC file"
