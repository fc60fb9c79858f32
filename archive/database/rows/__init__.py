"""The rows of `archive.db` as values: each class declares the columns of one table, in its order.

What `index` writes and what `Archive` gives back are the same types, and the tables themselves and
the data dictionary come from them. Times are ISO 8601 with offset; None is NULL.
"""

from __future__ import annotations

from archive.database.rows.accounts import AccountNameRow, AccountRow, AccountStatusRow
from archive.database.rows.articles import AliasRow, ArticleRow, VersionRow, WithdrawalRow
from archive.database.rows.attachments import AttachmentTextRow
from archive.database.rows.captures import CaptureRow
from archive.database.rows.failures import FailureRow
from archive.database.rows.listings import LinkChangeRow, LinkRow, LinkStateRow, ListingPageRow
from archive.database.rows.media import MediaRow, MediaTextRow
from archive.database.rows.pages import ArticlePageRow, PageReadingRow
from archive.database.rows.provenance import AboutRow, ProducerRow, WarcRow
from archive.database.rows.runs import CoverageRow, RunRow
from archive.model.columns import columns_of

Row = (
    CaptureRow
    | FailureRow
    | LinkRow
    | LinkChangeRow
    | LinkStateRow
    | ListingPageRow
    | AccountRow
    | AccountNameRow
    | AccountStatusRow
    | VersionRow
    | AliasRow
    | ArticleRow
    | ArticlePageRow
    | PageReadingRow
    | WithdrawalRow
    | MediaRow
    | MediaTextRow
    | AttachmentTextRow
    | ProducerRow
    | WarcRow
    | AboutRow
)

__all__ = [
    "AboutRow",
    "AccountNameRow",
    "AccountRow",
    "AccountStatusRow",
    "AliasRow",
    "ArticlePageRow",
    "ArticleRow",
    "AttachmentTextRow",
    "CaptureRow",
    "CoverageRow",
    "FailureRow",
    "LinkChangeRow",
    "LinkRow",
    "LinkStateRow",
    "ListingPageRow",
    "MediaRow",
    "MediaTextRow",
    "PageReadingRow",
    "ProducerRow",
    "Row",
    "RunRow",
    "VersionRow",
    "WarcRow",
    "WithdrawalRow",
    "columns",
]


def columns(row: Row) -> dict[str, object]:
    """A row by column, in the table's order, as the database and JSON take it."""
    return {column.name: getattr(row, column.name) for column in columns_of(type(row))}
