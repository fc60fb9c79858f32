"""Reading the text in pictures: a job of its own, because it costs seconds for each.

Each answer is on the disk before the next picture is begun, so that a kill costs one picture. The
archive may be crawled meanwhile: the table takes the answers in whenever nobody else writes, and
`index` does what is left.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from archive.database.opening import connect_for_reading
from archive.errors import ArchiveError
from archive.index.payloads import Place, payload
from archive.index.picture_store import AnswerStore, StoreOfArchive
from archive.model import PictureState
from archive.ocr.answers import Answer
from archive.ocr.process import PictureReader

PASSING = ("too-slow", "ended-process")  # states that another day may end otherwise

CAPTURED = """FROM media m JOIN articles a ON a.id = m.article_id
    WHERE m.kind = 'picture' AND m.capture IS NOT NULL
        AND (:account IS NULL OR a.account = :account OR a.account_id = :account
            OR (a.platform, a.account_id) IN (SELECT value ->> 0, value ->> 1
                FROM json_each(:called)))"""
WAITING = f"""SELECT m.payload_digest, max(coalesce(a.published_at, a.first_captured_at)) AS day
    {CAPTURED} AND m.payload_digest IS NOT NULL
    GROUP BY m.payload_digest ORDER BY day DESC, m.payload_digest"""
RECORD = """SELECT warc, "offset", length, id FROM captures WHERE payload_digest = ?
    AND outcome = 'media' AND refers_to IS NULL ORDER BY captured_at, id LIMIT 1"""
# Pictures of which the archive has only revisits, or records without the digest of a payload.
UNRECORDED = f"""SELECT count(DISTINCT m.url) {CAPTURED} AND (m.payload_digest IS NULL
    OR NOT EXISTS (SELECT 1 FROM captures c WHERE c.payload_digest = m.payload_digest
            AND c.outcome = 'media' AND c.refers_to IS NULL)
        AND NOT EXISTS (SELECT 1 FROM media_text t WHERE t.payload_digest = m.payload_digest))"""


class Waiting(NamedTuple):
    """A picture to be read, and the record that holds it."""

    payload_digest: str
    place: Place


@dataclass(slots=True)
class PicturesRead:
    """What one call did.

    Attributes:
        states: how many pictures ended in each state.
        with_text: how many show text.
        lost: a sentence for each picture whose record cannot be read.
        unrecorded: pictures whose bytes are in no record of the archive, as where only a revisit
            of them came, or whose record has no payload digest.
        sealed: pictures that cannot be read, because they are in sealed archives alone.
        remaining: pictures that wait for the next call.
        is_searchable: whether the table has all answers.
    """

    states: Counter[PictureState] = field(default_factory=Counter)
    with_text: int = 0
    lost: list[str] = field(default_factory=list)
    unrecorded: int = 0
    sealed: int = 0
    remaining: int = 0
    is_searchable: bool = True

    def add(self, answer: Answer) -> None:
        """Count an answer."""
        self.states[answer.state] += 1
        self.with_text += bool(answer.lines)


def waiting(
    connection: sqlite3.Connection,
    answered: Mapping[str, Answer],
    *,
    account: str | None = None,
    called: Iterable[tuple[str, str]] = (),
    again_unless: str | None = None,
) -> list[Waiting]:
    """The captured pictures of articles that were not read yet, those of the newest first.

    Args:
        connection: to the archive's database.
        answered: the answers that there are.
        account: only pictures of articles with this name or id of an account.
        called: and of accounts that have or had that name, by platform and id.
        again_unless: also pictures that another reader than this one read, and those that took
            too long or ended the process.
    """
    rows = connection.execute(WAITING, _values(account, called)).fetchall()
    pictures = []
    for digest, _ in rows:
        if _is_done(answered.get(digest), again_unless):
            continue
        if record := connection.execute(RECORD, [digest]).fetchone():
            pictures.append(Waiting(digest, Place(*record)))
    return pictures


def unrecorded(
    connection: sqlite3.Connection,
    *,
    account: str | None = None,
    called: Iterable[tuple[str, str]] = (),
) -> int:
    """How many captured pictures of articles cannot be read, because no record of the archive holds
    them, or none by a payload digest. Takes what `waiting` takes."""
    row = connection.execute(UNRECORDED, _values(account, called)).fetchone()
    return int(row[0])


def _values(account: str | None, called: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    return {"account": account, "called": json.dumps([*called])}


def read_pictures(
    folder: Path,
    *,
    limit: int | None = None,
    account: str | None = None,
    called: Iterable[tuple[str, str]] = (),
    again: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    into: AnswerStore | None = None,
) -> PicturesRead:
    """Read the text in the captured pictures of articles, those of the newest articles first.

    Args:
        folder: the archive, indexed.
        limit: at most so many pictures.
        account, called: only pictures of this account, as in `waiting`.
        again: also those that were read by another version of the reader, or without an end.
        progress: called with how many pictures are done, and of how many.
        into: takes the answers; None: the archive does.

    Raises:
        UsageError: the reader of pictures is not installed.
        Busy: another process reads pictures of this archive.
        ArchiveError: the reader does not work on this machine.
    """
    done, reader = PicturesRead(), PictureReader()
    with into or StoreOfArchive(folder) as store, reader:
        with closing(connect_for_reading(folder / "archive.db")) as connection:
            pictures = waiting(
                *(connection, store.known()),
                account=account,
                called=called,
                again_unless=reader.name if again else None,
            )
            done.unrecorded = unrecorded(connection, account=account, called=called)
        open_pictures = [each for each in pictures if store.takes(each.payload_digest)]
        done.sealed = len(pictures) - len(open_pictures)
        chosen = open_pictures[:limit]
        done.remaining = len(open_pictures) - len(chosen)
        progress(0, len(chosen))
        for number, picture in enumerate(chosen, 1):
            _read(folder, picture, reader, store, done)
            progress(number, len(chosen))
        done.is_searchable = store.make_searchable()
    return done


def _read(
    folder: Path, picture: Waiting, reader: PictureReader, store: AnswerStore, done: PicturesRead
) -> None:
    try:
        data = payload(folder / "warc", picture.place).body
    except ArchiveError as error:
        done.lost.append(str(error))
        return
    answer = reader.read(picture.payload_digest, data)
    store.add(answer)
    done.add(answer)


def _is_done(answer: Answer | None, again_unless: str | None) -> bool:
    if answer is None or again_unless is None:
        return answer is not None
    return answer.reader == again_unless and answer.state not in PASSING
