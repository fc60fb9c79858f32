"""What every column of `archive.db` means: in words, with its unit and zone, and what NULL says.
The one place for it.

A hand-over prints this beside the data. A column that is not here is described by its comment in
the DDL, and is held back where a package must hold no body text, because nobody has said yet that
it has none.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from archive.database.schema import TABLES

Kind = Literal["plain", "title", "printed", "body", "captions"]
"""`plain`: made by the program, or an address. `title`: words of a title. `printed`: other words
of a page. `body`: text of an article. `captions`: JSON whose captions are such text."""

UTC = "ISO 8601, UTC"
LOCAL = "ISO 8601 with offset; China's +08:00 where the page states no zone"
NO_NULL = "never NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a column holds. `unit`: unit, zone or form; `null`: what NULL says; `said`: whether
    this file says so."""

    text: str
    title: str = ""  # its name in Chinese
    unit: str = ""
    null: str = NO_NULL
    kind: Kind = "plain"
    said: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table as SQLite declares it, and its meaning."""

    table: str
    name: str
    type: str
    nullable: bool
    meaning: Meaning


def _m(
    title: str, text: str, unit: str = "", *, null: str = NO_NULL, kind: Kind = "plain"
) -> Meaning:
    return Meaning(text=text, title=title, unit=unit, null=null, kind=kind)


NOT_TOLD = "the page does not give it"
UNLISTED_WORDS = "the listing does not give it"
UNREACHED = "not reached"

# By name, or by table.name where a name has another meaning there.
MEANINGS = {
    # articles and versions
    "pk": _m("内部键", "key for the full-text index; it has no meaning outside this file"),
    "articles.id": _m(
        "文章编号",
        "platform and the platform's own id: unique and citable",
        "<platform>-<native id>",
    ),
    "article_id": _m(
        "文章编号",
        "articles.id",
        "<platform>-<native id>",
        null="the exchange belongs to no article",
    ),
    "platform": _m(
        "平台", "name of the platform in this program", null="the address is of no known platform"
    ),
    "digest": _m(
        "内容摘要", "SHA-256 of the extracted content: which version it is", "hexadecimal"
    ),
    "kind": _m(
        "类型",
        "article, video, live (broadcast) or special (topic page); in links also outside (leads to another site)",
    ),
    "title": _m("标题", "title as the page prints it", kind="title"),
    "links.title": _m("标题", "title as the listing prints it", null=UNLISTED_WORDS, kind="title"),
    "account": _m(
        "账号名称", "name of the publishing account, as printed", null=NOT_TOLD, kind="printed"
    ),
    "account_id": _m(
        "账号编号", "the platform's own id of the account; text, not a number", null=NOT_TOLD
    ),
    "author": _m("作者", "author, as printed", null=NOT_TOLD, kind="printed"),
    "source": _m(
        "来源", "来源 (whom the page names as source), as printed", null=NOT_TOLD, kind="printed"
    ),
    "reprinted_from": _m(
        "转载自", "本文来源 and the like, printed inside the body", null=NOT_TOLD, kind="printed"
    ),
    "original_title": _m(
        "原标题",
        "原标题: the title under which it was first published",
        null=NOT_TOLD,
        kind="title",
    ),
    "editor": _m("责任编辑", "责任编辑, as printed", null=NOT_TOLD, kind="printed"),
    "published_at": _m(
        "发布时间", "when the page says that it was published", LOCAL, null=NOT_TOLD
    ),
    "links.published_at": _m(
        "发布时间", "when the listing says that it was published", LOCAL, null=UNLISTED_WORDS
    ),
    "published_raw": _m(
        "发布时间原文", "the same as printed, in no fixed form", null=NOT_TOLD, kind="printed"
    ),
    "updated_at": _m(
        "修改时间", "when the page says that it was changed later", LOCAL, null=NOT_TOLD
    ),
    "document_number": _m("文号", "文号 of an official document", null=NOT_TOLD, kind="printed"),
    "issued_by": _m("发文机关", "发文机关 of an official document", null=NOT_TOLD, kind="printed"),
    "url": _m("网址", "address"),
    "articles.url": _m("网址", "canonical address of the article"),
    "versions.url": _m("网址", "canonical address of the article"),
    "accounts.url": _m("账号网址", "address of the account's page", null="not seen"),
    "status": _m(
        "状态",
        "live; changed (several versions); withdrawn (its absence is proved); unreachable (missing, and not proved or moved)",
    ),
    "withdrawn_by": _m(
        "撤稿方", "who took it away: account or platform", null="it is there, or nobody says"
    ),
    "withdrawn_reason": _m(
        "撤稿说明",
        "words of the tombstone, or how it was missing",
        null="not withdrawn",
        kind="printed",
    ),
    "moved_to": _m(
        "迁往",
        "articles.id under which the account published the same text again",
        null="it did not move",
    ),
    "first_captured_at": _m(
        "首次采集", "first capture with this content (in articles: with any)", UTC
    ),
    "last_captured_at": _m(
        "末次采集", "last capture with this content (in articles: with any)", UTC
    ),
    "version_count": _m("版本数", "number of distinct contents seen", "count"),
    "checked_at": _m("末次核查", "when it was last seen to be there or missing", UTC),
    "missing_since": _m(
        "缺失始于", "first sight of the absence that lasts", UTC, null="it is there"
    ),
    "unlisted_at": _m(
        "移出列表",
        "first whole walk through its listing without it",
        UTC,
        null="listed, or in no listing",
    ),
    "watched_from": _m(
        "观察起点", "begin of what is watched: its last new version, or its absence", UTC
    ),
    "producer": _m("产生者", "producers.id: the program and library versions that made the row"),
    "summary": _m("摘要", "summary as the page gives it", null=NOT_TOLD, kind="body"),
    "text": _m(
        "正文", "paragraphs separated by one newline; '' where the page has no text", kind="body"
    ),
    "rules": _m(
        "规则", "the rules that read it; in producers: digest over the source code of the rules"
    ),
    "page_title": _m(
        "网页标题",
        "the page's own <title>: a second witness of the title",
        null=NOT_TOLD,
        kind="title",
    ),
    "found_by": _m("字段依据", "for each field that has a value, the rule that found it", "JSON"),
    "pictures": _m(
        "图片", "address and caption of each picture of the body, in order", "JSON", kind="captions"
    ),
    "versions.capture": _m("所据采集", "captures.id of the first capture with this content"),
    # captures and failures
    "captures.id": _m("采集编号", "WARC-Record-ID of the response or revisit record", "URN"),
    "pwid": _m(
        "PWID",
        "persistent web identifier of the capture, to cite it by (IANA URN namespace pwid)",
        "URN",
    ),
    "captured_at": _m(
        "采集时间", "when the request was sent (WARC-Date)", UTC, null="not captured"
    ),
    "role": _m(
        "用途",
        "what was asked for: article, listing, profile, media, robots …",
        null="the address says nothing of it",
    ),
    "run": _m("运行", "runs.id", null="captured by another program"),
    "method": _m("方法", "HTTP method", null="no request is recorded"),
    "captures.status": _m(
        "HTTP 状态", "HTTP status code", "number", null="the answer had no status line"
    ),
    "media.status": _m(
        "HTTP 状态", "HTTP status code of the capture", "number", null="not captured"
    ),
    "content_type": _m("媒体类型", "Content-Type as the server sent it", null="none was sent"),
    "outcome": _m(
        "结果",
        "how the answer was understood: article, withdrawn, not-found, empty, blocked, throttled, "
        "redirect, listing, profile,"
        " media, robots, error, unchanged (a revisit: what its original said), unreadable, other",
    ),
    "coverage.outcome": _m(
        "结果",
        "new; none (the platform itself says that nothing is new); blocked, throttled, "
        "format_changed, suspicious_empty,"
        " unreachable, robots (refused by robots.txt), budget (the crawl's own limit)",
    ),
    "reason": _m("原因", "why, as a short word", null="nothing to say"),
    "withdrawals.reason": _m(
        "原因",
        "words of the tombstone, or how it was missing",
        null="nothing to say",
        kind="printed",
    ),
    "detail": _m(
        "说明", "the same in words, some of them the page's", null="nothing to say", kind="printed"
    ),
    "content_digest": _m(
        "内容摘要",
        "versions.digest of the version that was read",
        "hexadecimal",
        null="no article was read",
    ),
    "payload_digest": _m(
        "载荷摘要", "WARC-Payload-Digest", "sha1: and base32", null="not captured"
    ),
    "truncated": _m("截断", "WARC-Truncated: why the answer was cut short", null="whole"),
    "refers_to": _m(
        "所指采集",
        "for a revisit: captures.id of the capture that holds the payload",
        null="it holds its own",
    ),
    "etag": _m("ETag", "ETag as the server sent it", null="none was sent"),
    "last_modified": _m(
        "Last-Modified", "Last-Modified as the server sent it", null="none was sent"
    ),
    "ip": _m(
        "服务器地址",
        "address of the server that answered",
        null="asked through a proxy, or not recorded",
    ),
    "warc": _m("WARC 文件", "name of the WARC file that holds the record"),
    "offset": _m("偏移", "where the record's gzip member begins in that file", "bytes"),
    "length": _m("长度", "length of that gzip member", "bytes"),
    "failures.id": _m(
        "编号", "WARC-Record-ID of the capture, or of the note that there was no answer", "URN"
    ),
    "failed_at": _m("失败时间", "when it was asked for", UTC),
    # coverage, runs, accounts
    "pages": _m("页数", "pages of the listing that were read", "count", null=UNREACHED),
    "listed": _m("列出数", "entries that the walk met", "count", null=UNREACHED),
    "new": _m("新条目", "entries that were new to the archive", "count", null=UNREACHED),
    "known": _m("已知条目", "entries that the archive held", "count", null=UNREACHED),
    "total": _m(
        "总数",
        "how many articles the platform says that the account has",
        "count",
        null="the platform does not say",
    ),
    "complete": _m(
        "完整",
        "1: the walk reached the end, or what an earlier whole walk had seen",
        "0 or 1",
        null=UNREACHED,
    ),
    "ended": _m("到底", "1: the walk reached the end of the list", "0 or 1", null=UNREACHED),
    "first_listed": _m(
        "最早条目", "earliest date of publication that the walk met", LOCAL, null="none was met"
    ),
    "last_listed": _m(
        "最晚条目", "latest date of publication that the walk met", LOCAL, null="none was met"
    ),
    "covered_from": _m(
        "覆盖始于",
        "date of publication from which on the walk met all that is listed",
        LOCAL,
        null="cannot be told",
    ),
    "begun_at": _m("开始时间", "when the walk began", UTC, null="not recorded"),
    "coverage.at": _m("结束时间", "when the walk was over", UTC),
    "record": _m("所据记录", "WARC-Record-ID of the note that says so", "URN"),
    "runs.id": _m("运行编号", "one crawl of one platform", "UUID"),
    "started_at": _m(
        "开始时间", "when the crawl began", UTC, null="its WARC file with the begin is lost"
    ),
    "finished_at": _m("结束时间", "when the crawl ended", UTC, null="it was killed"),
    "finish_reason": _m(
        "结束原因", "why it ended; finished: nothing was left to do", null="it was killed"
    ),
    "software": _m("软件", "program and library versions that crawled", null="not recorded"),
    "wanted": _m("抓取范围", "what the crawl was asked for", "JSON", null="not recorded"),
    "counts": _m("统计", "Scrapy's statistics", "JSON", null="it was killed"),
    "name": _m("账号名称", "name of the account as last seen", null=NOT_TOLD, kind="printed"),
    "warcs.name": _m("文件名", "name of a WARC file"),
    "description": _m(
        "账号简介", "how the account describes itself, as last seen", null=NOT_TOLD, kind="printed"
    ),
    "seen_at": _m("末次所见", "when name and description were seen", UTC),
    "native_id": _m(
        "平台编号", "the platform's own id of the article; for links to other sites their address"
    ),
    "first_listed_at": _m("首次列出", "when the entry was first seen in the listing", UTC),
    "last_listed_at": _m("末次列出", "when the entry was last seen in the listing", UTC),
    # withdrawals
    "last_seen_at": _m(
        "末次可见", "the last moment at which it was seen before it was missing", UTC
    ),
    "first_missing_at": _m(
        "首次缺失", "the first moment at which it was missing: it went between these two", UTC
    ),
    "last_missing_at": _m("末次缺失", "the last moment at which it was missing", UTC),
    "confirmed_at": _m("证实时间", "second sight, hours after the first", UTC, null="not proved"),
    "reinstated_at": _m("恢复时间", "when it was seen again", UTC, null="still missing"),
    "proofs": _m("证据", "WARC-Record-IDs of the sights", "JSON"),
    # media, producers, warcs
    "position": _m("次序", "place among the pictures of the article", "number, from 0"),
    "media.url": _m("文件网址", "address of the picture or attachment"),
    "media.kind": _m("文件种类", "picture, or attachment: a document that the body links to"),
    "caption": _m("图片说明", "caption as printed", null=NOT_TOLD, kind="body"),
    "media.capture": _m("所据采集", "captures.id that holds the picture", null="none was fetched"),
    "producers.id": _m("产生者编号", "short digest over the versions in this row", "hexadecimal"),
    "zhengwen": _m("程序版本", "version of this program"),
    "trafilatura": _m("trafilatura 版本", "version of trafilatura"),
    "lxml": _m("lxml 版本", "version of lxml"),
    "libxml2": _m("libxml2 版本", "version of libxml2"),
    "python": _m("Python 版本", "version of Python"),
    "size": _m("大小", "size of the file", "bytes"),
    "records": _m("记录数", "number of WARC records in the file", "count"),
    "topic": _m("题目", "what the words are about"),
    "about.text": _m("说明", "how to read this file, in words"),
}


def meaning(table: str, name: str) -> Meaning:
    """What a column means. Raises KeyError for one that neither this file nor the DDL explains."""
    found = MEANINGS.get(f"{table}.{name}") or MEANINGS.get(name)
    return found or Meaning(text=comments()[table, name], null="no value", kind="body", said=False)


def of_table(db: sqlite3.Connection, table: str) -> list[Column]:
    """The columns of a table of an open database, in their order."""
    return [
        Column(
            table=table,
            name=name,
            type=type_,
            nullable=not (required or key),
            meaning=meaning(table, name),
        )
        for _, name, type_, required, _, key in db.execute(f'PRAGMA table_info("{table}")')
    ]


@cache
def comments() -> dict[tuple[str, str], str]:
    """The comments of the DDL: a line that declares one column and ends with a comment explains
    that column."""
    return dict(_commented())


def _commented() -> Iterator[tuple[tuple[str, str], str]]:
    table = ""
    for line in TABLES.splitlines():
        if begun := re.match(r"CREATE TABLE (\w+)", line):
            table = begun[1]
        found = re.match(r"\s+(\w+) (?:TEXT|INTEGER|REAL)\b[^,]*,?\s*-- (.+)", line)
        if found:
            yield (table, found[1]), found[2]
