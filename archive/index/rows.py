"""The rows of one exchange, of what it is and what its answer holds."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.attachments.served import BEGINNING, is_web_page
from archive.database.rows import (
    AccountRow,
    AliasRow,
    CaptureRow,
    FailureRow,
    LinkRow,
    PageReadingRow,
    VersionRow,
    columns,
)
from archive.database.values import storable
from archive.errors import Unreadable
from archive.extraction import is_by_general_rules
from archive.general import witness
from archive.index.content import Content, Listed
from archive.index.facts import text_of
from archive.index.parsing import Parsed
from archive.index.recorded import Recorded
from archive.model import Account, Article, Failure, Link, Outcome, PayloadKind
from archive.model.columns import digest_fields, field_values
from archive.page.urls import as_sent, urljoin
from archive.warc import http
from archive.warc.codings import decode

REDIRECTS = frozenset({301, 302, 303, 307, 308})  # those that browsers follow (RFC 9110, 15.4)
NUMBER = re.compile(r"[1-9][0-9]{0,2}")
# Pictures, counters, mark-up and white space make no version of their own.
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\xad]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of one exchange: its capture, and what could be read from it."""

    capture: CaptureRow
    failure: FailureRow | None = None
    version: VersionRow | None = None
    account: AccountRow | None = None
    links: tuple[LinkRow, ...] = ()
    alias: AliasRow | None = None
    reading: PageReadingRow | None = None


def rows_of(exchange: Parsed, content: Content, producer: str) -> Rows:
    """The rows of an exchange.

    Args:
        exchange: taken apart.
        content: what its answer holds.
        producer: the id of the producer.
    """
    if isinstance(content, Failure):
        return failed(_capture(exchange, content.outcome), content)
    if isinstance(content, Article):
        return _article(exchange, content, producer)
    if isinstance(content, Account):
        at = exchange.recorded.date
        capture = _naming(_capture(exchange, "profile"), content.account_id, content.name)
        return Rows(capture=capture, account=_account(content, at))
    if isinstance(content, Listed):
        return _listing(exchange, content)
    return Rows(capture=_capture(exchange, content))


def _capture(exchange: Parsed, outcome: Outcome) -> CaptureRow:
    answer, platform = exchange.answer, exchange.platform
    is_article = exchange.role in ("article", "part")
    article_id = (
        f"{platform.name}-{exchange.address.id}"
        if platform and exchange.address and is_article
        else None
    )
    return replace(
        _of_record(exchange.recorded, outcome),
        platform=platform.name if platform else None,
        role=exchange.role,
        article_id=article_id,
        part=_number(exchange),
        method=answer.method,
        status=answer.status,
        truncated=exchange.recorded.truncated or (answer.cut.kind if answer.cut else None),
        content_type=answer.content_type,
        payload_kind=_payload_kind(exchange),
        location=_location(exchange),
        etag=answer.etag if exchange.role == "article" else None,
        last_modified=answer.last_modified if exchange.role == "article" else None,
    )


def _payload_kind(exchange: Parsed) -> PayloadKind | None:
    """What came where a file was asked for; of a revisit its header says it."""
    answer = exchange.answer
    if exchange.role != "media" or answer.status not in (200, None):
        return None
    try:
        beginning = decode(answer.body[:BEGINNING], answer.coding or "").body
    except Unreadable:  # of a coding that is not known the header remains
        beginning = b""
    is_page = is_web_page(answer.content_type, answer.disposition, beginning)
    return "page" if is_page else "file"


def _location(exchange: Parsed) -> str | None:
    """Where a redirect leads."""
    answer = exchange.answer
    if not answer.location or answer.status not in REDIRECTS:
        return None
    target = urljoin(exchange.recorded.url, answer.location).partition("#")[0]
    return storable(as_sent(target)) or None


def _number(exchange: Parsed) -> int | None:
    """Which page of its article the crawl asked for."""
    number = text_of(exchange.recorded.facts, "part") or ""
    return int(number) if NUMBER.fullmatch(number) else None


