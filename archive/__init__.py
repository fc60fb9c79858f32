"""Zhengwen's archive: read, extract, store and search. It imports no crawler and opens no socket.

Example:
    >>> from archive import Archive
    >>> with Archive("my-archive") as archive:
    ...     for hit in archive.search("疫情 防控"):
    ...         print(hit.id, hit.title)

`Archive` is one archive on disk; `extract` reads one page, without an archive; `platforms.load`
gives the platforms that are known. Errors are those of `archive.errors`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive import platforms
    from archive.archive import Archive
    from archive.extraction import extract

__all__ = ["Archive", "extract", "platforms"]

HOMES = {"Archive": "archive.archive", "extract": "archive.extraction"}


def __getattr__(name: str) -> object:
    """Import on first use: `import archive` alone costs nothing."""
    if name == "platforms":
        return import_module("archive.platforms")
    if name in HOMES:
        return getattr(import_module(HOMES[name]), name)
    raise AttributeError(f"module 'archive' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__]
