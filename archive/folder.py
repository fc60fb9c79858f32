"""Which folder is the archive, and what a folder is: an archive of its own, the `data` of a package
that was handed over, or a collection of archives."""

from __future__ import annotations

import os
from pathlib import Path

from archive.errors import UsageError

COLLECTION = "collection.toml"  # in the folder of a collection, and in no other
SEAL = "sealed.json"  # in the folder of a sealed archive: its manifest
PARTS = ("warc", "chain.jsonl", "archive.db", "accounts.csv", "logs")


def archive_dir(given: str | os.PathLike[str] | None) -> Path:
    """The folder of the archive: the one given, else $ZHENGWEN_ARCHIVE, else the current one."""
    return Path(given or os.environ.get("ZHENGWEN_ARCHIVE") or ".")


def require_archive(folder: Path) -> None:
    """Raise UsageError for a folder that has nothing of an archive: an empty one, such as the place
    of a disk that is not there, is no archive in which all is well.

    Example:
        >>> require_archive(Path("/mnt/archive"))
        Traceback (most recent call last):
        archive.errors.UsageError: /mnt/archive holds no archive: it has none of warc, ...
    """
    refuse_collection(folder)
    if not any((folder / part).exists() for part in PARTS):
        raise UsageError(
            f"{folder} holds no archive: it has none of {', '.join(PARTS)}; give the folder of one "
            "with --archive, or begin one with `zhengwen follow URL`."
        )


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


def is_collection(folder: Path) -> bool:
    """Whether a folder is a collection, whose shards are archives of their own."""
    return (folder / COLLECTION).is_file()


def refuse_collection(folder: Path) -> None:
    """Raise UsageError for a collection, where one archive is needed: work on a part of one may
    not look like work on all of it."""
    if is_collection(folder):
        raise UsageError(
            f"{folder} is a collection, and this works on one archive: give one of its shards, "
            f"which {COLLECTION} lists, or make one archive of them with `zhengwen merge {folder} "
            "ARCHIVE`."
        )


def is_sealed(folder: Path) -> bool:
    """Whether an archive was sealed, so that nothing may be added to it."""
    return os.path.lexists(folder / SEAL)


def refuse_sealed(folder: Path) -> None:
    """Raise UsageError for a sealed archive, where something would be added to it."""
    if is_sealed(folder):
        raise UsageError(
            f"{folder} is sealed, and nothing may be added to it: work in an open shard, or open "
            f"this one again with `zhengwen --archive COLLECTION unseal {folder.name}`."
        )
