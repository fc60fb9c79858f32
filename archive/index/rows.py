"""The rows of one exchange as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.database.rows import (
    AccountRow,
    AliasRow,
    CaptureRow,
    FailureRow,
    LinkRow,
    PageReadingRow,
    VersionRow,
)
from archive.model import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of one exchange: its capture, and what could be read from it."""

    capture: CaptureRow
    failure: FailureRow | None = None
    version: VersionRow | None = None
    account: AccountRow | None = None
    links: tuple[LinkRow, ...] = ()
    alias: AliasRow | None = None
    reading: PageReadingRow | None = None


def failed(capture: CaptureRow, failure: Failure) -> Rows:
    """The rows of an exchange from which nothing could be read."""
    capture = replace(
        capture,
        outcome=failure.outcome,
        reason=failure.reason,
        detail=failure.detail or None,
        content_digest=None,
        printed_account_id=None,
        printed_account=None,
    )
    row = FailureRow(
        id=capture.id,
        url=capture.url,
        failed_at=capture.captured_at,
        platform=capture.platform,
        role=capture.role,
        article_id=capture.article_id,
        account_id=capture.account_id,
        run=capture.run,
        outcome=failure.outcome,
        reason=failure.reason,
        detail=capture.detail,
        warc=capture.warc,
        offset=capture.offset,
    )
    return Rows(capture=capture, failure=row)


def with_id(rows: Rows, record_id: str) -> Rows:
    """The same rows of a capture with another id."""
    failure, version, alias, reading = rows.failure, rows.version, rows.alias, rows.reading
    return replace(
        rows,
        capture=replace(rows.capture, id=record_id),
        failure=failure and replace(failure, id=record_id),
        version=version and replace(version, capture=record_id),
        alias=alias and replace(alias, capture=record_id),
        reading=reading and replace(reading, capture=record_id),
    )
