"""The numbers of README and DATASHEET, all of them counted in the package's own database."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.handover.pwid import pwid
from archive.handover.subset import WITHHELD

Rows = Sequence[tuple[object, ...]]

NEWEST = """SELECT max(at) FROM (SELECT max(captured_at) AS at FROM captures
    UNION ALL SELECT max(finished_at) FROM runs
    UNION ALL SELECT max(last_captured_at) FROM articles)"""
OF_ACCOUNT = "{0}.platform = s.platform AND {0}.account_id = s.account_id"
ARTICLES, LISTED, WALKS = (
    f"FROM articles a WHERE {OF_ACCOUNT.format('a')}",
    f"FROM links l WHERE {OF_ACCOUNT.format('l')} AND kind <> 'outside'",
    f"FROM coverage c WHERE {OF_ACCOUNT.format('c')}",
)
ACCOUNTS = f"""SELECT s.platform, s.account_id, coalesce(
        (SELECT name FROM accounts n WHERE {OF_ACCOUNT.format("n")}),
        (SELECT max(account) {ARTICLES}), '-') AS name,
    (SELECT count(*) {ARTICLES}),
    (SELECT min(published_at) {ARTICLES}),
    (SELECT max(published_at) {ARTICLES}),
    (SELECT count(*) {LISTED}),
    (SELECT count(*) {LISTED} AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = l.article_id)),
    (SELECT outcome {WALKS} ORDER BY at DESC LIMIT 1),
    (SELECT at {WALKS} ORDER BY at DESC LIMIT 1),
    (SELECT max(at) {WALKS} AND ended = 1 AND outcome IN ('new', 'none', 'deferred'))
    FROM (SELECT platform, account_id FROM coverage
        UNION SELECT platform, account_id FROM articles
        UNION SELECT platform, account_id FROM accounts) s
    WHERE s.account_id IS NOT NULL ORDER BY 1, 2"""
PLATFORMS = "SELECT DISTINCT platform FROM articles ORDER BY 1"
TABLES = {
    "statuses": "SELECT status, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "kinds": "SELECT kind, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "states": """SELECT platform, account_id, status, substr(before_at, 1, 10),
            substr(begun_at, 1, 10), substr(confirmed_at, 1, 10), substr(last_at, 1, 10),
            substr(over_at, 1, 10), reason
        FROM account_status ORDER BY platform, account_id, begun_at, status""",
    "coverage": """SELECT outcome, count(*), count(DISTINCT platform || ' ' || account_id), max(at)
        FROM coverage GROUP BY 1 ORDER BY 1""",
    "failures": """SELECT outcome, reason, count(*), count(DISTINCT url) FROM failures
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2""",
    "software": """SELECT software, count(*), min(started_at), max(finished_at) FROM runs
        GROUP BY 1 ORDER BY 3""",
    "producers": """SELECT id, zhengwen, trafilatura, lxml, libxml2, python FROM producers
        ORDER BY 1""",
    "cut": """SELECT truncated, count(*) FROM captures WHERE truncated IS NOT NULL
        GROUP BY 1 ORDER BY 1""",
}
COUNTS = {
    "versions": "SELECT count(*) FROM versions",
    "captures": "SELECT count(*) FROM captures",
    "runs": "SELECT count(*) FROM runs",
    "killed": "SELECT count(*) FROM runs WHERE finished_at IS NULL",
    "undated": "SELECT count(*) FROM articles WHERE published_at IS NULL",
    "empty": "SELECT count(*) FROM articles WHERE text = ''",
    "pictures": "SELECT count(*) FROM media WHERE kind <> 'video'",
    "pictures_captured": "SELECT count(*) FROM media WHERE capture IS NOT NULL",
    "withdrawals": "SELECT count(*) FROM withdrawals",
    "withdrawals_proved": "SELECT count(*) FROM withdrawals WHERE confirmed_at IS NOT NULL",
    "open_revisits": """SELECT count(*) FROM captures c WHERE refers_to IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM captures o WHERE o.id = c.refers_to)""",
}


class AccountStatistics(NamedTuple):
    """What is counted of one account, in the order of the README's table.

    Attributes:
        listed: entries of its listing, all that were ever in it.
        absent: those of them without an article.
        last_walk: when its listing was last walked through, and `last_outcome` with what outcome.
        last_complete_walk: when a walk last reached the end of the list.
    """

    platform: str
    account_id: str
    name: str
    articles: int
    first_published: str | None
    last_published: str | None
    listed: int
    absent: int
    last_outcome: str | None
    last_walk: str | None
    last_complete_walk: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What is counted in a package. Times are ISO 8601, None where there is nothing.

    Attributes:
        newest: the time of the newest capture or run.
        first_run, last_run: when the first crawl began and the last one ended.
        platforms: the names of the platforms of which there are articles.
        accounts: the accounts, by platform and id.
        counts: numbers by name (`COUNTS`).
        tables: small tables by name (`TABLES`).
        example: a `word` that the stock search finds, and the `pwid` of a capture.
        withheld: how many values the tier emptied, by `table.column`.
    """

    articles: int
    first_published: str | None
    last_published: str | None
    newest: str
    first_run: str | None
    last_run: str | None
    platforms: Sequence[str]
    accounts: Sequence[AccountStatistics]
    counts: Mapping[str, int]
    tables: Mapping[str, Rows]
    example: Mapping[str, str]
    withheld: Mapping[str, int]

    @property
    def day(self) -> str:
        """The day of the package: that of the newest capture or run."""
        return self.newest[:10]

    @property
    def absent(self) -> int:
        """Entries of listings of which there is no article."""
        return sum(account.absent for account in self.accounts)


