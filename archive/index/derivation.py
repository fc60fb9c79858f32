"""Versions, articles and media as functions of the captures: made again for each article that new
captures touch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace

import sqlite_utils

from archive.database import fulltext, writing
from archive.database.known import LEADS_TO
from archive.database.reading import select
from archive.database.rows import (
    ArticleRow,
    CaptureRow,
    MediaRow,
    VersionRow,
    WithdrawalRow,
    columns,
)
from archive.history.observations import (
    Answer,
    answers_of,
    moved_to,
    observations_of,
    perhaps_moved_to,
    touched,
    with_own_contents,
)
from archive.history.withdrawals import MISSING, Absence, Observation, absences, status
from archive.index.aliases import derive_aliases
from archive.index.observing import failure_of
from archive.index.pages import join_pages
from archive.index.rows import failed
from archive.model import FileKind
from archive.model.columns import field_values
from archive.page.unnamed_files import names_file
from archive.page.urls import as_sent

NO_KEY = 0  # of an article that is not stored yet: SQLite gives it the next one

OF_ARTICLE = "WHERE article_id = ? ORDER BY first_captured_at, digest"
# A row that is right already is not written again, with all of its text.
DATED = """UPDATE versions SET capture = ?3, first_captured_at = ?4, last_captured_at = ?5
    WHERE article_id = ?1 AND digest = ?2
        AND (capture, first_captured_at, last_captured_at) IS NOT (?3, ?4, ?5)"""
# At its own address, or where that led; a page that came in its place only where nothing else did.
FILE = f"""{LEADS_TO}
    SELECT c.id, c.captured_at, c.status, c.content_type, c.payload_digest,
        coalesce(o.payload_kind, c.payload_kind) IS 'page' AS is_page
    FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.url IN (SELECT url FROM way) AND c.role = 'media' AND c.truncated IS NULL
        AND coalesce(c.status, 200) = 200
    ORDER BY is_page, c.captured_at, c.id LIMIT 1"""


def derive_file(db: sqlite_utils.Database, warc: str) -> None:
    """Make the rows of all articles again that the captures of one WARC file may change.

    Args:
        db: the database, which has the file's captures already.
        warc: name of the file.
    """
    ids = touched(db.conn, warc)
    derive(db, ids)
    derive(db, perhaps_moved_to(db.conn, ids))
    derive_aliases(db.conn, ids)


def derive(db: sqlite_utils.Database, article_ids: Iterable[str]) -> None:
    """Make the rows of these articles again from their captures, and then what the full-text index
    has of them."""
    unindexed: list[int] = []
    for article_id in article_ids:
        answers = answers_of(db.conn, article_id)
        try:
            with writing.savepoint(db.conn):
                unindexed += _derive_all(db, article_id, answers)
        except Exception as error:
            if writing.is_of_database(error):
                raise
            for answer in answers[-1:]:  # the row is that of the latest
                _note_failure(db.conn, answer.id, error)
    fulltext.add(db, unindexed)


def _note_failure(connection: sqlite3.Connection, capture_id: str, error: Exception) -> None:
    """Say with a capture that the rows of its article could not be made."""
    for capture in select(connection, CaptureRow, "WHERE id = ?", [capture_id]):
        if failure := failed(capture, failure_of(error)).failure:
            writing.insert(connection, "failures", [columns(failure)])


def _derive_all(db: sqlite_utils.Database, article_id: str, answers: list[Answer]) -> list[int]:
    """Returns the key of the article if the full-text index must take it in."""
    if join_pages(db.conn, article_id):
        answers = answers_of(db.conn, article_id)
    _date_versions(db.conn, article_id, answers)
    versions = list(select(db.conn, VersionRow, OF_ARTICLE, [article_id]))
    unindexed = _derive_article(db, article_id, with_own_contents(answers), versions)
    media = _media(db.conn, article_id, versions)
    writing.replace_rows(db.conn, "media", article_id, media)
    return unindexed


def _derive_article(
    db: sqlite_utils.Database, article_id: str, answers: list[Answer], versions: list[VersionRow]
) -> list[int]:
    by_digest = {version.digest: version for version in versions}
    shown = next((by_digest[a.digest] for a in reversed(answers) if a.digest in by_digest), None)
    if shown is None:
        return []
    observations = observations_of(db.conn, article_id, answers)
    absent = absences(observations)
    withdrawals = (columns(_withdrawal(article_id, absence)) for absence in absent)
    writing.replace_rows(db.conn, "withdrawals", article_id, withdrawals)
    count = len(by_digest.keys() & {answer.digest for answer in answers})
    article = _article(shown, answers, observations, count)
    return _store(db, _with_absence(db.conn, article, absent))


def _date_versions(
    connection: sqlite3.Connection, article_id: str, answers: Iterable[Answer]
) -> None:
    spans: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.digest:
            spans.setdefault(answer.digest, []).append(answer)
    for digest, shown in spans.items():
        first, last = shown[0], shown[-1]
        # a program may date a revisit like its original
        proof = next((answer for answer in shown if answer.read_itself), first)
        connection.execute(
            DATED,
            (article_id, digest, proof.id, first.captured_at, last.captured_at),
        )


def _article(
    version: VersionRow, answers: list[Answer], observations: list[Observation], count: int
) -> ArticleRow:
    """The article as its latest good version has it, online."""
    read = [answer for answer in answers if answer.digest]
    fields = field_values(version)
    fields["account"] = version.account or _last(answer.account for answer in answers)
    fields["account_id"] = version.account_id or _last(answer.account_id for answer in answers)
    return ArticleRow(
        **fields,
        pk=NO_KEY,
        id=version.article_id,
        platform=version.article_id.partition("-")[0],
        status=status(None, count),
        withdrawn_by=None,
        withdrawn_reason=None,
        moved_to=None,
        first_captured_at=read[0].captured_at,
        last_captured_at=read[-1].captured_at,
        version_count=count,
        checked_at=max(_checks(observations)),
        missing_since=None,
        unlisted_at=min(_unlisted(observations), default=None),
        watched_from=_current_since(read),
        digest=version.digest,
        producer=version.producer,
        pages=version.pages,
        complete=version.complete,
    )


def _with_absence(
    connection: sqlite3.Connection, article: ArticleRow, absent: list[Absence]
) -> ArticleRow:
    """The article with what its last absence says. One that the account published again elsewhere
    has moved."""
    if not absent or absent[-1].reinstated_at is not None:
        return article
    lasting = absent[-1]
    address = moved_to(connection, article)
    word = status(lasting, article.version_count)
    if address and lasting.withdrawn_by is None:
        word = "unreachable"
    return replace(
        article,
        status=word,
        withdrawn_by=lasting.withdrawn_by if word == "withdrawn" else None,
        withdrawn_reason=lasting.reason if word == "withdrawn" else None,
        moved_to=address,
        missing_since=lasting.first_missing_at,
        watched_from=lasting.first_missing_at,
    )


def _checks(observations: Iterable[Observation]) -> Iterator[str]:
    """When the article's own page said whether it is online."""
    for observation in observations:
        is_absence = observation.outcome in MISSING and observation.outcome != "unlisted"
        if observation.digest or is_absence:
            yield observation.at


