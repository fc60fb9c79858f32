"""Generated articles in shards: each in one by its platform and year, some in several, as an
article that was edited in a later year is."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from archive.collection import description, shared
from archive.collection.description import Description, Shard
from tests.rigs.corpus import ACCOUNTS, Asker, write

Row = dict[str, Any]


def make(folder: Path, rows: Sequence[Row], *, seed: int = 7, again: float = 0.03) -> Path:
    """A collection of these articles in `folder / "collection"`, and an archive of them in
    `folder / "archive"`.

    Args:
        folder: an empty folder.
        rows: of `articles`, as they are in the archive.
        seed: of what is chosen by chance.
        again: the share of them of which another shard has an older state.
    """
    rnd = random.Random(seed)
    by_shard: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_shard[_shard(row)].append(row)
    names = sorted(by_shard)
    for row in rows:
        if rnd.random() < again:
            older = {**row, "text": row["text"] + "旧旧旧", "title": f"旧旧旧{row['title']}"}
            by_shard[rnd.choice([name for name in names if name != _shard(row)])].append(older)
    for name in ("archive", "collection"):
        (folder / name).mkdir()
    write(folder / "archive" / "archive.db", rows)
    collection = folder / "collection"
    shards = []
    for name in names:
        path = collection / "shards" / name
        (path / "warc").mkdir(parents=True)
        write(path / "archive.db", sorted(by_shard[name], key=lambda row: int(row["pk"])))
        shards.append(Shard(name=name, path=path, given=f"shards/{name}"))
    shared.make(collection, folder / "archive" / "archive.db", shards)
    description.write(collection, Description(rule="{platform}-{year}", shards=tuple(shards)))
    return collection


def _shard(row: Row) -> str:
    year = (row["published_at"] or "none")[:4]
    return f"{row['platform']}-{int(year) // 3 * 3 if year != 'none' else year}"


def with_days(rows: list[Row]) -> list[Row]:
    """The same rows, some without a day, some with the day alone, some at one moment in several
    shards."""
    number = len(rows)
    for row in rows[:: number // 20]:
        row["published_at"] = None
    for row in rows[1 :: number // 40]:
        row["published_at"] = row["published_at"][:10]  # a platform that gives only the day
    for row in rows[2 :: number // 10]:
        row["published_at"] = rows[3]["published_at"]
    return rows


def filters(rnd: random.Random) -> dict[str, Any]:
    """Some filters, none as often as not."""
    day = f"{rnd.randint(2014, 2027)}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}"
    given = {
        "platform": rnd.choice(["thepaper", "demo"]),
        "account": rnd.choice([*ACCOUNTS, "101"]),
        "status": rnd.choice(["live", "changed", "withdrawn"]),
        rnd.choice(["since", "until"]): day,
        "kind": "article",
    }
    names = rnd.sample([*given], rnd.choice([0, 0, 0, 1, 1, 2, 3]))
    return {name: given[name] for name in names}


def asked(rows: Sequence[Row], number: int, seed: int = 5) -> Iterator[tuple[str, dict[str, Any]]]:
    """Queries of 1 to 12 characters with operators, each with how it is asked."""
    rnd = random.Random(seed)
    for each in Asker([*rows], seed).queries(number):
        how = filters(rnd) | {
            "order": rnd.choice(["date", "relevance"]),
            "limit": rnd.choice([1, 5, 20, 20, 20, 100, None]),
            "offset": rnd.choice([0, 0, 0, 1, 7, 20, 150]),
        }
        yield each.query, how
