"""What a crawl is to ask for: the accounts, platforms and addresses of a command line, by
platform."""

from __future__ import annotations

from collections import defaultdict

from archive.archive import Archive
from archive.errors import UsageError
from archive.model import Account
from archive.platforms import Platforms

Targets = dict[str, dict[str, list[str]]]
"""By platform: the addresses of `account` pages and of single articles (`url`)."""


def resolve(archive: Archive, targets: tuple[str, ...]) -> Targets:
    """Decide what each platform is to crawl.

    Args:
        archive: with the followed accounts and its platforms.
        targets: names of platforms, names or ids of followed accounts, addresses of account pages
            and articles. None: all followed accounts, and a recheck on every platform of which
            there are articles.

    Raises:
        UsageError: for a target that is none of these, and where there is nothing to crawl.
    """
    followed = archive.accounts()
    archived = [] if targets else archive.archived_platforms()
    if not targets and not followed and not archived:
        raise UsageError(
            "No account is followed yet; run `zhengwen follow URL` with the address of an account "
            "page first."
        )
    wanted: Targets = defaultdict(lambda: {"account": [], "url": []})
    for target in targets or tuple(dict.fromkeys(account.platform for account in followed)):
        _add(wanted, target, followed, archive.platforms)
    for name in archived:
        # Where no account is followed, its articles are rechecked.
        wanted.setdefault(name, {"account": [], "url": []})
    return dict(wanted)


def _add(wanted: Targets, target: str, followed: list[Account], platforms: Platforms) -> None:
    if "://" in target:
        platform, address = platforms.resolve(target)
        if address.role not in ("account", "article"):
            raise UsageError(f"{target} is neither an account page nor an article.")
        kind = "account" if address.role == "account" else "url"
        wanted[platform.name][kind].append(address.url)
        return
    chosen = [
        account
        for account in followed
        if target in (account.platform, account.account_id, account.name)
    ]
    if not chosen:
        raise UsageError(
            f"{target!r} is no URL, no followed account (id or name) and no platform with one; "
            f"platforms are: {', '.join(platforms)}."
        )
    for account in chosen:
        wanted[account.platform]["account"].append(account.url)
