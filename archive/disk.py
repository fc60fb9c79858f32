"""Files and disks: sizes in words, free room, the SHA-256 of a file, and renames that last."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path


def in_words(size: int) -> str:
    """A size for a person to read.

    Args:
        size: bytes.

    Example:
        >>> in_words(1_500_000)
        '1.5 MB'
    """
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def free_bytes(folder: str | os.PathLike[str]) -> int:
    """The bytes that are free on the disk of a folder."""
    return shutil.disk_usage(folder).free


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Takes memory independent of the file's size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_directory(directory: Path) -> None:
    """Make the renames in a folder last a power failure."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
