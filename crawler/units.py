"""Sizes and times as settings write them: `500MB`, `30m`."""

from __future__ import annotations

import re

from archive.errors import UsageError

BYTES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def parse_size(text: str | int | None, name: str) -> int:
    """Read a number of bytes; 0 for nothing.

    Args:
        text: a number with K, M, G or T (powers of 1000), with or without B.
        name: the setting, for the message.

    Raises:
        UsageError: it is no size.

    Example:
        >>> parse_size("500MB", "MAX_BYTES")
        500000000
    """
    match = re.fullmatch(r"\s*+(\d++)\s*+([KMGT]?)B?\s*+", str(text or 0), re.I)
    if not match:
        raise UsageError(f"{name} is {text!r}; write it as 500MB or 2GB.")
    return int(match[1]) * BYTES[match[2].upper()]


def parse_duration(text: str | int | None, name: str) -> int:
    """Read a number of seconds; 0 for nothing.

    Args:
        text: a number with s, m, h or d; seconds without.
        name: the setting, for the message.

    Raises:
        UsageError: it is no time.

    Example:
        >>> parse_duration("2h", "MAX_TIME")
        7200
    """
    match = re.fullmatch(r"\s*+(\d++)\s*+([smhd]?)\s*+", str(text or 0))
    if not match:
        raise UsageError(f"{name} is {text!r}; write it as 90s, 30m or 2h.")
    return int(match[1]) * SECONDS[match[2] or "s"]
