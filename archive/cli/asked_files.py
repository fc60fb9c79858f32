"""Files that a command is asked to write: the format that their names say, and why they cannot be
written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from archive.disk import write_completely
from archive.errors import ArchiveError, UsageError

Format = TypeVar("Format")


def by_ending(file: Path, formats: Mapping[str, Format], otherwise: str = "") -> Format:
    """What a file's name says about the format in which it is written.

    Args:
        file: as it was given.
        formats: by ending, in small letters and with its dot.
        otherwise: what else can be done, such as `, or give --format`.

    Raises:
        UsageError: the name has another ending, or none.
    """
    try:
        return formats[file.suffix.lower()]
    except KeyError:
        raise UsageError(
            f"{file} has no ending that says a format; end it in {', '.join(formats)}{otherwise}."
        ) from None


def write_asked(file: Path, data: bytes) -> None:
    """Write a file where somebody asked for it, completely or not at all.

    Raises:
        UsageError: its folder is not there.
        ArchiveError: it cannot be written.
    """
    if not file.parent.is_dir():
        raise UsageError(f"There is no folder {file.parent} for {file.name}; make it first.")
    try:
        write_completely(file, data)
    except OSError as error:
        raise ArchiveError(
            f"{file} cannot be written ({error.strerror}); see to disk and rights, or give "
            "another name."
        ) from error
