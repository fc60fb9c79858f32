"""What can be read from an indexed archive: search, articles, versions, captures."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from archive.database.opening import connect_for_reading, is_begun, read_rows
from archive.errors import ArchiveError, UsageError

# What a method needs it imports itself: a search must not wait for what an export needs
# (benchmarks/startup.py measures it, a test holds it).
if TYPE_CHECKING:
    from datetime import date

    import sqlite_utils

    from archive.database.rows import ArticleRow, CaptureRow, VersionRow, WithdrawalRow
    from archive.history.diff import Edit
    from archive.model import Status
    from archive.platforms import Platforms
    from archive.search.filters import Filters
    from archive.search.search import Hit, Order

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One exchange of the archive: its row, and the bytes of its WARC record's block as they
    came."""

    row: CaptureRow
    block: bytes


class Reader:
    """The part of `Archive` that only reads. A context manager that opens `archive.db` when it is
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
            UsageError: there is no such folder.
        """
        self.path = Path(path)
        self._platforms = platforms
        if not self.path.is_dir():
            raise UsageError(
                f"There is no folder {self.path}; make it, or give another with --archive."
            )
        self.db_path = self.path / "archive.db"
        self.warc_dir = self.path / "warc"
        self._connection: sqlite3.Connection | None = None
        self._thread: int | None = None
        self._db: sqlite_utils.Database | None = None

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

    def search(
        self,
        query: str,
        *,
        platform: str | None = None,
        account: str | None = None,
        status: Status | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        order: Order = "date",
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
    ) -> list[Hit]:
        """Search title and text of all articles.

        Args:
            query: words that must all be there; AND, OR, NOT, parentheses and "an exact phrase".
            platform: only articles of this platform.
            account: only articles of this account (its id, or any name that it has or had).
            status: only articles in this state: live, changed, withdrawn or unreachable.
            since: only articles published on this day (a date, or YYYY-MM-DD) or later.
            until: only articles published on this day or earlier.
            order: `date`, the newest first, or `relevance`: title hits, then density, then date.
            limit: at most so many hits; None: all.
            offset: pass over so many hits first.
            widen: Traditional and Simplified spellings too, where OpenCC is installed.

        Raises:
            UsageError: for a query without a word, an invalid date, a platform or account that
                is not known, or no database yet.

        Example:
            >>> archive.search("疫情 防控", since="2020-02-01", limit=1)[0].id
            'thepaper-5701234'
        """
        from archive.search.search import search

        filters = self.filters(
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
        since: str | date | None = None,
        until: str | date | None = None,
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
        from archive.search.search import count

        filters = self.filters(
            platform=platform, account=account, status=status, since=since, until=until
        )
        return count(self.connection, query, filters, by=by, widen=widen)

    def why_none(
        self,
        query: str,
        *,
        platform: str | None = None,
        account: str | None = None,
        status: Status | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        widen: bool = True,
    ) -> str:
        """Say why a search without a hit has none. Takes and raises what `search` does.

        Example:
            >>> archive.why_none("疫情 and 防控")
            'no article holds and; operators are written in capitals (AND, OR, NOT), so “and” is …'
        """
        from archive.search.explanation import explain

        filters = self.filters(
            platform=platform, account=account, status=status, since=since, until=until
        )
        return explain(self.connection, query, filters, widen=widen)

    def filters(self, *, since: object = None, until: object = None, **given: Any) -> Filters:
        """The filters of a search, as `search` takes them. Raises UsageError for a platform or an
        account that is not known."""
        from archive.search.filters import Filters

        filters = Filters(
            since=None if since is None else str(since),
            until=None if until is None else str(until),
            **given,
        )
        if filters.platform or filters.account:
            from archive.search.explanation import check_names

            check_names(self.connection, filters, lambda: self.platforms)
        return filters

    def _locate(self, url: str) -> str | None:
        """The id of the article that an address is of, by the rules of its platform."""
        identity = self.platforms.identify(url, platform="", role="")
        if identity.platform and identity.address and identity.role == "article":
            return f"{identity.platform.name}-{identity.address.id}"
        return None

    def articles(self) -> Iterator[ArticleRow]:
        """All articles, in the order in which they came into the archive.

        Example:
            >>> sum(len(article.text) for article in archive.articles())
            1287
        """
        from archive.database.rows import ArticleRow

        for row in read_rows(self.connection, "SELECT * FROM articles ORDER BY pk"):
            yield _typed(ArticleRow, row)

    def id_of(self, name: str) -> str:
        """The id of the article that a reader means.

        Args:
            name: its id, the number in it, or its address: the canonical one, or one that was
                asked for.

        Raises:
            UsageError: there is no such article, or there are several.

        Example:
            >>> archive.id_of("5701234")
            'thepaper-5701234'
        """
        from archive.search.naming import ids_of

        ids = ids_of(self.connection, name, self._locate)
        if len(ids) > 1:
            raise UsageError(f"{name} may be {' or '.join(ids)}; give one of these.")
        if not ids:
            raise UsageError(
                f"There is no article {name!r}; give an id such as thepaper-5701234, as `zhengwen "
                "search` prints them, or the address of the article."
            )
        return ids[0]

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
        """The times in which an article was missing, the oldest first; none for one that was always
        there. Raises UsageError for an unknown id."""
        from archive.database.rows import WithdrawalRow

        statement = "SELECT * FROM withdrawals WHERE article_id = ? ORDER BY first_missing_at"
        rows = self._rows(WithdrawalRow, statement, article_id)
        if not rows:
            self.article(article_id)
        return rows

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
        return [_typed(kind, row) for row in read_rows(self.connection, statement, [key])]


def _typed(kind: Callable[..., Row], row: dict[str, Any]) -> Row:
    """A row as a value; columns that somebody added to the table are left out.

    Raises:
        ArchiveError: a column is missing.
    """
    names = [field.name for field in fields(cast("Any", kind))]
    if missing := [name for name in names if name not in row]:
        raise ArchiveError(f"archive.db has no column {missing[0]}; run `zhengwen rebuild`.")
    return kind(**{name: row[name] for name in names})
