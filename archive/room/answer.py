"""What the reading room answers, and the headers that keep a browser from doing more than show
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from archive.errors import UsageError

# Sources: Content Security Policy Level 3, Fetch ("nosniff", Cross-Origin-Resource-Policy).
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
"""Of a file of somebody else, opened by itself: SVG may style itself, and nothing runs."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of the room."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_headers(self) -> dict[str, str]:
        """Its headers but for the media type, those included that every answer has."""
        return {**ALWAYS, "Content-Security-Policy": PAGE_POLICY, **self.headers}


class NotHere(UsageError):
    """There is no such page, article or record."""


def redirect(address: str, headers: Mapping[str, str]) -> Answer:
    """An answer that leads to another address."""
    return Answer(body=b"", status=302, headers={"Location": address, **headers})


def attachment(name: str) -> dict[str, str]:
    """The headers of a file that a browser saves and does not show (RFC 6266, RFC 8187)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
    coded = quote(name, safe="", errors="replace")
    value = f"attachment; filename=\"{plain or 'file'}\"; filename*=UTF-8''{coded}"
    return {"Content-Disposition": value, "Content-Security-Policy": FILE_POLICY}
