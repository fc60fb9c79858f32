"""The rows of `archive.db` as values: a field for each column, in the table's order.

What `index` writes and what `Archive` gives back are the same types; a test holds them to the
schema. Times are ISO 8601 with offset; None is NULL.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TypedDict

from archive.model import Kind, Outcome, Status, StoredFields
from archive.model.columns import columns_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    """One exchange of the WARC files: what was asked, when, what came, and how it was understood.

    `warc`, `offset` and `length` (bytes) name the record that proves it; `status` is HTTP's.
    """

    id: str
    url: str
    captured_at: str
    platform: str | None = None
    role: str | None = None
    article_id: str | None = None
    account_id: str | None = None
    account: str | None = None
    run: str | None = None
    method: str | None = None
    status: int | None = None
    content_type: str | None = None
    outcome: Outcome
    reason: str | None = None
    detail: str | None = None
    content_digest: str | None = None
    payload_digest: str | None = None
    truncated: str | None = None
    refers_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    ip: str | None = None
    warc: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """A capture or an attempt that gave no article, and why."""

    id: str
    url: str
    failed_at: str
    platform: str | None
    role: str | None
    article_id: str | None
    account_id: str | None
    run: str | None
    outcome: str
    reason: str
    detail: str | None
    warc: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One entry of an account's listing, with when it was first and last listed."""

    platform: str
    native_id: str
    account_id: str
    article_id: str
    url: str
    kind: Kind
    title: str | None
    published_at: str | None
    first_listed_at: str
    last_listed_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as it was last seen."""

    platform: str
    account_id: str
    name: str | None
    description: str | None
    url: str | None
    seen_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow(StoredFields):
    """One content of an article, with its first capture. `pictures` and `found_by` are JSON."""

    article_id: str
    digest: str
    rules: str
    page_title: str | None
    found_by: str
    producer: str
    pictures: str
    capture: str
    first_captured_at: str
    last_captured_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow(StoredFields):
    """An article: its latest good version, and what became of it."""

    pk: int
    id: str
    platform: str
    status: Status
    withdrawn_by: str | None
    withdrawn_reason: str | None
    moved_to: str | None
    first_captured_at: str
    last_captured_at: str
    version_count: int
    checked_at: str
    missing_since: str | None
    unlisted_at: str | None
    watched_from: str
    digest: str
    producer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRow:
    """A time in which an article was missing: it went between `last_seen_at` and
    `first_missing_at`. `confirmed_at` is None where that is not proved, `reinstated_at` where it
    is missing still; `proofs` is JSON."""

    article_id: str
    last_seen_at: str
    first_missing_at: str
    last_missing_at: str
    confirmed_at: str | None
    reinstated_at: str | None
    withdrawn_by: str | None
    reason: str | None
    proofs: str


class RunRow(TypedDict, total=False):
    """What one note says of a crawl; its begin and its end are two notes."""

    id: str
    platform: str
    started_at: str
    finished_at: str
    finish_reason: str
    software: str
    wanted: str
    counts: str


class CoverageRow(TypedDict, total=False):
    """What happened to an account in a run, as the crawl noted it; older ones noted less."""

    run: str
    platform: str
    account_id: str
    account: str | None
    outcome: str
    reason: str | None
    pages: int
    listed: int
    new: int
    known: int
    total: int | None
    complete: bool
    ended: bool
    first_listed: str | None
    last_listed: str | None
    covered_from: str | None
    begun_at: str
    at: str
    record: str


Row = CaptureRow | FailureRow | LinkRow | AccountRow | VersionRow | ArticleRow | WithdrawalRow


def columns(row: Row) -> dict[str, object]:
    """A row by column, in the table's order, as the database and JSON take it."""
    kind: type = type(row)
    return {name: getattr(row, name) for name in column_names(kind)}


@cache
def column_names(kind: type) -> tuple[str, ...]:
    """The columns of a row in the table's order.

    What names the row comes before the fields of the article, and what may fill pages of the
    database comes last: the other columns are read without it.
    """
    names = [field.name for field in fields(kind)]
    if not issubclass(kind, StoredFields):
        return (*names,)
    stored = {column.name: column.meaning for column in columns_of(StoredFields)}
    long = [name for name, meaning in stored.items() if getattr(meaning, "long", False)]
    own = [name for name in names if name not in stored]
    keys = own[: own.index(LAST_KEYS[kind]) + 1]
    short = [name for name in stored if name not in long]
    return (*keys, *short, *own[len(keys) :], *long)


LAST_KEYS: dict[type, str] = {VersionRow: "digest", ArticleRow: "platform"}
