"""What has happened in all shards of a collection since a moment."""

from __future__ import annotations

from datetime import date
from heapq import merge

from archive.collection.collection import Collection
from archive.monitoring.news import News, news_of_database, order_of_news, since_moment


def news(
    collection: Collection,
    *,
    since: str | date | None = None,
    query: str | None = None,
    platform: str | None = None,
    account: str | None = None,
) -> list[News]:
    """List what has happened, in the order in which it was seen. Takes, gives and raises what
    `archive.monitoring.news.news` does of one archive."""
    filters = collection.filters(platform=platform, account=account)
    moment = since_moment(collection.connection, None if since is None else str(since))
    happened = (
        news_of_database(part.connection, moment, query, filters) for part in collection.parts.parts
    )
    return [*merge(*happened, key=order_of_news)]
