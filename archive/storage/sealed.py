"""A sealed shard and its objects: the manifest says size and SHA-256 of each, and the hash chain
the SHA-256 of the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.bucket import Bucket
from archive.collection.description import Shard
from archive.collection.sealing import shard_of
from archive.disk import Progress, no_progress, sha256
from archive.errors import ArchiveError, UsageError
from archive.folder import SEAL, is_sealed
from archive.lock import Lock
from archive.verification.seal import Manifest, last_seal, read_manifest
from archive.warc.chain import links

File = tuple[int, str]
"""Size in bytes and SHA-256 in hexadecimal."""


def proved_manifest(folder: Path, name: str) -> Manifest:
    """The manifest of a shard, which is the one that its chain names.

    Raises:
        ArchiveError: it is another one, or cannot be read.
        UsageError: the shard is open.
    """
    if not is_sealed(folder):
        raise UsageError(
            f"The shard {name} is open, and only a sealed one is stored elsewhere; run "
            f"`zhengwen seal {name}` first."
        )
    if last_seal(list(links(folder))) != sha256(folder / SEAL):
        raise ArchiveError(
            f"{folder / SEAL} is not the manifest that the chain names; run `zhengwen seal {name}`"
            ", and if that does not help restore it from a copy."
        )
    return read_manifest(folder)


def is_stored(bucket: Bucket, name: str, file: File, progress: Progress = no_progress) -> bool:
    """Whether an object has the bytes of a file: all of them are read.

    Args:
        bucket: where it is.
        name: of the object.
        file: what it must be.
        progress: gets the bytes that were read.

    Raises:
        ArchiveError: it cannot be read.
    """
    return bucket.size(name) == file[0] and digest(bucket.pieces(name), progress) == file[1]


def digest(pieces: Iterable[bytes], progress: Progress = no_progress) -> str:
    """The SHA-256 of bytes that come in pieces, in hexadecimal."""
    total = hashlib.sha256()
    for piece in pieces:
        total.update(piece)
        progress(len(piece))
    return total.hexdigest()


def is_file(path: Path, file: File) -> bool:
    """Whether a file on this disk is what it must be."""
    return path.is_file() and path.stat().st_size == file[0] and sha256(path) == file[1]


def require_stored(bucket: Bucket, folder: Path) -> None:
    """Check that a bucket has the manifest of a shard, without which nothing there counts.

    Raises:
        ArchiveError: it has none or another one, or cannot be read.
    """
    data = bucket.read(SEAL)
    if data != (folder / SEAL).read_bytes():
        wrong = "has no manifest" if data is None else "has another manifest than the shard here"
        raise ArchiveError(
            f"{bucket.address} {wrong}, so what is there does not count as stored; nothing was "
            "taken from it: run `zhengwen push` where the shard is complete, or correct the remote "
            "in collection.toml."
        )


def remote_of(shard: Shard) -> Bucket:
    """Where a shard is stored. Raises UsageError where it is stored nowhere."""
    if shard.remote is None:
        raise UsageError(
            f"The shard {shard.name} was stored nowhere; run `zhengwen push {shard.name} "
            "s3://BUCKET/PREFIX` where it is complete."
        )
    return Bucket(shard.remote, shard.endpoint)


@contextmanager
def stored_shard(folder: Path, name: str) -> Iterator[tuple[Shard, Manifest, Bucket]]:
    """A shard that is stored elsewhere, its manifest, and where it is; it is locked meanwhile.

    Args:
        folder: the collection.
        name: of the shard.

    Raises:
        ArchiveError: its manifest here or there is another one, or the server fails or refuses.
        Busy: another process writes the shard.
        UsageError: the shard is open, or was stored nowhere.
    """
    _, shard = shard_of(folder, name)
    with Lock(shard.path, may_be_sealed=True):
        manifest = proved_manifest(shard.path, shard.name)
        bucket = remote_of(shard)
        require_stored(bucket, shard.path)
        yield shard, manifest, bucket
