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

CALLBACK = re.compile(r"^\s*[\w$.]+\s*\(\s*(.*?)\s*\)\s*;?\s*$", re.S)


def within(value: Any, *path: str) -> Any:
    """The value in nested JSON objects under these keys. Raises Unreadable where a key is
    missing: the format changed."""
    for depth, name in enumerate(path):
        if not isinstance(value, dict) or name not in value:
            raise Unreadable("listing-shape", f"the answer has no {'.'.join(path[: depth + 1])}")
        value = value[name]
    return value


def entries(value: Any, *path: str) -> list[dict[str, Any]]:
    """A list of JSON objects under these keys. Raises Unreadable where it is none."""
    rows = within(value, *path)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable("listing-shape", f"{'.'.join(path) or 'the answer'} is no list of entries")
    return rows


def unwrapped(page: Page) -> Any:
    """The JSON of a JSONP answer. Raises Unreadable where it is none."""
    match = CALLBACK.match(page.text)
    try:
        return json.loads(match[1] if match else page.text)
    except ValueError as error:
        raise Unreadable("not-json", f"{page.url}: {error}") from error


def parameter(url: str, name: str) -> str:
    """The value of a parameter of an address, '' where it has none."""
    return parse_qs(urlsplit(url).query).get(name, [""])[0]


def address(base: str, **parameters: object) -> str:
    """An address with parameters, in this order."""
    return f"{base}?{urlencode(parameters)}"


def script_json(text: str, marker: str) -> Any:
    """The JSON object that a script assigns right after `marker`; None where there is none."""
    place = text.find(marker)
    start = text.find("{", place + len(marker)) if place >= 0 else -1
    if start < 0:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except ValueError:
        return None
