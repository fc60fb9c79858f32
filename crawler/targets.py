"""What a crawl is to ask for, from the words of the command line: accounts, platforms,
addresses."""

from __future__ import annotations

from collections import defaultdict

from archive.archive import Archive
from archive.errors import UsageError
from archive.model import Account
from archive.platforms import Platforms

Targets = dict[str, dict[str, list[str]]]
"""By platform: the addresses of `account` pages and of single articles (`url`)."""


def resolve(archive: Archive, targets: tuple[str, ...]) -> Targets:
    """What each platform is to crawl. Without targets, everything followed, and platforms of which
    articles are held."""
    followed = archive.accounts()
    wanted: Targets = defaultdict(lambda: {"account": [], "url": []})
    held = [] if targets else archive.archived_platforms()
    if not targets and not followed and not held:
        raise UsageError(
            "No account is followed yet; run `zhengwen follow URL` with the address of an account "
            "page first."
        )
    for target in targets or tuple(dict.fromkeys(one.platform for one in followed)):
        _add(wanted, target, followed, archive.platforms)
    for name in held:
        wanted.setdefault(
            name, {"account": [], "url": []}
        )  # nothing new, but its articles are looked at again
    return dict(wanted)


def _add(wanted: Targets, target: str, followed: list[Account], platforms: Platforms) -> None:
    if "://" in target:
        platform, address = platforms.locate(target)
        kind = "account" if address.role == "account" else "url"
        if address.role not in ("account", "article"):
            raise UsageError(f"{target} is neither an account page nor an article.")
        wanted[platform.name][kind].append(address.url)
        return
    chosen = [one for one in followed if target in (one.platform, one.account_id, one.name)]
    if not chosen:
        known = ", ".join(platforms)
        raise UsageError(
            f"{target!r} is no URL, no followed account (id or name) and no platform with one; "
            f"platforms are: {known}."
        )
    for one in chosen:
        wanted[one.platform]["account"].append(one.url)
