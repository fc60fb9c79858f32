"""Brings WARC files of a sealed shard back from S3: those that are missing here or are not as they
were sealed. An object is compared before it replaces anything."""

from __future__ import annotations

import os
from pathlib import Path

from archive.bucket import Bucket
from archive.disk import Progress, no_progress, removed_on_failure, require_free, sync_directory
from archive.errors import ArchiveError
from archive.storage.sealed import File, is_file, stored_shard
from archive.verification.seal import WARC
from archive.warc.stored import unmark

PARTIAL = ".pulled"  # the file in `warc` that is being written; no WARC file by its name


def pull(folder: Path, name: str, *, progress: Progress = no_progress) -> list[str]:
    """Bring back what of a shard is missing or damaged.

    Args:
        folder: the collection.
        name: of the shard.
        progress: gets the bytes that were read.

    Returns:
        The names of the files that were written.

    Raises:
        ArchiveError: an object is missing or is not as it was sealed, there is no room here, or the
            server fails or refuses. What came before stays.
        Busy: another process writes the shard.
        UsageError: the shard is open, or was stored nowhere.
    """
    with stored_shard(folder, name) as (shard, manifest, bucket):
        warc_dir = shard.path / "warc"
        (warc_dir / PARTIAL).unlink(missing_ok=True)  # a killed call's
        wanted = {
            each: file
            for each, file in manifest.warcs.items()
            if not is_file(warc_dir / each, file)
        }
        size = sum(size for size, _ in wanted.values())
        require_free(shard.path, size, f"The shard {shard.name}", "make room, and run this again")
        for each, file in wanted.items():
            _fetch(bucket, warc_dir, each, file, progress)
        for each in manifest.warcs:  # all are here, wherever they were
            unmark(warc_dir, each)
        return [*wanted]


def _fetch(bucket: Bucket, warc_dir: Path, name: str, file: File, progress: Progress) -> None:
    warc_dir.mkdir(exist_ok=True)
    fresh = warc_dir / PARTIAL
    with removed_on_failure(fresh):
        with fresh.open("wb") as target:
            for piece in bucket.pieces(WARC + name):
                target.write(piece)
                progress(len(piece))
            target.flush()
            os.fsync(target.fileno())
        if not is_file(fresh, file):
            raise ArchiveError(
                f"{bucket.place(WARC + name)} is missing or is not as it was sealed (SHA-256), so "
                "it replaced nothing here; restore it from another copy."
            )
        fresh.replace(warc_dir / name)
    sync_directory(warc_dir)
