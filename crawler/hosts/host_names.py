"""The names under which hosts are distinguished."""

from __future__ import annotations

from scrapy import Request
from scrapy.utils.httpobj import urlparse_cached

from crawler.requests import purpose_of


def host_of(request: Request) -> str:
    """The host that a request goes to, in small letters; with its port where that is unusual.

    Example:
        >>> host_of(Request("https://WWW.thepaper.cn:8443/"))
        'www.thepaper.cn:8443'
    """
    parts = urlparse_cached(request)
    name = parts.hostname or ""
    return name if parts.port in (None, 80, 443) else f"{name}:{parts.port}"


def section_of(request: Request) -> str:
    """The part of a host that blocks or does not: its pages, or its files (pictures, styles).

    A site may guard its pictures and show its pages, or the other way round.
    """
    purpose = purpose_of(request)
    files = purpose is not None and purpose.is_file
    return f"{host_of(request)} (files)" if files else host_of(request)
