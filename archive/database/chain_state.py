"""How the hash chain stood when `archive.db` was last indexed, in its table `about`: what shows
later that lines were taken from the chain's end."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from archive.database.opening import connect, is_begun
from archive.warc.chain_state import ChainState

TOPIC = "chain"


def known_state(path: Path) -> ChainState | None:
    """The state that a database knows; None where there is no database, where it is damaged, or
    made by a version that wrote none."""
    if not path.is_file() or not is_begun(path):
        return None
    try:
        with closing(connect(path)) as db:
            return _parsed(_noted(db))
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None


def is_damaged(db: sqlite3.Connection) -> bool:
    """Whether an open database has a note of the chain that is not as it was written."""
    text = _noted(db)
    return text is not None and _parsed(text) is None


def _noted(db: sqlite3.Connection) -> object:
    row = db.execute("SELECT text FROM about WHERE topic = ?", [TOPIC]).fetchone()
    return row[0] if row else None


def _parsed(text: object) -> ChainState | None:
    try:
        values = json.loads(str(text))
        state = ChainState.parsed(values["lines"], values["head"], values["first"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return state if state and text == _text_of(state) else None


def _text_of(state: ChainState) -> str:
    """The note, with a check of itself: damage of the database is not taken for damage of the
    chain."""
    values = json.dumps(asdict(state), sort_keys=True)
    check = hashlib.sha256(values.encode()).hexdigest()
    return json.dumps({**asdict(state), "sha256": check}, sort_keys=True)


def note_state(path: Path, state: ChainState) -> None:
    """Write into a database how long the chain is. The caller has the archive's lock."""
    statement = "INSERT OR REPLACE INTO about (topic, text) VALUES (?, ?)"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA busy_timeout = 10000")
        db.execute(statement, [TOPIC, _text_of(state)])
