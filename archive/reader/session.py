"""An archive that is open for reading: its folder, its platforms and its database."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive.database.opening import connect_for_reading, is_begun
from archive.errors import UsageError
from archive.folder import refuse_collection

# What a method needs it imports itself: a search must not wait for what an export needs
# (benchmarks/startup.py measures it, a test holds it).
if TYPE_CHECKING:
    import sqlite_utils

    from archive.platforms import Platforms
    from archive.warc.stored import WarcFile


class Session:
    """An archive that is open for reading. A context manager that opens `archive.db` when it is
    first needed, and closes it.

    A value belongs to the thread that first reads by it, as SQLite's connections do: open one in
    each thread. Any number of them read at the same time. In another thread whatever reads raises
    UsageError, and so does `close`.
    """

    def __init__(self, path: str | os.PathLike[str], *, platforms: Platforms | None = None) -> None:
        """Take the archive in a folder.

        Args:
            path: the folder.
            platforms: by whose rules pages are read; None: see the property of that name.

        Raises:
            UsageError: there is no such folder, or it is a package or a collection.
        """
        self.path = Path(path)
        self._platforms = platforms
        if not self.path.is_dir():
            raise UsageError(
                f"There is no folder {self.path}; make it, or give another with --archive."
            )
        if (self.path / "bagit.txt").is_file() and (self.path / "data").is_dir():
            raise UsageError(
                f"{self.path} is a package; its archive is {self.path / 'data'}, and `zhengwen "
                f"verify --package {self.path}` checks it."
            )
        self._check_kind()
        self.db_path = self.path / "archive.db"
        self.warc_dir = self.path / "warc"
        self._connection: sqlite3.Connection | None = None
        self._thread: int | None = None
        self._db: sqlite_utils.Database | None = None

    def _check_kind(self) -> None:
        refuse_collection(self.path)

    @property
    def connections(self) -> Sequence[sqlite3.Connection]:
        """All databases of which each article is in one: a single one; of a collection several."""
        return (self.connection,)

    def interrupt_when(self, is_over: Callable[[], bool], steps: int) -> None:
        """Have SQLite interrupt what it does here.

        Args:
            is_over: asked whether to interrupt it.
            steps: instructions of SQLite between two such questions.
        """
        for connection in self.connections:
            connection.set_progress_handler(is_over, steps)

    @property
    def databases(self) -> Sequence[Path]:
        """The files of these databases."""
        return (self.db_path,)

    @property
    def unreachable(self) -> Sequence[str]:
        """What of it cannot be read, and so is missing from every answer: a sentence for each."""
        return ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Raises UsageError in another thread than the one that reads."""
        if self._connection is not None:
            self._require_own_thread()
            self._connection.close()
        self._connection = self._db = None

    @property
    def platforms(self) -> Platforms:
        """The platforms that this archive knows: those of the program, and those described in
        $ZHENGWEN_PLATFORMS, where it is set, else in `platforms/*.toml` of the archive.

        Read once, when they are first needed. Raises UsageError that names file and key of a
        description that cannot be used.
        """
        if self._platforms is None:
            from archive import platforms

            self._platforms = platforms.of_archive(self.path)
        return self._platforms

    def warc_file(self, name: str) -> WarcFile:
        """A WARC file of the archive, here or stored elsewhere. Raises WarcError where what says
        where it is cannot be read."""
        from archive.warc.stored import warc_file

        return warc_file(self.warc_dir, name)

    def is_indexed(self) -> bool:
        """Whether there is a database with tables."""
        return is_begun(self.db_path)

    @property
    def connection(self) -> sqlite3.Connection:
        """The open database, for reading. Raises UsageError where nothing was indexed yet, and in
        another thread than the one that read first."""
        if self._connection is None:
            if not self.is_indexed():
                raise UsageError(
                    f"{self.path} holds no archive.db yet; run `zhengwen crawl` or `zhengwen "
                    "index` first."
                )
            self._connection = connect_for_reading(self.db_path)
            self._thread = threading.get_ident()
        self._require_own_thread()
        return self._connection

    def _require_own_thread(self) -> None:
        if self._thread != threading.get_ident():
            raise UsageError(
                "This Archive was opened in another thread; open one in each thread, with "
                f"Archive({str(self.path)!r})."
            )

    @property
    def db(self) -> sqlite_utils.Database:
        """The same connection as sqlite-utils takes it. Raises UsageError where nothing was
        indexed yet."""
        connection = self.connection
        if self._db is None:
            import sqlite_utils

            self._db = sqlite_utils.Database(connection)
        return self._db

    def check_readable(self) -> None:
        """Open the database, so that what is wrong with it is reported before long work begins.

        Raises:
            UsageError: nothing was indexed yet.
            ArchiveError: the file is no database, or has the tables of another version.
        """
        _ = self.connection
