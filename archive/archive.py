"""One archive on disk, as a Python program sees it: a folder with `accounts.csv`, `warc/` and
`archive.db`."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from archive.database.opening import connect_for_reading, is_begun, read_rows
from archive.errors import ArchiveError, UsageError

# What a method needs it imports itself: a search must not wait for what an export needs
# (benchmarks/startup.py measures it, a test holds it).
if TYPE_CHECKING:
    import sqlite_utils

    from archive.database.rows import ArticleRow, CaptureRow, VersionRow, WithdrawalRow
    from archive.disk import Progress
    from archive.handover.request import Tier
    from archive.history.diff import Edit
    from archive.index.comparison import Change
    from archive.index.indexer import Indexed
    from archive.index.indexer import Progress as IndexProgress
    from archive.model import Account, Status
    from archive.platforms import Platforms
    from archive.search.search import Hit, Order
    from archive.verification.finding import Finding

Row = TypeVar("Row")


def archive_dir(given: str | os.PathLike[str] | None) -> Path:
    """The folder of the archive: the one given, else $ZHENGWEN_ARCHIVE, else the current one."""
    return Path(given or os.environ.get("ZHENGWEN_ARCHIVE") or ".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One exchange of the archive: its row, and the bytes of its WARC record's block as they
    came."""

    row: CaptureRow
    block: bytes


