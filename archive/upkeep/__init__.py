"""The part of an archive that is kept up to date: the accounts that it follows, its hash chain, its
database and what was read in its pictures."""

from __future__ import annotations

from archive.upkeep.upkeep import Upkeep

__all__ = ["Upkeep"]
