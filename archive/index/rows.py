"""What one exchange says, as rows: a pure function of the record's bytes and the facts that the
crawl wrote beside it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from archive import extraction
from archive.database.rows import (
    AccountRow,
    CaptureRow,
    CoverageRow,
    FailureRow,
    LinkRow,
    RunRow,
    VersionRow,
)
from archive.errors import Unreadable, surprises
from archive.general.refusals import dead, redirected, refused
from archive.index.exchanges import Facts, Note, Recorded
from archive.index.parsing import Parsed, parse
from archive.model import Account, Article, Failure, Link, Outcome
from archive.page.page import Page
from archive.platforms import Platforms
from archive.warc import http

# What makes two captures two versions. Pictures, counters, mark-up and white space are not in it;
# nor is the account's name.
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\xad]+")
CONTENT = [
    "kind",
    "title",
    "text",
    "author",
    "source",
    "reprinted_from",
    "original_title",
    "editor",
    "published_at",
]


@dataclass(frozen=True, slots=True)
class Listed:
    """The entries of one page of a listing, and the name of its platform."""

    platform: str
    links: tuple[Link, ...]


Content = Article | Failure | Listed | Account | Outcome
"""What an answer holds; an `Outcome` alone where nothing is read from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of one exchange: its capture, and what could be read from it."""

    capture: CaptureRow
    failure: FailureRow | None = None
    version: VersionRow | None = None
    account: AccountRow | None = None
    links: tuple[LinkRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRows:
    """The row of one note; all None for a note of another program."""

    run: RunRow | None = None
    coverage: CoverageRow | None = None
    failure: FailureRow | None = None


def observe(recorded: Recorded, platforms: Platforms, producer: str) -> Rows:
    """Read the rows of an exchange.

    Args:
        recorded: a response or revisit record with its request and facts.
        platforms: those of the archive.
        producer: the id of the producer.
    """
    exchange = parse(recorded, platforms)
    return _rows(exchange, _content(exchange), producer)


def _content(exchange: Parsed) -> Content:
    recorded, head, role = exchange.recorded, exchange.head, exchange.role
    if recorded.refers_to:
        return "unchanged"
    if role == "robots":
        return "robots"
    if head.status is not None and 300 <= head.status < 400:
        return redirected(recorded.url, head.get("Location") or "", role)
    if recorded.truncated:
        return Failure(
            outcome="error",
            reason=f"truncated-{recorded.truncated}",
            detail="the answer was cut short",
        )
    page: Page | None = None
    try:
        page = exchange.page()
        return _read(page, exchange)
    except Unreadable as error:
        message = dead(page) if page and role in ("listing", "profile") else None
        return message or Failure(outcome="unreadable", reason=error.reason, detail=error.detail)


def _read(page: Page, exchange: Parsed) -> Content:
    platform, role = exchange.platform, exchange.role
    if role == "media":
        return "media" if page.status == 200 else _http_error(page)
    if platform is None or role not in ("article", "listing", "profile"):
        return _http_error(page) if page.status >= 400 else "other"
    if role == "article":
        return extraction.read(page, platform, exchange.address)
    with surprises():
        if failure := refused(page) or platform.refusal(page):
            return failure
        if role == "listing" and platform.discover:
            return Listed(platform.name, platform.discover(page).links)
        return platform.describe(page) if role == "profile" and platform.describe else "other"


def _http_error(page: Page) -> Failure:
    return Failure(outcome="error", reason=f"http-{page.status}")


def _rows(exchange: Parsed, content: Content, producer: str) -> Rows:
    if isinstance(content, Failure):
        return _failed(exchange, content)
    if isinstance(content, Article):
        return _article(exchange, content, producer)
    if isinstance(content, Account):
        at = exchange.recorded.date
        return Rows(capture=_capture(exchange, "profile"), account=_account(content, at))
    if isinstance(content, Listed):
        return _listing(exchange, content)
    return Rows(capture=_capture(exchange, content))


def _capture(exchange: Parsed, outcome: Outcome) -> CaptureRow:
    recorded, head, platform = exchange.recorded, exchange.head, exchange.platform
    is_article = exchange.role == "article"
    article_id = (
        f"{platform.name}-{exchange.address.id}"
        if platform and exchange.address and is_article
        else None
    )
    return CaptureRow(
        id=recorded.record_id,
        url=recorded.url,
        captured_at=recorded.date,
        platform=platform.name if platform else None,
        role=exchange.role,
        article_id=article_id,
        account_id=_text(recorded.facts, "account_id"),
        account=_text(recorded.facts, "account"),
        run=_text(recorded.facts, "run"),
        method=http.method(recorded.request),
        status=head.status,
        content_type=head.get("Content-Type"),
        outcome=outcome,
        payload_digest=recorded.payload_digest,
        truncated=recorded.truncated,
        refers_to=recorded.refers_to,
        etag=head.get("ETag") if is_article else None,
        last_modified=head.get("Last-Modified") if is_article else None,
        ip=recorded.ip,
        warc=recorded.warc,
        offset=recorded.offset,
        length=recorded.length,
    )


def _failed(exchange: Parsed, failure: Failure) -> Rows:
    capture = replace(
        _capture(exchange, failure.outcome), reason=failure.reason, detail=failure.detail or None
    )
    row = FailureRow(
        id=capture.id,
        url=capture.url,
        failed_at=capture.captured_at,
        platform=capture.platform,
        role=capture.role,
        article_id=capture.article_id,
        account_id=capture.account_id,
        run=capture.run,
        outcome=failure.outcome,
        reason=failure.reason,
        detail=capture.detail,
        warc=capture.warc,
        offset=capture.offset,
    )
    return Rows(capture=capture, failure=row)


def _article(exchange: Parsed, article: Article, producer: str) -> Rows:
    digest = content_digest(article)
    capture = replace(_capture(exchange, "article"), article_id=article.id, content_digest=digest)
    version = VersionRow(
        article_id=article.id,
        digest=digest,
        kind=article.kind,
        title=article.title,
        account=article.account,
        account_id=article.account_id,
        author=article.author,
        source=article.source,
        reprinted_from=article.reprinted_from,
        original_title=article.original_title,
        editor=article.editor,
        published_at=article.published_at,
        published_raw=article.published_raw,
        updated_at=article.updated_at,
        document_number=article.document_number,
        issued_by=article.issued_by,
        url=article.url,
        rules=article.rules,
        page_title=article.page_title,
        found_by=json.dumps({**article.found_by}, ensure_ascii=False, sort_keys=True),
        producer=producer,
        pictures=_pictures(article),
        capture=capture.id,
        first_captured_at=capture.captured_at,
        last_captured_at=capture.captured_at,
        summary=article.summary,
        text=article.text,
    )
    return Rows(capture=capture, version=version, account=_author(article, capture.captured_at))


def content_digest(article: Article) -> str:
    """The SHA-256, in hexadecimal, of what makes two captures two versions: white space and
    characters of no width come and go with the mark-up and do not count."""
    values = [getattr(article, name) for name in CONTENT]
    visible = [None if value is None else INVISIBLE.sub("", value) for value in values]
    text = json.dumps(visible, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _pictures(article: Article) -> str:
    return json.dumps(
        [
            {"url": picture.url, "caption": picture.caption, "kind": picture.kind}
            for picture in article.pictures
        ],
        ensure_ascii=False,
    )


def _author(article: Article, at: str) -> AccountRow | None:
    """The account that the page of an article names."""
    if not article.account_id:
        return None
    account = Account(
        platform=article.platform, account_id=article.account_id, url="", name=article.account
    )
    return _account(account, at)


def _account(account: Account, at: str) -> AccountRow:
    return AccountRow(
        platform=account.platform,
        account_id=account.account_id,
        name=account.name,
        description=account.description,
        url=account.url or None,
        seen_at=at,
    )


def _listing(exchange: Parsed, listed: Listed) -> Rows:
    at = exchange.recorded.date
    return Rows(
        capture=_capture(exchange, "listing"),
        links=tuple(_link(link, listed.platform, at) for link in listed.links),
    )


def _link(link: Link, platform: str, at: str) -> LinkRow:
    return LinkRow(
        platform=platform,
        native_id=link.id,
        account_id=link.account_id or "",
        article_id=f"{platform}-{link.id}",
        url=link.url,
        kind=link.kind,
        title=link.title,
        published_at=link.published_at,
        first_listed_at=at,
        last_listed_at=at,
    )


def of_note(note: Note) -> NoteRows:
    """Read the row of a note: of what was known only while crawling."""
    match note.facts.get("kind"):
        case "run" if _text(note.facts, "id"):
            return NoteRows(run=cast("RunRow", _known(note.facts, RunRow.__annotations__)))
        case "coverage":
            row = _known(note.facts, CoverageRow.__annotations__)
            row |= {"at": note.date, "record": note.record_id}
            return NoteRows(coverage=cast("CoverageRow", row))
        case "failure":
            return NoteRows(failure=_unanswered(note))
    return NoteRows()


def _known(facts: Facts, columns: Iterable[str]) -> dict[str, object]:
    """The facts that have a column; a table or a list has none."""
    return {
        name: facts[name]
        for name in columns
        if name in facts and isinstance(facts[name], str | int | float | None)
    }


def _unanswered(note: Note) -> FailureRow | None:
    """A request that was not made or not answered."""
    facts = note.facts
    url, outcome, reason = (_text(facts, name) for name in ("url", "outcome", "reason"))
    if url is None or outcome is None or reason is None:
        return None
    return FailureRow(
        id=note.record_id,
        url=url,
        failed_at=note.date,
        platform=_text(facts, "platform"),
        role=_text(facts, "role"),
        article_id=_text(facts, "article_id"),
        account_id=_text(facts, "account_id"),
        run=_text(facts, "run"),
        outcome=outcome,
        reason=reason,
        detail=_text(facts, "detail"),
        warc=note.warc,
        offset=note.offset,
    )


def _text(facts: Facts, name: str) -> str | None:
    """A fact that is text; files of other programs may say anything."""
    value = facts.get(name)
    return value if isinstance(value, str) else None
