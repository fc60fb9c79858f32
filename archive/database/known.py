"""Which known articles a run may ask for again, in SQL: each gives the columns of `Watched`; and
whether an entry is gone from its listing."""

from __future__ import annotations

from dataclasses import dataclass

WATCHED = """SELECT id, url, account_id, account, watched_from, checked_at FROM articles
    WHERE platform = ?1"""

# Of accounts that are hidden now, what was not asked for since.
HIDDEN = """SELECT a.id, a.url, a.account_id, a.account, a.watched_from, a.checked_at
    FROM account_status s CROSS JOIN articles a USING (platform, account_id)
    WHERE s.platform = ?1 AND s.status IN ('suspended', 'removed') AND s.over_at IS NULL
        AND a.missing_since IS NULL AND a.checked_at < s.begun_at"""

# Of which a listing says something else than before, what was not asked for since.
CHANGED = f"""{WATCHED} AND id IN (SELECT article_id FROM link_changes c
        WHERE c.platform = ?1 AND c.changed_at > articles.checked_at)"""

# Those of accounts of which articles are missing come last: all of them may be.
ONLINE = f"""{WATCHED} AND missing_since IS NULL
        AND id NOT IN (SELECT value FROM json_each(?2))
    ORDER BY account_id IN (SELECT account_id FROM articles
        WHERE id IN (SELECT value FROM json_each(?2))), watched_from DESC LIMIT ?3"""

# Of one account, what was not asked for since its list last had an entry.
ONLINE_OF = f"""{WATCHED} AND account_id = ?2 AND missing_since IS NULL
        AND checked_at <= (SELECT max(at) FROM coverage c WHERE c.platform = ?1
            AND c.account_id = ?2 AND c.listed > 0)
    ORDER BY published_at DESC, id"""

# Whether the last complete walk that would have met an entry did not.
IS_GONE = """SELECT change = 'gone' FROM link_changes
    WHERE platform = ? AND account_id = ? AND native_id = ? AND change IN ('gone', 'back')
    ORDER BY changed_at DESC LIMIT 1"""

# The answers of a listed article that was never there: the first, the last, and why. One that came
# the same before is a revisit of that.
ABSENCE = """SELECT min(c.captured_at) OVER (), c.captured_at,
        coalesce(o.reason, c.reason, o.outcome, c.outcome)
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.article_id = ?
        AND coalesce(o.outcome, c.outcome) IN ('withdrawn', 'not-found', 'empty')
    ORDER BY c.captured_at DESC LIMIT 1"""

# `way`: the address of a file and those to which its answers led, one after the other.
LEADS_TO = """WITH RECURSIVE way (url) AS (SELECT ?
    UNION SELECT c.location FROM way JOIN captures c USING (url)
        WHERE c.role = 'media' AND c.location IS NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Absence:
    """The answers of a listed article that was never there.

    Attributes:
        first_at: when it was first asked for (ISO 8601, UTC).
        last_at: and last.
        reason: why the last answer is none, in a short word.
    """

    first_at: str
    last_at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A known article as a schedule sees it.

    Attributes:
        watched_from: when its present content, or its absence, was first observed.
        checked_at: when it was last observed to be online or missing.
    """

    id: str
    url: str
    account_id: str | None
    account: str | None
    watched_from: str
    checked_at: str
