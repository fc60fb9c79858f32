"""Which articles the captures of one WARC file may change, and all observations of one article, in
time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from archive.database.rows import ArticleRow
from archive.history.withdrawals import Observation
from archive.model import Outcome

# A walk that would have met what is listed.
WALKED = "c.complete = 1 AND c.outcome IN ('new', 'none', 'deferred')"

# By key, because the full-text index is written fastest so. First what the file itself names, then
# articles whose answer came again and whose first answer is in this file, then their pictures;
# those of a run whose other files say whether the platform was online; those that a walk did not
# meet; those that are listed again.
TOUCHED = f"""WITH RECURSIVE
    files (url) AS (SELECT url FROM captures WHERE warc = :warc AND role = 'media'
        UNION SELECT later.url FROM captures original JOIN captures later
            ON later.refers_to = original.id WHERE original.warc = :warc AND later.role = 'media'
        UNION SELECT c.url FROM files f JOIN captures c ON c.location = f.url
            WHERE c.role = 'media'),
    listings AS (SELECT platform, account_id, min(captured_at) AS since FROM captures
        WHERE warc = :warc AND role = 'listing' AND account_id IS NOT NULL GROUP BY 1, 2),
    runs_of_file AS (SELECT DISTINCT run FROM captures WHERE warc = :warc AND run IS NOT NULL
        UNION SELECT later.run FROM captures original JOIN captures later
            ON later.refers_to = original.id WHERE original.warc = :warc),
    walks AS (SELECT c.* FROM listings JOIN coverage c USING (platform, account_id)
            WHERE c.at >= listings.since AND {WALKED}
        UNION SELECT c.* FROM coverage c WHERE c.run IN (SELECT run FROM runs_of_file)
            AND {WALKED})
    SELECT article_id FROM (
        SELECT article_id FROM captures WHERE warc = :warc AND article_id IS NOT NULL
        UNION SELECT later.article_id FROM captures original JOIN captures later
            ON later.refers_to = original.id
            WHERE original.warc = :warc AND later.article_id IS NOT NULL
        UNION SELECT media.article_id FROM files JOIN media USING (url)
        UNION SELECT article_id FROM captures WHERE run IN (SELECT run FROM runs_of_file)
            AND role = 'article' AND outcome IN ('not-found', 'empty') AND article_id IS NOT NULL
        UNION SELECT l.article_id FROM walks c JOIN links l USING (platform, account_id)
            WHERE l.published_at > c.covered_from AND l.last_listed_at < c.begun_at
        UNION SELECT a.id FROM articles a JOIN links l ON l.article_id = a.id
            WHERE a.unlisted_at IS NOT NULL AND l.last_listed_at > a.unlisted_at
    ) LEFT JOIN articles ON id = article_id ORDER BY pk, article_id"""

UNKNOWN_LAYOUT = "unknown-layout"  # reason of an article that the general rules read

CAPTURES = """SELECT c.id, c.captured_at, c.account, c.account_id, c.run,
        coalesce(o.outcome, c.outcome), coalesce(o.reason, c.reason),
        coalesce(o.detail, c.detail), coalesce(c.content_digest, o.content_digest),
        c.content_digest IS NOT NULL
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.article_id = ? AND c.role = 'article' ORDER BY c.captured_at, c.id"""

OTHER_ONLINE = """SELECT 1 FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.run = ? AND c.role = 'article' AND c.outcome IN ('article', 'unchanged')
        AND coalesce(o.outcome, c.outcome) = 'article' AND c.article_id <> ? LIMIT 1"""

# The platform's own words, in a profile or a list, that it does not show the account.
HIDDEN = """SELECT 1 FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.platform = ? AND c.account_id = ? AND c.role IN ('profile', 'listing') AND c.run = ?
        AND coalesce(o.outcome, c.outcome) IN ('not-found', 'withdrawn')
        AND coalesce(o.reason, c.reason) = 'said' LIMIT 1"""

UNLISTED = f"""SELECT c.at, c.record FROM coverage c JOIN links l USING (platform, account_id)
    WHERE l.article_id = :id AND {WALKED} AND l.published_at > c.covered_from
        AND c.begun_at > (SELECT max(last_listed_at) FROM links WHERE article_id = :id)"""

MOVED = """SELECT id FROM articles WHERE title = ? AND platform = ? AND account_id = ?
    AND text = ? AND id <> ? AND first_captured_at > ? ORDER BY first_captured_at, id LIMIT 1"""

MISSING_WITH_SAME_TITLE = """SELECT missing.id FROM articles new JOIN articles missing USING (title)
    WHERE new.id = ? AND missing.platform = new.platform AND missing.id <> new.id
        AND missing.status IN ('withdrawn', 'unreachable')"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A capture of an article's page. A revisit has outcome, reason, detail and digest of its
    original, and is not `read_itself`; `digest` is None where no article was read."""

    id: str
    captured_at: str
    account: str | None
    account_id: str | None
    run: str | None
    outcome: Outcome
    reason: str | None
    detail: str | None
    digest: str | None
    read_itself: bool


def touched(connection: sqlite3.Connection, warc: str) -> list[str]:
    """The articles whose rows may change by the captures and notes of one WARC file.

    Args:
        connection: to the database, which has the file's rows already.
        warc: name of the file.
    """
    return [row[0] for row in connection.execute(TOUCHED, {"warc": warc})]


def answers_of(connection: sqlite3.Connection, article_id: str) -> list[Answer]:
    """The captures of an article's page, in time."""
    return [Answer(*row) for row in connection.execute(CAPTURES, (article_id,))]


