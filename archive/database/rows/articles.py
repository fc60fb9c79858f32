"""Rows that are derived from the captures of an article: its versions, the article as it is now,
its absences and its other ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from archive.database.rows.meanings import ARTICLE_ID, ARTICLE_ID_FORM, KEY, PLATFORM
from archive.model import (
    AliasReason,
    Status,
    StoredFields,
    Withdrawer,
)
from archive.model.meaning import NOT_GIVEN, UTC, Meaning, plain

PRODUCER = plain(
    "产生者", "producers.id: the program and library versions that made the row", "hexadecimal"
)
DIGEST = plain(
    "内容摘要", "digest of the extracted content: which version it is", "SHA-256, hexadecimal"
)
NOT_COUNTED = "nobody counted"
PAGES = plain(
    "页数", "how many pages the article has, as far as its pages say it", "count", null=NOT_COUNTED
)
COMPLETE = plain(
    "完整", "1 where all of its pages were captured, 0 where one is missing", null=NOT_COUNTED
)
NOT_FETCHED = "none was fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow(StoredFields):
    """One content of an article, with its first capture.

    `text`: paragraphs separated by one newline, '' where the page has none. `pictures` and
    `found_by` are JSON.
    """

    FIELDS_AFTER: ClassVar[str] = "digest"

    article_id: Annotated[str, ARTICLE_ID]
    digest: Annotated[str, DIGEST]
    rules: Annotated[str, plain("规则", "the rules that read it")]
    page_title: Annotated[
        str | None,
        Meaning(
            "网页标题",
            "the page's own <title>: a second witness of the title",
            null=NOT_GIVEN,
            sensitivity="title",
        ),
    ]
    found_by: Annotated[
        str,
        plain("字段依据", "for each field that has a value, the rule that found it", "JSON"),
    ]
    producer: Annotated[str, PRODUCER]
    pictures: Annotated[
        str,
        Meaning(
            "图片",
            "url, caption and kind of each picture or attachment of the body, in order",
            "JSON",
            sensitivity="captions",
        ),
    ]
    capture: Annotated[
        str, plain("所据采集", "captures.id of the first capture with this content", "URN")
    ]
    first_captured_at: Annotated[str, plain("首次采集", "first capture with this content", UTC)]
    last_captured_at: Annotated[str, plain("末次采集", "last capture with this content", UTC)]
    pages: Annotated[int | None, PAGES] = 1
    complete: Annotated[int | None, COMPLETE] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow(StoredFields):
    """An article: its latest good version, and what became of it.

    `text` is as in `VersionRow`.
    """

    FIELDS_AFTER: ClassVar[str] = "platform"

    pk: Annotated[int, KEY]
    id: Annotated[
        str,
        plain(
            "文章编号",
            "platform and the platform's own id: unique and citable",
            ARTICLE_ID_FORM,
        ),
    ]
    platform: Annotated[str, PLATFORM]
    status: Annotated[
        Status,
        plain(
            "状态",
            "what became of the article",
        ),
    ]
    withdrawn_by: Annotated[
        Withdrawer | None,
        plain("撤稿方", "who took it away", null="online, or nobody says"),
    ]
    withdrawn_reason: Annotated[
        str | None,
        Meaning(
            "撤稿说明",
            "text of the tombstone, or how it was missing",
            null="not withdrawn",
            sensitivity="printed",
        ),
    ]
    moved_to: Annotated[
        str | None,
        plain(
            "迁往",
            "articles.id under which the account published the same text again",
            null="it did not move",
        ),
    ]
    first_captured_at: Annotated[str, plain("首次采集", "first capture of the article", UTC)]
    last_captured_at: Annotated[str, plain("末次采集", "last capture of the article", UTC)]
    version_count: Annotated[int, plain("版本数", "number of distinct contents seen", "count")]
    checked_at: Annotated[
        str, plain("末次核查", "when it was last observed to be online or missing", UTC)
    ]
    missing_since: Annotated[
        str | None,
        plain("缺失始于", "first observation of the absence that lasts", UTC, null="online"),
    ]
    unlisted_at: Annotated[
        str | None,
        plain(
            "移出列表",
            "first complete walk through its listing without it",
            UTC,
            null="listed, or in no listing",
        ),
    ]
    watched_from: Annotated[
        str,
        plain("观察起点", "begin of what is watched: its last new version, or its absence", UTC),
    ]
    digest: Annotated[str, DIGEST]
    producer: Annotated[str, PRODUCER]
    pages: Annotated[int | None, PAGES] = 1
    complete: Annotated[int | None, COMPLETE] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRow:
    """A time in which an article was missing: it went between `last_seen_at` and
    `first_missing_at`. `confirmed_at` is None where that is not proved, `reinstated_at` where it
    is missing still; `proofs` is JSON."""

    article_id: Annotated[str, ARTICLE_ID]
    last_seen_at: Annotated[
        str,
        plain("末次可见", "the last moment at which it was seen before it was missing", UTC),
    ]
    first_missing_at: Annotated[
        str,
        plain(
            "首次缺失", "the first moment at which it was missing: it went between these two", UTC
        ),
    ]
    last_missing_at: Annotated[
        str, plain("末次缺失", "the last moment at which it was missing", UTC)
    ]
    confirmed_at: Annotated[
        str | None,
        plain("证实时间", "second observation, hours after the first", UTC, null="not proved"),
    ]
    reinstated_at: Annotated[
        str | None, plain("恢复时间", "when it was seen again", UTC, null="still missing")
    ]
    withdrawn_by: Annotated[
        Withdrawer | None,
        plain("撤稿方", "who took it away", null="nobody says"),
    ]
    reason: Annotated[
        str | None,
        Meaning(
            "原因",
            "text of the tombstone, or how it was missing",
            null="nothing to say",
            sensitivity="printed",
        ),
    ]
    proofs: Annotated[str, plain("证据", "WARC-Record-IDs of the observations", "JSON")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """Another id under which an article is listed or was captured."""

    alias: Annotated[str, plain("别名编号", "the other id", ARTICLE_ID_FORM)]
    article_id: Annotated[str, ARTICLE_ID]
    reason: Annotated[AliasReason, plain("依据", "how it is known")]
    url: Annotated[str, plain("网址", "address of the capture that proves it")]
    seen_at: Annotated[str, plain("首次所见", "when it was first seen", UTC)]
    capture: Annotated[str, plain("所据采集", "captures.id of what proves it", "URN")]
