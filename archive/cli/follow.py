"""`zhengwen follow`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.address_list import addresses
from archive.cli.of_collection import open_to_write
from archive.cli.output import say
from archive.errors import UsageError
from archive.lock import Lock
from archive.model import Account


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="URL|FILE...")
@click.pass_obj
def follow(folder: Path, sources: tuple[str, ...]) -> None:
    """Follow the accounts of these account pages (adds them to accounts.csv).

    An address needs no https://. A FILE is a list of addresses: text with one a line, CSV, or OPML;
    "-" is standard input. If one of them is no account's, nothing is added.
    """
    listed = [entry for source in sources for entry in addresses(source)]
    with open_to_write(folder) as target, Archive(target.path) as archive, Lock(target.path):
        wanted = list(_accounts(archive, listed))
        added = {account.key for account in archive.follow([account.url for account in wanted])}
        for account in wanted:
            is_new = (account.platform, account.account_id) in added
            verb = "following" if is_new else "followed before:"
            say(f"{verb} {account.platform} {account.account_id}")


def _accounts(archive: Archive, listed: Iterable[tuple[str, str]]) -> Iterable[Account]:
    """The accounts of the addresses, each once. Raises UsageError that says where the wrong one
    is."""
    accounts: dict[tuple[str, str], Account] = {}
    for place, url in listed:
        try:
            account = archive.platforms.account_of(url)
        except UsageError as error:
            raise UsageError(f"{place}: {error}" if place else str(error)) from error
        accounts.setdefault((account.platform, account.account_id), account)
    return accounts.values()
