"""What a package says of itself: its `datapackage.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def described(package: Path) -> Mapping[str, Any]:
    """The description of a package; empty where there is none that can be read: a package is
    checked by `zhengwen verify --package`, and read without it."""
    path = package / "datapackage.json"
    if not path.is_file():
        return {}
    try:
        values = json.loads(path.read_text("utf-8"))
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def text_of(values: Mapping[str, Any], name: str) -> str:
    """A text of a description; '' where it is another value, or none."""
    value = values.get(name)
    return value if isinstance(value, str) else ""


def licence_of(package: Path) -> str:
    """The licence that a package names first; '' where it names none."""
    licences = described(package).get("licenses")
    first = licences[0] if isinstance(licences, list) and licences else {}
    if not isinstance(first, dict):
        return ""
    return text_of(first, "path") or text_of(first, "title")
