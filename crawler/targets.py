"""What a crawl is to ask for: the accounts, platforms and addresses of a command line, by
platform."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from archive.accounts import Followed
from archive.archive import Archive
from archive.errors import UsageError, suggestion
from archive.platforms import Platforms

Targets = dict[str, dict[str, list[str]]]
"""By platform: the addresses of `account` pages and of single articles (`url`)."""


def resolve(archive: Archive, targets: tuple[str, ...]) -> Targets:
    """Decide what each platform is to crawl.

    Args:
        archive: with the followed accounts and its platforms.
        targets: names of platforms, names or ids of accounts of `accounts.csv`, addresses of
            account pages and articles. None: all accounts that are neither paused nor ended, and a
            recheck on every platform of which there are articles.

    Raises:
        UsageError: for a target that is none of these, and where there is nothing to crawl.
    """
    known = archive.accounts()
    followed = [account for account in known if account.state == "follow"]
    archived = [] if targets else archive.archived_platforms()
    if not targets and not followed and not archived:
        raise UsageError(
            "No account is followed yet; run `zhengwen follow URL` with the address of an account "
            "page first."
        )
    wanted: Targets = defaultdict(lambda: {"account": [], "url": []})
    for target in targets or tuple(dict.fromkeys(account.platform for account in followed)):
        if "/" in target:
            _add_address(wanted, target, archive.platforms, known)
        else:
            _add_accounts(wanted, _chosen(target, known, archive))
    for name in archived:
        # Where no account is followed, its articles are rechecked.
        wanted.setdefault(name, {"account": [], "url": []})
    return dict(wanted)


def _add_address(wanted: Targets, target: str, platforms: Platforms, known: list[Followed]) -> None:
    platform, address = platforms.resolve(target)
    column = platform.column(address.url) if platform.column else None
    if column and (platform.name, column.id) in {account.key for account in known}:
        address = column
    if address.role not in ("account", "article"):
        raise UsageError(f"{target} is neither an account page nor an article.")
    kind = "account" if address.role == "account" else "url"
    wanted[platform.name][kind].append(address.url)


def _add_accounts(wanted: Targets, accounts: list[Followed]) -> None:
    for account in accounts:
        wanted[account.platform]["account"].append(account.url)


def _chosen(target: str, known: list[Followed], archive: Archive) -> list[Followed]:
    """The accounts of a platform that are followed, or those of a name or id, paused or not."""
    if accounts := [account for account in known if account.platform == target]:
        return [account for account in accounts if account.state == "follow"]
    called = archive.accounts_called(target)
    accounts = [
        account
        for account in known
        if target in (account.account_id, account.name) or account.key in called
    ]
    if not accounts:
        raise UsageError(_unknown(target, known, archive))
    return accounts


def _unknown(target: str, known: list[Followed], archive: Archive) -> str:
    """What is wrong with a target that is neither an account nor a platform that has one."""
    if target in archive.platforms:
        return (
            f"No account of {target} is followed yet; run `zhengwen follow URL` with the address "
            "of an account page first."
        )
    if Path(target).is_file():
        return f"{target} is a file; run `zhengwen follow {target}` for the addresses in it first."
    platforms = f"platforms are: {', '.join(sorted(archive.platforms))}"
    rest = f"{platforms}; `zhengwen status` lists what is followed."
    names = {*archive.platforms, *archive.names().values()}
    names |= {name for account in known for name in (account.account_id, account.name) if name}
    return (
        f"{target!r} is no URL, no followed account (id or name) and no platform with one; "
        f"{suggestion(target, sorted(names)) or rest}"
    )
