"""The tables of `archive.db` and its full-text index.

Every row is a function of the WARC files: the same captures give the same rows, whatever order
they came in. The columns are declared in `archive.database.rows`, those of an article in
`archive.model.article`.
"""

from __future__ import annotations

import sqlite3

from archive.database import rows
from archive.database.opening import TEXT_TABLES
from archive.database.table import Table

TABLES = (
    Table(
        name="about",
        row=rows.AboutRow,
        chinese="说明",
        english="How to read this file.",
        key=("topic",),
    ),
    Table(
        name="producers",
        row=rows.ProducerRow,
        chinese="产生者",
        english="Code and library versions that made the rows.",
        key=("id",),
    ),
    Table(
        name="warcs",
        row=rows.WarcRow,
        chinese="WARC 文件",
        english="The WARC files that the rows come from.",
        key=("name",),
    ),
    Table(
        name="runs",
        row=rows.RunRow,
        chinese="运行",
        english="Crawls; finished_at is NULL for one that was killed.",
        key=("id",),
    ),
    Table(
        name="coverage",
        row=rows.CoverageRow,
        chinese="覆盖情况",
        english="What happened to each account in each run.",
        key=("run", "platform", "account_id"),
        indexes=(
            "CREATE INDEX coverage_account ON coverage (platform, account_id, at)",
            "CREATE INDEX coverage_name ON coverage (account, platform, account_id)",
        ),
    ),
    Table(
        name="accounts",
        row=rows.AccountRow,
        chinese="账号",
        english="Accounts seen.",
        key=("platform", "account_id"),
    ),
    Table(
        name="account_names",
        row=rows.AccountNameRow,
        chinese="账号名称",
        english="Every name of an account, where it is printed, and when it was seen there first "
        "and last.",
        key=("platform", "account_id", "name", "seen_in"),
        indexes=("CREATE INDEX account_names_name ON account_names (name)",),
    ),
    Table(
        name="account_status",
        row=rows.AccountStatusRow,
        chinese="账号状态",
        english="What each account was at which times, with proofs; times with another name than "
        "before overlap the others.",
        key=("platform", "account_id", "status", "begun_at"),
    ),
    Table(
        name="captures",
        row=rows.CaptureRow,
        chinese="采集",
        english="Every exchange in the WARC files: what was asked, when, what came, and how it was "
        "understood.",
        key=("id",),
        indexes=(
            "CREATE INDEX captures_article ON captures (article_id, captured_at)",
            "CREATE INDEX captures_account ON captures (platform, account_id, role, captured_at)"
            " WHERE role IN ('profile', 'listing')",
            "CREATE INDEX captures_refers_to ON captures (refers_to) WHERE refers_to IS NOT NULL",
            "CREATE INDEX captures_refers_by ON captures (refers_by) WHERE refers_by IS NOT NULL",
            "CREATE INDEX captures_payload ON captures (payload_digest)",
            "CREATE INDEX captures_url ON captures (url)",
            "CREATE INDEX captures_location ON captures (location) WHERE location IS NOT NULL",
            "CREATE INDEX captures_warc ON captures (warc)",
            "CREATE INDEX captures_run ON captures (run, outcome) WHERE role = 'article'",
            # Few or none, and asked for by every status: without it each capture is read.
            "CREATE INDEX captures_undone ON captures (warc, detail)"
            " WHERE reason = 'content-coding'",
        ),
    ),
    Table(
        name="failures",
        row=rows.FailureRow,
        chinese="失败",
        english="Every capture or attempt that gave no article, and why.",
        key=("id",),
        indexes=(
            "CREATE INDEX failures_article ON failures (article_id)",
            "CREATE INDEX failures_run ON failures (run)",
        ),
    ),
    Table(
        name="links",
        row=rows.LinkRow,
        chinese="列表条目",
        english="Every entry of a listing, with when it was first and last listed.",
        key=("platform", "native_id", "account_id"),
        indexes=(
            "CREATE INDEX links_article ON links (article_id)",
            "CREATE INDEX links_account ON links (platform, account_id, published_at)",
        ),
    ),
    Table(
        name="link_changes",
        row=rows.LinkChangeRow,
        chinese="列表条目变更",
        english="Every change of an entry of a listing, with the captures that prove it.",
        key=("platform", "account_id", "native_id", "changed_at", "change"),
        indexes=("CREATE INDEX link_changes_article ON link_changes (article_id)",),
    ),
    Table(
        name="link_states",
        row=rows.LinkStateRow,
        chinese="列表条目内容",
        english="Everything that listings said of their entries.",
        key=("id",),
    ),
    Table(
        name="listing_pages",
        row=rows.ListingPageRow,
        chinese="列表页面",
        english="Which entries each page of a listing had, in its order.",
        key=("platform", "account_id", "captured_at", "capture"),
    ),
    Table(
        name="versions",
        row=rows.VersionRow,
        chinese="版本",
        english="Every distinct content of an article, with the first capture that shows it.",
        key=("article_id", "digest"),
        rowid=True,
    ),
    Table(
        name="articles",
        row=rows.ArticleRow,
        chinese="文章",
        english="One row per article: its latest good version.",
        key=("pk",),
        unique="id",
        indexes=(
            "CREATE INDEX articles_account ON articles (account, published_at)",
            "CREATE INDEX articles_account_id ON articles (platform, account_id, published_at)",
            "CREATE INDEX articles_published ON articles (published_at)",
            "CREATE INDEX articles_status ON articles (status, published_at)",
            "CREATE INDEX articles_not_live ON articles (status, platform, account_id, account, id,"
            " digest) WHERE status IN ('changed', 'withdrawn', 'unreachable')",
            "CREATE INDEX articles_watched ON articles (platform, watched_from, checked_at)",
            "CREATE INDEX articles_title ON articles (title)",
            "CREATE INDEX articles_unlisted ON articles (unlisted_at)"
            " WHERE unlisted_at IS NOT NULL",
        ),
        rowid=True,
    ),
    Table(
        name="article_pages",
        row=rows.ArticlePageRow,
        chinese="文章分页",
        english="The pages of articles that are on several, of each version, with the capture of "
        "each.",
        key=("article_id", "digest", "number"),
    ),
    Table(
        name="page_readings",
        row=rows.PageReadingRow,
        chinese="单页内容",
        english="What each capture of a page shows, of articles that are on several: what their "
        "versions are joined from.",
        key=("capture",),
        indexes=("CREATE INDEX page_readings_article ON page_readings (article_id)",),
    ),
    Table(
        name="aliases",
        row=rows.AliasRow,
        chinese="文章别名",
        english="Other ids of articles: of addresses that lead to them, or that show the same.",
        key=("alias", "article_id", "reason"),
        indexes=("CREATE INDEX aliases_article ON aliases (article_id)",),
    ),
    Table(
        name="withdrawals",
        row=rows.WithdrawalRow,
        chinese="撤稿",
        english="Times in which an article was missing: bounds, proofs, who took it away, and its "
        "return.",
        key=("article_id", "first_missing_at"),
    ),
    Table(
        name="media",
        row=rows.MediaRow,
        chinese="媒体文件",
        english="Pictures and attachments of article bodies, with the capture of each.",
        key=("article_id", "url"),
        indexes=(
            "CREATE INDEX media_url ON media (url)",
            "CREATE INDEX media_payload ON media (payload_digest) WHERE payload_digest IS NOT NULL",
            "CREATE INDEX media_capture ON media (capture) WHERE capture IS NOT NULL",
        ),
    ),
    Table(
        name="media_text",
        row=rows.MediaTextRow,
        chinese="图中文字",
        english="Text that was read in pictures (zhengwen read-pictures), apart from printed text.",
        key=("pk",),
        unique="payload_digest",
        rowid=True,
    ),
    Table(
        name="attachment_text",
        row=rows.AttachmentTextRow,
        chinese="附件文字",
        english="Text of the documents that articles attach, page by page, and which have none.",
        key=("pk",),
        indexes=(
            "CREATE UNIQUE INDEX attachment_text_page ON attachment_text (capture, number, part)",
        ),
        rowid=True,
    ),
)


# The comment is how `sqlite-utils search` and Datasette find the index of `articles`: both look
# for this text in the DDL, and a contentless table cannot say content="articles" for real. Our
# plugins know it by the name of the program. Diacritics stay, so that the index alone is exact for
# every letter.
FULL_TEXT_OPTIONS = (
    "(title, text, content='', detail=none, tokenize='unicode61 remove_diacritics 0')"
)
FULL_TEXT = (
    """CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" by zhengwen, see the
    table about */ """
    + FULL_TEXT_OPTIONS
)

# Of the text in pictures and in attachments: the same terms, and no values to filter by.
TEXT_INDEXES = tuple(
    f"""CREATE VIRTUAL TABLE {table}_fts USING fts5
    /* content="{table}" by zhengwen, see the table about */ (text, content='', detail=none,
    tokenize='unicode61 remove_diacritics 0')"""
    for table in TEXT_TABLES
)


def is_our_index(connection: sqlite3.Connection) -> bool:
    """Whether the table `articles` has our full-text index."""
    statement = "SELECT sql FROM sqlite_master WHERE sql LIKE '%VIRTUAL TABLE%USING FTS%'"
    return any('content="articles" by zhengwen' in row[0] for row in connection.execute(statement))
