"""`accounts.csv`: the accounts that an archive follows. A person may edit it in a spreadsheet, in
whatever charset."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from archive.errors import UsageError
from archive.escaping import for_spreadsheet, from_spreadsheet
from archive.model import Account
from archive.page.decoding import decode
from archive.platforms import Platforms

COLUMNS = ("platform", "account_id", "name", "url")


def read(path: Path, platforms: Platforms) -> list[Account]:
    """The followed accounts, in the order of the file.

    Args:
        path: `accounts.csv`, in any charset; there are no accounts where there is no file.
        platforms: those of the archive.

    Raises:
        UsageError: names file and line of a row that is no account that can be followed.
    """
    if not path.exists():
        return []
    rows = csv.DictReader(io.StringIO(decode(path.read_bytes()).text))
    if missing := {"platform", "account_id", "url"} - set(rows.fieldnames or ()):
        raise UsageError(
            f"{path} lacks the column {', '.join(sorted(missing))}; its first line should be "
            f"{','.join(COLUMNS)}."
        )
    return [
        _account(row, f"{path}, line {number}", platforms)
        for number, row in enumerate(rows, start=2)
        if any(row.values())
    ]


def _account(row: dict[str, str], place: str, platforms: Platforms) -> Account:
    platform = platforms.get(row["platform"])
    if platform is None or not row["account_id"]:
        raise UsageError(
            f"{place}: {row['platform']!r} {row['account_id']!r} is not an account of a known "
            "platform."
        )
    if platform.listing is None:
        raise UsageError(
            f"{place}: {platform.name} has no accounts that can be followed; remove the line."
        )
    return Account(
        platform=platform.name,
        account_id=from_spreadsheet(row["account_id"]),
        url=from_spreadsheet(row["url"] or ""),
        name=from_spreadsheet(row.get("name") or "") or None,
    )


def write(path: Path, accounts: list[Account]) -> None:
    """Write all accounts at once, with the byte order mark by which spreadsheet programs know
    UTF-8."""
    fresh = path.with_suffix(".csv.new")
    with fresh.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(COLUMNS)
        sheet.writerows(
            map(
                for_spreadsheet,
                (account.platform, account.account_id, account.name or "", account.url),
            )
            for account in accounts
        )
    os.replace(fresh, path)


def follow(path: Path, urls: list[str], platforms: Platforms) -> list[Account]:
    """Add accounts to the file; those that are followed already stay as they are.

    Args:
        path: `accounts.csv`, made if it is not there.
        urls: addresses of account pages.
        platforms: those of the archive.

    Returns:
        The accounts that are new, each once.

    Raises:
        UsageError: for an address that is no account's; then nothing is written.
    """
    wanted = [platforms.account_of(url) for url in urls]
    followed = read(path, platforms)
    known = {(account.platform, account.account_id) for account in followed}
    fresh = {
        key: account
        for account in wanted
        if (key := (account.platform, account.account_id)) not in known
    }
    if fresh:
        write(path, [*followed, *fresh.values()])
    return [*fresh.values()]
