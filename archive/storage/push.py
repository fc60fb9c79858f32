"""Stores the WARC files of a sealed shard on S3.

Each object is read back and compared; the manifest is written last, so that without it nothing
counts as stored. What is there already and has the right bytes is not written again.
"""

from __future__ import annotations

import json
from pathlib import Path

from archive.bucket import Bucket
from archive.collection import description
from archive.collection.description import Shard
from archive.collection.sealing import shard_of
from archive.disk import Progress, no_progress
from archive.errors import ArchiveError, UsageError
from archive.folder import SEAL
from archive.lock import Lock
from archive.storage.sealed import File, is_file, is_stored, proved_manifest
from archive.verification.seal import WARC
from archive.warc.stored import stored_files


def push(
    folder: Path,
    name: str,
    address: str,
    *,
    endpoint: str | None = None,
    progress: Progress = no_progress,
) -> Shard:
    """Store a sealed shard; `collection.toml` says then where it is.

    Args:
        folder: the collection.
        name: of the shard.
        address: where to, as s3://BUCKET/PREFIX.
        endpoint: address of the server; None: that of `collection.toml`, else of the settings.
        progress: gets the bytes that were read back.

    Returns:
        The shard.

    Raises:
        ArchiveError: a file here is not as it was sealed, or the server fails, refuses or gives
            other bytes back.
        Busy: another process writes the shard.
        UsageError: the shard is open, the address is none, or another shard is stored there.
    """
    _, shard = shard_of(folder, name)
    with Lock(shard.path, may_be_sealed=True):
        manifest = proved_manifest(shard.path, shard.name)
        endpoint = endpoint or shard.endpoint
        bucket = Bucket(address, endpoint)
        _require_own(bucket, shard)
        _require_here(bucket, shard)
        for warc, file in manifest.warcs.items():
            _store(bucket, shard.path / "warc" / warc, WARC + warc, file, progress)
        path = shard.path / SEAL
        if bucket.read(SEAL) != path.read_bytes():
            bucket.upload(path, SEAL)
        if bucket.read(SEAL) != path.read_bytes():
            raise _other(bucket, SEAL)
        return description.change(folder, shard.name, remote=bucket.address, endpoint=endpoint)


def _require_own(bucket: Bucket, shard: Shard) -> None:
    """Refuse a place where another shard is stored."""
    data = bucket.read(SEAL)
    if data is None or data == (shard.path / SEAL).read_bytes():
        return
    try:
        other = str(json.loads(data)["name"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return  # damaged, and replaced at the end
    if other != shard.name:
        raise UsageError(
            f"The shard {other} is stored at {bucket.address}; give another prefix for "
            f"{shard.name}."
        )


def _require_here(bucket: Bucket, shard: Shard) -> None:
    """Refuse another place for files that are at the first alone."""
    for file in stored_files(shard.path / "warc"):
        if file.remote != bucket.address:
            raise UsageError(
                f"{file.name} is stored at {file} and not here; run `zhengwen pull {shard.name}` "
                "first."
            )


def _store(bucket: Bucket, path: Path, name: str, file: File, progress: Progress) -> None:
    if is_stored(bucket, name, file, progress):
        return
    if not is_file(path, file):
        raise ArchiveError(
            f"{path} is missing or is not as it was sealed, so it was not stored; run `zhengwen "
            "verify`, and restore it from a copy."
        )
    bucket.upload(path, name)
    if not is_stored(bucket, name, file, progress):
        raise _other(bucket, name)


def _other(bucket: Bucket, name: str) -> ArchiveError:
    return ArchiveError(
        f"{bucket.place(name)} gives other bytes back than were written there, so the shard does "
        "not count as stored; see to the server, and run this again."
    )
