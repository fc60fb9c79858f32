"""What a crawl wrote with an exchange or about a run: a JSON object in a metadata record. Files of
other programs may have anything there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from archive.database.values import storable
from archive.errors import Unreadable, described
from archive.warc.reader import Record

LARGEST_NOTE = 4 * 2**20  # bytes of a metadata record in JSON
DEEPEST_NOTE = 50  # lists and objects in one another; ours have none in the outer one

STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
BRACKET = re.compile(rb"[\[\]{}]")

Facts = Mapping[str, Any]
"""What a metadata record says, by name."""

TEXTS = ("role", "platform", "account_id", "account", "run", "guessed_on")  # of an exchange


def facts_of(record: Record) -> Facts:
    """The JSON object of a metadata record; empty where the record is in another format.

    Raises:
        Unreadable: it is larger than `LARGEST_NOTE`, deeper than `DEEPEST_NOTE`, or no JSON object.
        WarcError: the record is damaged.
    """
    if not (record.headers.get("Content-Type") or "").lower().startswith("application/json"):
        return {}
    block = record.read(LARGEST_NOTE + 1)
    record.finish()
    if len(block) > LARGEST_NOTE:
        raise Unreadable("too-large-record", f"the note is longer than {LARGEST_NOTE} bytes")
    if _is_deep(block):
        raise Unreadable("unreadable-note", f"its JSON is deeper than {DEEPEST_NOTE} levels")
    try:
        facts = json.loads(block)
    except (ValueError, RecursionError) as error:
        raise Unreadable("unreadable-note", f"it is no JSON: {described(error)}") from error
    if not isinstance(facts, dict):
        raise Unreadable("unreadable-note", "its JSON is no object")
    return facts


def text_of(facts: Facts, name: str) -> str | None:
    """A fact that is text; files of other programs may say anything."""
    value = facts.get(name)
    return storable(value) if isinstance(value, str) else None


def check_texts(facts: Facts) -> None:
    """Raise Unreadable where a fact about an exchange is not text."""
    for name in TEXTS:
        if not isinstance(facts.get(name), str | None):
            raise Unreadable("unreadable-note", f"{name} is no text")


def _is_deep(block: bytes) -> bool:
    if block.count(b"[") + block.count(b"{") <= DEEPEST_NOTE:
        return False
    depth = 0
    for bracket in BRACKET.finditer(STRING.sub(b"", block)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > DEEPEST_NOTE:
            return True
    return False
