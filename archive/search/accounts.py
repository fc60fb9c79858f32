"""Which accounts a reader means who gives a name: all that were ever called so, or have that id."""

from __future__ import annotations

import sqlite3

CALLED = """SELECT platform, account_id FROM account_names WHERE name = :name
    UNION SELECT platform, account_id FROM accounts WHERE name = :name
    UNION SELECT platform, account_id FROM coverage WHERE account = :name"""

# The last of each counts: an article may keep the name of its day, and a list may spell a name
# otherwise than the account itself does.
ANY_NAMES = "SELECT platform, account_id, name FROM accounts WHERE name IS NOT NULL"
OWN_NAMES = """SELECT platform, account_id, name FROM account_names WHERE seen_in = ?
    ORDER BY last_seen_at, last_capture"""


def present_names(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """The last name of each account, by platform and account id: by its profile, else by its list,
    else by its articles.

    Args:
        db: an archive's database.
    """
    rows = [*db.execute(OWN_NAMES, ["article"]), *db.execute(ANY_NAMES)]
    for place in ("listing", "profile"):
        rows += db.execute(OWN_NAMES, [place])
    return {(row[0], row[1]): row[2] for row in rows}


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
