"""`accounts.csv`: the accounts that an archive follows. A person may edit it in a spreadsheet, in
whatever charset."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from archive import platforms
from archive.errors import UsageError
from archive.model import Account
from archive.page.decoding import decode
from archive.page.urls import urlsplit
from archive.platform import Address, Platform

COLUMNS = ("platform", "account_id", "name", "url")


def read(path: Path) -> list[Account]:
    """The followed accounts, in the order of the file; none where there is no file."""
    if not path.exists():
        return []
    rows = csv.DictReader(io.StringIO(decode(path.read_bytes()).text))
    if missing := {"platform", "account_id", "url"} - set(rows.fieldnames or ()):
        raise UsageError(
            f"{path} lacks the column {', '.join(sorted(missing))}; its first line should be "
            f"{','.join(COLUMNS)}."
        )
    return [
        _account(row, path, number) for number, row in enumerate(rows, start=2) if any(row.values())
    ]


def _account(row: dict[str, str], path: Path, line: int) -> Account:
    if row["platform"] not in platforms.load() or not row["account_id"]:
        raise UsageError(
            f"{path}, line {line}: {row['platform']!r} {row['account_id']!r} is not an account of "
            "a known platform."
        )
    if platforms.load()[row["platform"]].listing is None:
        raise UsageError(
            f"{path}, line {line}: {row['platform']} has no accounts that can be followed; remove "
            "the line."
        )
    return Account(
        platform=row["platform"],
        account_id=row["account_id"],
        url=row["url"],
        name=row.get("name") or None,
    )


def write(path: Path, accounts: list[Account]) -> None:
    """Write all accounts at once, with the mark that lets spreadsheet programs know UTF-8."""
    fresh = path.with_suffix(".csv.new")
    with fresh.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(COLUMNS)
        sheet.writerows((one.platform, one.account_id, one.name or "", one.url) for one in accounts)
    os.replace(fresh, path)


def follow(path: Path, urls: list[str]) -> list[Account]:
    """Add account pages; those that are followed already stay as they are. Returns the new ones."""
    wanted = [account_of(url) for url in urls]
    followed = read(path)
    known = {(one.platform, one.account_id) for one in followed}
    fresh = list(
        {
            (one.platform, one.account_id): one
            for one in wanted
            if (one.platform, one.account_id) not in known
        }.values()
    )
    if fresh:
        write(path, followed + fresh)
    return fresh


def account_of(url: str) -> Account:
    """The account of an account page's address. Raises UsageError that says what is wrong with any
    other address."""
    platform, address = locate(url)
    if platform.listing is None:
        raise UsageError(
            f"{platform.title} has no accounts that can be followed; crawl its articles by their "
            "own URLs."
        )
    if address.role != "account":
        raise UsageError(
            f"{url} is no account page of {platform.title} but an {address.role}; give the "
            "account's own page."
        )
    return Account(platform=platform.name, account_id=address.id, url=address.url)


def locate(url: str) -> tuple[Platform, Address]:
    """The platform of a URL and what the URL is there. Raises UsageError that says what is wrong
    with it."""
    parts = _split(url)
    if parts is None:
        raise UsageError(
            f"{url!r} is not a URL; give the whole address, such as https://www.thepaper.cn/gov_44871."
        )
    platform = platforms.of_url(url)
    if platform is None:
        hosts = ", ".join(one.title for one in platforms.load().values() if not one.fictional)
        raise UsageError(
            f"{parts} belongs to no known platform (mirrors of one do not count); known are: "
            f"{hosts}."
        )
    address = platform.locate(url)
    if address is None:
        raise UsageError(
            f"{url} is neither an account nor an article of {platform.title}; give the address of "
            "one."
        )
    if address.role == "account" and platform.listing is None:
        raise UsageError(
            f"{platform.title} has no list of an account's articles that may be read; give the "
            "articles' own URLs."
        )
    return platform, address


def _split(url: str) -> str | None:
    """The host of a web address, or None."""
    parts = urlsplit(url)
    return parts.hostname if parts.scheme in ("http", "https") else None
