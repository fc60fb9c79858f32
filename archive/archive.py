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
from typing import TYPE_CHECKING, Any

from archive.database.opening import connect_for_reading, is_begun, read_rows
from archive.errors import ArchiveError, UsageError

# What a method needs it imports itself: a search must not wait for what an export needs
# (benchmarks/startup.py measures it, a test holds it).
if TYPE_CHECKING:
    import sqlite_utils

    from archive.disk import Progress
    from archive.handover.request import Tier
    from archive.history.diff import Edit
    from archive.index.comparison import Change
    from archive.index.indexer import Indexed
    from archive.index.indexer import Progress as IndexProgress
    from archive.model import Account
    from archive.platforms import Platforms
    from archive.search.search import Hit, Order
    from archive.verification.finding import Finding


def archive_dir(given: str | os.PathLike[str] | None) -> Path:
    """The folder of the archive: the one given, else $ZHENGWEN_ARCHIVE, else the current one."""
    return Path(given or os.environ.get("ZHENGWEN_ARCHIVE") or ".")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One exchange of the archive: its row, and the bytes of its WARC record's block as they
    came."""

    row: dict[str, Any]
    block: bytes


class Archive:
    """An archive to read, and to index. Use it as a context manager; it opens `archive.db` when it
    is first needed."""

    def __init__(self, path: str | os.PathLike[str], *, platforms: Platforms | None = None) -> None:
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
        """Whether anything was indexed yet."""
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
        """The followed accounts."""
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
        """Follow the accounts of these pages; returns the new ones."""
        from archive import accounts

        return accounts.follow(self.path / "accounts.csv", urls, self.platforms)

    def search(
        self,
        query: str,
        *,
        platform: str | None = None,
        account: str | None = None,
        status: str | None = None,
        since: str | None = None,
        until: str | None = None,
        order: Order = "date",
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
    ) -> list[Hit]:
        """Articles that satisfy the query: newest first, or by relevance (title hits, then
        density, then date).

        `since` and `until` are inclusive ISO dates of publication, `account` is a name or an id;
        `limit=None` gives all. `widen`: Traditional and Simplified spellings too, where OpenCC is
        installed. Raises UsageError for a query without a word.
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
        status: str | None = None,
        since: str | None = None,
        until: str | None = None,
        widen: bool = True,
    ) -> dict[str | None, int]:
        """How many articles satisfy the query: under None, or by account, platform, status, month
        or year."""
        from archive.search.search import Filters, count

        filters = Filters(
            platform=platform, account=account, status=status, since=since, until=until
        )
        return count(self.connection, query, filters, by=by, widen=widen)

    def verify(
        self, *, quick: bool = False, progress: Progress = lambda size: None
    ) -> list[Finding]:
        """What is wrong with the archive: WARC files, chain, database and index, each with its
        place and what to do.

        `quick` leaves out that the database is made again from the WARC files and compared.
        `progress` is told bytes.
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
        """Make the folder `dest`: a package to hand over (BagIt), of all articles or of those that
        satisfy the filters.

        `tier`: `metadata` (no body text), `text` (no WARC) or `full`. `run`: only what that crawl
        captured, with the older captures that it needs. One archive state gives the same bytes.
        Raises UsageError where `dest` is in the way.
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

    def article(self, article_id: str) -> dict[str, Any]:
        """The row of an article. Raises UsageError where there is none."""
        row = next(
            read_rows(self.connection, "SELECT * FROM articles WHERE id = ?", [article_id]),
            None,
        )
        if row is None:
            raise UsageError(
                f"There is no article {article_id!r}; ids look like thepaper-5701234, as "
                "`zhengwen search` prints them."
            )
        return row

    def versions(self, article_id: str) -> list[dict[str, Any]]:
        """The rows of an article's versions, oldest first."""
        self.article(article_id)
        return list(
            read_rows(
                self.connection,
                "SELECT * FROM versions WHERE article_id = ? ORDER BY first_captured_at, digest",
                [article_id],
            )
        )

    def edits(self, article_id: str) -> list[Edit]:
        """What changed in an article, oldest first, with the captures that prove it. Raises
        UsageError for an unknown id."""
        from archive.history.diff import edits

        self.article(article_id)
        return list(edits(self.connection, article_id))

    def withdrawals(self, article_id: str) -> list[dict[str, Any]]:
        """The times in which an article was missing, oldest first: rows of `withdrawals`."""
        statement = "SELECT * FROM withdrawals WHERE article_id = ? ORDER BY first_missing_at"
        return list(read_rows(self.connection, statement, [article_id]))

    def capture(self, capture_id: str) -> Capture:
        """A capture with the bytes of its record. Raises UsageError where there is none."""
        from archive.warc.reader import read_record

        row = next(
            read_rows(self.connection, "SELECT * FROM captures WHERE id = ?", [capture_id]),
            None,
        )
        if row is None:
            raise UsageError(
                f"There is no capture {capture_id!r}; ids stand in the column `captures.id`."
            )
        record = read_record(self.warc_dir / row["warc"], row["offset"])
        if record.id != capture_id:
            raise ArchiveError(
                f"{row['warc']} at {row['offset']} holds {record.id}, not {capture_id}; run "
                "`zhengwen rebuild`."
            )
        return Capture(row=row, block=record.read())

    def index(
        self, *, workers: int | None = 1, progress: IndexProgress = lambda size: None
    ) -> Indexed:
        """Bring the database up to date with the WARC files. The caller holds the archive's lock.

        `workers` is the number of processes that read, None one a core; a script that has more
        than one needs the usual `if __name__ == "__main__":`, here as in `rebuild` and `compare`.
        """
        from archive.index import indexer

        self.close()
        return indexer.index(
            self.warc_dir, self.db_path, self.platforms, workers=workers, progress=progress
        )

    def rebuild(
        self, *, workers: int | None = 1, progress: IndexProgress = lambda size: None
    ) -> Indexed:
        """Make the database again from the WARC files alone. The caller holds the archive's
        lock."""
        from archive.index import indexer

        self.close()
        return indexer.rebuild(
            self.warc_dir, self.db_path, self.platforms, workers=workers, progress=progress
        )

    def compare(
        self, *, workers: int | None = 1, progress: IndexProgress = lambda size: None
    ) -> list[Change]:
        """What a rebuild by this version of the program would change. The caller holds the
        archive's lock."""
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
