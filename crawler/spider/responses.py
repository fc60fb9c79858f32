"""Scrapy's responses as the platforms' functions take them."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response

from archive.page.page import Page
from crawler.requests import Purpose, purpose_of


def request_of(response: Response) -> Request:
    """The request that was answered.

    Raises:
        ValueError: the response is not one of a crawl.
    """
    if response.request is None:
        raise ValueError(f"The response from {response.url} belongs to no request.")
    return response.request


def purpose_behind(response: Response) -> Purpose:
    """Why the request that was answered was made.

    Raises:
        ValueError: it was not made by `crawler.requests`.
    """
    purpose = purpose_of(request_of(response))
    if purpose is None:
        raise ValueError(f"The request for {response.url} has no purpose.")
    return purpose


def page_of(response: Response) -> Page:
    """The answer as a page that was captured now."""
    return Page(
        url=response.url,
        body=response.body,
        status=response.status,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        captured_at=datetime.now(UTC),
        request_body=request_of(response).body,
    )
