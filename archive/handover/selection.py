"""Which rows and records a hand-over holds: temporary tables beside a snapshot of `archive.db`.

chosen_articles (pk, id)    in the order of their first capture; `pk` is their key in the package
chosen_subjects (id)        these, and articles that were listed or asked for and are not held:
what is missing chosen_accounts             the accounts in scope, whose ledger the package shows
whole chosen_captures (id)        closed: with each revisit its original, with each article its
pictures chosen_runs (id)
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlite_utils

from archive.database import store
from archive.errors import UsageError
from archive.handover.request import Wanted
from archive.search.search import matching

TABLES = """
CREATE TEMP TABLE chosen_articles (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TEMP TABLE chosen_subjects (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE chosen_accounts (platform TEXT, account_id TEXT, PRIMARY KEY (platform, account_id)) WITHOUT ROWID;
CREATE TEMP TABLE chosen_captures (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE chosen_runs (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE matching (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE places (id TEXT PRIMARY KEY, warc TEXT NOT NULL, "offset" INTEGER NOT NULL, length INTEGER NOT NULL)
    WITHOUT ROWID;
"""

IN_ACCOUNTS = "(platform, account_id) IN (SELECT platform, account_id FROM chosen_accounts)"
IS_WANTED = """(:platform IS NULL OR a.platform = :platform)
    AND (:account IS NULL OR a.account = :account OR a.account_id = :account)
    AND (:since IS NULL OR a.published_at >= :since)
    AND (:until IS NULL OR substr(a.published_at, 1, length(:until)) <= :until)
    AND (:query IS NULL OR a.id IN (SELECT id FROM matching))
    AND (:run IS NULL OR a.id IN (SELECT article_id FROM captures WHERE run = :run AND role = 'article'))"""

ARTICLES = f"""INSERT INTO chosen_articles (id) SELECT id FROM articles a WHERE {IS_WANTED} ORDER BY first_captured_at, id"""

ACCOUNTS = """INSERT OR IGNORE INTO chosen_accounts
    SELECT platform, account_id FROM (SELECT platform, account_id, name FROM accounts
        UNION SELECT platform, account_id, account FROM coverage UNION SELECT platform, account_id, account FROM articles)
    WHERE account_id IS NOT NULL AND (:platform IS NULL OR platform = :platform)
        AND (:account IS NULL OR account_id = :account OR name = :account)"""

LINKS = f"""{IN_ACCOUNTS} AND (:since IS NULL OR published_at IS NULL OR published_at >= :since)
    AND (:until IS NULL OR published_at IS NULL OR substr(published_at, 1, length(:until)) <= :until)
    AND (:query IS NULL AND :run IS NULL OR article_id IN (SELECT id FROM chosen_articles))"""

SUBJECTS = f"""INSERT OR IGNORE INTO chosen_subjects SELECT id FROM chosen_articles
    UNION SELECT article_id FROM links WHERE {LINKS}
    UNION SELECT article_id FROM captures WHERE NOT :by_article AND role = 'article' AND article_id IS NOT NULL
        AND {IN_ACCOUNTS} AND (:run IS NULL OR run = :run)
    UNION SELECT article_id FROM captures WHERE NOT :by_article AND role = 'article' AND article_id IS NOT NULL
        AND :account IS NULL AND (:platform IS NULL OR platform = :platform) AND (:run IS NULL OR run = :run)"""

CAPTURES = (
    # of these articles
    """SELECT id FROM captures WHERE article_id IN (SELECT id FROM chosen_subjects) AND (:run IS
    NULL OR run = :run)""",
    # what their versions and absences stand on
    """SELECT capture FROM versions WHERE article_id IN (SELECT id FROM chosen_articles)""",
    """SELECT c.id FROM withdrawals w, json_each(w.proofs) p JOIN captures c ON c.id = p.value
        WHERE w.article_id IN (SELECT id FROM chosen_articles)""",
    # their pictures, and what else their pages need
    """SELECT capture FROM media WHERE article_id IN (SELECT id FROM chosen_articles) AND capture
    IS NOT NULL""",
    """SELECT c.id FROM media m JOIN captures c ON c.url = m.url AND c.role = 'media'
        WHERE m.article_id IN (SELECT id FROM chosen_articles) AND :run IS NULL""",
    """SELECT id FROM captures WHERE role = 'requisite'
        AND platform IN (SELECT platform FROM articles WHERE id IN (SELECT id FROM
        chosen_articles))""",
    # the walks through the listings of whole accounts
    f"""SELECT id FROM captures WHERE NOT :by_article AND role IN ('listing', 'profile') AND {IN_ACCOUNTS}
        AND (:run IS NULL OR run = :run)""",
    """SELECT id FROM captures WHERE NOT :by_article AND role = 'robots'
        AND platform IN (SELECT platform FROM chosen_accounts) AND (:run IS NULL OR run = :run)""",
)

CLOSED = """WITH RECURSIVE wanted (id) AS (SELECT id FROM chosen_captures
        UNION SELECT c.refers_to FROM wanted w JOIN captures c ON c.id = w.id WHERE c.refers_to IS NOT NULL)
    SELECT c.id FROM wanted w JOIN captures c ON c.id = w.id"""

RUNS = f"""INSERT OR IGNORE INTO chosen_runs
    SELECT run FROM captures WHERE id IN (SELECT id FROM chosen_captures) AND run IS NOT NULL
    UNION SELECT run FROM coverage WHERE {IN_ACCOUNTS} AND (:run IS NULL OR run = :run)
    UNION SELECT id FROM runs WHERE id = :run"""

# Rows of tables that the rules by column (`rows_of`) would not choose rightly.
ROWS = {
    "captures": "id IN (SELECT id FROM chosen_captures)",
    "runs": "id IN (SELECT id FROM chosen_runs)",
    "links": LINKS,
    "coverage": f"{IN_ACCOUNTS} AND (:run IS NULL OR run = :run)",
    "failures": f"""(id IN (SELECT id FROM chosen_captures)
        OR (:run IS NULL OR run = :run) AND (article_id IN (SELECT id FROM chosen_subjects)
            OR article_id IS NULL AND NOT :by_article AND ({IN_ACCOUNTS} OR :account IS NULL AND account_id IS NULL
                AND (:platform IS NULL OR platform IS NULL OR platform = :platform))))""",
}


class Selection:
    """A snapshot of the archive's database, and what is chosen of it. Use it as a context
    manager."""

    def __init__(self, db_path: Path, wanted: Wanted) -> None:
        self.wanted = wanted
        self.db: sqlite_utils.Database = store.open_for_reading(db_path)
        self.connection: sqlite3.Connection = self.db.conn
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA temp_store = FILE")
        self.connection.execute(
            "BEGIN"
        )  # one state of the archive from here to the end, whatever a crawl adds
        self.values = {**_values(wanted)}

    def __enter__(self) -> Selection:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.db.close()

    def choose(self) -> None:
        """Fill the temporary tables. Raises UsageError where no article is chosen."""
        for statement in TABLES.strip().split(";\n"):
            self.connection.execute(statement)
        if self.wanted.query:
            found = matching(self.db.conn, self.wanted.query, self.wanted.filters)
            self.connection.executemany(
                "INSERT OR IGNORE INTO matching VALUES (?)", ((one,) for one in found)
            )
        self._run(ARTICLES)
        if not self.count("chosen_articles") and self.wanted.everything:
            raise UsageError(
                "The archive holds no article yet, so there is nothing to hand over; run "
                "`zhengwen crawl` first."
            )
        if not self.count("chosen_articles"):
            raise UsageError(
                "No article satisfies these filters, so there is nothing to hand over; see "
                "`zhengwen search`."
            )
        for statement in (ACCOUNTS, SUBJECTS):
            self._run(statement)
        for statement in CAPTURES if not self.wanted.everything else ("SELECT id FROM captures",):
            self._run(f"INSERT OR IGNORE INTO chosen_captures {statement}")
        self._run(f"INSERT OR IGNORE INTO chosen_captures {CLOSED}")
        self._run(
            RUNS if not self.wanted.everything else "INSERT INTO chosen_runs SELECT id FROM runs"
        )

    def _run(self, statement: str) -> None:
        self.connection.execute(statement, self.values)

    def count(self, table: str, where: str = "1") -> int:
        """Rows of a table."""
        return int(
            self.connection.execute(
                f'SELECT count(*) FROM "{table}" WHERE {where}', self.values
            ).fetchone()[0]
        )

    def needed(self) -> int:
        """Bytes that the package and the work on it take at most, from above: texts in eight
        places, WARC twice."""
        texts = warcs = 0
        if self.wanted.tier != "metadata":
            held = "SELECT total(length(CAST(text AS BLOB))) FROM versions WHERE article_id IN (SELECT id FROM chosen_articles)"
            texts = self.connection.execute(held).fetchone()[0]
        if self.wanted.tier == "full":
            held = "SELECT total(length) FROM captures WHERE id IN (SELECT id FROM chosen_captures)"
            warcs = self.connection.execute(held).fetchone()[0]
        rows = self.count("chosen_captures") + self.count("chosen_subjects")
        return int(8 * texts + 2.1 * warcs + 4_000 * rows + 5_000_000)

    def names(self, table: str) -> list[str]:
        """The columns of a table."""
        return [row[1] for row in self.connection.execute(f'PRAGMA table_info("{table}")')]

    def rows_of(self, table: str) -> str:
        """SQL: which rows of a table are chosen; by its columns where the table is one that this
        module does not know."""
        if self.wanted.everything:
            return "1"
        if table in ROWS:
            return ROWS[table]
        names = self.names(table)
        if "article_id" in names:
            return "article_id IN (SELECT id FROM chosen_subjects)"
        if {"platform", "account_id"} <= {*names}:
            return IN_ACCOUNTS
        if "run" in names:
            return "run IN (SELECT id FROM chosen_runs)"
        return "capture IN (SELECT id FROM chosen_captures)" if "capture" in names else "1"


def _values(wanted: Wanted) -> dict[str, object]:
    names = ("platform", "account", "since", "until", "query", "run")
    return {name: getattr(wanted, name) or None for name in names} | {
        "by_article": wanted.by_article
    }
