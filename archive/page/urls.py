"""Addresses as pages write them. What is no URL at all is an empty one here, never an exception in
the middle of a page."""

from __future__ import annotations

from urllib import parse


def urlsplit(url: str) -> parse.SplitResult:
    """The parts of an address; those of '' where it is none, such as `http://[x/` (RFC 3986,
    3.2.2)."""
    try:
        return parse.urlsplit(url)
    except ValueError:
        return parse.urlsplit("")


def urljoin(base: str, url: str) -> str:
    """The absolute address of a link on the page `base`; '' where it is none."""
    try:
        return parse.urljoin(base, url)
    except ValueError:
        return ""
