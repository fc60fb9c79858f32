"""Where the answers of a run that reads pictures go: into the file of an archive, and its table
whenever nobody else writes in the archive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Protocol, Self

from archive.database import store
from archive.errors import Busy
from archive.index.picture_text import take_in
from archive.lock import Lock
from archive.ocr.answers import Answer, AnswerFile, answers, file_beside

TAKE_IN_EVERY = 60.0  # seconds


class AnswerStore(Protocol):
    """Takes the answers. A context manager; one process at a time has it."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...

    def known(self) -> Mapping[str, Answer]:
        """The answers that there are, by the digests of pictures."""
        ...

    def takes(self, payload_digest: str) -> bool:
        """Whether it can take the answer for a picture."""
        ...

    def add(self, answer: Answer) -> None:
        """Take an answer; it is on the disk when this returns."""
        ...

    def make_searchable(self) -> bool:
        """Bring the tables up to date. Returns whether they are: another process may write."""
        ...


class StoreOfArchive:
    """The answers of one archive."""

    def __init__(self, folder: Path) -> None:
        """Take an archive.

        Args:
            folder: of it, indexed.
        """
        self._db_path = folder / "archive.db"
        self._path = file_beside(folder / "warc")
        self._searchable_at = monotonic()

    def __enter__(self) -> Self:
        """Open it. Raises Busy where another process reads pictures of the archive."""
        self.make_searchable()  # refuses a folder that must stay as it is, before it is written to
        self._file = AnswerFile(self._path)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.__exit__(*exc_info)

    def known(self) -> Mapping[str, Answer]:
        """All answers of the archive."""
        return answers(self._path)

    def takes(self, payload_digest: str) -> bool:
        """Any."""
        return True

    def add(self, answer: Answer) -> None:
        """Add an answer to the file, and now and then the new ones to the table."""
        self._file.add(answer)
        if monotonic() > self._searchable_at + TAKE_IN_EVERY:
            self.make_searchable()

    def make_searchable(self) -> bool:
        """Bring the table up to date, unless another process writes in the archive. Returns
        whether it is."""
        self._searchable_at = monotonic()
        try:
            with Lock(self._db_path.parent):
                db = store.open_for_index(self._db_path)
                try:
                    with db.atomic():
                        take_in(db.conn, self._path)
                finally:
                    db.close()
        except Busy:
            return False
        return True
