"""JSON with values that no program expects: mutated by type, and written so that JSON's own rules may be broken too."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any


class Raw(str):
    """JSON text that is written as it is."""

    __slots__ = ()


class Pairs(list[tuple[str, Any]]):
    """A JSON object whose keys may repeat."""


# What UTF-8, SQLite, a date or a terminal cannot hold, or what no field is made for.
HOSTILE: list[Any] = [
    Raw(r'"\ud83d"'),
    Raw(r'"\ude00标题\ud83d"'),
    Raw(r'"\u0000"'),
    Raw(r'"a\u0000b\u001b[31m\u0007"'),
    Raw("1" + "0" * 400),
    Raw("9" * 5000),  # more digits than Python reads at once
    Raw(str(-(2**63) - 1)),
    Raw(str(2**64)),
    Raw("NaN"),
    Raw("-Infinity"),
    Raw("1e999"),
    Raw("-0.0"),
    Raw("[" * 100_000 + "]" * 100_000),
    Raw('{"a":' * 2000 + "1" + "}" * 2000),
    Raw("[" * 300 + "]" * 300),
    None,
    True,
    False,
    0,
    -1,
    1.5e308,
    "",
    " ",
    {},
    [],
    [[]],
    {"a": 1},
    [None, 1, "x", {}],
    "x" * 100_000,
    "字" * 40_000,
    "\u202e\u200f标题\u2066\u200b\ufeff",
    "<!---->" * 40,
    "<p>" * 3000,
    "&#xd800;&#0;&#27;&amp;",
    "=HYPERLINK(1)",
    "http://[",
    "http://[::1]:99999999/",
    "https://例え.\u3002cn:0x50/\x00",
    "//\\..\\/",
    "javascript:alert(1)",
    "data:text/html,<p>",
    "?" * 2000,
    "2031-13-45T99:99:99+99:99",
    "0000-00-00",
    "9999999999999999999",
    "-62135596801",
    "10000-01-01 00:00",
    "١٢٣٤",  # digits that int() reads and SQLite does not
    "²",  # a digit that int() does not read
]


def dumps(value: Any) -> str:
    """A value as JSON text; `Raw` and `Pairs` as they are."""
    if isinstance(value, Raw):
        return value
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{json.dumps(name)}:{dumps(item)}" for name, item in value) + "}"
    if isinstance(value, dict):
        return dumps(Pairs(value.items()))
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def mutated(value: Any, rnd: random.Random) -> Any:
    """A JSON value with one to four of its parts replaced, doubled, moved, wrapped or left out.

    Args:
        value: what `json.loads` gave; it is changed in place.
        rnd: decides.
    """
    holder = [value]
    for _ in range(rnd.choice([1, 1, 1, 2, 4])):
        if places := _places(holder):
            rnd.choice(CHANGES)(*rnd.choice(places), rnd)
    return holder[0] if holder else None


def text(data: str, rnd: random.Random) -> str | None:
    """JSON text, mutated by type; None where the data are no JSON."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return dumps(mutated(value, rnd))


def _places(holder: list[Any]) -> list[tuple[Any, Any]]:
    """Container and key of each part of a value."""
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [holder]
    while waiting:
        container = waiting.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        for key in keys:
            places.append((container, key))
            if type(container[key]) in (dict, list):
                waiting.append(container[key])
    return places


def _replace(container: Any, key: Any, rnd: random.Random) -> None:
    container[key] = rnd.choice(HOSTILE)


def _splice(container: Any, key: Any, rnd: random.Random) -> None:
    """A hostile text inside the text that is there."""
    old, new = container[key], rnd.choice([value for value in HOSTILE if type(value) is str])
    half = len(old) // 2 if isinstance(old, str) else 0
    container[key] = old[:half] + new + old[half:] if isinstance(old, str) else new


def _halve(container: Any, key: Any, rnd: random.Random) -> None:
    """Half a surrogate pair inside the text that is there."""
    if isinstance(container[key], str):
        text = json.dumps(container[key])
        container[key] = Raw(text[:-1] + rnd.choice([r"\ud83d", r"\udc00", r"\ud83d\u0041"]) + '"')


def _delete(container: Any, key: Any, rnd: random.Random) -> None:
    del container[key]


def _wrap(container: Any, key: Any, rnd: random.Random) -> None:
    value = container[key]
    container[key] = rnd.choice([[value], {"value": value}, [value, value], json.dumps(str(value))])


def _as_text(container: Any, key: Any, rnd: random.Random) -> None:
    value = container[key]
    container[key] = str(value) if rnd.random() < 0.7 else Raw(dumps(str(value) * 3))


def _repeat(container: Any, key: Any, rnd: random.Random) -> None:
    value = container[key]
    if isinstance(value, list) and value:
        container[key] = value * rnd.choice([2, 30])
    elif isinstance(value, dict) and value:
        name = rnd.choice(list(value))
        other = rnd.choice([*value.values(), *HOSTILE])
        container[key] = Pairs([*value.items(), (name, other)])


def _swap(container: Any, key: Any, rnd: random.Random) -> None:
    keys = list(container) if isinstance(container, dict) else range(len(container))
    other = rnd.choice(list(keys))
    container[key], container[other] = container[other], container[key]


CHANGES: list[Callable[[Any, Any, random.Random], None]] = [
    _replace,
    _replace,
    _replace,
    _splice,
    _halve,
    _halve,
    _delete,
    _wrap,
    _as_text,
    _repeat,
    _swap,
]
