"""Makes one archive of a collection: the WARC files of all shards, and the database of them all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.archive import Archive
from archive.collection import description, joined
from archive.collection.complete import ANSWERS, files_of, join_answers
from archive.collection.description import Shard
from archive.collection.joined import ORIGIN
from archive.collection.making import (
    completed,
    copy_rest,
    digests_of,
    require_finished,
    take_files,
)
from archive.collection.split import OF_ROOT, copy_some
from archive.disk import Progress, no_progress, require_free
from archive.errors import ArchiveError, UsageError
from archive.folder import COLLECTION, is_collection
from archive.warc.chain import CHAIN, missing_files
from archive.warc.signing import SIGNATURES
from archive.warc.stored import StoredWarc


def merge(
    folder: Path, dest: Path, *, link: bool = False, progress: Progress = no_progress
) -> None:
    """Make one archive of a collection, which stays as it is. The hash chain is that of the archive
    that was split, and goes on with what came since.

    Args:
        folder: the collection.
        dest: the archive: a folder to be made.
        link: hard-link the WARC files instead of copying them.
        progress: called with the bytes of WARC that were copied, and again when they are indexed.

    Raises:
        UsageError: it is no collection, a crawl is not finished, or `dest` is in the way.
        ArchiveError: a shard or a WARC file is missing or damaged, or there is too little room.
        Busy: another process makes the same archive.
    """
    if not is_collection(folder):
        raise UsageError(
            f"{folder} is no collection, as it has no {COLLECTION}; `zhengwen split ARCHIVE "
            "COLLECTION` makes one."
        )
    shards = description.read(folder).shards
    files = _files_here(shards)
    digests: dict[str, object] = {}
    for shard in shards:
        require_finished(shard.path)
        digests |= digests_of(shard.path)
    size = sum(path.stat().st_size for path in files)
    require_free(
        dest.resolve().parent, 3 * size, "The archive", "make room, or choose another place"
    )
    with completed(dest) as target:
        if (folder / ORIGIN).is_dir():
            copy_rest(folder / ORIGIN, target)
        copy_some(
            joined.path_of(folder), target, (CHAIN, SIGNATURES)
        )  # which go on from those of the origin
        copy_some(folder, target, OF_ROOT)
        take_files(files, target / "warc", digests, link=link, progress=progress)
        join_answers(shards, target / ANSWERS)
        if missing := missing_files(target):
            raise ArchiveError(
                f"{CHAIN} of the archive that was split names {missing[0]}, and no shard has it; "
                "restore it from a copy."
            )
        with Archive(target) as archive:
            archive.extend_chain()
            archive.rebuild(workers=None, progress=progress)


def _files_here(shards: Iterable[Shard]) -> list[Path]:
    """All WARC files. Raises UsageError where one is on S3 alone."""
    here = []
    for file in files_of(shards):
        if isinstance(file, StoredWarc):
            raise UsageError(
                f"{file.name} is stored at {file} and not here; run `zhengwen pull` on its shard "
                "first."
            )
        here.append(file)
    return here
