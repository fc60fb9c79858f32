"""Rows that are derived from the captures of an article: its versions, the article as it is now,
its absences and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from archive.model import (
    AliasReason,
    FileKind,
    PictureState,
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

    article_id: Annotated[str, plain("文章编号", "articles.id", "<platform>-<native id>")]
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

    pk: Annotated[
        int,
        plain("内部键", "key for the full-text index; it has no meaning outside this file"),
    ]
    id: Annotated[
        str,
        plain(
            "文章编号",
            "platform and the platform's own id: unique and citable",
            "<platform>-<native id>",
        ),
    ]
    platform: Annotated[str, plain("平台", "name of the platform in this program")]
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

    article_id: Annotated[str, plain("文章编号", "articles.id", "<platform>-<native id>")]
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
class MediaRow:
    """A picture or an attachment of an article's body, with the capture that has it."""

    article_id: Annotated[str, plain("文章编号", "articles.id", "<platform>-<native id>")]
    position: Annotated[
        int, plain("次序", "place among the pictures of the article", "number, from 0")
    ]
    url: Annotated[str, plain("文件网址", "address of the picture or attachment")]
    caption: Annotated[
        str | None,
        Meaning("图片说明", "caption as printed", null=NOT_GIVEN, sensitivity="body"),
    ]
    kind: Annotated[
        FileKind,
        plain("文件种类", "what the file is"),
    ]
    capture: Annotated[
        str | None,
        plain("所据采集", "captures.id of the exchange with the file", "URN", null=NOT_FETCHED),
    ]
    captured_at: Annotated[
        str | None,
        plain("采集时间", "when the request was sent (WARC-Date)", UTC, null=NOT_FETCHED),
    ]
    status: Annotated[
        int | None,
        plain("HTTP 状态", "HTTP status code of the capture", "number", null=NOT_FETCHED),
    ]
    content_type: Annotated[
        str | None,
        plain("媒体类型", "Content-Type as the server sent it", null="none was fetched or sent"),
    ]
    payload_digest: Annotated[
        str | None,
        plain("载荷摘要", "WARC-Payload-Digest", "sha1: and base32", null="not recorded"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaTextRow:
    """What a reader of pictures saw in a picture: no text of a page. Articles have it by
    `media.payload_digest`. `text` is one line for each paragraph, '' where there is none."""

    pk: Annotated[
        int,
        plain("内部键", "key for the full-text index; it has no meaning outside this file"),
    ]
    payload_digest: Annotated[
        str, plain("载荷摘要", "WARC-Payload-Digest of the picture", "sha1: and base32")
    ]
    state: Annotated[PictureState, plain("识别状态", "how the reading ended")]
    detail: Annotated[str | None, plain("说明", "why it was not read", null="it was read")]
    reader: Annotated[str, plain("识别程序", "the program that read it, with its versions")]
    width: Annotated[
        int | None, plain("宽度", "width of the picture", "pixels", null="it was not read")
    ]
    height: Annotated[
        int | None, plain("高度", "height of the picture", "pixels", null="it was not read")
    ]
    text: Annotated[
        str,
        Meaning(
            "图中文字",
            "what was read in the picture, with the mistakes of the reader",
            sensitivity="body",
        ),
    ]
    lines: Annotated[
        str | None,
        Meaning(
            "文字行",
            "each line in order: text, box (left, top, width, height), confidence from 0 to 1, "
            "left edge of each character",
            "JSON; pixels of the picture",
            null="it was not read, or its text is withheld",
            sensitivity="body",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """Another id under which an article is listed or was captured."""

    alias: Annotated[str, plain("别名编号", "the other id", "<platform>-<native id>")]
    article_id: Annotated[str, plain("文章编号", "articles.id", "<platform>-<native id>")]
    reason: Annotated[AliasReason, plain("依据", "how it is known")]
    url: Annotated[str, plain("网址", "address of the capture that proves it")]
    seen_at: Annotated[str, plain("首次所见", "when it was first seen", UTC)]
    capture: Annotated[str, plain("所据采集", "captures.id of what proves it", "URN")]
