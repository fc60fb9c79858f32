"""JSON that others wrote, read strictly and in bounded memory."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

LARGEST = 16 * 2**20  # bytes of a document: some thirty times as many of memory
LONGEST_NUMBER = 400  # characters


def strict_json(data: bytes) -> Any:
    """The value of a JSON document (RFC 8259).

    Raises:
        ValueError: it is no JSON in UTF-8, is too large or nested too deeply, repeats a key, or has
            a number that is none (NaN, Infinity) or is too long.

    Example:
        >>> strict_json(b'{"a": 1, "a": 2}')
        Traceback (most recent call last):
        ValueError: the key 'a' occurs twice
    """
    if len(data) > LARGEST:
        raise ValueError(f"it has more than {LARGEST} bytes")
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_int=_integer,
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key, count in Counter(keys).items() if count > 1)
        raise ValueError(f"the key {twice!r} occurs twice")
    return value


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("a number is too long")
    return int(text)
