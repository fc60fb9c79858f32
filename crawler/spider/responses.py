"""Scrapy's responses as the platforms' functions take them."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response

from archive.page.page import Page


def asked(response: Response) -> Request:
    """The request that was answered."""
    assert response.request
    return response.request


def page_of(response: Response) -> Page:
    """The answer as a page that was captured now."""
    return Page(
        url=response.url,
        body=response.body,
        status=response.status,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        captured_at=datetime.now(UTC),
        request_body=asked(response).body,
    )
