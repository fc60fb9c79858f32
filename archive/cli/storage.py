"""`zhengwen push`, `evict` and `pull`: the WARC files of a sealed shard are stored on S3, read from
there, and come back."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.output import sum_up
from archive.cli.progress import byte_bar
from archive.collection import description
from archive.collection.making import total
from archive.counting import counted
from archive.folder import is_collection
from archive.storage.evict import evict as evict_shard
from archive.storage.pull import pull as pull_shard
from archive.storage.push import push as push_shard


@click.command()
@click.argument("shard")
@click.argument("address")
@click.option(
    "--endpoint",
    help="Server of S3, if the settings of AWS name no other [default: as in collection.toml].",
)
@click.pass_obj
def push(folder: Path, shard: str, address: str, endpoint: str | None) -> None:
    """Store the WARC files of SHARD, a sealed one, at ADDRESS (s3://BUCKET/PREFIX).

    Every object is read back, and nothing counts as stored before all gave the right bytes. What
    is there already is compared and not written again, so a broken call is run once more. The files
    here stay.
    """
    size = total(description.read(folder).shard(shard).path) if is_collection(folder) else 0
    with byte_bar("storing", size) as progress:
        stored = push_shard(folder, shard, address, endpoint=endpoint, progress=progress)
    sum_up(f"The shard {stored.name} is stored at {stored.remote}; every byte was read back.")


@click.command()
@click.argument("shard")
@click.pass_obj
def pull(folder: Path, shard: str) -> None:
    """Bring WARC files of SHARD back from S3, where they are missing or damaged here.

    SHA-256 is compared before anything is replaced.
    """
    written = pull_shard(folder, shard)
    sum_up(f"{counted(len(written), 'WARC file')} of the shard {shard} came back.")


@click.command()
@click.argument("shard")
@click.pass_obj
def evict(folder: Path, shard: str) -> None:
    """Delete the WARC files of SHARD here; from then on they are read from S3.

    `push` has stored them. Every object is read back first, and where one is not as it was sealed
    nothing is deleted. What reads the shard goes on, by the network; `pull` brings the files back.
    """
    size = total(description.read(folder).shard(shard).path) if is_collection(folder) else 0
    with byte_bar("comparing", size) as progress:
        evicted = evict_shard(folder, shard, progress=progress)
    sum_up(f"{counted(len(evicted), 'WARC file')} of the shard {shard} went, and are read from S3.")
