"""Where the articles of a collection are: each in one archive, with its complete history."""

from __future__ import annotations

from pathlib import Path

from archive.collection import shared
from archive.collection.collection import Collection
from archive.collection.names import NamesOfParts
from archive.search.naming import ids_of, only_listed, the_article

LAST_LISTED = """SELECT max(last_listed_at) FROM links
    WHERE ? IN (article_id, native_id, url)"""


def place_of(collection: Collection, name: str) -> tuple[Path, str]:
    """The folder of the archive that has an article, and the article's id.

    Args:
        collection: open.
        name: an id, the number in it, or an address.

    Raises:
        UsageError: there is no such article where the shards can be reached, or there are several.

    Example:
        >>> place_of(collection, "5701234")
        (PosixPath('my-collection/shards/thepaper-2031'), 'thepaper-5701234')
    """
    article_id = id_of(collection, name)
    part = NamesOfParts(collection.parts.parts).part_of(article_id)
    if part is None or not part.name:
        return shared.path_of(collection.path).parent, article_id
    return collection.description.shard(part.name).path, article_id


def id_of(collection: Collection, name: str) -> str:
    """The id of an article. Takes and raises what `place_of` does."""
    names = NamesOfParts(collection.parts.parts)
    ids = ids_of(names, name, lambda url: collection.platforms.article_id(url))
    return the_article(name, ids, lambda: _only_listed(collection, name))


def _only_listed(collection: Collection, name: str) -> str | None:
    """What is said of an article that was never captured, by the shard that saw it listed last."""
    dated = [
        (str(last), place, part)
        for place, part in enumerate(collection.parts.parts)
        for (last,) in part.connection.execute(LAST_LISTED, [name.strip()])
        if last
    ]
    return only_listed(max(dated)[2].connection, name) if dated else None
