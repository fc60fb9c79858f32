"""`zhengwen sign`."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.of_collection import with_all_rows
from archive.cli.output import say
from archive.lock import Lock
from archive.warc import signing


@click.command()
@click.option(
    "--key",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Ed25519 key in PEM.",
)
@click.pass_obj
def sign(folder: Path, key: Path) -> None:
    """Sign the hash chain of the archive as it is now.

    openssl genpkey -algorithm ed25519 -out key.pem makes a key. The signature and the public key
    go into `signatures`. Of a collection it is the chain in `joined`, which names the files of all
    shards.
    """
    folder = with_all_rows(folder)
    with Lock(folder, may_be_sealed=True):
        say(str(signing.sign(folder, key)))
