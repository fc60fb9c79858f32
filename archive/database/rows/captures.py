"""The row of one exchange."""

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
    PAYLOAD_DIGEST,
    RUN,
    WARC,
)
from archive.model import Outcome, PayloadKind
from archive.model.meaning import UTC, Meaning, plain

NOT_SENT = "none was sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    """One exchange of the WARC files: what was asked, when, what came, and how it was understood.

    `warc`, `offset` and `length` (bytes) name the record that proves it; `status` is HTTP's.
    """

    id: Annotated[str, plain("采集编号", "WARC-Record-ID of the response or revisit record", "URN")]
    url: Annotated[str, ASKED_URL]
    captured_at: Annotated[str, plain("采集时间", "when the request was sent (WARC-Date)", UTC)]
    platform: Annotated[str | None, LOCATED_PLATFORM] = None
    role: Annotated[
        str | None,
        plain(
            "用途",
            "what was asked for: article, part (a later page of one), listing, profile, media, "
            "robots …",
            null="the address says nothing of it",
        ),
    ] = None
    article_id: Annotated[str | None, ARTICLE_OF_EXCHANGE] = None
    part: Annotated[
        int | None,
        plain(
            "页次",
            "which page of its article it is",
            "number, from 1",
            null="it is not known to be one of several",
        ),
    ] = None
    account_id: Annotated[str | None, LISTING_ACCOUNT_ID] = None
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
    run: Annotated[str | None, RUN] = None
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
    detail: Annotated[str | None, DETAIL] = None
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
    payload_digest: Annotated[str | None, PAYLOAD_DIGEST] = None
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
    warc: Annotated[str, WARC]
    offset: Annotated[int, OFFSET]
    length: Annotated[int, plain("长度", "length of that gzip member", "bytes")]

    @property
    def named_original(self) -> str | None:
        """The id of the original as the record itself names it."""
        return self.refers_to_id or (None if self.refers_by else self.refers_to)
