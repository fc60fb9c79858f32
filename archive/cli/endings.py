"""The ending of a file's name, which says in which format the file is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from archive.errors import UsageError

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