def _unlisted(observations: Iterable[Observation]) -> Iterator[str]:
    return (observation.at for observation in observations if observation.outcome == "unlisted")


def _current_since(read: list[Answer]) -> str:
    """Since when the present content is there: it may have been another one before, twice."""
    since = read[-1].captured_at
    for answer in reversed(read):
        if answer.digest != read[-1].digest:
            break
        since = answer.captured_at
    return since


def _last(values: Iterable[str | None]) -> str | None:
    given = [value for value in values if value]
    return given[-1] if given else None


def _withdrawal(article_id: str, absence: Absence) -> WithdrawalRow:
    return WithdrawalRow(
        article_id=article_id,
        last_seen_at=absence.last_seen_at,
        first_missing_at=absence.first_missing_at,
        last_missing_at=absence.last_missing_at,
        confirmed_at=absence.confirmed_at,
        reinstated_at=absence.reinstated_at,
        withdrawn_by=absence.withdrawn_by,
        reason=absence.reason,
        proofs=json.dumps(absence.proofs),
    )


def _store(db: sqlite_utils.Database, article: ArticleRow) -> list[int]:
    """Write the article; the full-text index forgets what it has and is not true any more."""
    values = columns(article)
    del values["pk"]
    before = next(select(db.conn, ArticleRow, "WHERE id = ?", [article.id]), None)
    if before is None:
        return [writing.insert_article(db.conn, values)]
    old = fulltext.indexed_of(before)
    is_changed = old != fulltext.indexed_of(article)
    if is_changed:
        fulltext.forget(db, before.pk, old)
    writing.update_article(db.conn, before.pk, values)
    return [before.pk] if is_changed else []


def _media(
    connection: sqlite3.Connection, article_id: str, versions: Iterable[VersionRow]
) -> Iterator[dict[str, object]]:
    """Rows of the pictures and attachments of all versions, each with its first capture. A page
    behind a link whose address names no file is no attachment."""
    files: dict[str, tuple[str | None, FileKind]] = {}
    for version in versions:
        for picture in json.loads(version.pictures):
            files[as_sent(picture["url"])] = (picture["caption"], picture["kind"])
    for position, (url, (caption, kind)) in enumerate(files.items()):
        capture = connection.execute(FILE, (url,)).fetchone() or (None,) * 6
        if kind == "attachment" and capture[5] and not names_file(url):
            continue
        row = MediaRow(
            article_id=article_id,
            position=position,
            url=url,
            caption=caption,
            kind=kind,
            capture=capture[0],
            captured_at=capture[1],
            status=capture[2],
            content_type=capture[3],
            payload_digest=capture[4],
        )
        yield columns(row)
