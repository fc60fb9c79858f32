"""`zhengwen follow`."""

from __future__ import annotations

from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.output import say
from archive.lock import Lock


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.pass_obj
def follow(folder: Path, urls: tuple[str, ...]) -> None:
    """Follow the accounts of these account pages (adds them to accounts.csv)."""
    with Archive(folder) as archive, Lock(folder):
        for account in archive.follow(list(urls)):
            say(f"following {account.platform} {account.account_id}")
