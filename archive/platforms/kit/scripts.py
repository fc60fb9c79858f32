"""Values that a page keeps in its scripts."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from archive.page.json_text import read_json_at

ESCAPED = re.compile(r"\\x([0-9a-fA-F]{2})|\\(.)", re.S)
SIGNS = {"n": "\n", "r": "\r", "t": "\t"}


def script_json(text: str, marker: str) -> Any:
    """The JSON object that a script assigns after `marker`.

    Args:
        text: the page.
        marker: the left side of the assignment, such as "window.DATA".

    Returns:
        The object; None where there is no marker, or no JSON after it.

    Raises:
        Unreadable: it is beyond the limits.

    Example:
        >>> script_json('<script>window.DATA = {"title": "通知"};</script>', "window.DATA")
        {'title': '通知'}
    """
    place = text.find(marker)
    start = text.find("{", place + len(marker)) if place >= 0 else -1
    if start < 0:
        return None
    try:
        return read_json_at(text, start)
    except ValueError:
        return None


def unescaped(text: str) -> str:
    r"""The text of a string that a script has in quotes, with HTML's references resolved too, which
    some scripts escape twice.

    Example:
        >>> unescaped(r"\x22供水\x22 &amp;lt;通知&amp;gt;")
        '"供水" <通知>'
    """
    plain = ESCAPED.sub(
        lambda sign: chr(int(sign[1], 16)) if sign[1] else SIGNS.get(sign[2], sign[2]), text
    )
    return unescape(unescape(plain))