def _of_record(recorded: Recorded, outcome: Outcome) -> CaptureRow:
    """What the record alone says of an exchange, and what the crawl noted of it."""
    return CaptureRow(
        id=recorded.record_id,
        url=recorded.url,
        captured_at=recorded.date,
        platform=text_of(recorded.facts, "platform"),
        role=text_of(recorded.facts, "role"),
        account_id=text_of(recorded.facts, "account_id"),
        account=text_of(recorded.facts, "account"),
        run=text_of(recorded.facts, "run"),
        outcome=outcome,
        payload_digest=recorded.payload_digest,
        truncated=recorded.truncated,
        refers_to=recorded.refers_to,
        refers_by="missing" if recorded.is_revisit and not recorded.refers_to else None,
        refers_to_url=recorded.original_url if recorded.is_revisit else None,
        refers_to_at=recorded.original_date if recorded.is_revisit else None,
        ip=recorded.ip,
        warc=recorded.warc,
        offset=recorded.offset,
        length=recorded.length,
    )


def _naming(capture: CaptureRow, account_id: str | None, name: str | None) -> CaptureRow:
    """The capture with the account that its answer names; one without an id may be another of
    the same name."""
    if not account_id or not name or not capture.platform:
        return capture
    return replace(capture, printed_account_id=account_id, printed_account=name)


