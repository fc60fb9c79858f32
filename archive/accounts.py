"""`accounts.csv`: the accounts that an archive follows. A person may edit it in a spreadsheet, in
whatever charset, with columns of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from archive.disk import write_completely
from archive.errors import UsageError, suggestion
from archive.escaping import for_spreadsheet, from_spreadsheet
from archive.model import Account
from archive.page.decoding import decode
from archive.platforms import Platforms

State = Literal["follow", "pause", "ended"]
"""Whether an account is crawled: `follow` (an empty cell is that too), `pause`, or `ended` where it
is gone for good. The last two raise no alarm, and what they have in the archive stays."""

COLUMNS = ("platform", "account_id", "name", "url", "state", "reason")
NEEDED = ("platform", "account_id", "url")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
DELIMITERS = ",;\t"  # what spreadsheet programs of different countries write

Key = tuple[str, str]
"""Platform and account id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A line of the file. `reason` says why an account is not followed any more; `cells` are the
    line as it is there, the operator's own columns included."""

    platform: str
    account_id: str
    url: str
    name: str | None = None
    state: State = "follow"
    reason: str | None = None
    cells: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> Key:
        """What no two accounts have in common."""
        return self.platform, self.account_id

    @property
    def account(self) -> Account:
        """The account itself."""
        return Account(
            platform=self.platform, account_id=self.account_id, url=self.url, name=self.name
        )


def read(path: Path, platforms: Platforms) -> list[Followed]:
    """The accounts, in the order of the file.

    Args:
        path: `accounts.csv`, in any charset; there are no accounts where there is no file.
        platforms: those of the archive.

    Raises:
        UsageError: names file and line of a row that is no account that can be followed.
    """
    return [_followed(row, f"{path}, line {number}", platforms) for number, row in _rows(path)[1]]


def _rows(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The names of the columns, and the rows with their line numbers."""
    if not path.exists():
        return [*COLUMNS], []
    data = path.read_bytes()
    if data.startswith(WORKBOOKS):
        raise UsageError(f"{path} is a workbook; save it as CSV from the program that wrote it.")
    text = decode(data).text
    if not text.strip():  # by accident, as on a full disk: not to follow anything is no accident
        raise UsageError(
            f"{path} is empty; its first line should be {','.join(COLUMNS)}, or delete it where no "
            "account is to be followed."
        )
    head = text.partition("\n")[0]
    rows = csv.DictReader(
        io.StringIO(text), delimiter=max(DELIMITERS, key=head.count), restval="", restkey=""
    )
    names = [*(rows.fieldnames or ())]
    if missing := [name for name in NEEDED if name not in names]:
        raise UsageError(
            f"{path} lacks the column {', '.join(missing)}; its first line should be "
            f"{','.join(COLUMNS)}."
        )
    numbered = [(rows.line_num, row) for row in rows]
    return names, [(number, row) for number, row in numbered if any(row.values())]


def _followed(row: dict[str, str], place: str, platforms: Platforms) -> Followed:
    cells = {name: from_spreadsheet(row.get(name, "")).strip() for name in COLUMNS}
    platform = platforms.get(cells["platform"])
    if platform is None or not cells["account_id"]:
        meant = suggestion(cells["platform"], platforms) if platform is None else ""
        raise UsageError(
            f"{place}: {cells['platform']!r} {cells['account_id']!r} is not an account of a known "
            f"platform; {meant or 'write its platform and its id, or take the line away.'}"
        )
    if platform.listing is None:
        raise UsageError(
            f"{place}: {platform.name} has no accounts that can be followed; remove the line."
        )
    return Followed(
        platform=platform.name,
        account_id=cells["account_id"],
        url=cells["url"],
        name=cells["name"] or None,
        state=_state(cells["state"], place),
        reason=cells["reason"] or None,
        cells=row,
    )


def _state(word: str, place: str) -> State:
    states: tuple[State, ...] = get_args(State)
    for state in states:
        if (word.lower() or "follow") == state:
            return state
    raise UsageError(
        f"{place}: {word!r} is no state of an account; write {', '.join(states)} or nothing."
    )


def _write(path: Path, accounts: list[Followed]) -> None:
    """Write all accounts at once, with the byte order mark by which spreadsheet programs know
    UTF-8. Cells that say nothing new stay as they are."""
    names = [*dict.fromkeys([*_rows(path)[0], *COLUMNS])]
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(names)
    sheet.writerows([_cell(account, name) for name in names] for account in accounts)
    # through a link: several archives may have one list
    write_completely(path.resolve(), text.getvalue().encode("utf-8-sig"))


def _cell(account: Followed, name: str) -> str:
    written = account.cells.get(name, "")
    if name not in COLUMNS or (name == "state" and account.state == "follow"):
        return written
    value = getattr(account, name) or ""
    is_the_same = from_spreadsheet(written).strip().lower() == value.lower()
    return written if is_the_same else str(for_spreadsheet(value))


def follow(path: Path, urls: list[str], platforms: Platforms) -> list[Followed]:
    """Add accounts to the file; those that are there already stay as they are.

    Args:
        path: `accounts.csv`, made if it is not there.
        urls: addresses of account pages; without a scheme they are the web's.
        platforms: those of the archive.

    Returns:
        The accounts that are new, each once.

    Raises:
        UsageError: for an address that is no account's; then nothing is written.
    """
    wanted = [platforms.account_of(url) for url in urls]
    known = read(path, platforms)
    keys = {account.key for account in known}
    fresh = {
        (account.platform, account.account_id): Followed(
            platform=account.platform, account_id=account.account_id, url=account.url
        )
        for account in wanted
        if (account.platform, account.account_id) not in keys
    }
    if fresh:
        _write(path, [*known, *fresh.values()])
    return [*fresh.values()]


def learn_names(path: Path, names: Mapping[Key, str], platforms: Platforms) -> None:
    """Fill in the names of accounts that have none in the file.

    Args:
        path: `accounts.csv`; written only where a name is new.
        names: as the platforms give them.
        platforms: those of the archive.
    """
    known = read(path, platforms)
    named = [
        account if account.name else replace(account, name=names.get(account.key))
        for account in known
    ]
    if named != known:
        _write(path, named)
