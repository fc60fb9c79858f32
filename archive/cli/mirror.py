"""`zhengwen mirror`."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.of_collection import with_all_rows
from archive.cli.output import sum_up
from archive.counting import counted
from archive.mirror.keeping import keep
from archive.reader.reader import Reader


@click.command()
@click.argument("address")
@click.option(
    "--anew", is_flag=True, help="Throw away what the mirror holds, and write everything again."
)
@click.pass_obj
def mirror(folder: Path, address: str, anew: bool) -> None:
    """Bring a search server for many readers in step with the archive.

    ADDRESS is that of a Groonga server, such as groonga://127.0.0.1:10041. What differs is written,
    what is gone is deleted; run it after each crawl. `zhengwen search --mirror ADDRESS` asks it.
    """
    with Reader(with_all_rows(folder)) as reader:
        changes = keep(reader, address, anew=anew)
    written = counted(changes.written, "article was", "articles were")
    sum_up(
        f"{written} written, {changes.deleted} deleted, "
        f"{counted(changes.unchanged, 'was', 'were')} as in the archive."
    )