def failed(capture: CaptureRow, failure: Failure) -> Rows:
    """The rows of an exchange from which nothing could be read."""
    capture = replace(
        capture,
        outcome=failure.outcome,
        reason=failure.reason,
        detail=failure.detail or None,
        content_digest=None,
        printed_account_id=None,
        printed_account=None,
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


def with_id(rows: Rows, record_id: str) -> Rows:
    """The same rows of a capture with another id."""
    failure, version, alias, reading = rows.failure, rows.version, rows.alias, rows.reading
    return replace(
        rows,
        capture=replace(rows.capture, id=record_id),
        failure=failure and replace(failure, id=record_id),
        version=version and replace(version, capture=record_id),
        alias=alias and replace(alias, capture=record_id),
        reading=reading and replace(reading, capture=record_id),
    )


def unparsed(recorded: Recorded, failure: Failure) -> Rows:
    """The rows of an exchange that could not even be taken apart, so that nobody knows which
    article it is of."""
    capture = _of_record(recorded, failure.outcome)
    status = None if recorded.is_bare else http.split(recorded.block)[0].status
    return failed(replace(capture, status=status), failure)


def _article(exchange: Parsed, article: Article, producer: str) -> Rows:
    digest = content_digest(article)
    capture = replace(
        _capture(exchange, "article"),
        article_id=article.id,
        content_digest=digest,
        reason="unknown-layout" if is_by_general_rules(article) else None,
        undecoded=article.undecoded or None,
        agreement=_agreement(exchange, article),
    )
    capture = _naming(capture, _account_id(article, capture), article.account)
    version = VersionRow(
        **field_values(article),
        article_id=article.id,
        digest=digest,
        rules=article.rules,
        page_title=article.page_title,
        found_by=json.dumps({**article.found_by}, ensure_ascii=False, sort_keys=True),
        producer=producer,
        pictures=_pictures(article),
        capture=capture.id,
        first_captured_at=capture.captured_at,
        last_captured_at=capture.captured_at,
    )
    rows = Rows(
        capture=capture,
        version=version,
        account=_author(article, capture.captured_at),
        alias=_alias(exchange, capture),
    )
    return _paged(exchange, article, rows, version)


def _paged(exchange: Parsed, article: Article, rows: Rows, version: VersionRow) -> Rows:
    """The rows of a page, of which a version is joined where it is one of several."""
    paging, asked = article.paging, _number(exchange)
    if paging is None and asked is None:
        return rows
    number = asked or (paging.number if paging else 1)
    is_first = number == 1 and exchange.role == "article"
    article_id = rows.capture.article_id if is_first else _first_id(exchange, article)
    capture = replace(
        rows.capture,
        role="article" if is_first else "part",
        part=number,
        article_id=article_id,
        content_digest=rows.capture.content_digest if is_first else None,
    )
    shift = number - paging.number if paging else 0
    others = [(each + shift, url) for each, url in paging.others] if paging else []
    reading = PageReadingRow(
        capture=capture.id,
        article_id=article_id or article.id,
        number=number,
        pages=json.dumps(others),
        page_count=paging.count if paging else None,
        content=json.dumps(_content(version, article_id or article.id), ensure_ascii=False),
    )
    return replace(
        rows,
        capture=capture,
        version=None,
        reading=reading,
        alias=rows.alias or _alias_of_part(exchange, capture),
    )


def _first_id(exchange: Parsed, article: Article) -> str:
    """The article that the crawl asked for a page of, else the one that the page names."""
    asked = text_of(exchange.recorded.facts, "article_id")
    return asked if exchange.role == "part" and asked else article.id


def _content(version: VersionRow, article_id: str) -> dict[str, object]:
    row = columns(version) | {"article_id": article_id}
    return {name: value for name, value in row.items() if name not in ("pages", "complete")}


def _alias_of_part(exchange: Parsed, capture: CaptureRow) -> AliasRow | None:
    """The id that the address of the page would be by itself."""
    platform, address = exchange.platform, exchange.address
    if platform is None or address is None or address.role != "article":
        return None
    own = f"{platform.name}-{address.id}"
    if own == capture.article_id or not capture.article_id:
        return None
    return AliasRow(
        alias=own,
        article_id=capture.article_id,
        reason="part",
        url=capture.url,
        seen_at=capture.captured_at,
        capture=capture.id,
    )


def _agreement(exchange: Parsed, article: Article) -> float | None:
    """What the witness says of the text, where it is asked: of what a platform's own rules read. On
    other pages it has had its vote."""
    if not article.text or is_by_general_rules(article):
        return None
    if not witness.is_in_sample(exchange.page.body):
        return None
    return witness.agreement(exchange.page, article.text)


def _alias(exchange: Parsed, capture: CaptureRow) -> AliasRow | None:
    """The id that the crawl asked for, where a redirect led to another."""
    asked, article_id = text_of(exchange.recorded.facts, "article_id"), capture.article_id
    if not asked or not article_id or asked == article_id:
        return None
    if asked.partition("-")[0] != capture.platform:
        return None
    return AliasRow(
        alias=asked,
        article_id=article_id,
        reason="redirect",
        url=capture.url,
        seen_at=capture.captured_at,
        capture=capture.id,
    )


def _account_id(article: Article, capture: CaptureRow) -> str | None:
    """The id of the account that the page names. Where it gives only the name, and the platform's
    own rules read it, that is the account whose listing led there; on any other site it may be
    whoever is quoted."""
    by_own_rules = article.found_by.get("account") == article.rules
    return article.account_id or (capture.account_id if by_own_rules else None)


def content_digest(article: Article) -> str:
    """The SHA-256, in hexadecimal, of what makes two captures two versions: white space and
    characters of no width come and go with the mark-up and do not count."""
    return digest_of(getattr(article, name) for name in digest_fields(type(article)))


def digest_of(values: Iterable[str | None]) -> str:
    """The same of the values of the fields, in their order of the digest."""
    visible = [None if value is None else INVISIBLE.sub("", storable(value)) for value in values]
    text = json.dumps(visible, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


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
    capture = _capture(exchange, "listing")
    asked = capture.account_id or ""
    return Rows(
        capture=_naming(capture, listed.account_id or capture.account_id, listed.account),
        links=tuple(_link(link, listed.platform, at, asked) for link in listed.links),
    )


def _link(link: Link, platform: str, at: str, asked: str) -> LinkRow:
    return LinkRow(
        platform=platform,
        native_id=link.id,
        account_id=link.account_id or asked,
        article_id=f"{platform}-{link.id}",
        url=link.url,
        kind=link.kind,
        title=link.title,
        published_at=link.published_at,
        first_listed_at=at,
        last_listed_at=at,
    )