class Archive:
    """An archive to read, and to index. A context manager that opens `archive.db` when it is first
    needed, and closes it.

    Example:
        >>> with Archive("my-archive") as archive:
        ...     article = archive.article("thepaper-5701234")
        ...     print(article.title, article.status, len(archive.versions(article.id)))
    """

    def __init__(self, path: str | os.PathLike[str], *, platforms: Platforms | None = None) -> None:
        """Take the archive in a folder.

        Args:
            path: the folder.
            platforms: by whose rules pages are read; None: see the property of that name.

        Raises:
            UsageError: there is no such folder.
        """
        self.path = Path(path)
        if not self.path.is_dir():
            raise UsageError(
                f"There is no folder {self.path}; make it, or give another with --archive."
            )
        self.db_path = self.path / "archive.db"
        self.warc_dir = self.path / "warc"
        self._connection: sqlite3.Connection | None = None
        self._db: sqlite_utils.Database | None = None
        self._platforms = platforms

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._db = None

    def is_indexed(self) -> bool:
        """Whether there is a database with tables."""
        return is_begun(self.db_path)

    @property
    def connection(self) -> sqlite3.Connection:
        """The open database, for reading. Raises UsageError where nothing was indexed yet."""
        if self._connection is None:
            if not self.is_indexed():
                raise UsageError(
                    f"{self.path} holds no archive.db yet; run `zhengwen crawl` or `zhengwen "
                    "index` first."
                )
            self._connection = connect_for_reading(self.db_path)
        return self._connection

    @property
    def db(self) -> sqlite_utils.Database:
        """The same connection as sqlite-utils takes it. Raises UsageError where nothing was
        indexed yet."""
        if self._db is None:
            import sqlite_utils

            self._db = sqlite_utils.Database(self.connection)
        return self._db

    def check_readable(self) -> None:
        """Open the database, so that what is wrong with it is reported before long work begins.

        Raises:
            UsageError: nothing was indexed yet.
            ArchiveError: the file is no database, or one of another version of the program.
        """
        _ = self.connection

    def accounts(self) -> list[Account]:
        """The followed accounts, in the order of `accounts.csv`. Raises UsageError that names the
        line of an account that cannot be followed."""
        from archive import accounts

        return accounts.read(self.path / "accounts.csv", self.platforms)

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

    def archived_platforms(self) -> list[str]:
        """The names of the known platforms of which there are articles."""
        if not self.is_indexed():
            return []
        names = [
            row[0] for row in self.connection.execute("SELECT DISTINCT platform FROM articles")
        ]
        return [name for name in names if name in self.platforms]

    def follow(self, urls: list[str]) -> list[Account]:
        """Add accounts to `accounts.csv`. The caller has the archive's lock.

        Args:
            urls: addresses of account pages, or of lists of a described platform.

        Returns:
            The accounts that were not followed yet.

        Raises:
            UsageError: for an address that is no account's; then nothing is written.
        """
        from archive import accounts

        return accounts.follow(self.path / "accounts.csv", urls, self.platforms)

    def search(
        self,
        query: str,
        *,
        platform: str | None = None,
        account: str | None = None,
        status: Status | None = None,
        since: str | None = None,
        until: str | None = None,
        order: Order = "date",
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
    ) -> list[Hit]:
        """Search title and text of all articles.

        Args:
            query: words that must all be there; AND, OR, NOT, parentheses and "an exact phrase".
            platform: only articles of this platform.
            account: only articles of this account (name or id).
            status: only articles in this state: live, changed, withdrawn or unreachable.
            since: only articles published on this day (YYYY-MM-DD) or later.
            until: only articles published on this day or earlier.
            order: the newest first, or by relevance: title hits, then density, then date.
            limit: at most so many hits; None: all.
            offset: pass over so many hits first.
            widen: Traditional and Simplified spellings too, where OpenCC is installed.

        Raises:
            UsageError: for a query without a word, a day that is none, or no database yet.

        Example:
            >>> archive.search("疫情 防控", since="2020-02-01", limit=1)[0].id
            'thepaper-5701234'
        """
        from archive.search.search import Filters, search

        filters = Filters(
            platform=platform, account=account, status=status, since=since, until=until
        )
        return search(
            self.connection, query, filters, order=order, limit=limit, offset=offset, widen=widen
        )

    def count(
        self,
        query: str,
        by: str = "all",
        *,
        platform: str | None = None,
        account: str | None = None,
        status: Status | None = None,
        since: str | None = None,
        until: str | None = None,
        widen: bool = True,
    ) -> dict[str | None, int]:
        """Count the articles that satisfy a query.

        Args:
            query: and the filters, as in `search`.
            by: all, account, platform, status, month or year.

        Returns:
            Numbers by value, the largest first; months and years in order; one under None for
            `all`.

        Raises:
            UsageError: as in `search`, and for another `by`.
        """
        from archive.search.search import Filters, count

        filters = Filters(
            platform=platform, account=account, status=status, since=since, until=until
        )
        return count(self.connection, query, filters, by=by, widen=widen)

    def verify(
        self, *, quick: bool = False, progress: Progress = lambda size: None
    ) -> list[Finding]:
        """Check WARC files, chain, database and full-text index.

        Args:
            quick: do not make the database again from the WARC files to compare the two.
            progress: called with the bytes of WARC that were read since the last call.

        Returns:
            What is wrong, each with its place and what to do; none where all is well.

        Raises:
            ArchiveError: the disk has too little room to make the database again.
        """
        from archive.verification.archive import check_archive

        return list(check_archive(self.path, self.platforms, quick=quick, progress=progress))

    def export(
        self,
        dest: str | os.PathLike[str],
        *,
        tier: Tier = "full",
        platform: str | None = None,
        account: str | None = None,
        since: str | None = None,
        until: str | None = None,
        query: str | None = None,
        run: str | None = None,
        force: bool = False,
        progress: Callable[[str, int, int], None] = lambda what, done, of: None,
    ) -> None:
        """Make a package to hand over (BagIt), of all articles or of those that satisfy the
        filters. One state of the archive gives the same bytes.

        Args:
            dest: the folder to make.
            tier: `metadata` (no body text), `text` (no WARC) or `full`.
            platform, account, since, until, query: only such articles, as in `search`.
            run: only what that crawl captured, with the older captures that it needs.
            force: replace the package `dest`.
            progress: called with what is being done, how much of it is done, and of how much.

        Raises:
            UsageError: `dest` is in the way, the filters choose nothing, a library is missing.
            ArchiveError: too little room, or a WARC file that is not as it was indexed.
            Busy: another export makes the same package.
        """
        from archive.handover.export import export
        from archive.handover.request import Wanted

        wanted = Wanted(
            platform=platform,
            account=account,
            since=since,
            until=until,
            query=query,
            run=run,
            tier=tier,
        )
        self.check_readable()
        export(self.path, Path(dest), wanted, self.platforms, force=force, progress=progress)

    def article(self, article_id: str) -> ArticleRow:
        """An article by its id, such as `thepaper-5701234`. Raises UsageError where there is
        none."""
        from archive.database.rows import ArticleRow

        rows = self._rows(ArticleRow, "SELECT * FROM articles WHERE id = ?", article_id)
        if not rows:
            raise UsageError(
                f"There is no article {article_id!r}; ids look like thepaper-5701234, as "
                "`zhengwen search` prints them."
            )
        return rows[0]

    def versions(self, article_id: str) -> list[VersionRow]:
        """Every content of an article, the oldest first. Raises UsageError for an unknown id."""
        from archive.database.rows import VersionRow

        self.article(article_id)
        statement = """SELECT * FROM versions WHERE article_id = ?
            ORDER BY first_captured_at, digest"""
        return self._rows(VersionRow, statement, article_id)

    def edits(self, article_id: str) -> list[Edit]:
        """What changed in an article, the oldest change first, with the captures that prove it.
        Raises UsageError for an unknown id."""
        from archive.history.diff import edits

        self.article(article_id)
        return list(edits(self.connection, article_id))

    def withdrawals(self, article_id: str) -> list[WithdrawalRow]:
        """The times in which an article was missing, the oldest first."""
        from archive.database.rows import WithdrawalRow

        statement = "SELECT * FROM withdrawals WHERE article_id = ? ORDER BY first_missing_at"
        return self._rows(WithdrawalRow, statement, article_id)

    def capture(self, capture_id: str) -> Capture:
        """A capture with the bytes of its record.

        Args:
            capture_id: a WARC-Record-ID without angle brackets, such as `VersionRow.capture`.

        Raises:
            UsageError: there is no such capture.
            WarcError: its WARC file cannot be read.
            ArchiveError: another record is at its place.
        """
        from archive.database.rows import CaptureRow
        from archive.warc.reader import read_record

        rows = self._rows(CaptureRow, "SELECT * FROM captures WHERE id = ?", capture_id)
        if not rows:
            raise UsageError(
                f"There is no capture {capture_id!r}; ids are in the column `captures.id`."
            )
        (row,) = rows
        record = read_record(self.warc_dir / row.warc, row.offset)
        if record.id != capture_id:
            raise ArchiveError(
                f"{row.warc} at {row.offset} holds {record.id}, not {capture_id}; run "
                "`zhengwen rebuild`."
            )
        return Capture(row=row, block=record.read())

    def _rows(self, kind: Callable[..., Row], statement: str, key: str) -> list[Row]:
        return [kind(**row) for row in read_rows(self.connection, statement, [key])]

    def index(
        self, *, workers: int | None = 1, progress: IndexProgress = lambda size: None
    ) -> Indexed:
        """Bring the database up to date with the WARC files. The caller has the archive's lock.

        Args:
            workers: processes that read; None: one a core. A script that wants more than one needs
                the usual `if __name__ == "__main__":`, here as in `rebuild` and `compare`.
            progress: called with the bytes of each WARC file when it is done.

        Returns:
            How many WARC files and captures were new.

        Raises:
            ArchiveError: the database was made by another version of the program.
            WarcError: a WARC file is damaged; the files before it are in the database.

        Example:
            >>> from archive.lock import Lock
            >>> with Archive("my-archive") as archive, Lock(archive.path):
            ...     archive.index()
            Indexed(files=1, captures=12)
        """
        from archive.index import indexer

        self.close()
        return indexer.index(
            self.warc_dir, self.db_path, self.platforms, workers=workers, progress=progress
        )

    def rebuild(
        self, *, workers: int | None = 1, progress: IndexProgress = lambda size: None
    ) -> Indexed:
        """Make the database again from the WARC files alone; the old one stays until the new one
        is complete. Takes, returns and raises what `index` does."""
        from archive.index import indexer

        self.close()
        return indexer.rebuild(
            self.warc_dir, self.db_path, self.platforms, workers=workers, progress=progress
        )

    def compare(
        self, *, workers: int | None = 1, progress: IndexProgress = lambda size: None
    ) -> list[Change]:
        """Find what a rebuild by this version of the program would change; the database stays as
        it is. Takes what `index` takes; the caller has the archive's lock.

        Raises:
            UsageError: there is no database to compare with.
            WarcError: a WARC file is damaged.
        """
        from archive.index import indexer
        from archive.index.comparison import changes

        self.close()
        if not self.db_path.exists():
            raise UsageError(
                f"{self.path} holds no archive.db to compare with; run `zhengwen index` first."
            )
        with tempfile.TemporaryDirectory(dir=self.path, prefix=".compare-") as folder:
            fresh = Path(folder) / "archive.db"
            indexer.rebuild(
                self.warc_dir, fresh, self.platforms, workers=workers, progress=progress
            )
            return list(changes(self.db_path, fresh))
