"""`zhengwen split` and `zhengwen merge`: a collection of an archive, and the reverse."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.disk_errors import full_disk_of
from archive.cli.output import sum_up
from archive.cli.progress import byte_bar
from archive.cli.stopping import orderly
from archive.collection import description
from archive.collection.complete import files_of
from archive.collection.making import total
from archive.collection.merge import merge as merge_collection
from archive.collection.rule import DEFAULT
from archive.collection.split import split as split_archive
from archive.counting import counted
from archive.disk import in_words
from archive.folder import is_collection
from archive.warc.stored import size_of

LINK = "Hard-link the WARC files, which must be on the same disk, instead of copying them."


@click.command()
@click.argument("archive", type=click.Path(path_type=Path))
@click.argument("collection", type=click.Path(path_type=Path))
@click.option(
    "--rule",
    default=DEFAULT,
    show_default=True,
    help="Names of shards, of {platform}, {year}, {month} and {account} of a file's captures.",
)
@click.option("--link", is_flag=True, help=LINK)
def split(archive: Path, collection: Path, rule: str, link: bool) -> None:
    """Make COLLECTION of ARCHIVE: a folder of archives that are read as one.

    Each WARC file goes to one shard, complete. ARCHIVE stays as it is. What is not complete at the
    end of a killed run does not count, and the same command begins anew.
    """
    size = 2 * total(archive)  # each byte is copied, and read
    with orderly(), full_disk_of(collection), byte_bar("splitting", size) as progress:
        described = split_archive(archive, collection, rule=rule, link=link, progress=progress)
    sum_up(
        f"{collection} has {counted(len(described.shards), 'shard')}; "
        f"`zhengwen --archive {collection} status` says what is in them."
    )


@click.command()
@click.argument("collection", type=click.Path(path_type=Path))
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--link", is_flag=True, help=LINK)
def merge(collection: Path, archive: Path, link: bool) -> None:
    """Make ARCHIVE, one archive, of the shards of COLLECTION, which stays as it is."""
    shards = description.read(collection).shards if is_collection(collection) else ()
    size = sum(map(size_of, files_of(shards)))
    with orderly(), full_disk_of(archive), byte_bar("merging", 2 * size) as progress:
        merge_collection(collection, archive, link=link, progress=progress)
    sum_up(f"{archive} has the WARC files of all shards ({in_words(size)}), and their database.")
