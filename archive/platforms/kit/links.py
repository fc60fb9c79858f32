"""Links of a listing that may lead to another site, or to no article."""

from __future__ import annotations

from collections.abc import Callable

from archive.model import Link
from archive.page.urls import urlsplit
from archive.platform import Address, LeftOut


def link_to(
    article: Address | None,
    url: str,
    *,
    title: str | None,
    published_at: str | None,
    account_id: str | None,
) -> Link:
    """Makes the link of one entry of a listing.

    Args:
        article: the article of the platform that the entry names; None where it leads outside.
        url: the address that the entry has, which names a link that leads outside.
        title: as the listing prints it.
        published_at: ISO 8601 at +08:00, or a date.
        account_id: whose listing it is.

    Example:
        >>> link_to(None, "http://a.example/1", title="通知", published_at=None, account_id="5").id
        'http://a.example/1'
    """
    return Link(
        id=article.id if article else url,
        url=article.url if article else url,
        kind="article" if article else "outside",
        title=title,
        published_at=published_at,
        account_id=account_id,
    )


def not_followed(url: str, own: Callable[[str], bool]) -> LeftOut:
    """An entry whose address is none of an article.

    Args:
        url: its address.
        own: whether a host is the platform's own.

    Example:
        >>> not_followed("http://a.example/1", lambda host: False).reason
        'other-host'
    """
    inside = own(urlsplit(url).hostname or "")
    return LeftOut(reason="unknown-address" if inside else "other-host", example=url)