def count(connection: sqlite3.Connection, archive_id: str) -> Statistics:
    """Count what a package holds.

    Args:
        connection: to its database.
        archive_id: what PWIDs name the archive by.
    """
    articles, first, last = connection.execute(
        "SELECT count(*), min(published_at), max(published_at) FROM articles"
    ).fetchone()
    first_run, last_run = connection.execute(
        "SELECT min(started_at), max(coalesce(finished_at, started_at)) FROM runs"
    ).fetchone()
    return Statistics(
        articles=articles,
        first_published=first,
        last_published=last,
        newest=connection.execute(NEWEST).fetchone()[0],
        first_run=first_run,
        last_run=last_run,
        platforms=[row[0] for row in connection.execute(PLATFORMS)],
        accounts=[AccountStatistics(*row) for row in connection.execute(ACCOUNTS)],
        counts={
            name: connection.execute(statement).fetchone()[0] for name, statement in COUNTS.items()
        },
        tables={
            name: [tuple(row) for row in connection.execute(statement)]
            for name, statement in TABLES.items()
        },
        example=_example(connection, archive_id),
        withheld=_withheld(connection),
    )


def _withheld(connection: sqlite3.Connection) -> dict[str, int]:
    """How many values the tier emptied, by column; none in a package that holds texts."""
    row = connection.execute("SELECT text FROM about WHERE topic = ?", (WITHHELD,)).fetchone()
    return dict(json.loads(row[0])) if row else {}


def _example(connection: sqlite3.Connection, archive_id: str) -> dict[str, str]:
    """A word of a title that the stock search finds, and the PWID of a capture."""
    title = connection.execute(
        "SELECT title FROM articles ORDER BY published_at DESC, id LIMIT 1"
    ).fetchone()[0]
    word = re.search(r"[\u4e00-\u9fff]{2}", title) or re.search(r"\w+", title)
    captures = connection.execute(
        "SELECT role, captured_at, url FROM captures WHERE outcome = 'article' ORDER BY "
        "captured_at, id"
    )
    return {
        "word": word[0] if word else "通报",
        "pwid": next((pwid(archive_id, *row) for row in captures), "-"),
    }
