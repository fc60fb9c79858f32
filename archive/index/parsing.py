"""An exchange taken apart once: head, body, platform, address and role, from which all of its rows
are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.index.exchanges import Recorded, is_file
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Address, Platform
from archive.platforms import Platforms
from archive.warc import http


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The parts of one exchange.

    `body` is as it came, chunk frames and content coding included. `platform` is that of the
    address, else the one that the crawl names. `address` is looked up for articles, and where the
    crawl left no word about the role. `role` is what the exchange was made for.
    """

    recorded: Recorded
    head: http.Head
    body: bytes
    platform: Platform | None
    address: Address | None
    role: str | None

    def page(self) -> Page:
        """The answer as the rules take it. Raises Unreadable for a content coding that cannot be
        undone."""
        body, exchange = self.body, self.recorded
        if self.head.is_chunked:
            body = http.dechunk(body).body
        if self.role != "media":
            body = http.decode_content(body, self.head.get("Content-Encoding") or "")
        return Page(
            url=exchange.url,
            body=body,
            status=self.head.status or 0,
            content_type=self.head.get("Content-Type") or "",
            captured_at=datetime.fromisoformat(exchange.date),
            request_body=http.split(exchange.request)[1] if exchange.request else b"",
        )


def parse(recorded: Recorded, platforms: Platforms) -> Parsed:
    """Take an exchange apart.

    Args:
        recorded: a response or revisit record with its facts.
        platforms: those of the archive.
    """
    head, body = http.split(recorded.block)
    declared = str(recorded.facts.get("role") or "")
    platform = platforms.of_url(recorded.url) or platforms.get(str(recorded.facts.get("platform")))
    address = platform.locate(recorded.url) if platform and declared in ("", "article") else None
    return Parsed(
        recorded=recorded,
        head=head,
        body=body,
        platform=platform,
        address=address,
        role=declared or _role(recorded.url, head, address),
    )


def _role(url: str, head: http.Head, address: Address | None) -> str | None:
    """What address and answer say, in files of other programs."""
    if urlsplit(url).path == "/robots.txt":
        return "robots"
    if address:
        return address.role
    return "media" if is_file(head) else None
