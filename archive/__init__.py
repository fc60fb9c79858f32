"""Zhengwen's archive: read, extract, store and search. It imports no crawler and opens no socket.

from archive import Archive
with Archive("my-archive") as archive:
    for hit in archive.search("疫情 防控"):
        print(hit.id, hit.title)
"""

from __future__ import annotations

from typing import Any

__all__ = ["Archive", "extract"]


def __getattr__(name: str) -> Any:
    """Import on first use: `import archive` alone costs nothing."""
    if name == "Archive":
        from archive.archive import Archive

        return Archive
    if name == "extract":
        from archive.extraction import extract

        return extract
    raise AttributeError(f"module 'archive' has no attribute {name!r}")
