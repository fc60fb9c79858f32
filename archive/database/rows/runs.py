"""Rows of what was known only while crawling: the crawls, and what happened to each account."""

from __future__ import annotations

from typing import Annotated, TypedDict

from archive.database.rows.meanings import ACCOUNT_ID, PLATFORM
from archive.model import CoverageOutcome, ListEnd, ListOrder
from archive.model.meaning import LOCAL, UTC, Meaning, plain

NOT_REACHED = "not reached"
KILLED = "it was killed"
NOT_RECORDED = "not recorded"


class RunRow(TypedDict, total=False):
    """One note of a crawl; its begin and its end are two notes."""

    id: Annotated[str, plain("运行编号", "one crawl of one platform", "UUID")]
    platform: Annotated[
        str | None, plain("平台", "name of the platform in this program", null=NOT_RECORDED)
    ]
    started_at: Annotated[
        str | None,
        plain("开始时间", "when the crawl began", UTC, null="its WARC file with the begin is lost"),
    ]
    finished_at: Annotated[str | None, plain("结束时间", "when the crawl ended", UTC, null=KILLED)]
    finish_reason: Annotated[
        str | None,
        plain("结束原因", "why it ended; finished: nothing was left to do", null=KILLED),
    ]
    software: Annotated[
        str | None,
        plain("软件", "program and library versions that crawled", null=NOT_RECORDED),
    ]
    wanted: Annotated[
        str | None, plain("抓取范围", "what the crawl was asked for", "JSON", null=NOT_RECORDED)
    ]
    counts: Annotated[str | None, plain("统计", "Scrapy's statistics", "JSON", null=KILLED)]


class CoverageRow(TypedDict, total=False):
    """What happened to an account in a run, as the crawl noted it; older ones noted less."""

    run: Annotated[str, plain("运行", "runs.id")]
    platform: Annotated[str, PLATFORM]
    account_id: Annotated[str, ACCOUNT_ID]
    account: Annotated[
        str | None,
        Meaning(
            "账号名称",
            "name of the account, as the listing prints it or as it is followed",
            null="no name is known",
            sensitivity="printed",
        ),
    ]
    outcome: Annotated[
        CoverageOutcome, plain("结果", "what the walk through the account's listing found")
    ]
    reason: Annotated[str | None, plain("原因", "why, in a sentence", null="nothing to say")]
    pages: Annotated[
        int | None,
        plain("页数", "pages of the listing that were read", "count", null=NOT_REACHED),
    ]
    listed: Annotated[
        int | None, plain("列出数", "entries that the walk met", "count", null=NOT_REACHED)
    ]
    had: Annotated[
        int | None,
        plain(
            "取得数",
            "articles that the archive lacked and that the run read",
            "count",
            null=NOT_RECORDED,
        ),
    ]
    failed: Annotated[
        int | None,
        plain(
            "失败数",
            "articles that the archive lacked and that could not be had",
            "count",
            null=NOT_RECORDED,
        ),
    ]
    failed_reasons: Annotated[
        str | None,
        plain(
            "失败原因",
            "those by reason, each with how many and an example",
            "JSON",
            null="there were none, or not recorded",
        ),
    ]
    left_out: Annotated[
        int | None,
        plain(
            "未跟踪数",
            "rows of the listing whose addresses were not followed",
            "count",
            null=NOT_RECORDED,
        ),
    ]
    left_out_reasons: Annotated[
        str | None,
        plain(
            "未跟踪原因",
            "those by reason, each with how many and an example",
            "JSON",
            null="there were none, or not recorded",
        ),
    ]
    new: Annotated[
        int | None,
        plain("新条目", "entries that were new to the archive", "count", null=NOT_REACHED),
    ]
    known: Annotated[
        int | None,
        plain("已知条目", "entries that the archive had before", "count", null=NOT_REACHED),
    ]
    total: Annotated[
        int | None,
        plain(
            "总数",
            "how many articles the platform says that the account has",
            "count",
            null="the platform does not say",
        ),
    ]
    complete: Annotated[
        int | None,
        plain(
            "完整",
            "1: the walk reached the end of the list, or what an earlier complete walk had seen",
            "0 or 1",
            null=NOT_REACHED,
        ),
    ]
    ended: Annotated[
        int | None,
        plain("到底", "1: the walk reached the end of the list", "0 or 1", null=NOT_REACHED),
    ]
    list_end: Annotated[
        ListEnd | None,
        plain(
            "列表终点",
            "how the end of the list is known",
            null="the walk did not come to the end, or not recorded",
        ),
    ]
    list_order: Annotated[
        ListOrder | None,
        plain(
            "列表顺序",
            "in which order the walk met the entries",
            null="too few differ for that, or not recorded",
        ),
    ]
    first_listed: Annotated[
        str | None,
        plain(
            "最早条目", "earliest date of publication that the walk met", LOCAL, null="none was met"
        ),
    ]
    last_listed: Annotated[
        str | None,
        plain(
            "最晚条目", "latest date of publication that the walk met", LOCAL, null="none was met"
        ),
    ]
    covered_from: Annotated[
        str | None,
        plain(
            "覆盖始于",
            "date of publication from which on the walk met all that is listed",
            LOCAL,
            null="the order of the list does not say",
        ),
    ]
    begun_at: Annotated[
        str | None, plain("开始时间", "when the walk began", UTC, null=NOT_RECORDED)
    ]
    at: Annotated[str, plain("结束时间", "when the walk was over", UTC)]
    record: Annotated[str, plain("所据记录", "WARC-Record-ID of the note that says so", "URN")]