def by_own_rules(answers: Sequence[Answer]) -> list[Answer]:
    """Those answers that the platform's own rules read, or that gave no article; all where they
    read none. General rules may part a text otherwise, which is no edit of it."""
    own = [answer for answer in answers if answer.reason != UNKNOWN_LAYOUT]
    return own if any(answer.digest for answer in own) else [*answers]


def with_own_contents(answers: Sequence[Answer]) -> list[Answer]:
    """The answers, each of those that the general rules read with the content that the platform's
    own rules read before it, or after it: it proves that the article was online, and no edit."""
    contents = [answer for answer in by_own_rules(answers) if answer.digest]
    if not contents or UNKNOWN_LAYOUT in (answer.reason for answer in contents):
        return [*answers]
    settled, digest = [], contents[0].digest
    for answer in answers:
        if answer.digest and answer.reason == UNKNOWN_LAYOUT:
            settled.append(replace(answer, digest=digest))
            continue
        digest = answer.digest or digest
        settled.append(answer)
    return settled


def observations_of(
    connection: sqlite3.Connection, article_id: str, answers: Iterable[Answer]
) -> list[Observation]:
    """All observations of an article, in time: its captures, and the complete walks through its
    listing without it.

    Args:
        connection: to the database.
        article_id: `articles.id`.
        answers: the captures of its page, as `answers_of` gives them.
    """
    answers = list(answers)
    observations = [_observation(connection, article_id, answer) for answer in answers]
    if any(answer.digest for answer in answers):
        observations += _unlisted(connection, article_id)
    return sorted(observations, key=lambda observation: (observation.at, observation.proof))


def _unlisted(connection: sqlite3.Connection, article_id: str) -> Iterator[Observation]:
    for at, record in connection.execute(UNLISTED, {"id": article_id}):
        yield Observation(at=at, outcome="unlisted", proof=record)


def _observation(connection: sqlite3.Connection, article_id: str, answer: Answer) -> Observation:
    trusted = (
        answer.outcome not in ("not-found", "empty")
        or connection.execute(OTHER_ONLINE, (answer.run, article_id)).fetchone() is not None
        or _is_hidden(connection, article_id, answer)
    )
    return Observation(
        at=answer.captured_at,
        outcome=answer.outcome,
        proof=answer.id,
        reason=answer.reason,
        detail=answer.detail,
        digest=answer.digest,
        trusted=trusted,
    )


def _is_hidden(connection: sqlite3.Connection, article_id: str, answer: Answer) -> bool:
    """Whether the platform said in the same run that it does not show the account."""
    key = article_id.partition("-")[0], answer.account_id, answer.run
    return connection.execute(HIDDEN, key).fetchone() is not None


def moved_to(connection: sqlite3.Connection, article: ArticleRow) -> str | None:
    """The id under which the same account published the same text later; None where it did not."""
    row = connection.execute(
        MOVED,
        (
            article.title,
            article.platform,
            article.account_id,
            article.text,
            article.id,
            article.first_captured_at,
        ),
    ).fetchone()
    return str(row[0]) if row else None


def perhaps_moved_to(connection: sqlite3.Connection, article_ids: Iterable[str]) -> list[str]:
    """Missing articles that one of these may be the new place of."""
    missing = {
        row[0]
        for article_id in article_ids
        for row in connection.execute(MISSING_WITH_SAME_TITLE, (article_id,))
    }
    return sorted(missing)
