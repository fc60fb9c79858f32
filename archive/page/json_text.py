"""JSON that anybody may have written: what is too deep, or has numbers too long, is a failure with
that reason, the same in every process."""

from __future__ import annotations

import json
from typing import Any

from archive.errors import Unreadable
from archive.page.limits import JSON_DEPTH, MOST_DIGITS, check


def _integer(digits: str) -> int:
    check(len(digits), MOST_DIGITS, "too-many-digits", "digits in a number")
    return int(digits)


STRICT = json.JSONDecoder(parse_int=_integer)
LAX = json.JSONDecoder(parse_int=_integer, strict=False)  # control characters in texts


def read_json(text: str) -> Any:
    """Reads a text that is JSON and nothing else.

    Raises:
        ValueError: it is none.
        Unreadable: it is beyond the limits of `archive.page.limits`.
    """
    try:
        return _checked(STRICT.decode(text), text)
    except RecursionError:
        raise _too_deep() from None


def read_json_at(text: str, start: int) -> Any:
    """Reads the JSON that begins at a place of a text, whatever comes after it.

    Raises:
        ValueError: there is none.
        Unreadable: it is beyond the limits of `archive.page.limits`.
    """
    try:
        value, end = LAX.raw_decode(text, start)
    except RecursionError:
        raise _too_deep() from None
    return _checked(value, text[start:end])


def _too_deep() -> Unreadable:
    return Unreadable("too-deep", f"JSON of more than {JSON_DEPTH} levels")


def _checked(value: Any, text: str) -> Any:
    """The value, unless it is too deep: where the stack ends depends on who calls."""
    if text.count("]") + text.count("}") <= JSON_DEPTH:
        return value
    level = [value]
    for _ in range(JSON_DEPTH):
        level = [part for item in level for part in _parts(item) if isinstance(part, dict | list)]
        if not level:
            return value
    raise _too_deep()


def _parts(item: dict[str, Any] | list[Any]) -> Any:
    return item.values() if isinstance(item, dict) else item
