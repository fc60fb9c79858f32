"""What a folder is: an archive of its own, or the `data` of a package that was handed over."""

from __future__ import annotations

from pathlib import Path


def package_of(folder: Path) -> Path | None:
    """The package whose `data` this folder is, None for any other folder.

    Such a folder can be read like an archive, and nothing may be written into it. A package is a
    BagIt bag, which has a file `bagit.txt` next to `data` (RFC 8493, section 2).

    Example:
        >>> package_of(Path("handed-over/data"))
        PosixPath('/home/reader/handed-over')
    """
    folder = folder.resolve()
    is_data = folder.name == "data" and (folder.parent / "bagit.txt").is_file()
    return folder.parent if is_data else None
