"""What can be read from an indexed archive: articles, versions, captures; its searches are in
`Searches`, its accounts in `Accounts`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar, cast

from archive.database.opening import read_rows
from archive.errors import ArchiveError, UsageError
from archive.reader.accounts import Accounts

if TYPE_CHECKING:  # at run time a method imports what it needs, as in `Session`
    from archive.database.rows import (
        AliasRow,
        ArticleRow,
        CaptureRow,
        LinkChangeRow,
        VersionRow,
        WithdrawalRow,
    )
    from archive.history.diff import Edit
    from archive.reader.attachments import Attachment

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One exchange of the archive: its row, and the bytes of its WARC record's block as they
    came; of a record that has only the page, with a head of HTTP before it."""

    row: CaptureRow
    block: bytes


class Reader(Accounts):
    """The part of `Archive` that only reads."""

    def articles(self) -> Iterator[ArticleRow]:
        """All articles, in the order in which they came into the archive.

        Example:
            >>> sum(len(article.text) for article in archive.articles())
            1287
        """
        from archive.database.rows import ArticleRow

        for row in read_rows(self.connection, "SELECT * FROM articles ORDER BY pk"):
            yield _typed(ArticleRow, row)

    def has_articles(self) -> bool:
        """Whether there is any article. Raises UsageError where nothing was indexed yet."""
        return self.connection.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is not None

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
        from archive.search.naming import NamesOfDatabase, ids_of, only_listed, the_article

        ids = ids_of(
            NamesOfDatabase(self.connection), name, lambda url: self.platforms.article_id(url)
        )
        return the_article(name, ids, lambda: only_listed(self.connection, name))

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

    def markdown(self, article_id: str) -> str:
        """The Markdown of an article; the title of each picture or file that was captured is the id
        of its capture. Raises UsageError for an unknown id."""
        from archive.database.rows import MediaRow
        from archive.page.inline import with_titles

        statement = "SELECT * FROM media WHERE article_id = ? AND capture IS NOT NULL"
        files = self._rows(MediaRow, statement, article_id)
        captures = {file.url: file.capture for file in files if file.capture}
        return with_titles(self.article(article_id).markdown or "", captures)

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

    def aliases(self, article_id: str) -> list[AliasRow]:
        """The other ids under which an article is listed or was captured, and the proof of each."""
        from archive.database.rows import AliasRow

        statement = "SELECT * FROM aliases WHERE article_id = ? ORDER BY alias, reason"
        return self._rows(AliasRow, statement, article_id)

    def attachments(self, article_id: str) -> list[Attachment]:
        """The documents that an article attaches, with how each was read and its first words.

        Example:
            >>> [(file.file_name, file.state) for file in archive.attachments("gov-17")]
            [('附件1.pdf', 'read'), ('附件2.doc', 'encrypted')]
        """
        from archive.reader.attachments import attachments_of

        return attachments_of(self.connection, article_id)

    def link_changes(self, article_id: str) -> list[LinkChangeRow]:
        """How the entries of listings that lead to an article changed, went and came back, the
        oldest change first."""
        from archive.database.rows import LinkChangeRow

        statement = "SELECT * FROM link_changes WHERE article_id = ? ORDER BY changed_at, change"
        return self._rows(LinkChangeRow, statement, article_id)

    def capture(self, capture_id: str) -> Capture:
        """A capture with the bytes of its record.

        Args:
            capture_id: a WARC-Record-ID without angle brackets, such as `VersionRow.capture`.

        Raises:
            UsageError: there is no such capture.
            WarcError: its WARC file cannot be read.
            StorageError: it is stored on S3, and cannot be had from there.
            ArchiveError: another record is at its place.
        """
        from archive.database.rows import CaptureRow
        from archive.index.segments import message_of
        from archive.warc.reader import read_record

        rows = self._rows(CaptureRow, "SELECT * FROM captures WHERE id = ?", capture_id)
        if not rows:
            raise UsageError(
                f"There is no capture {capture_id!r}; ids are in the column `captures.id`."
            )
        (row,) = rows
        path = self.warc_file(row.warc)
        record = read_record(path, row.offset)
        if not record.is_of(capture_id):
            raise ArchiveError(
                f"{row.warc} at {row.offset} holds {record.id}, not {capture_id}; run "
                "`zhengwen rebuild`."
            )
        return Capture(row=row, block=message_of(path, record))

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
