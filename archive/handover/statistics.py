"""The numbers that README and DATASHEET tell, all of them counted in the package's own database."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.handover.pwid import pwid
from archive.handover.subset import WITHHELD

Rows = Sequence[tuple[Any, ...]]

NEWEST = """SELECT max(at) FROM (SELECT max(captured_at) AS at FROM captures UNION ALL SELECT max(finished_at) FROM runs
    UNION ALL SELECT max(last_captured_at) FROM articles)"""
ACCOUNTS = """SELECT s.platform, s.account_id, coalesce((SELECT name FROM accounts n WHERE n.platform = s.platform
        AND n.account_id = s.account_id), (SELECT max(account) FROM articles a WHERE a.platform = s.platform
        AND a.account_id = s.account_id), '-') AS name,
    (SELECT count(*) FROM articles a WHERE a.platform = s.platform AND a.account_id = s.account_id),
    (SELECT min(published_at) FROM articles a WHERE a.platform = s.platform AND a.account_id = s.account_id),
    (SELECT max(published_at) FROM articles a WHERE a.platform = s.platform AND a.account_id = s.account_id),
    (SELECT count(*) FROM links l WHERE l.platform = s.platform AND l.account_id = s.account_id AND kind <> 'outside'),
    (SELECT count(*) FROM links l WHERE l.platform = s.platform AND l.account_id = s.account_id AND kind <> 'outside'
        AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = l.article_id)),
    (SELECT outcome FROM coverage c WHERE c.platform = s.platform AND c.account_id = s.account_id ORDER BY at DESC LIMIT 1),
    (SELECT at FROM coverage c WHERE c.platform = s.platform AND c.account_id = s.account_id ORDER BY at DESC LIMIT 1),
    (SELECT max(at) FROM coverage c WHERE c.platform = s.platform AND c.account_id = s.account_id AND ended = 1
        AND outcome IN ('new', 'none'))
    FROM (SELECT platform, account_id FROM coverage UNION SELECT platform, account_id FROM articles
        UNION SELECT platform, account_id FROM accounts) s WHERE s.account_id IS NOT NULL ORDER BY 1, 2"""
COUNTED = {
    "statuses": "SELECT status, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "platforms": "SELECT platform, count(*), min(published_at), max(published_at) FROM articles GROUP BY 1 ORDER BY 1",
    "kinds": "SELECT kind, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "ledger": """SELECT outcome, count(*), count(DISTINCT platform || ' ' || account_id), max(at) FROM coverage
        GROUP BY 1 ORDER BY 1""",
    "failures": "SELECT outcome, reason, count(*), count(DISTINCT url) FROM failures GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
    "software": "SELECT software, count(*), min(started_at), max(finished_at) FROM runs GROUP BY 1 ORDER BY 3",
    "producers": "SELECT id, zhengwen, trafilatura, lxml, libxml2, python FROM producers ORDER BY 1",
    "cut": "SELECT truncated, count(*) FROM captures WHERE truncated IS NOT NULL GROUP BY 1 ORDER BY 1",
    "accounts": ACCOUNTS,
}
SINGLE = {
    "versions": "SELECT count(*) FROM versions",
    "captures": "SELECT count(*) FROM captures",
    "runs": "SELECT count(*) FROM runs",
    "killed": "SELECT count(*) FROM runs WHERE finished_at IS NULL",
    "first_run": "SELECT min(started_at) FROM runs",
    "last_run": "SELECT max(coalesce(finished_at, started_at)) FROM runs",
    "undated": "SELECT count(*) FROM articles WHERE published_at IS NULL",
    "empty": "SELECT count(*) FROM articles WHERE text = ''",
    "pictures": "SELECT count(*) FROM media",
    "pictures_held": "SELECT count(*) FROM media WHERE capture IS NOT NULL",
    "withdrawals": "SELECT count(*) FROM withdrawals",
    "withdrawals_proved": "SELECT count(*) FROM withdrawals WHERE confirmed_at IS NOT NULL",
    "open_revisits": """SELECT count(*) FROM captures c WHERE refers_to IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM captures o WHERE o.id = c.refers_to)""",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts by name (`one`), small tables by name (`rows`), and what examples are made of."""

    articles: int
    first_published: str | None
    last_published: str | None
    newest: str
    one: Mapping[str, Any]
    rows: Mapping[str, Rows]
    example: Mapping[str, str]
    withheld: Mapping[str, int]

    @property
    def day(self) -> str:
        """The day of the package: that of the newest capture or run."""
        return self.newest[:10]

    @property
    def platforms(self) -> list[str]:
        """The platforms of which articles are held."""
        return [row[0] for row in self.rows["platforms"]]


def figures(connection: sqlite3.Connection, archive_id: str) -> Figures:
    """Count what the package holds."""
    number, first, last = connection.execute(
        "SELECT count(*), min(published_at), max(published_at) FROM articles"
    ).fetchone()
    return Figures(
        articles=number,
        first_published=first,
        last_published=last,
        newest=connection.execute(NEWEST).fetchone()[0],
        one={
            name: connection.execute(statement).fetchone()[0] for name, statement in SINGLE.items()
        },
        rows={
            name: [tuple(row) for row in connection.execute(statement)]
            for name, statement in COUNTED.items()
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
    capture = connection.execute(
        "SELECT role, captured_at, url FROM captures WHERE outcome = 'article' ORDER BY "
        "captured_at, id"
    )
    return {
        "word": word[0] if word else title,
        "pwid": next((pwid(archive_id, *row) for row in capture), "-"),
    }
