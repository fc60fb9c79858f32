"""The tables of `archive.db`. Each comment stands in the file too (SQLite keeps DDL as written),
for whoever gets only that.

Every row is a function of the WARC files: the same captures give the same rows, whatever order
they came in.
"""

from __future__ import annotations

import sqlite3

VERSION = 3  # PRAGMA user_version; another number means that the file wants `zhengwen rebuild`

CONTENT = """
    kind TEXT NOT NULL,            -- article, video, live, special
    title TEXT NOT NULL,
    account TEXT,                  -- name of the account, as printed
    account_id TEXT,
    author TEXT,
    source TEXT,                   -- 来源, as printed
    reprinted_from TEXT,           -- 本文来源 and the like, inside the body
    original_title TEXT,           -- 原标题
    editor TEXT,                   -- 责任编辑
    published_at TEXT,             -- ISO 8601 with offset
    published_raw TEXT,            -- the same, as printed
    updated_at TEXT,               -- of a later change, where the page tells one; ISO 8601 with offset
    document_number TEXT,          -- 文号 of an official document
    issued_by TEXT,                -- 发文机关 of an official document
    url TEXT NOT NULL,             -- canonical address"""

# Last, so that a row's other columns are read without the pages that its text fills.
LONG = """
    summary TEXT,
    -- paragraphs separated by one newline; '' where the page has no text
    text TEXT NOT NULL"""

