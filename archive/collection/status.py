"""The state of a collection in one value: its shards, what they have, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.accounts import Followed, read
from archive.archive import Archive
from archive.collection.collection import Collection
from archive.collection.description import Shard, State
from archive.collection.making import total
from archive.collection.parts import Part
from archive.database.opening import read_rows
from archive.monitoring.drift import drift
from archive.monitoring.files import faulty_files, stored_in_words
from archive.monitoring.status import LAST_RUN, LAST_RUN_OF_EACH
from archive.search.accounts import present_names

HIDDEN = "SELECT count(*) FROM elsewhere WHERE shard = ?"
SHARED = "SELECT count(*) FROM articles"
OF_ACCOUNT = "SELECT count(*) FROM articles WHERE platform = ? AND account_id = ?"
LAST_WALK = """SELECT c.outcome, c.reason, r.started_at FROM coverage c JOIN runs r ON r.id = c.run
    WHERE c.platform = ? AND c.account_id = ? ORDER BY r.started_at DESC LIMIT 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardState:
    """A shard.

    Attributes:
        name, path, state: as in `collection.toml`.
        articles: those that only it has; the shared ones are not among them.
        captures: how many it has.
        first_day, last_day: when the first and the last of its articles were published.
        size: of its WARC files, in bytes; None where it cannot be reached.
        stored: how many of them are on S3 and not here, and where: a sentence for each place.
        unreachable: why it cannot be reached, None where it can.
        notes: what is wrong with it, a sentence each.
    """

    name: str
    path: str
    state: State
    articles: int
    captures: int
    first_day: str | None
    last_day: str | None
    size: int | None = None
    stored: tuple[str, ...] = ()
    unreachable: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedState:
    """A followed account: how many articles all shards have of it, and how its last crawl ended."""

    platform: str
    account_id: str
    name: str | None
    url: str
    state: str
    articles: int
    outcome: str | None = None
    reason: str | None = None
    crawled_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionState:
    """What a collection has, and what is wrong with it; as JSON it is `zhengwen status --json`.

    `articles` counts each article once, `shared` those of them that no single shard has completely.
    """

    articles: int
    shared: int
    captures: int
    rule: str
    shards: tuple[ShardState, ...]
    accounts: tuple[FollowedState, ...]
    last_run: Mapping[str, Any] | None

    @property
    def is_wrong(self) -> bool:
        """Whether `zhengwen status` ends with exit code 3."""
        return any(each.unreachable or each.notes for each in self.shards)


def status(folder: Path) -> CollectionState:
    """The state of a collection. Raises ArchiveError where it is not as it was indexed."""
    with Collection(folder) as collection:
        connection = collection.parts.shared.connection
        runs = [row["id"] for row in read_rows(connection, LAST_RUN_OF_EACH)]
        described = collection.description.shards
        shards = tuple(_shard(collection, shard, runs) for shard in described)
        (shared,) = connection.execute(SHARED).fetchone()
        names = present_names(connection)
        followed = read(folder / "accounts.csv", collection.platforms)
        return CollectionState(
            articles=shared + sum(shard.articles for shard in shards),
            shared=shared,
            captures=sum(shard.captures for shard in shards),
            rule=collection.description.rule,
            shards=shards,
            accounts=tuple(_account(collection, account, names) for account in followed),
            last_run=next(read_rows(connection, LAST_RUN), None),
        )


def _shard(collection: Collection, shard: Shard, runs: Sequence[str]) -> ShardState:
    connection = collection.parts.shared.connection
    known = collection.parts.manifests[shard.name]
    (hidden,) = connection.execute(HIDDEN, [shard.name]).fetchone()
    why = {each.shard.name: each.reason for each in collection.unreachable}.get(shard.name)
    return ShardState(
        name=shard.name,
        path=shard.given,
        state=shard.state,
        articles=known.articles - hidden,
        captures=known.captures,
        first_day=known.first_day,
        last_day=known.last_day,
        size=None if why else total(shard.path),
        stored=() if why else tuple(stored_in_words(shard.path / "warc")),
        unreachable=why,
        notes=() if why else tuple(_notes(shard, runs)),
    )


def _notes(shard: Shard, runs: Sequence[str]) -> Iterator[str]:
    """What could not be read of its files, and what fell in the last runs of the collection."""
    with Archive(shard.path) as archive:
        yield from map(str, faulty_files(archive))
        for run in runs:
            yield from (f"drift: {fall}" for fall in drift(archive.connection, run))


def _account(
    collection: Collection, account: Followed, names: Mapping[tuple[str, str], str]
) -> FollowedState:
    key = (account.platform, account.account_id)
    last = next(read_rows(collection.parts.shared.connection, LAST_WALK, key), {})
    return FollowedState(
        platform=account.platform,
        account_id=account.account_id,
        name=names.get(key) or account.name,
        url=account.url,
        state=account.state,
        articles=sum(_number(part, key) for part in collection.parts.parts),
        outcome=last.get("outcome"),
        reason=last.get("reason"),
        crawled_at=last.get("started_at"),
    )


def _number(part: Part, key: tuple[str, str]) -> int:
    (number,) = part.connection.execute(OF_ACCOUNT, key).fetchone()
    return int(number)
