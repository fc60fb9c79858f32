"""Rows that one exchange gives: its capture, why it gave no article, entries of a listing, and the
account that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.model import Kind, Outcome, PayloadKind
from archive.model.meaning import LOCAL, NOT_GIVEN, UTC, Meaning, plain

NOT_SENT = "none was sent"
NOT_LISTED = "the listing does not give it"
UNKNOWN_PLATFORM = "the address is of no known platform"
ARTICLE_ID = "<platform>-<native id>"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    """One exchange of the WARC files: what was asked, when, what came, and how it was understood.

    `warc`, `offset` and `length` (bytes) name the record that proves it; `status` is HTTP's.
    """

    id: Annotated[str, plain("采集编号", "WARC-Record-ID of the response or revisit record", "URN")]
    url: Annotated[str, plain("网址", "address that was asked for")]
    captured_at: Annotated[str, plain("采集时间", "when the request was sent (WARC-Date)", UTC)]
    platform: Annotated[
        str | None,
        plain("平台", "name of the platform in this program", null=UNKNOWN_PLATFORM),
    ] = None
    role: Annotated[
        str | None,
        plain(
            "用途",
            "what was asked for: article, part (a later page of one), listing, profile, media, "
            "robots …",
            null="the address says nothing of it",
        ),
    ] = None
    article_id: Annotated[
        str | None,
        plain("文章编号", "articles.id", ARTICLE_ID, null="the exchange belongs to no article"),
    ] = None
    part: Annotated[
        int | None,
        plain(
            "页次",
            "which page of its article it is",
            "number, from 1",
            null="it is not known to be one of several",
        ),
    ] = None
    account_id: Annotated[
        str | None,
        plain(
            "账号编号",
            "the platform's own id of the account whose listing led here; text, not a number",
            null="the crawl did not come from a listing",
        ),
    ] = None
    account: Annotated[
        str | None,
        Meaning(
            "账号名称",
            "name of that account, as the listing prints it",
            null="the crawl did not come from a listing, or it gives no name",
            sensitivity="printed",
        ),
    ] = None
    printed_account_id: Annotated[
        str | None,
        plain(
            "所示账号编号",
            "the platform's own id of the account that the answer itself names",
            null="it names none, or is a revisit",
        ),
    ] = None
    printed_account: Annotated[
        str | None,
        Meaning(
            "所示账号名称",
            "name of that account, as the answer prints it",
            null="it names none, or is a revisit",
            sensitivity="printed",
        ),
    ] = None
    run: Annotated[str | None, plain("运行", "runs.id", null="captured by another program")] = None
    method: Annotated[str | None, plain("方法", "HTTP method", null="no request is recorded")] = (
        None
    )
    status: Annotated[
        int | None,
        plain("HTTP 状态", "HTTP status code", "number", null="the answer had no status line"),
    ] = None
    content_type: Annotated[
        str | None, plain("媒体类型", "Content-Type as the server sent it", null=NOT_SENT)
    ] = None
    payload_kind: Annotated[
        PayloadKind | None,
        plain(
            "载荷种类",
            "what came where a file was asked for, by the first bytes and the header",
            null="no file was asked for, or none came",
        ),
    ] = None
    location: Annotated[
        str | None,
        plain(
            "去向",
            "absolute address to which a redirect leads, as it is sent",
            null="no redirect",
        ),
    ] = None
    outcome: Annotated[Outcome, plain("结果", "how the answer was understood")]
    reason: Annotated[str | None, plain("原因", "why, as a short word", null="nothing to say")] = (
        None
    )
    detail: Annotated[
        str | None,
        Meaning(
            "说明",
            "the same in a sentence, some of it the page's",
            null="nothing to say",
            sensitivity="printed",
        ),
    ] = None
    content_digest: Annotated[
        str | None,
        plain(
            "内容摘要",
            "versions.digest of the version that was read",
            "SHA-256, hexadecimal",
            null="no article was read",
        ),
    ] = None
    undecoded: Annotated[
        int | None,
        plain(
            "未能解码",
            "characters of title and text that are U+FFFD, on a page with bytes that are no "
            "character of its charset",
            "count",
            null="none, or no article was read",
        ),
    ] = None
    agreement: Annotated[
        float | None,
        plain(
            "旁证一致度",
            "how far trafilatura's reading of the complete page agrees with the text that the "
            "platform's own rules read; asked of about one page in sixteen, chosen by its bytes",
            "0 to 1, by sequences of four letters",
            null="the page is not among those, or its platform's own rules read no text from it",
        ),
    ] = None
    payload_digest: Annotated[
        str | None,
        plain("载荷摘要", "WARC-Payload-Digest", "sha1: and base32", null="not recorded"),
    ] = None
    truncated: Annotated[
        str | None,
        plain(
            "截断",
            "WARC-Truncated: why the answer was cut short; else what of it shows that it was: "
            "head, content-length, chunks, coding or range",
            null="it was not cut short, as far as it says",
        ),
    ] = None
    refers_to: Annotated[
        str | None,
        plain(
            "所指采集",
            "for a revisit: captures.id of the capture with the payload",
            "URN",
            null="it has its own payload",
        ),
    ] = None
    refers_by: Annotated[
        str | None,
        plain(
            "所指依据",
            "how the original of a revisit is known that names no record of the archive: "
            "address (and date), "
            "payload (its digest), before (the last answer before a 304), missing",
            null="it is named by its id, or this is no revisit",
        ),
    ] = None
    refers_to_url: Annotated[
        str | None,
        plain("所指网址", "address of the original, as the revisit names it", null="not named"),
    ] = None
    refers_to_at: Annotated[
        str | None,
        plain("所指时间", "time of the original, as the revisit names it", UTC, null="not named"),
    ] = None
    refers_to_id: Annotated[
        str | None,
        plain(
            "所指编号",
            "id that the revisit names where the archive has no such record and the original is "
            "known otherwise",
            "URN",
            null="refers_to is what it names, or it names none",
        ),
    ] = None
    etag: Annotated[
        str | None, plain("ETag", "ETag as the server sent it; of articles", null=NOT_SENT)
    ] = None
    last_modified: Annotated[
        str | None,
        plain("Last-Modified", "Last-Modified as the server sent it; of articles", null=NOT_SENT),
    ] = None
    ip: Annotated[
        str | None,
        plain(
            "服务器地址",
            "address of the server that answered",
            null="asked through a proxy, or not recorded",
        ),
    ] = None
    warc: Annotated[str, plain("WARC 文件", "name of the WARC file with the record")]
    offset: Annotated[
        int, plain("偏移", "where the record's gzip member begins in that file", "bytes")
    ]
    length: Annotated[int, plain("长度", "length of that gzip member", "bytes")]

    @property
    def named_original(self) -> str | None:
        """The id of the original as the record itself names it."""
        return self.refers_to_id or (None if self.refers_by else self.refers_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """A capture or an attempt that gave no article, and why."""

    id: Annotated[
        str,
        plain(
            "编号", "WARC-Record-ID of the capture, or of the note that there was no answer", "URN"
        ),
    ]
    url: Annotated[str, plain("网址", "address that was asked for")]
    failed_at: Annotated[str, plain("失败时间", "when it was asked for", UTC)]
    platform: Annotated[
        str | None,
        plain("平台", "name of the platform in this program", null=UNKNOWN_PLATFORM),
    ]
    role: Annotated[
        str | None,
        plain("用途", "what was asked for, as in captures", null="the address says nothing of it"),
    ]
    article_id: Annotated[
        str | None,
        plain("文章编号", "articles.id", ARTICLE_ID, null="the exchange belongs to no article"),
    ]
    account_id: Annotated[
        str | None,
        plain(
            "账号编号",
            "the platform's own id of the account whose listing led here; text, not a number",
            null="the crawl did not come from a listing",
        ),
    ]
    run: Annotated[str | None, plain("运行", "runs.id", null="captured by another program")]
    outcome: Annotated[str, plain("结果", "how the answer was understood, as in captures")]
    reason: Annotated[str, plain("原因", "why, as a short word")]
    detail: Annotated[
        str | None,
        Meaning(
            "说明",
            "the same in a sentence, some of it the page's",
            null="nothing to say",
            sensitivity="printed",
        ),
    ]
    warc: Annotated[str, plain("WARC 文件", "name of the WARC file with the record")]
    offset: Annotated[
        int, plain("偏移", "where the record's gzip member begins in that file", "bytes")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One entry of an account's listing, with when it was first and last listed."""

    platform: Annotated[str, plain("平台", "name of the platform in this program")]
    native_id: Annotated[
        str,
        plain(
            "平台编号",
            "the platform's own id of the article; for links to other sites their address",
        ),
    ]
    account_id: Annotated[
        str, plain("账号编号", "the platform's own id of the account; text, not a number")
    ]
    article_id: Annotated[
        str, plain("文章编号", "articles.id, if the article was captured", ARTICLE_ID)
    ]
    url: Annotated[str, plain("网址", "address that the entry leads to")]
    kind: Annotated[
        Kind,
        plain("类型", "what the entry leads to"),
    ]
    title: Annotated[
        str | None,
        Meaning("标题", "title as the listing prints it", null=NOT_LISTED, sensitivity="title"),
    ]
    published_at: Annotated[
        str | None,
        plain("发布时间", "when the listing says that it was published", LOCAL, null=NOT_LISTED),
    ]
    first_listed_at: Annotated[
        str, plain("首次列出", "when the entry was first seen in the listing", UTC)
    ]
    last_listed_at: Annotated[
        str, plain("末次列出", "when the entry was last seen in the listing", UTC)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as it was last seen."""

    platform: Annotated[str, plain("平台", "name of the platform in this program")]
    account_id: Annotated[
        str, plain("账号编号", "the platform's own id of the account; text, not a number")
    ]
    name: Annotated[
        str | None,
        Meaning(
            "账号名称", "name of the account as last seen", null=NOT_GIVEN, sensitivity="printed"
        ),
    ]
    description: Annotated[
        str | None,
        Meaning(
            "账号简介",
            "how the account describes itself, as last seen",
            null=NOT_GIVEN,
            sensitivity="printed",
        ),
    ]
    url: Annotated[str | None, plain("账号网址", "address of the account's page", null="not seen")]
    seen_at: Annotated[str, plain("末次所见", "when name and description were seen", UTC)]
