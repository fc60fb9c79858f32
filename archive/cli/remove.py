"""`zhengwen remove`."""

from __future__ import annotations

from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.options import by_operator, default_operator
from archive.cli.output import say
from archive.cli.progress import byte_bar, bytes_of_warc
from archive.counting import counted
from archive.folder import is_collection, require_archive
from archive.intake.removal import remove_import
from archive.lock import Lock
from archive.warc.imports import REMOVED


@click.command()
@click.argument("source")
@click.option("--reason", required=True, help="Why it is taken out; goes into the hash chain.")
@by_operator
@click.pass_obj
def remove(folder: Path, source: str, reason: str, operator: str | None) -> None:
    """Take an import out again, by a line of the hash chain that says who did it and why.

    SOURCE is the name of the file as it was imported, its SHA-256 or the begin of that, or the name
    of any file in `warc`. The files of the import go from `warc` to `removed`, and archive.db is
    made again without them. In a collection they go out of each shard that has one.
    """
    who = operator or default_operator(folder)
    remove_from = _from_shards if is_collection(folder) else _from_archive
    name, files, places = remove_from(folder, source, who, reason)
    are = counted(files, "file is", "files are")
    say(
        f"{name} was taken out; its {are} in {', '.join(map(str, places))}, which can be deleted "
        "where nothing of it may stay."
    )


def _from_archive(
    folder: Path, source: str, operator: str, reason: str
) -> tuple[str, int, list[Path]]:
    require_archive(folder)
    with Archive(folder) as archive, Lock(folder):
        name, files = remove_import(folder, source, operator=operator, reason=reason)
        with byte_bar("indexing", bytes_of_warc(archive)) as progress:
            archive.index(workers=None, progress=progress)
    return name, files, [folder / REMOVED]


def _from_shards(
    folder: Path, source: str, operator: str, reason: str
) -> tuple[str, int, list[Path]]:
    from archive.cli.collection_state import bytes_of_shards
    from archive.collection.indexing import locked
    from archive.collection.removal import remove_from_shards

    with locked(folder), byte_bar("indexing", bytes_of_shards(folder)) as progress:
        return remove_from_shards(
            folder, source, operator=operator, reason=reason, progress=progress
        )
