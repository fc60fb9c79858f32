"""Cuts the exchanges of one page out of an archive, as a fixture of the page's platform: the bytes
that were captured, and what the platform's rules read from them now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive.database.opening import connect_for_reading, read_rows
from archive.errors import UsageError
from archive.index.indexer import index
from archive.model import StoredFields
from archive.model.columns import columns_of
from archive.page.urls import urljoin, urlsplit
from archive.platforms import Platforms
from archive.reader import Reader
from archive.warc import http
from archive.warc.reader import Record, member_at, read_record, records
from archive.warc.stored import WarcFile, warc_file

CAPTURE = "capture.warc.gz"
EXPECTED = "expected.json"
HEAD = 64 * 1024  # bytes of a redirect that are read, to see where it leads
NEAREST = 200  # redirects of the run, before a capture, that are tried
# All that makes the article; its Markdown is made of the text and the element that the text is of.
COLUMNS = ", ".join(
    ["id", *(column.name for column in columns_of(StoredFields) if column.name != "markdown")]
)
REDIRECT = "status IS NOT NULL AND status BETWEEN 300 AND 399"
READ = {
    "articles": f"SELECT {COLUMNS} FROM articles ORDER BY id",
    "failures": "SELECT url, outcome, reason FROM failures ORDER BY url",
    "links": "SELECT article_id, url, kind, title, published_at FROM links ORDER BY article_id",
    "media": "SELECT article_id, url, status FROM media ORDER BY url",
}
"""What is compared of a fixture: nothing that differs from one run to the next."""

Row = Mapping[str, Any]


def expected(warc_dir: Path, platforms: Platforms) -> dict[str, list[dict[str, Any]]]:
    """What is read from the WARC files of a folder.

    Args:
        warc_dir: the folder of a case.
        platforms: those by whose rules the files are read.

    Returns:
        The rows of articles, failures, links and media, in a fixed order.

    Raises:
        WarcError: a file is damaged.
    """
    with TemporaryDirectory() as folder:
        database = Path(folder) / "archive.db"
        index(warc_dir, database, platforms)
        with closing(connect_for_reading(database)) as connection:
            return {name: list(read_rows(connection, query)) for name, query in READ.items()}


def as_text(value: Mapping[str, object]) -> str:
    """The text of `expected.json`: a line a value, Chinese characters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def page_of(archive: Reader, url: str, platforms: Platforms) -> Row:
    """The latest capture of a page.

    Args:
        archive: the archive that the page was captured in.
        url: the address of an article or an account, or exactly what was asked for.
        platforms: those that may know the address.

    Raises:
        UsageError: the archive has not captured the page.
    """
    latest = "SELECT * FROM captures WHERE {} ORDER BY captured_at DESC, id LIMIT 1"
    condition, values = _condition(url, platforms)
    for choice in (f"({condition}) AND NOT ({REDIRECT})", condition):
        for row in read_rows(archive.connection, latest.format(choice), values):
            return row
    if not urlsplit(url).hostname:
        raise UsageError(
            f"{url!r} is not a URL; give the full address of a page that was captured, such as "
            "https://www.thepaper.cn/newsDetail_forward_4150096."
        )
    raise UsageError(
        f"{archive.path} has no capture of {url}; capture it first with `zhengwen crawl {url}`."
    )


def _condition(url: str, platforms: Platforms) -> tuple[str, list[str]]:
    """How to find a page among the captures: by its address, or by the id that it is the address
    of."""
    exact = "url = ? AND role IS NOT 'robots'"
    platform = platforms.of_url(url)
    address = platform.locate(url) if platform else None
    if platform is None or address is None:
        return exact, [url]
    if address.role == "article":
        article = f"{platform.name}-{address.id}"
        return f"{exact} OR article_id = ? AND role = 'article'", [url, article]
    account = "platform = ? AND account_id = ? AND role IN ('listing', 'profile')"
    return f"{exact} OR {account}", [url, platform.name, address.id]


def captures_of(archive: Reader, page: Row) -> list[Row]:
    """The captures that show a page: itself, the redirects that led there, and for an account its
    profile and its list. In the order of the WARC files."""
    shown = [page, *_of_account(archive.connection, page)]
    originals = [_original(archive.connection, row) for row in shown]
    redirects = [step for row in originals for step in _redirects(archive, row)]
    rows = {row["id"]: row for row in (*redirects, *originals)}
    return sorted(rows.values(), key=lambda row: (row["warc"], row["offset"]))


def _of_account(connection: sqlite3.Connection, page: Row) -> Iterator[Row]:
    """The first capture of the account's profile and of its list in the same run."""
    if page["role"] not in ("listing", "profile"):
        return
    statement = """SELECT * FROM captures WHERE platform = ? AND account_id = ? AND run IS ?
        AND role = ? AND NOT ({}) ORDER BY captured_at, id LIMIT 1"""
    for role in ("profile", "listing"):
        if role != page["role"]:
            key = (page["platform"], page["account_id"], page["run"], role)
            yield from read_rows(connection, statement.format(REDIRECT), key)


def _original(connection: sqlite3.Connection, row: Row) -> Row:
    """The capture with the bytes: of a revisit the one that it refers to, where it is here."""
    statement = "SELECT * FROM captures WHERE id = ?"
    return next(read_rows(connection, statement, [row["refers_to"]]), row)


def _redirects(archive: Reader, row: Row) -> list[Row]:
    """The redirects of the same run that led to a capture, the last one first."""
    statement = f"""SELECT * FROM captures WHERE run IS ? AND captured_at <= ? AND {REDIRECT}
        ORDER BY captured_at DESC, id LIMIT ?"""
    earlier = list(
        read_rows(archive.connection, statement, [row["run"], row["captured_at"], NEAREST])
    )
    steps: list[Row] = []
    url = row["url"]
    for candidate in earlier:
        if _target(archive.warc_dir, candidate) == url:
            steps.append(candidate)
            url = candidate["url"]
    return steps


def _target(warc_dir: Path, row: Row) -> str | None:
    """Where a redirect leads, without the fragment."""
    head, _ = http.split(read_record(warc_file(warc_dir, row["warc"]), row["offset"]).read(HEAD))
    location = head.get("Location")
    return urljoin(row["url"], location).partition("#")[0] if location else None


def cut(warc_dir: Path, rows: list[Row]) -> bytes:
    """The records of these captures, byte for byte: responses, requests, and what the crawl noted
    with them.

    Raises:
        WarcError: a file is damaged, or is not there.
    """
    return b"".join(
        member_at(file, record.offset, record.length)
        for file, offset in ((warc_file(warc_dir, row["warc"]), row["offset"]) for row in rows)
        for record in _exchange(file, offset)
    )


def _exchange(path: WarcFile, offset: int) -> list[Record]:
    """The record at an offset and those that belong to it, in the order of the file."""
    exchange: list[Record] = []
    for record in records(path, offset):
        if exchange and record.concurrent_to != exchange[0].id:
            break
        exchange.append(record)
    if any(record.type == "request" for record in exchange):
        return exchange
    return [*_request_before(path, exchange[0]), *exchange]


def _request_before(path: WarcFile, response: Record) -> list[Record]:
    """The request directly before a response, as other programs write it."""
    before: Record | None = None
    for record in records(path):
        if record.offset >= response.offset:
            break
        before = record
    is_request = before and before.type == "request" and before.url == response.url
    return [before] if before and is_request else []
