"""The hits of a search as an Atom feed (RFC 4287): whoever follows it learns of new ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid5

from lxml import etree

from archive.monitoring.news_feed import MEDIA_TYPE, NAMESPACE, NEVER, A, iri, xml_text

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHit:
    """A hit: `id` is what no other hit has, `at` when it was captured first, `address` that of its
    page in the room."""

    id: str
    title: str
    account: str | None
    at: str
    published_at: str | None
    passage: str
    address: str


def feed(hits: Sequence[FeedHit], *, title: str, identity: str, address: str, page: str) -> bytes:
    """The feed, in the order of the hits.

    Args:
        hits: the hits.
        title: of the feed.
        identity: what no other search of any other archive has, the same for good.
        address: of the feed.
        page: address of the page with the same hits.

    Returns:
        UTF-8; the same bytes for the same hits.
    """
    element = A.feed(
        A.id(f"urn:uuid:{uuid5(NAMESPACE, identity)}"),
        A.title(xml_text(title)),
        A.updated(max((hit.at for hit in hits), default=NEVER)),
        A.link(rel="self", type=MEDIA_TYPE, href=iri(address)),
        A.link(rel="alternate", type="text/html", href=iri(page)),
        A.author(A.name("Zhengwen")),
        *map(_entry, hits),
    )
    data: bytes = etree.tostring(element, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return data


def _entry(hit: FeedHit) -> etree._Element:
    account = xml_text(hit.account or "").strip()
    return A.entry(
        A.id(f"urn:uuid:{uuid5(NAMESPACE, f'hit {hit.id}')}"),
        A.title(xml_text(hit.title)),
        A.updated(hit.at),
        *([A.published(moment)] if (moment := _moment(hit.published_at)) else []),
        A.link(rel="alternate", type="text/html", href=iri(hit.address)),
        *([A.author(A.name(account))] if account else []),
        A.summary(xml_text(hit.passage)),
    )


def _moment(published_at: str | None) -> str | None:
    """A time of publication as Atom wants it (RFC 3339): a day begins at China's midnight."""
    if published_at and DAY.fullmatch(published_at):
        return f"{published_at}T00:00:00+08:00"
    return published_at if published_at and MOMENT.fullmatch(published_at) else None