TABLES = f"""
CREATE TABLE about (                -- how to read this file, in words
    topic TEXT PRIMARY KEY,
    text TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE producers (            -- what made the rows: code and library versions
    id TEXT PRIMARY KEY,
    zhengwen TEXT NOT NULL, rules TEXT NOT NULL, trafilatura TEXT NOT NULL, lxml TEXT NOT NULL, libxml2 TEXT NOT NULL,
    python TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE warcs (                -- the WARC files that stand behind the rows
    name TEXT PRIMARY KEY,
    size INTEGER NOT NULL,          -- bytes
    records INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE runs (                 -- crawls; finished_at is NULL for one that was killed
    id TEXT PRIMARY KEY, platform TEXT, started_at TEXT, finished_at TEXT, finish_reason TEXT, software TEXT,
    wanted TEXT,                    -- what the crawl was asked for, JSON
    counts TEXT                     -- Scrapy's statistics, JSON
) WITHOUT ROWID;

CREATE TABLE coverage (             -- what happened to each account in each run
    run TEXT NOT NULL, platform TEXT NOT NULL, account_id TEXT NOT NULL, account TEXT,
    outcome TEXT NOT NULL,          -- new, none, blocked, throttled, format_changed, suspicious_empty, unreachable, robots,
                                    -- budget
    reason TEXT,
    pages INTEGER, listed INTEGER, new INTEGER, known INTEGER, total INTEGER,
    complete INTEGER,               -- 1: the walk reached the end of the list, or what an earlier whole walk had seen
    ended INTEGER,                  -- 1: it reached the end of the list
    first_listed TEXT, last_listed TEXT,  -- dates of publication, the earliest and the latest that it met
    covered_from TEXT,              -- date of publication from which on it met all that is listed; NULL: cannot be told
    begun_at TEXT,                  -- when the walk began
    at TEXT NOT NULL,               -- when it was over
    record TEXT NOT NULL,           -- WARC-Record-ID of the note that says so
    PRIMARY KEY (run, platform, account_id)
) WITHOUT ROWID;
CREATE INDEX coverage_account ON coverage (platform, account_id, at);

CREATE TABLE accounts (             -- accounts seen; name and description as last seen
    platform TEXT NOT NULL, account_id TEXT NOT NULL, name TEXT, description TEXT, url TEXT, seen_at TEXT NOT NULL,
    PRIMARY KEY (platform, account_id)
) WITHOUT ROWID;

CREATE TABLE captures (             -- every exchange in the WARC files
    id TEXT PRIMARY KEY,            -- WARC-Record-ID
    url TEXT NOT NULL, captured_at TEXT NOT NULL, platform TEXT, role TEXT,
    article_id TEXT, account_id TEXT, account TEXT,
    run TEXT, method TEXT, status INTEGER, content_type TEXT,
    outcome TEXT NOT NULL, reason TEXT, detail TEXT,
    content_digest TEXT,            -- SHA-256 of what was extracted; which version it is
    payload_digest TEXT, truncated TEXT,
    refers_to TEXT,                 -- for a revisit: the capture that holds the payload
    etag TEXT, last_modified TEXT,  -- what a later conditional request may ask with
    ip TEXT,
    warc TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX captures_article ON captures (article_id, captured_at);
CREATE INDEX captures_refers_to ON captures (refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX captures_payload ON captures (payload_digest);
CREATE INDEX captures_url ON captures (url);
CREATE INDEX captures_warc ON captures (warc);
CREATE INDEX captures_run ON captures (run, outcome) WHERE role = 'article';

CREATE TABLE failures (             -- every capture or attempt that gave no article, and why
    id TEXT PRIMARY KEY,            -- WARC-Record-ID of the capture, or of the note that there was no answer
    url TEXT NOT NULL, failed_at TEXT NOT NULL, platform TEXT, role TEXT, article_id TEXT, account_id TEXT, run TEXT,
    outcome TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT, warc TEXT NOT NULL, offset INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX failures_article ON failures (article_id);
CREATE INDEX failures_run ON failures (run);

CREATE TABLE links (                -- every entry of a listing
    platform TEXT NOT NULL, native_id TEXT NOT NULL, account_id TEXT NOT NULL,
    article_id TEXT NOT NULL, url TEXT NOT NULL,
    kind TEXT NOT NULL,             -- article, video, live, special, outside
    title TEXT, published_at TEXT, first_listed_at TEXT NOT NULL, last_listed_at TEXT NOT NULL,
    PRIMARY KEY (platform, native_id, account_id)
) WITHOUT ROWID;
CREATE INDEX links_article ON links (article_id);
CREATE INDEX links_account ON links (platform, account_id, published_at);

CREATE TABLE versions (             -- every distinct content of an article
    article_id TEXT NOT NULL, digest TEXT NOT NULL,{CONTENT}
    rules TEXT NOT NULL,            -- the rules that read it
    page_title TEXT,                -- the page's own <title>: a second witness of the title
    found_by TEXT NOT NULL,         -- JSON: for each field that has a value, the rule that found it
    producer TEXT NOT NULL,
    pictures TEXT NOT NULL,         -- JSON: url, caption and kind of each picture or attachment of the body, in order
    capture TEXT NOT NULL,          -- its first capture
    first_captured_at TEXT NOT NULL, last_captured_at TEXT NOT NULL,{LONG},
    PRIMARY KEY (article_id, digest)
);

CREATE TABLE articles (             -- one row per article: its latest good version
    pk INTEGER PRIMARY KEY,         -- for the full-text index, which VACUUM must not put out of step
    id TEXT NOT NULL UNIQUE,        -- platform and native id: unique and citable
    platform TEXT NOT NULL,{CONTENT}
    status TEXT NOT NULL,           -- live, changed, withdrawn (proved), unreachable (missing, and not proved or moved)
    withdrawn_by TEXT,              -- account, platform; NULL where the page does not tell
    withdrawn_reason TEXT,          -- the words of the tombstone, or how it was missing
    moved_to TEXT,                  -- id under which the same account published the same text again
    first_captured_at TEXT NOT NULL, last_captured_at TEXT NOT NULL, version_count INTEGER NOT NULL,
    checked_at TEXT NOT NULL,       -- when it was last seen to be there or missing
    missing_since TEXT,             -- first sight of the absence that lasts; NULL: it is there
    unlisted_at TEXT,               -- first whole walk through its listing without it; NULL: listed, or in no listing
    watched_from TEXT NOT NULL,     -- begin of what is watched: its last new version, or its absence
    digest TEXT NOT NULL, producer TEXT NOT NULL,{LONG}
);
CREATE INDEX articles_account ON articles (account, published_at);
CREATE INDEX articles_account_id ON articles (platform, account_id, published_at);
CREATE INDEX articles_published ON articles (published_at);
CREATE INDEX articles_status ON articles (status, published_at);
CREATE INDEX articles_watched ON articles (platform, watched_from, checked_at);
CREATE INDEX articles_title ON articles (title);
CREATE INDEX articles_unlisted ON articles (unlisted_at) WHERE unlisted_at IS NOT NULL;

CREATE TABLE withdrawals (          -- times in which an article was missing; proved where confirmed_at is not NULL
    article_id TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,     -- the last moment at which it was seen: it went between this one
    first_missing_at TEXT NOT NULL, -- and this one
    last_missing_at TEXT NOT NULL,
    confirmed_at TEXT,              -- second sight, hours after the first; NULL: not proved
    reinstated_at TEXT,             -- seen again; NULL: still missing
    withdrawn_by TEXT, reason TEXT,
    proofs TEXT NOT NULL,           -- JSON: WARC-Record-IDs of the sights
    PRIMARY KEY (article_id, first_missing_at)
) WITHOUT ROWID;

CREATE TABLE media (                -- pictures and attachments of article bodies; capture is NULL where none was fetched
    article_id TEXT NOT NULL, position INTEGER NOT NULL, url TEXT NOT NULL, caption TEXT,
    kind TEXT NOT NULL,             -- picture, attachment
    capture TEXT, captured_at TEXT, status INTEGER, content_type TEXT, payload_digest TEXT,
    PRIMARY KEY (article_id, url)
) WITHOUT ROWID;
CREATE INDEX media_url ON media (url);
"""

