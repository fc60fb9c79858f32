"""Which rows and records a hand-over holds: temporary tables next to a snapshot of `archive.db`.

chosen_articles (pk, id)   in the order of their first capture; `pk` is their key in the package
chosen_subjects (id)       these, and articles that were listed or asked for and are missing
chosen_accounts            the accounts in scope, of which the package has every row of coverage
called                     the accounts that have or had the name that was asked for
chosen_captures (id)       closed: each revisit with its original, each article with its pictures
chosen_runs (id)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from archive.database.opening import connect_for_reading
from archive.errors import UsageError
from archive.handover.request import ExportRequest
from archive.search.accounts import accounts_called
from archive.search.search import matching

TABLES = """
CREATE TEMP TABLE chosen_articles (pk INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TEMP TABLE chosen_subjects (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE chosen_accounts (platform TEXT, account_id TEXT,
    PRIMARY KEY (platform, account_id)) WITHOUT ROWID;
CREATE TEMP TABLE called (platform TEXT, account_id TEXT,
    PRIMARY KEY (platform, account_id)) WITHOUT ROWID;
CREATE TEMP TABLE chosen_captures (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE chosen_runs (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE matching (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE places (id TEXT PRIMARY KEY, warc TEXT NOT NULL, "offset" INTEGER NOT NULL,
    length INTEGER NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE renamed (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
"""

IN_ACCOUNTS = "(platform, account_id) IN (SELECT platform, account_id FROM chosen_accounts)"
IS_REQUESTED = """(:platform IS NULL OR a.platform = :platform)
    AND (:account IS NULL OR a.account = :account OR a.account_id = :account
        OR (a.platform, a.account_id) IN (SELECT platform, account_id FROM called))
    AND (:since IS NULL OR a.published_at >= :since)
    AND (:until IS NULL OR substr(a.published_at, 1, length(:until)) <= :until)
    AND (:query IS NULL OR a.id IN (SELECT id FROM matching))
    AND (:run IS NULL
        OR a.id IN (SELECT article_id FROM captures WHERE run = :run AND role = 'article'))"""

ARTICLES = f"""INSERT INTO chosen_articles (id) SELECT id FROM articles a WHERE {IS_REQUESTED}
    ORDER BY first_captured_at, id"""

ACCOUNTS = """INSERT OR IGNORE INTO chosen_accounts
    SELECT platform, account_id FROM (SELECT platform, account_id, name FROM accounts
        UNION SELECT platform, account_id, account FROM coverage
        UNION SELECT platform, account_id, account FROM articles)
    WHERE account_id IS NOT NULL AND (:platform IS NULL OR platform = :platform)
        AND (:account IS NULL OR account_id = :account OR name = :account
            OR (platform, account_id) IN (SELECT platform, account_id FROM called))"""

LINKS = f"""{IN_ACCOUNTS} AND (:since IS NULL OR published_at IS NULL OR published_at >= :since)
    AND (:until IS NULL OR published_at IS NULL
        OR substr(published_at, 1, length(:until)) <= :until)
    AND (:query IS NULL AND :run IS NULL OR article_id IN (SELECT id FROM chosen_articles))"""

ASKED_FOR = """SELECT article_id FROM captures
    WHERE NOT :by_article AND role = 'article' AND article_id IS NOT NULL"""
SUBJECTS = f"""INSERT OR IGNORE INTO chosen_subjects SELECT id FROM chosen_articles
    UNION SELECT article_id FROM links WHERE {LINKS}
    UNION {ASKED_FOR} AND {IN_ACCOUNTS} AND (:run IS NULL OR run = :run)
    UNION {ASKED_FOR} AND :account IS NULL AND (:platform IS NULL OR platform = :platform)
        AND (:run IS NULL OR run = :run)"""

CAPTURES = (
    # of these articles
    """SELECT id FROM captures WHERE article_id IN (SELECT id FROM chosen_subjects)
        AND (:run IS NULL OR run = :run)""",
    # what proves their versions and absences
    """SELECT capture FROM versions WHERE article_id IN (SELECT id FROM chosen_articles)""",
    """SELECT c.id FROM withdrawals w, json_each(w.proofs) p JOIN captures c ON c.id = p.value
        WHERE w.article_id IN (SELECT id FROM chosen_articles)""",
    # the pages of those that are on several
    """SELECT capture FROM article_pages WHERE article_id IN (SELECT id FROM chosen_articles)
        AND capture IS NOT NULL""",
    # their pictures, and what else their pages need
    """SELECT capture FROM media WHERE article_id IN (SELECT id FROM chosen_articles)
        AND capture IS NOT NULL""",
    """WITH RECURSIVE way (url) AS (
            SELECT url FROM media WHERE article_id IN (SELECT id FROM chosen_articles)
            UNION SELECT c.location FROM way JOIN captures c USING (url)
            WHERE c.role = 'media' AND c.location IS NOT NULL)
        SELECT c.id FROM way JOIN captures c USING (url) WHERE c.role = 'media' AND :run IS NULL""",
    """SELECT id FROM captures WHERE role = 'requisite'
        AND platform IN (SELECT platform FROM articles
            WHERE id IN (SELECT id FROM chosen_articles))""",
    # the walks through the listings of accounts of which all articles are chosen
    f"""SELECT id FROM captures WHERE NOT :by_article AND role IN ('listing', 'profile')
        AND {IN_ACCOUNTS} AND (:run IS NULL OR run = :run)""",
    """SELECT id FROM captures WHERE NOT :by_article AND role = 'robots'
        AND platform IN (SELECT platform FROM chosen_accounts) AND (:run IS NULL OR run = :run)""",
)

CLOSED = """WITH RECURSIVE needed (id) AS (SELECT id FROM chosen_captures
        UNION SELECT c.refers_to FROM needed n JOIN captures c ON c.id = n.id
        WHERE c.refers_to IS NOT NULL)
    SELECT c.id FROM needed n JOIN captures c ON c.id = n.id"""

KNOWN_RUN = "SELECT 1 FROM runs WHERE id = ?"
RUNS = f"""INSERT OR IGNORE INTO chosen_runs
    SELECT run FROM captures WHERE id IN (SELECT id FROM chosen_captures) AND run IS NOT NULL
    UNION SELECT run FROM coverage WHERE {IN_ACCOUNTS} AND (:run IS NULL OR run = :run)
    UNION SELECT id FROM runs WHERE id = :run"""

COVERAGE = f"{IN_ACCOUNTS} AND (:run IS NULL OR run = :run)"

# Rows of tables that the rules by column (`rows_of`) would not choose rightly.
ROWS = {
    "captures": "id IN (SELECT id FROM chosen_captures)",
    "runs": "id IN (SELECT id FROM chosen_runs)",
    "links": LINKS,
    # those that the package can prove
    "link_changes": f"""article_id IN (SELECT id FROM chosen_subjects)
        AND NOT EXISTS (SELECT 1 FROM json_each(proofs)
            WHERE value NOT IN (SELECT id FROM chosen_captures)
            AND value NOT IN (SELECT record FROM coverage WHERE {COVERAGE}))""",
    "link_states": """id IN (SELECT s.value FROM listing_pages, json_each(states) s
        WHERE capture IN (SELECT id FROM chosen_captures))""",
    "listing_pages": "capture IN (SELECT id FROM chosen_captures)",
    "media_text": """payload_digest IN (SELECT payload_digest FROM media
        WHERE article_id IN (SELECT id FROM chosen_articles))""",
    "attachment_text": """capture IN (SELECT capture FROM media
        WHERE article_id IN (SELECT id FROM chosen_articles))""",
    "coverage": COVERAGE,
    "failures": f"""(id IN (SELECT id FROM chosen_captures)
        OR (:run IS NULL OR run = :run) AND (article_id IN (SELECT id FROM chosen_subjects)
            OR article_id IS NULL AND NOT :by_article AND ({IN_ACCOUNTS}
                OR :account IS NULL AND account_id IS NULL
                AND (:platform IS NULL OR platform IS NULL OR platform = :platform))))""",
}


class Selection:
    """A snapshot of the archive's database, and what is chosen of it. Use it as a context manager.

    Args:
        db_path: `archive.db` of the archive.
        request: which articles are asked for.

    Example:
        >>> with Selection(Path("archive/archive.db"), ExportRequest(query="疫情")) as selection:
        ...     selection.choose()
        ...     selection.count("chosen_articles")
        12
    """

    def __init__(self, db_path: Path, request: ExportRequest) -> None:
        self.request = request
        self.connection: sqlite3.Connection = connect_for_reading(db_path)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA temp_store = FILE")
        # One state of the archive from here to the end, whatever a crawl adds.
        self.connection.execute("BEGIN")
        self.values = _values(request)

    def __enter__(self) -> Selection:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.connection.close()

    def choose(self, ids: Iterable[str] | None = None) -> None:
        """Fill the temporary tables.

        Args:
            ids: of the articles that satisfy the query, where they are known.

        Raises:
            UsageError: where no article is chosen.
        """
        for statement in TABLES.strip().split(";\n"):
            self.connection.execute(statement)
        called = accounts_called(self.connection, self.request.account or "")
        self.connection.executemany("INSERT INTO called VALUES (?, ?)", called)
        if self.request.query:
            if ids is None:
                ids = matching(self.connection, self.request.query, self.request.search_filters)
            insert = "INSERT OR IGNORE INTO matching VALUES (?)"
            self.connection.executemany(insert, ((id_,) for id_ in ids))
        self._run(ARTICLES)
        self._require_articles()
        self._run(ACCOUNTS)
        self._run(SUBJECTS)
        everything = self.request.everything
        for statement in ("SELECT id FROM captures",) if everything else CAPTURES:
            self._run(f"INSERT OR IGNORE INTO chosen_captures {statement}")
        self._run(f"INSERT OR IGNORE INTO chosen_captures {CLOSED}")
        self._run("INSERT INTO chosen_runs SELECT id FROM runs" if everything else RUNS)

    def choose_captures(self, ids: Iterable[str]) -> None:
        """Choose captures too, each revisit with its original."""
        insert = """INSERT OR IGNORE INTO chosen_captures
            SELECT id FROM captures WHERE id = ? AND article_id IS NULL"""
        self.connection.executemany(insert, ((id_,) for id_ in ids))
        self._run(f"INSERT OR IGNORE INTO chosen_captures {CLOSED}")

    def _require_articles(self) -> None:
        if self.count("chosen_articles"):
            return
        if self.request.everything:
            raise UsageError(
                "The archive holds no article yet, so there is nothing to hand over; run "
                "`zhengwen crawl` first."
            )
        run = self.request.run
        if run and not self.connection.execute(KNOWN_RUN, [run]).fetchone():
            raise UsageError(f"There is no run {run}; the ids are in the column `runs.id`.")
        raise UsageError(
            "No article satisfies these filters, so there is nothing to hand over; "
            "`zhengwen search` says why."
        )

    def _run(self, statement: str) -> None:
        self.connection.execute(statement, self.values)

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])

    def bytes_needed(self) -> int:
        """Bytes that the package and the work on it take at most: texts in eight places, WARC
        twice."""
        texts = warcs = 0.0
        if self.request.tier != "metadata":
            texts = self._total(
                """SELECT total(length(CAST(text AS BLOB))) FROM versions
                WHERE article_id IN (SELECT id FROM chosen_articles)"""
            )
            texts += self._total("SELECT total(length(text) + length(lines)) FROM media_text")
            texts += self._total("SELECT total(length(CAST(text AS BLOB))) FROM attachment_text")
        if self.request.tier == "full":
            warcs = self._total(
                """SELECT total(length) FROM captures
                WHERE id IN (SELECT id FROM chosen_captures)"""
            )
        rows = self.count("chosen_captures") + self.count("chosen_subjects")
        return int(8 * texts + 2.1 * warcs + 4_000 * rows + 5_000_000)

    def _total(self, statement: str) -> float:
        return float(self.connection.execute(statement).fetchone()[0])

    def names(self, table: str) -> list[str]:
        """The columns of a table."""
        return [row[1] for row in self.connection.execute(f'PRAGMA table_info("{table}")')]

    def rows_of(self, table: str) -> str:
        """SQL that says which rows of a table are chosen.

        A table that this module does not know is judged by its columns.
        """
        if self.request.everything:
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


def _values(request: ExportRequest) -> dict[str, object]:
    names = ("platform", "account", "since", "until", "query", "run")
    values: dict[str, object] = {name: getattr(request, name) or None for name in names}
    return values | {"by_article": request.by_article}
