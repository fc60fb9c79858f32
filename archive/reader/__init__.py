"""The part of an archive that only reads: its folder and database, its searches, its articles with
their versions and captures."""

from __future__ import annotations

from archive.reader.reader import Capture, Reader

__all__ = ["Capture", "Reader"]