# The comment is how `sqlite-utils search` and Datasette find the index of `articles`: both look
# for this text in the DDL, and a contentless table cannot say content="articles" for real. Our
# plugins know it by the name of the program. Diacritics stay, so that the index alone is exact for
# every letter.
FULL_TEXT = (
    """CREATE VIRTUAL TABLE articles_fts USING fts5 /* content="articles" by zhengwen, see the
    table about */"""
    """ (title, text, content='', detail=none, tokenize='unicode61 remove_diacritics 0')"""
)


def is_our_index(connection: sqlite3.Connection, *, alone: bool = False) -> bool:
    """Whether the table `articles` has our full-text index; `alone`: and the database has no
    other."""
    made = [
        row[0]
        for row in connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql LIKE '%VIRTUAL TABLE%USING FTS%'"
        )
    ]
    ours = [sql for sql in made if 'content="articles" by zhengwen' in sql]
    return bool(ours) and (len(made) == 1 or not alone)


ABOUT = {
    "what": "An archive of what Chinese government accounts published on news platforms, made by Zhengwen from WARC files.",
    "search": "Full text: sqlite-utils search archive.db articles 疫情防控 (or Datasette's search box). Every word of one to"
    " four Chinese characters is found exactly, wherever it stands, and so are whole words and "
    "numbers in other scripts and"
    " mixtures such as 2020年; spaces mean AND; AND, OR, NOT and parentheses work (NOT last: 疫情 防控 NOT 演练).",
    "longer words": "A word of five or more characters finds nothing by itself in a stock program: put a space after every"
    " four characters (人类命运 共同体), or use LIKE. With the package zhengwen installed, the "
    "same programs take words of any"
    " length, quoted phrases, title: and account:.",
    "spelling": "The index holds NFKC forms and small letters: type GDP, not ＧＤＰ. Traditional and Simplified are two"
    " spellings; search for both with OR.",
    "not possible": "Without the package, quoted phrases, NEAR and title: are errors (the index holds no positions), snippet()"
    " is NULL and rank is 0; rebuild-fts is an error too, and zhengwen rebuild makes the index again.",
    "order": "Rows come in the order in which they were archived; add -o 'published_at desc' for the newest first (with -c,"
    " name published_at too). Times are ISO 8601 with offset.",
    "like": "SELECT id, title FROM articles WHERE text LIKE '%人类命运共同体%' is exact for any length, and reads every text.",
    "evidence": "captures.warc, .offset and .length name the WARC record that proves a row.",
    "table articles": "One row per article: its latest good version.",
    "table versions": "Every distinct content of an article, with the first capture that holds it.",
    "table captures": "Every exchange in the WARC files: what was asked, when, what came, and how it was understood.",
    "table failures": "Every capture or attempt that gave no article, and why.",
    "table coverage": "What happened to each account in each run.",
    "table withdrawals": "Times in which an article was missing: bounds, proofs, who took it away, and its return.",
    "table runs": "Crawls; finished_at is NULL for one that was killed.",
    "table accounts": "Accounts seen.",
    "table links": "Every entry of a listing, with when it was first and last listed.",
    "table media": "Pictures and attachments of article bodies, with the capture that holds them.",
    "table producers": "Code and library versions that made the rows.",
    "table warcs": "The WARC files that stand behind the rows.",
    "table articles_fts": "The full-text index of articles. It holds terms, no text.",
}
