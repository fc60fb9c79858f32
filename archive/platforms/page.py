"""Pages of no known platform, out of web archives that were imported with `--any-page`: every HTML
page is read by the general rules, and named by its address.

It has no hosts, so that nothing is ever asked for as one of its pages; `archive.index.any_page`
decides what is.
"""

from __future__ import annotations

import hashlib

from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.page.urls import canonical, urlsplit
from archive.platform import About, Address, Platform, Rules
from archive.platforms.kit.noise import without_noise

DIGITS = 16  # hexadecimal, of the digest in an id


def locate(url: str) -> Address:
    """Any page may be an article. Its id is the host and a digest of the address, without the
    scheme and without what names no page.

    Example:
        >>> locate("http://www.example.org/a.html?utm_source=x").id
        'www.example.org-8ad2d6a142d11c57'
    """
    clean = without_noise(canonical(url))
    address = clean.partition("://")[2]
    digest = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:DIGITS]
    return Address(role="article", id=f"{urlsplit(clean).hostname or ''}-{digest}", url=clean)


PLATFORM = Platform(
    name="page",
    title="其他网页",
    hosts=frozenset(),
    locate=locate,
    refusal=nothing_more,
    rules=(Rules(name="page", fits=lambda page: True, read=general.read),),
    about=About(
        accounts="none: out of imports with `--any-page`",
        articles="any HTML page on a host of no platform",
        gone="404, messages with 200",
        tested="2026-11",
    ),
)
