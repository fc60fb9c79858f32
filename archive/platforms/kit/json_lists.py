"""What the listings of several platforms have in common: JSON of a known shape, and addresses with
parameters."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode

from archive.errors import Unreadable
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


def entries(value: Any, *path: str) -> list[dict[str, Any]]:
    """The list of JSON objects under these keys.

    Args:
        value: what `json.loads` gave.
        path: the keys, the outermost first.

    Raises:
        Unreadable: there is no list of objects.
    """
    rows = within(value, *path)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable("listing-shape", f"{'.'.join(path) or 'the answer'} is no list of entries")
    return rows


def unwrapped(page: Page) -> Any:
    """The JSON of a JSONP answer, or of one without its callback.

    Raises:
        Unreadable: it is no JSON.
    """
    text = page.text.strip()
    call = text.removesuffix(";").rstrip()
    match = CALLBACK.match(call)
    try:
        return json.loads(call[match.end() : -1] if match and call.endswith(")") else text)
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


def script_json(text: str, marker: str) -> Any:
    """The JSON object that a script assigns after `marker`.

    Args:
        text: the page.
        marker: the left side of the assignment, such as "window.DATA".

    Returns:
        The object; None where there is no marker, or no JSON after it.

    Example:
        >>> script_json('<script>window.DATA = {"title": "通知"};</script>', "window.DATA")
        {'title': '通知'}
    """
    place = text.find(marker)
    start = text.find("{", place + len(marker)) if place >= 0 else -1
    if start < 0:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except ValueError:
        return None
