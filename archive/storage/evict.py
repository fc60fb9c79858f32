"""Frees the disk of the WARC files of a sealed shard that are stored on S3.

All objects are read back and compared before the first file goes, and in the place of each file is
then the marker of its object (`archive.warc.stored`), which is written first: whatever ends the
call, each file is here, or there with its marker here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archive.bucket import Bucket
from archive.disk import Progress, no_progress, sync_directory
from archive.errors import ArchiveError
from archive.storage.sealed import File, is_stored, stored_shard
from archive.verification.seal import WARC
from archive.warc.stored import StoredWarc, mark, stored_names


def evict(folder: Path, name: str, *, progress: Progress = no_progress) -> list[str]:
    """Delete the WARC files of a shard here, which is read from S3 from then on.

    Args:
        folder: the collection.
        name: of the shard.
        progress: gets the bytes that were read back.

    Returns:
        The names of the files that are there now and not here.

    Raises:
        ArchiveError: an object is missing or is not as it was sealed, or the server fails or
            refuses. Nothing is deleted then.
        Busy: another process writes the shard.
        UsageError: the shard is open, or was stored nowhere.
    """
    with stored_shard(folder, name) as (shard, manifest, bucket):
        warc_dir = shard.path / "warc"
        known = {*stored_names(warc_dir)}
        files = {each: file for each, file in manifest.warcs.items() if each not in known}
        for each, file in files.items():
            _require_same(bucket, each, file, progress)
        _replace(bucket, warc_dir, files)
        return [*files]


def _require_same(bucket: Bucket, name: str, file: File, progress: Progress) -> None:
    if not is_stored(bucket, WARC + name, file, progress):
        raise ArchiveError(
            f"{bucket.place(WARC + name)} is missing or is not as it was sealed (SHA-256), so "
            "nothing was deleted here; run `zhengwen push` where the shard is complete."
        )


def _replace(bucket: Bucket, warc_dir: Path, files: Mapping[str, File]) -> None:
    """Put markers in the place of files."""
    for name, (size, digest) in files.items():
        stored = StoredWarc(
            name=name, remote=bucket.address, endpoint=bucket.endpoint, size=size, sha256=digest
        )
        mark(warc_dir, stored)
        (warc_dir / name).unlink(missing_ok=True)
    sync_directory(warc_dir)
