"""Makes a folder completely or not at all, and copies the files of an archive into it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.disk import PIECE, Progress, copy_sha256, no_progress, sha256, sync_directory
from archive.errors import ArchiveError, UsageError
from archive.lock import Lock
from archive.warc.chain import CHAIN, links, named_files
from archive.warc.directory import open_files
from archive.warc.stored import all_files, size_of

PARTIAL = ".partial"  # ends the name of the folder in which it is made
DERIVED = (".", "archive.db", "archive.rebuilding")  # what begins so is not copied


@contextmanager
def completed(dest: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `dest` at the end; where that fails nothing is left of it.
    What a killed program left is removed by the next call.

    Args:
        dest: must not be there, or be an empty folder.

    Raises:
        UsageError: something is there, or the folder for it is missing.
        Busy: another process makes the same.
    """
    dest = dest.resolve()
    if not dest.parent.is_dir():
        raise UsageError(
            f"There is no folder {dest.parent} to put {dest.name} into; make it first."
        )
    if dest.exists() and (not dest.is_dir() or any(dest.iterdir())):
        raise UsageError(f"{dest} exists already and is not empty; give another name.")
    work = dest.with_name(dest.name + PARTIAL)
    work.mkdir(exist_ok=True)
    with Lock(work):
        try:
            shutil.rmtree(work / "made", ignore_errors=True)
            (work / "made").mkdir()
            yield work / "made"
            for folder in (path for path in (work / "made").rglob("*") if path.is_dir()):
                sync_directory(folder)
            sync_directory(work / "made")
            if dest.exists():
                dest.rmdir()
            (work / "made").rename(dest)
            sync_directory(dest.parent)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def require_finished(folder: Path) -> None:
    """Raise UsageError for an archive in which a crawl is writing, or broke off."""
    if unfinished := open_files(folder / "warc"):
        raise UsageError(
            f"{folder} has a WARC file that is not finished, {unfinished[0].name}; wait for the "
            "crawl to end, or run `zhengwen crawl`, which mends it."
        )


def digests_of(folder: Path) -> dict[str, object]:
    """The SHA-256 of each WARC file of an archive as its chain has it."""
    return {name: entry.get("sha256") for name, entry in named_files(links(folder)).items()}


def take_files(
    paths: list[Path],
    target: Path,
    digests: dict[str, object],
    *,
    link: bool,
    progress: Progress = no_progress,
) -> None:
    """Copy or hard-link WARC files into a folder.

    Args:
        paths: the files.
        target: the folder, which is made.
        digests: the SHA-256 of each by its name, in hexadecimal, as far as it is known.
        link: hard-link, so that they take no room; both names are then of one file.
        progress: called with the bytes that were copied since the last call.

    Raises:
        ArchiveError: a file is not what its chain says, or cannot be linked there.
    """
    target.mkdir(parents=True, exist_ok=True)
    for path in paths:
        digest = _take(path, target / path.name, link, progress)
        if digests.get(path.name, digest) != digest:
            raise ArchiveError(
                f"{path} is not what {CHAIN} says of it; run `zhengwen verify` on its archive, "
                "and restore the file from a copy."
            )


def _take(path: Path, target: Path, link: bool, progress: Progress) -> str:
    if link:
        try:
            os.link(path, target)
        except OSError as error:
            raise ArchiveError(
                f"{path} cannot be linked into {target.parent} ({error.strerror}); leave --link "
                "out, so that the files are copied."
            ) from error
        progress(path.stat().st_size)
        return sha256(path)
    with path.open("rb", buffering=PIECE) as source, target.open("wb") as copy:
        digest = copy_sha256(source, copy, progress)
        copy.flush()
        os.fsync(copy.fileno())
    return digest


def copy_rest(source: Path, target: Path) -> None:
    """Copy what an archive has besides its WARC files and its database: accounts, chain,
    signatures, descriptions of platforms, files that were taken out, and what people put there."""
    target.mkdir(exist_ok=True)
    for path in sorted(source.iterdir()):
        if path.name == "warc" or path.name.startswith(DERIVED):
            continue
        if path.is_dir():
            shutil.copytree(path, target / path.name, dirs_exist_ok=True)
        elif path.is_file():
            shutil.copy2(path, target / path.name)


def total(folder: Path) -> int:
    """The bytes of WARC of an archive, wherever they are stored."""
    return sum(map(size_of, all_files(folder / "warc")))
