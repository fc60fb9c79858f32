"""What each account was at which times, made again from all that was seen of it."""

from __future__ import annotations

import sqlite3
from itertools import chain

from archive.database import writing
from archive.database.rows import columns
from archive.history.account_proofs import accounts_of, evidence_of
from archive.history.account_states import renames, states


def derive_statuses(connection: sqlite3.Connection) -> None:
    """Make the rows of all accounts, unless they are there. Whatever adds a file notes that they
    are old, so that they are made again though a run was killed in between; until then they can be
    read.

    Args:
        connection: to the database, in a transaction of the caller.
    """
    is_there = connection.execute("SELECT 1 FROM account_status").fetchone()
    if is_there and not writing.are_statuses_old(connection):
        return
    writing.forget_statuses(connection)
    for key in accounts_of(connection):
        proofs, sightings = evidence_of(connection, *key)
        rows = chain(states(*key, proofs), renames(*key, sightings))
        writing.insert(connection, "account_status", map(columns, rows))
