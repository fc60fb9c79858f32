"""What the listings of several platforms have in common: JSON of a known shape, and addresses with
parameters."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode

from archive.errors import Unreadable
from archive.page.json_text import read_json
from archive.page.page import Page
from archive.page.urls import urlsplit

CALLBACK = re.compile(r"[\w$.]++\s*+\(")


def within(value: Any, *path: str) -> Any:
    """The value in nested JSON objects under these keys.

    Args:
        value: what `json.loads` gave.
        path: the keys, the outermost first.

    Raises:
        Unreadable: a key is missing; the format changed.

    Example:
        >>> within({"data": {"total": 3}}, "data", "total")
        3
    """
    for depth, name in enumerate(path):
        if not isinstance(value, dict) or name not in value:
            raise Unreadable("listing-shape", f"the answer has no {'.'.join(path[: depth + 1])}")
        value = value[name]
    return value


def object_at(value: Any, *path: str) -> dict[str, Any]:
    """The JSON object under these keys; an empty one where there is none, which is no change of
    format.

    Example:
        >>> object_at({"data": {"user": None}}, "data", "user")
        {}
    """
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def entries(value: Any, *path: str) -> list[Any]:
    """The list under these keys, whose rows `read_rows` reads.

    Args:
        value: what `json.loads` gave.
        path: the keys, the outermost first.

    Raises:
        Unreadable: there is no list.
    """
    rows = within(value, *path)
    if not isinstance(rows, list):
        raise Unreadable("listing-shape", f"{'.'.join(path) or 'the answer'} is no list of entries")
    return rows


def unwrapped(page: Page) -> Any:
    """The JSON of a JSONP answer, or of one without its callback.

    Raises:
        Unreadable: it is no JSON, or beyond the limits.
    """
    text = page.text.strip()
    call = text.removesuffix(";").rstrip()
    match = CALLBACK.match(call)
    try:
        return read_json(call[match.end() : -1] if match and call.endswith(")") else text)
    except ValueError as error:
        raise Unreadable("not-json", f"{page.url}: {error}") from error


def parameter(url: str, name: str) -> str:
    """The value of a parameter of an address; '' where it has none.

    Example:
        >>> parameter("https://www.example.cn/s?id=5&p=2", "id")
        '5'
    """
    return parse_qs(urlsplit(url).query).get(name, [""])[0]


def address(base: str, **parameters: object) -> str:
    """An address with parameters, in this order.

    Example:
        >>> address("https://www.example.cn/list", p=2, q="供水")
        'https://www.example.cn/list?p=2&q=%E4%BE%9B%E6%B0%B4'
    """
    return f"{base}?{urlencode(parameters)}"
