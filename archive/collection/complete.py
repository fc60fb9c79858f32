"""The database of all WARC files of a collection together, made in a folder for a while."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.collection.description import Shard
from archive.errors import ArchiveError
from archive.index import indexer
from archive.index.files import Files
from archive.ocr import answers
from archive.ocr.answers import AnswerFile
from archive.platforms import Platforms
from archive.warc.stored import StoredWarc, WarcFile, all_files, mark, sha256_of

ANSWERS = answers.FILE


def files_of(shards: Iterable[Shard]) -> list[WarcFile]:
    """The WARC files of all shards, each once, wherever they are stored.

    Raises:
        ArchiveError: a shard is not there, or two have another file of one name.
    """
    files: dict[str, WarcFile] = {}
    for shard in shards:
        require_there(shard)
        for file in all_files(shard.path / "warc"):
            other = files.setdefault(file.name, file)
            if other is not file and sha256_of(other) != sha256_of(file):
                raise ArchiveError(
                    f"{other} and {file} have one name and are not the same file; rename one of "
                    "them, and run `zhengwen index` on its shard."
                )
    return [files[name] for name in sorted(files)]


def require_there(shard: Shard) -> None:
    """Raise ArchiveError for a shard whose folder is not there."""
    if not (shard.path / "warc").is_dir():
        raise ArchiveError(
            f"The shard {shard.name} is not at {shard.path}; bring its folder back, or mend its "
            "path in collection.toml."
        )


def join_answers(shards: Iterable[Shard], target: Path) -> None:
    """Write what was read in pictures, of all shards, into one file."""
    known = answers.answers(target)
    for shard in shards:
        for digest, answer in answers.answers(shard.path / ANSWERS).items():
            if known.get(digest) != answer:
                with AnswerFile(target) as file:
                    file.add(answer)
                known[digest] = answer


@contextmanager
def complete_database(
    work: Path, shards: Iterable[Shard], platforms: Platforms, files: Files | None = None
) -> Iterator[Path]:
    """The database, which has no full-text index and is gone at the end.

    Args:
        work: a folder for it, which is removed.
        shards: all shards.
        platforms: by whose rules pages are read.
        files: gives the rows of the WARC files; None: they are read.

    Raises:
        ArchiveError: a shard is not there.
    """
    try:
        lay_out(work, shards)
        database = work / "archive.db"
        indexer.make(
            work / "warc", database, platforms, workers=None, files=files, searchable=False
        )
        yield database
    finally:
        shutil.rmtree(work, ignore_errors=True)


def lay_out(work: Path, shards: Iterable[Shard]) -> None:
    """Make a folder anew, with what the database is made of.

    Args:
        work: the folder.
        shards: all shards.

    Raises:
        ArchiveError: a shard is not there.
    """
    shards = [*shards]
    shutil.rmtree(work, ignore_errors=True)
    (work / "warc").mkdir(parents=True)
    for file in files_of(shards):
        if isinstance(file, StoredWarc):
            mark(work / "warc", file)
        else:
            (work / "warc" / file.name).symlink_to(file.resolve())
    join_answers(shards, work / ANSWERS)
