"""What one exchange says, as rows: a pure function of the record's bytes and the crawl-time facts
written beside it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from archive import extraction
from archive.errors import Unreadable, surprises
from archive.general.refusals import dead, redirected, refused
from archive.model import Account, Article, Failure, Link, Outcome
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Platform
from archive.platforms import Platforms
from archive.warc import http

Rows = dict[str, list[dict[str, Any]]]
Seen = Article | Failure | tuple[Link, ...] | Account | Outcome

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
FILE = re.compile(
    r"(?:image|video|audio|font)/|application/(?:pdf|zip|msword|vnd\.(?:ms-|openxmlformats)|x-(?:rar|zip|7z))",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One response or revisit record with what belongs to it. `block` may be cut for media, which
    are not read."""

    record_id: str
    url: str
    date: str
    warc: str
    offset: int
    length: int
    block: bytes
    refers_to: str | None = None
    payload_digest: str | None = None
    truncated: str | None = None
    ip: str | None = None
    request: bytes = b""
    facts: Mapping[str, Any] = field(default_factory=dict)


def observe(exchange: Recorded, platforms: Platforms, producer: str) -> Rows:
    """The rows of one exchange: its capture, and what could be read from it."""
    head, body = http.split(exchange.block)
    platform = platforms.of_url(exchange.url) or platforms.get(str(exchange.facts.get("platform")))
    role = role_of(exchange, head, platform)
    capture = _capture(exchange, head, platform, role)
    seen = _seen(exchange, head, body, platform, role)
    return _rows(exchange, capture, seen, producer)


def role_of(exchange: Recorded, head: http.Head, platform: Platform | None) -> str | None:
    """What the exchange was made for: the crawl's own word, else (in files of other programs) what
    address and answer say."""
    if said := exchange.facts.get("role"):
        return str(said)
    if urlsplit(exchange.url).path == "/robots.txt":
        return "robots"
    if address := platform.locate(exchange.url) if platform else None:
        return address.role
    return "media" if is_file(head) else None


def is_file(head: http.Head) -> bool:
    """Whether an answer is a picture, a film or an attachment, in which nothing is read."""
    return FILE.match(head.get("Content-Type") or "") is not None


def _capture(
    exchange: Recorded, head: http.Head, platform: Platform | None, role: str | None
) -> dict[str, Any]:
    address = platform.locate(exchange.url) if platform and role == "article" else None
    facts = exchange.facts
    return {
        "id": exchange.record_id,
        "url": exchange.url,
        "captured_at": exchange.date,
        "platform": platform.name if platform else None,
        "role": role,
        "article_id": f"{platform.name}-{address.id}" if platform and address else None,
        "account_id": facts.get("account_id"),
        "account": facts.get("account"),
        "run": facts.get("run"),
        "method": http.method(exchange.request),
        "status": head.status,
        "content_type": head.get("Content-Type"),
        "payload_digest": exchange.payload_digest,
        "truncated": exchange.truncated,
        "refers_to": exchange.refers_to,
        "etag": head.get("ETag") if role == "article" else None,
        "last_modified": head.get("Last-Modified") if role == "article" else None,
        "ip": exchange.ip,
        "warc": exchange.warc,
        "offset": exchange.offset,
        "length": exchange.length,
    }


def _seen(
    exchange: Recorded, head: http.Head, body: bytes, platform: Platform | None, role: str | None
) -> Seen:
    if exchange.refers_to:
        return "unchanged"
    if role == "robots":
        return "robots"
    if head.status is not None and 300 <= head.status < 400:
        return redirected(exchange.url, head.get("Location") or "", role)
    if exchange.truncated:
        return Failure(
            outcome="error",
            reason=f"truncated-{exchange.truncated}",
            detail="the answer was cut short",
        )
    page: Page | None = None
    try:
        page = _page(exchange, head, body, role)
        return _read(page, platform, role)
    except Unreadable as error:
        said = dead(page) if page and role in ("listing", "profile") else None
        return said or Failure(outcome="unreadable", reason=error.reason, detail=error.detail)


