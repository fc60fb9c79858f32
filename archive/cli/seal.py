"""`zhengwen seal` and `zhengwen unseal`: a shard of a collection is closed, and opened again."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.options import quickly
from archive.cli.output import complain, sum_up
from archive.cli.progress import byte_bar
from archive.collection import description
from archive.collection.making import total
from archive.collection.sealing import seal as seal_shard
from archive.collection.sealing import unseal as unseal_shard
from archive.folder import is_collection


@click.command()
@click.argument("shard")
@quickly
@click.pass_obj
def seal(folder: Path, shard: str, quick: bool) -> None:
    """Close SHARD of a collection for good: checked, packed, with a digest of every file.

    Nothing can be crawled or imported into it any more; it is read as before. If something is wrong
    with it, it stays open.
    """
    size = total(description.read(folder).shard(shard).path) if is_collection(folder) else 0
    with byte_bar("checking", size) as progress:
        sealed = seal_shard(folder, shard, quick=quick, progress=progress)
    if quick:
        complain("the database was not compared with one made anew (--quick).")
    sum_up(f"The shard {sealed.name} is sealed.")


@click.command()
@click.argument("shard")
@click.option("--reason", required=True, help="Why; the hash chain says it.")
@click.pass_obj
def unseal(folder: Path, shard: str, reason: str) -> None:
    """Open a sealed SHARD again, by a line of its hash chain that says why."""
    opened = unseal_shard(folder, shard, reason)
    sum_up(f"The shard {opened.name} is open again; the next `zhengwen seal` closes it.")
