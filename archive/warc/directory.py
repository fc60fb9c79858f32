"""The WARC files of a folder, by their names: finished, still open, and of kinds that are not
read."""

from __future__ import annotations

from pathlib import Path

SUFFIX = ".warc.gz"
OPEN = ".open"  # ends the name of a file that is being written
OTHER_KINDS = (".warc", ".warc.zst", ".arc", ".arc.gz", ".wacz")
CONVERT = (
    "make a .warc.gz of it (`warcio recompress OLD NEW`; a WACZ is a zip file that holds some)"
)


def warc_files(directory: Path) -> list[Path]:
    """The finished WARC files of a folder, by name."""
    return sorted(directory.glob(f"*{SUFFIX}"))


def open_files(directory: Path) -> list[Path]:
    """The WARC files of a folder that are being written or that a killed run left, by name."""
    return sorted(directory.glob(f"*{SUFFIX}{OPEN}"))


def unread(directory: Path) -> list[Path]:
    """Web archives of a kind that is not read, as other programs leave them, by name."""
    return sorted(path for path in directory.glob("*") if path.name.endswith(OTHER_KINDS))