def _page(exchange: Recorded, head: http.Head, body: bytes, role: str | None) -> Page:
    if head.is_chunked:
        body = http.dechunk(body).body
    if role != "media":
        body = http.decode_content(body, head.get("Content-Encoding") or "")
    return Page(
        url=exchange.url,
        body=body,
        status=head.status or 0,
        content_type=head.get("Content-Type") or "",
        captured_at=datetime.fromisoformat(exchange.date),
        request_body=http.split(exchange.request)[1] if exchange.request else b"",
    )


def _read(page: Page, platform: Platform | None, role: str | None) -> Seen:
    if role == "media":
        return (
            Failure(outcome="error", reason=f"http-{page.status}")
            if page.status != 200
            else "media"
        )
    if platform is None or role not in ("article", "listing", "profile"):
        return (
            Failure(outcome="error", reason=f"http-{page.status}")
            if page.status >= 400
            else "other"
        )
    if role == "article":
        return extraction.read(page, platform)
    with surprises():
        if failure := refused(page) or platform.refusal(page):
            return failure
        if role == "listing" and platform.discover:
            return platform.discover(page).links
        return platform.describe(page) if role == "profile" and platform.describe else "other"


def _rows(exchange: Recorded, capture: dict[str, Any], seen: Seen, producer: str) -> Rows:
    if isinstance(seen, Failure):
        return _failed(capture, seen)
    if isinstance(seen, Article):
        return _article(capture, seen, producer)
    if isinstance(seen, Account):
        return {
            "captures": [capture | {"outcome": "profile"}],
            "accounts": [_account(seen, exchange.date)],
        }
    if isinstance(seen, tuple):
        return _listing(capture, seen)
    return {"captures": [capture | {"outcome": seen}]}


def _failed(capture: dict[str, Any], failure: Failure) -> Rows:
    said = {"outcome": failure.outcome, "reason": failure.reason, "detail": failure.detail or None}
    names = ("id", "url", "platform", "role", "article_id", "account_id", "run", "warc", "offset")
    row = {name: capture[name] for name in names} | {"failed_at": capture["captured_at"]} | said
    return {"captures": [capture | said], "failures": [row]}


def _article(capture: dict[str, Any], article: Article, producer: str) -> Rows:
    values = asdict(article)
    pictures, rules, found_by = values.pop("pictures"), values.pop("rules"), values.pop("found_by")
    held = [_bare(values[name]) for name in CONTENT]
    digest = hashlib.sha256(json.dumps(held, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    version = {
        name: value for name, value in values.items() if name not in ("platform", "native_id")
    } | {
        "article_id": article.id,
        "digest": digest.hexdigest(),
        "rules": rules,
        "found_by": json.dumps(found_by, ensure_ascii=False, sort_keys=True),
        "producer": producer,
        "pictures": json.dumps(
            [{name: p[name] for name in ("url", "caption", "kind")} for p in pictures],
            ensure_ascii=False,
        ),
        "capture": capture["id"],
        "first_captured_at": capture["captured_at"],
        "last_captured_at": capture["captured_at"],
    }
    row = capture | {
        "article_id": article.id,
        "outcome": "article",
        "content_digest": version["digest"],
    }
    return {"captures": [row], "versions": [version]} | _author(article, capture)


def _bare(value: str | None) -> str | None:
    """Without white space and characters of no width: they come and go with the mark-up."""
    return None if value is None else INVISIBLE.sub("", value)


def _author(article: Article, capture: dict[str, Any]) -> Rows:
    if not article.account_id:
        return {}
    known = Account(
        platform=article.platform, account_id=article.account_id, url="", name=article.account
    )
    return {"accounts": [_account(known, capture["captured_at"])]}


def _account(account: Account, at: str) -> dict[str, Any]:
    return asdict(account) | {"url": account.url or None, "seen_at": at}


def _listing(capture: dict[str, Any], links: tuple[Link, ...]) -> Rows:
    platform, at = capture["platform"], capture["captured_at"]
    rows = [
        {
            "platform": platform,
            "native_id": link.id,
            "account_id": link.account_id or "",
            "article_id": f"{platform}-{link.id}",
            "url": link.url,
            "kind": link.kind,
            "title": link.title,
            "published_at": link.published_at,
            "at": at,
        }
        for link in links
    ]
    return {"captures": [capture | {"outcome": "listing"}], "links": rows}
