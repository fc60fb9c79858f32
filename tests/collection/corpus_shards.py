"""Generated articles in shards: each in one by its platform and year, some in several, as an
article that was edited in a later year is."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive.collection import description, shared
from archive.collection.description import Description, Shard
from tests.rigs.corpus import write

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
