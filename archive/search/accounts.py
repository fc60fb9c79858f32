"""Which accounts a reader means who gives a name: all that were ever called so, or have that id."""

from __future__ import annotations

import sqlite3

CALLED = """SELECT platform, account_id FROM account_names WHERE name = :name
    UNION SELECT platform, account_id FROM accounts WHERE name = :name
    UNION SELECT platform, account_id FROM coverage WHERE account = :name"""


def accounts_called(db: sqlite3.Connection, name: str) -> list[tuple[str, str]]:
    """The accounts that have or had a name, by platform and account id, in order.

    Args:
        db: an archive's database.
        name: as a profile, a listing or an article printed it, or as the account was followed.

    Example:
        >>> accounts_called(db, "云溪发布")
        [('thepaper', '44871')]
    """
    return [(row[0], row[1]) for row in db.execute(f"{CALLED} ORDER BY 1, 2", {"name": name})]
