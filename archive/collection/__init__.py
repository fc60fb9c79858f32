"""A collection: archives that are read as one, listed in `collection.toml`."""

from __future__ import annotations

from archive.collection.description import Description, Shard

__all__ = ["Description", "Shard"]
