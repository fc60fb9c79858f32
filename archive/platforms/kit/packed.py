"""Answers that are gzip files themselves, such as `sitemap.xml.gz`."""

from __future__ import annotations

import zlib
from dataclasses import replace

from archive.errors import Unreadable
from archive.page.limits import LARGEST_PAGE, check
from archive.page.page import Page

MAGIC = b"\x1f\x8b\x08"  # RFC 1952, 2.3.1
GZIP = 16 + zlib.MAX_WBITS


def unpacked(page: Page) -> Page:
    """The page with what is in it, where it is a gzip file; else the page itself.

    Raises:
        Unreadable: it is damaged, or holds more than a page may have.
    """
    if not page.body.startswith(MAGIC):
        return page
    data, left = b"", page.body
    while left.startswith(MAGIC):  # files may follow one another (RFC 1952, 2.2)
        member = zlib.decompressobj(GZIP)
        try:
            data += member.decompress(left, LARGEST_PAGE + 1 - len(data))
        except zlib.error as error:
            raise Unreadable("not-gzip", f"{page.url} is damaged: {error}") from error
        check(len(data), LARGEST_PAGE, "too-large", "bytes")
        left = member.unused_data
    return replace(page, body=data, content_type="")
