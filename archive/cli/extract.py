"""The article of one saved page, as JSON: the extractor alone, without an archive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from archive.errors import UsageError
from archive.extraction import extract
from archive.model import Article
from archive.platforms import Platforms

OWN_ADDRESS = re.compile(
    rb"<(?:link[^>]+rel=[\"']?canonical[\"']?[^>]+href|meta[^>]+property=[\"']og:url[\"'][^>]+content)=[\"'](https?://[^\"'\s>]+)",
    re.I,
)


def article_of(
    body: bytes, url: str | None, headers: Mapping[str, str] | None = None, *, platforms: Platforms
) -> tuple[bool, dict[str, Any]]:
    """Whether the page holds an article, and it or the reason as a JSON value.

    Without `url` the page's own canonical address is taken, where it gives one. Raises UsageError
    for no bytes.
    """
    if not body:
        raise UsageError("The page is empty; give a file with the page's HTML.")
    own = OWN_ADDRESS.search(body)
    found = extract(
        body,
        url or (own[1].decode("ascii", "replace") if own else ""),
        headers=headers,
        platforms=platforms,
    )
    if isinstance(found, Article):
        return True, {"id": found.id, **asdict(found)}
    return False, asdict(found)
