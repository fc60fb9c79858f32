"""What each account was at which times, made again from all that was seen of it."""

from __future__ import annotations

import sqlite3
from itertools import chain

from archive.database import writing
from archive.database.rows import columns
from archive.history.account_proofs import accounts_of, evidence_of
from archive.history.account_states import renames, states


def derive_statuses(connection: sqlite3.Connection) -> None:
    """Make the rows of all accounts, unless they are there. Whatever adds a file removes them, so
    that a run that was killed in between leaves none that are not true.

    Args:
        connection: to the database, in a transaction of the caller.
    """
    if connection.execute("SELECT 1 FROM account_status").fetchone():
        return
    for key in accounts_of(connection):
        proofs, sightings = evidence_of(connection, *key)
        rows = chain(states(*key, proofs), renames(*key, sightings))
        writing.insert(connection, "account_status", map(columns, rows))
