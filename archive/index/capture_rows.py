"""The capture that each exchange is: what its record, the crawl and its answer say of it."""

from __future__ import annotations

import re
from dataclasses import replace

from archive.attachments.served import BEGINNING, is_web_page
from archive.database.rows import CaptureRow
from archive.database.values import storable
from archive.errors import Unreadable
from archive.index.facts import text_of
from archive.index.parsing import Parsed
from archive.index.recorded import Recorded
from archive.model import Outcome, PayloadKind
from archive.page.urls import as_sent, urljoin
from archive.warc.codings import decode

REDIRECTS = frozenset({301, 302, 303, 307, 308})  # those that browsers follow (RFC 9110, 15.4)
NUMBER = re.compile(r"[1-9][0-9]{0,2}")


def capture_of(exchange: Parsed, outcome: Outcome) -> CaptureRow:
    """The capture that an exchange is, with what came of its answer."""
    answer, platform = exchange.answer, exchange.platform
    is_article = exchange.role in ("article", "part")
    article_id = (
        f"{platform.name}-{exchange.address.id}"
        if platform and exchange.address and is_article
        else None
    )
    return replace(
        capture_of_record(exchange.recorded, outcome),
        platform=platform.name if platform else None,
        role=exchange.role,
        article_id=article_id,
        part=page_number(exchange),
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


def page_number(exchange: Parsed) -> int | None:
    """Which page of its article the crawl asked for."""
    number = text_of(exchange.recorded.facts, "part") or ""
    return int(number) if NUMBER.fullmatch(number) else None


def capture_of_record(recorded: Recorded, outcome: Outcome) -> CaptureRow:
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


def naming_account(capture: CaptureRow, account_id: str | None, name: str | None) -> CaptureRow:
    """The capture with the account that its answer names; one without an id may be another of
    the same name."""
    if not account_id or not name or not capture.platform:
        return capture
    return replace(capture, printed_account_id=account_id, printed_account=name)
