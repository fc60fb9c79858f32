"""The row of what gave no article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.database.rows.meanings import (
    ARTICLE_OF_EXCHANGE,
    ASKED_URL,
    DETAIL,
    LISTING_ACCOUNT_ID,
    LOCATED_PLATFORM,
    OFFSET,
    RUN,
    WARC,
)
from archive.model.meaning import UTC, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """A capture or an attempt that gave no article, and why."""

    id: Annotated[
        str,
        plain(
            "编号", "WARC-Record-ID of the capture, or of the note that there was no answer", "URN"
        ),
    ]
    url: Annotated[str, ASKED_URL]
    failed_at: Annotated[str, plain("失败时间", "when it was asked for", UTC)]
    platform: Annotated[str | None, LOCATED_PLATFORM]
    role: Annotated[
        str | None,
        plain("用途", "what was asked for, as in captures", null="the address says nothing of it"),
    ]
    article_id: Annotated[str | None, ARTICLE_OF_EXCHANGE]
    account_id: Annotated[str | None, LISTING_ACCOUNT_ID]
    run: Annotated[str | None, RUN]
    outcome: Annotated[str, plain("结果", "how the answer was understood, as in captures")]
    reason: Annotated[str, plain("原因", "why, as a short word")]
    detail: Annotated[str | None, DETAIL]
    warc: Annotated[str, WARC]
    offset: Annotated[int, OFFSET]
