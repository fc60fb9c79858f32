"""The fixed words of the archive, each with its meaning: what a link leads to, how an answer was
understood, what a crawl found of an account, and what became of an article.

They are values in the database and in WARC metadata records, so none may be renamed. A new word
goes into the `Literal`, and its meaning into the mapping below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, get_args


class Word(NamedTuple):
    """The meaning of a word, in Chinese and in English."""

    chinese: str
    english: str


Kind = Literal["article", "pictures", "attachment", "table", "video", "live", "special", "outside"]
KINDS: Mapping[Kind, Word] = {
    "article": Word("文章", "text, with or without pictures"),
    "pictures": Word("图片", "pictures; its text, if any, is their captions"),
    "attachment": Word("附件", "documents; its text, if any, is their names"),
    "table": Word("表格", "a table, with little text around it"),
    "video": Word("视频", "a film; its text, if any, is a description"),
    "live": Word("直播", "a broadcast with its messages"),
    "special": Word("专题", "a topic page that collects articles"),
    "outside": Word("外链", "an entry of a listing that leads to another site; it is not followed"),
}

Outcome = Literal[
    "article",
    "withdrawn",
    "not-found",
    "empty",
    "blocked",
    "throttled",
    "redirect",
    "listing",
    "profile",
    "media",
    "robots",
    "error",
    "unchanged",
    "unreadable",
    "other",
]
OUTCOMES: Mapping[Outcome, Word] = {
    "article": Word("文章", "read: a version of an article comes from it"),
    "withdrawn": Word("已下线", "the platform says that the article is gone (a tombstone)"),
    "not-found": Word("不存在", "404 or 410"),
    "empty": Word("空", "the page is there and its article is not"),
    "blocked": Word("被拒绝", "refused: 403, a challenge page"),
    "throttled": Word("被限流", "refused for now: 429, 503, “system busy”"),
    "redirect": Word("跳转", "sent on to another address"),
    "listing": Word("列表", "a page of an account's listing"),
    "profile": Word("账号资料", "an account's description of itself"),
    "media": Word("媒体文件", "a picture, a film or an attachment"),
    "robots": Word("robots.txt", "a robots.txt, or what it forbids"),
    "error": Word("错误", "another 4xx or 5xx, an answer that was cut short, or none"),
    "unchanged": Word("未变", "a revisit: the same answer as its original"),
    "unreadable": Word("无法解读", "an answer that no rule could read"),
    "other": Word("其他", "archived, and not ours to read"),
}

Status = Literal["live", "changed", "withdrawn", "unreachable"]
STATUSES: Mapping[Status, Word] = {
    "live": Word("在线", "online with the one content that was ever seen"),
    "changed": Word("已修改", "online, and several contents were seen"),
    "withdrawn": Word("已撤稿", "its absence is proved"),
    "unreachable": Word("无法访问", "missing, and its absence is not proved, or it moved"),
}

FileKind = Literal["picture", "attachment", "video"]
FILE_KINDS: Mapping[FileKind, Word] = {
    "picture": Word("图片", "a picture of the body"),
    "attachment": Word("附件", "a document of the body, or of a box of attachments next to it"),
    "video": Word("视频", "a film or sound of the body, which is named and not fetched"),
}

PayloadKind = Literal["file", "page"]
PAYLOAD_KINDS: Mapping[PayloadKind, Word] = {
    "file": Word("文件", "a picture, a document or another file"),
    "page": Word("网页", "a web page, such as one that says that the file is not there"),
}
"""What came where a file was asked for."""

PictureState = Literal["read", "unsupported", "broken", "too-large", "too-slow", "ended-process"]
PICTURE_STATES: Mapping[PictureState, Word] = {
    "read": Word("已识别", "it was read; it may show no text"),
    "unsupported": Word("格式不支持", "it is of no format that is read, such as SVG"),
    "broken": Word("损坏", "its bytes are no complete picture"),
    "too-large": Word("过大", "it has more bytes or pixels than are read"),
    "too-slow": Word("过慢", "reading it takes longer than one picture may"),
    "ended-process": Word("进程中断", "the process that read it was killed, or out of memory"),
}
"""How the reading of the text in a picture ended."""

AttachmentState = Literal[
    "read",
    "partly-read",
    "no-text",
    "unsupported",
    "encrypted",
    "broken",
    "too-large",
    "too-slow",
    "ended-process",
]
ATTACHMENT_STATES: Mapping[AttachmentState, Word] = {
    "read": Word("已读取", "all of it was read"),
    "partly-read": Word("部分读取", "a part of it was read: up to a limit, or some of its files"),
    "no-text": Word("无文字", "it was read and holds no text, such as a scan"),
    "unsupported": Word("格式不支持", "it is of no format that is read"),
    "encrypted": Word("已加密", "it asks for a password"),
    "broken": Word("损坏", "its bytes are no complete document"),
    "too-large": Word("过大", "it has more bytes, as it came or unpacked, than are read"),
    "too-slow": Word("过慢", "it takes longer than one document may; a rebuild tries again"),
    "ended-process": Word(
        "进程中断",
        "the process that read it was killed, or out of memory; a rebuild tries again",
    ),
}
"""How the reading of an attachment ended."""

PASSING_STATES: frozenset[AttachmentState] = frozenset({"too-slow", "ended-process"})
"""Those that another day or another machine may end otherwise."""

PageUnit = Literal["page", "sheet", "slide", "text", "names", "file"]
PAGE_UNITS: Mapping[PageUnit, Word] = {
    "page": Word("页", "a page"),
    "sheet": Word("工作表", "a sheet of a workbook"),
    "slide": Word("幻灯片", "a slide"),
    "text": Word("全文", "all of a document that has no pages of its own"),
    "names": Word("文件名", "the names of the files in a ZIP file"),
    "file": Word("文件", "a file in a ZIP file"),
}
"""What a document is read by."""

Withdrawer = Literal["account", "platform"]
WITHDRAWERS: Mapping[Withdrawer, Word] = {
    "account": Word("发布者", "the account that published it"),
    "platform": Word("平台", "the platform"),
}

CoverageOutcome = Literal[
    "new",
    "none",
    "deferred",
    "blocked",
    "throttled",
    "format_changed",
    "suspicious_empty",
    "unreachable",
    "moved",
    "gone",
    "robots",
    "budget",
    "endless",
    "partial",
]
COVERAGE_OUTCOMES: Mapping[CoverageOutcome, Word] = {
    "new": Word("有新文章", "new entries were listed"),
    "none": Word(
        "无新文章",
        "nothing is new: the list was read to its end, or down to known entries in a known order",
    ),
    "deferred": Word(
        "待再查",
        "as none, but entries whose articles were not there at earlier times are only asked for "
        "again by a later run, in growing gaps",
    ),
    "blocked": Word("被拒绝", "the platform refused"),
    "throttled": Word("被限流", "the platform refused for now"),
    "format_changed": Word("格式变化", "an answer that no rule could read"),
    "suspicious_empty": Word("可疑的空列表", "the list is shorter than it can be, or broke off"),
    "unreachable": Word("无法访问", "no answer, or an error"),
    "moved": Word("已迁移", "the account's address leads elsewhere"),
    "gone": Word("账号不存在", "the account is not there any more"),
    "robots": Word("robots.txt 禁止", "robots.txt forbids the account's listing"),
    "budget": Word("未完成", "the run ended before the walk did: by its own limits, or stopped"),
    "endless": Word("没有尽头", "the list goes on beyond what one walk may read"),
    "partial": Word("不完整", "what could be found of the list was read; it may go on"),
}

ListEnd = Literal["platform_said", "total_reached", "repeats", "no_more_links", "unknown"]
LIST_ENDS: Mapping[ListEnd, Word] = {
    "platform_said": Word("平台说明", "the platform says that this is the last page"),
    "total_reached": Word("达到总数", "as many entries as the platform counts were met"),
    "repeats": Word("重复", "the page after it has only entries that were met before"),
    "no_more_links": Word("无下一页", "a page of a known kind names no page after it"),
    "unknown": Word("未知", "nothing says whether the list goes on"),
}
"""How the end of a listing is known."""

ListOrder = Literal["newest_first", "oldest_first", "mixed"]
LIST_ORDERS: Mapping[ListOrder, Word] = {
    "newest_first": Word("新的在前", "by date of publication, the newest first"),
    "oldest_first": Word("旧的在前", "by date of publication, the oldest first"),
    "mixed": Word("无序", "in neither order"),
}
"""In which order a walk met the entries of a listing."""

NamePlace = Literal["profile", "listing", "article"]
NAME_PLACES: Mapping[NamePlace, Word] = {
    "profile": Word("账号资料", "the account's description of itself"),
    "listing": Word("列表", "the account's listing"),
    "article": Word("文章", "an article's page, which may keep the name of its day"),
}
"""Where the name of an account is printed."""

LinkChange = Literal["title", "date", "kind", "address", "gone", "back"]
LINK_CHANGES: Mapping[LinkChange, Word] = {
    "title": Word("标题", "it has another title"),
    "date": Word("日期", "it has another date"),
    "kind": Word("类型", "it leads to something of another kind"),
    "address": Word("网址", "it leads to another address"),
    "gone": Word("消失", "a complete walk did not meet it any more"),
    "back": Word("恢复", "it is listed again"),
}
"""How an entry of a listing differs from how it was listed before."""

AliasReason = Literal["redirect", "same_content", "part"]
ALIAS_REASONS: Mapping[AliasReason, Word] = {
    "redirect": Word("跳转", "it was asked for under that id, and its address led to the article"),
    "same_content": Word("内容相同", "title, text and day are the same on the same host"),
    "part": Word("分页", "it is that of a later page of the article, or another of the first"),
}
"""How it is known that two ids are of one article."""

AccountStatus = Literal["live", "silent", "renamed", "moved", "suspended", "removed"]
ACCOUNT_STATUSES: Mapping[AccountStatus, Word] = {
    "live": Word("正常", "its profile or entries of its list are shown"),
    "silent": Word("停更", "shown, and without a new entry for much longer than usual"),
    "renamed": Word("更名", "shown under another name than before; it is live or silent as well"),
    "moved": Word("已迁移", "its address leads elsewhere"),
    "suspended": Word(
        "被停用",
        "by the platform's word, or its list is empty and its profile or articles are hidden",
    ),
    "removed": Word("已注销", "the platform says that its owner closed it, or has no such address"),
}
"""What an account is at a time. What is hidden and what is deleted look much the same from outside:
both may come back."""

RecordFault = Literal[
    "unexpected-error",
    "unstorable",
    "no-date",
    "too-large-record",
    "unreadable-note",
    "ended-process",
]
RECORD_FAULTS: Mapping[RecordFault, Word] = {
    "unexpected-error": Word("意外错误", "reading it failed in a way that no rule foresees"),
    "unstorable": Word("无法存储", "a value that must be there cannot be stored"),
    "no-date": Word("日期无效", "its WARC-Date names no time"),
    "too-large-record": Word("记录过大", "it is larger than what is read of its kind"),
    "unreadable-note": Word(
        "注记无法解读", "a note of a crawl that is no JSON object or lacks a value"
    ),
    "ended-process": Word("进程中断", "the process that read it was killed"),
}
"""Reasons of failures in which something is wrong with the record, or with this program, and not
with the answer of a server. `index`, `status` and the report of a crawl count them by file."""

PageFault = Literal[
    "vast", "too-deep", "too-large", "too-many-digits", "too-slow", "unexpected-shape"
]
PAGE_FAULTS: Mapping[PageFault, Word] = {
    "vast": Word("标签过多", "a page with more tags than are read"),
    "too-deep": Word("嵌套过深", "elements, or JSON, deeper than is read"),
    "too-large": Word("过大", "an answer, or the text that it shows, longer than is read"),
    "too-many-digits": Word("数字过长", "a number in JSON that is longer than is read"),
    "too-slow": Word(
        "耗时过长", "reading it took too long, which says nothing of it; `rebuild` tries it again"
    ),
    "unexpected-shape": Word("意外结构", "the rules failed in a way that nobody foresaw"),
}
"""Reasons of `unreadable` answers that are beyond the limits of what is read of anybody's page
(`archive.page.limits`)."""

MEANINGS: Mapping[tuple[str, ...], Mapping[Any, Word]] = {
    get_args(words): meanings
    for words, meanings in (
        (Kind, KINDS),
        (Outcome, OUTCOMES),
        (Status, STATUSES),
        (FileKind, FILE_KINDS),
        (PayloadKind, PAYLOAD_KINDS),
        (PictureState, PICTURE_STATES),
        (AttachmentState, ATTACHMENT_STATES),
        (PageUnit, PAGE_UNITS),
        (Withdrawer, WITHDRAWERS),
        (CoverageOutcome, COVERAGE_OUTCOMES),
        (ListEnd, LIST_ENDS),
        (ListOrder, LIST_ORDERS),
        (NamePlace, NAME_PLACES),
        (AccountStatus, ACCOUNT_STATUSES),
        (LinkChange, LINK_CHANGES),
        (AliasReason, ALIAS_REASONS),
    )
}
"""By the words of a column: the meaning of each."""
