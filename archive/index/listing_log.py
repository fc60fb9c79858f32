"""What every page of a listing said, and from it the changes of its entries.

What is later than all that is known of a listing is compared with its entries as they were last
seen; what comes in another order has all changes of the listing made again, when its file is read.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archive.database import writing
from archive.database.known import IS_GONE
from archive.database.reading import select
from archive.database.rows import CoverageRow, LinkRow, LinkStateRow, ListingPageRow, columns
from archive.database.values import storable
from archive.history.link_changes import PageSeen, Seen, WalkOver, between, changes, gone
from archive.history.observations import WALKED

WALKS_OF_FILE = """CREATE TEMP TABLE IF NOT EXISTS walks_of_file (
    record TEXT PRIMARY KEY, at TEXT, platform TEXT, account_id TEXT) WITHOUT ROWID"""
OUT_OF_ORDER = """CREATE TEMP TABLE IF NOT EXISTS out_of_order (platform TEXT, account_id TEXT,
    PRIMARY KEY (platform, account_id)) WITHOUT ROWID"""
LATEST = f"""SELECT max(at) FROM (
    SELECT max(captured_at) AS at FROM listing_pages WHERE platform = ?1 AND account_id = ?2
    UNION ALL SELECT max(at) FROM coverage c WHERE platform = ?1 AND account_id = ?2
        AND {WALKED} AND record IS NOT ?3 AND record NOT IN (SELECT record FROM walks_of_file))"""
PAGE_AT = """SELECT capture FROM listing_pages
    WHERE platform = ? AND account_id = ? AND captured_at = ? ORDER BY capture LIMIT 1"""
ENTRY = "WHERE platform = ? AND account_id = ? AND native_id = ?"
MISSED = """WHERE platform = ? AND account_id = ? AND published_at > ? AND last_listed_at < ?"""
STATES = "WHERE id IN (SELECT value FROM json_each(?))"
PAGES = "WHERE platform = ? AND account_id = ?"
WALKS = f"""SELECT at, record, begun_at, covered_from FROM coverage c
    WHERE platform = ? AND account_id = ? AND {WALKED}
        AND begun_at IS NOT NULL AND covered_from IS NOT NULL"""


def add_page(connection: sqlite3.Connection, capture: str, links: Sequence[LinkRow]) -> None:
    """Keep what a page of a listing said, before its entries are merged with those that are known.

    Args:
        connection: to the database, in a transaction of the caller.
        capture: `captures.id` of the page.
        links: its entries.
    """
    for account in dict.fromkeys((link.platform, link.account_id) for link in links):
        entries = [link for link in links if (link.platform, link.account_id) == account]
        _add_entries(connection, account, capture, entries)


def _add_entries(
    connection: sqlite3.Connection,
    account: tuple[str, str],
    capture: str,
    entries: Sequence[LinkRow],
) -> None:
    at = entries[0].last_listed_at
    latest = _latest(connection, account)
    states = [_state(entry) for entry in entries]
    first = {state.native_id: state for state in reversed(states)}
    if latest is None or latest < at:
        for state in first.values():
            for before in _seen(connection, state):
                rows = between(before, Seen(state, at, capture))
                writing.insert(connection, "link_changes", map(columns, rows))
    else:
        _note_order(connection, account)
    writing.insert(connection, "link_states", map(columns, first.values()))
    ids = [state.id for state in dict.fromkeys(states) if first[state.native_id] == state]
    page = ListingPageRow(
        platform=account[0],
        account_id=account[1],
        captured_at=at,
        capture=capture,
        states=json.dumps(ids),
    )
    writing.insert(connection, "listing_pages", [columns(page)])


def add_walk(connection: sqlite3.Connection, coverage: CoverageRow) -> None:
    """Note that a walk is over; the last page that it read may come after its note.

    Args:
        connection: to the database, in a transaction of the caller.
        coverage: the row of the walk.
    """
    connection.execute(WALKS_OF_FILE)
    values = [coverage[name] for name in ("record", "at", "platform", "account_id")]
    connection.execute("INSERT OR IGNORE INTO walks_of_file VALUES (?, ?, ?, ?)", values)


def derive_changes(connection: sqlite3.Connection) -> None:
    """Keep which entries the walks of a file did not meet any more, and make the changes of all
    listings again of which something came out of its order."""
    connection.execute(WALKS_OF_FILE)
    walks_of_file = "SELECT record, platform, account_id FROM walks_of_file ORDER BY at, record"
    for record, *account in connection.execute(walks_of_file).fetchall():
        connection.execute("DELETE FROM walks_of_file WHERE record = ?", (record,))
        for walk in connection.execute(f"{WALKS} AND record = ?", (*account, record)).fetchall():
            _derive_missed(connection, (account[0], account[1]), WalkOver(*walk))
    connection.execute(OUT_OF_ORDER)
    for account in connection.execute("SELECT * FROM out_of_order").fetchall():
        statement = "DELETE FROM link_changes WHERE platform = ? AND account_id = ?"
        connection.execute(statement, account)
        walks = [WalkOver(*row) for row in connection.execute(WALKS, account)]
        rows = changes(_pages(connection, account), walks)
        writing.insert(connection, "link_changes", map(columns, rows))
    connection.execute("DELETE FROM out_of_order")


def _derive_missed(
    connection: sqlite3.Connection, account: tuple[str, str], walk: WalkOver
) -> None:
    latest = _latest(connection, account, walk.record)
    if latest is not None and latest >= walk.at:
        _note_order(connection, account)
        return
    values = [*account, walk.covered_from, walk.begun_at]
    for link in list(select(connection, LinkRow, MISSED, values)):
        for seen in _seen(connection, _state(link)):
            if not seen.gone:
                writing.insert(connection, "link_changes", [columns(gone(seen, walk))])


def _latest(
    connection: sqlite3.Connection, account: tuple[str, str], record: str = ""
) -> str | None:
    """When the listing was last seen: a page of it, or the end of another walk than this one."""
    connection.execute(WALKS_OF_FILE)
    at: str | None = connection.execute(LATEST, (*account, record)).fetchone()[0]
    return at


def _note_order(connection: sqlite3.Connection, account: tuple[str, str]) -> None:
    connection.execute(OUT_OF_ORDER)
    connection.execute("INSERT OR IGNORE INTO out_of_order VALUES (?, ?)", account)


def _pages(connection: sqlite3.Connection, account: tuple[str, str]) -> Iterator[PageSeen]:
    states = {state.id: state for state in select(connection, LinkStateRow, PAGES, [*account])}
    for page in select(connection, ListingPageRow, PAGES, [*account]):
        entries = tuple(states[id_] for id_ in json.loads(page.states))
        yield PageSeen(page.captured_at, page.capture, entries)


def _seen(connection: sqlite3.Connection, state: LinkStateRow) -> Iterable[Seen]:
    """The entry as it was last seen; none for one that is new."""
    key = [state.platform, state.account_id, state.native_id]
    for link in select(connection, LinkRow, ENTRY, key):
        row = connection.execute(IS_GONE, key).fetchone()
        page = connection.execute(PAGE_AT, (*key[:2], link.last_listed_at)).fetchone()
        yield Seen(_state(link), link.last_listed_at, page[0], gone=bool(row and row[0]))


def _state(link: LinkRow) -> LinkStateRow:
    state = LinkStateRow(
        id="",
        platform=link.platform,
        account_id=link.account_id,
        native_id=storable(link.native_id),
        url=storable(link.url),
        kind=link.kind,
        title=None if link.title is None else storable(link.title),
        published_at=link.published_at,
    )
    text = json.dumps([*columns(state).values()], ensure_ascii=False)
    return replace(state, id=hashlib.sha256(text.encode()).hexdigest()[:16])
