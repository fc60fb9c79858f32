"""What becomes of bytes that are no character: one U+FFFD for each character that is lost.

Python's own handlers put one for each byte that is left of it, and take the second byte of a pair
for the first of another, so that all that follows is wrong.
"""

from __future__ import annotations

import codecs

HANDLER = "zhengwen-damage"
REPLACEMENT = "\ufffd"
LONGEST = 4  # bytes of a character
# in UTF-8: bytes within a character, and those that are in none
NO_START = frozenset((*range(0x80, 0xC2), *range(0xF5, 0x100)))
FIRST_OF_PAIR = range(0x81, 0xFF)


def handle(error: UnicodeError) -> tuple[str, int]:
    """An error handler: one U+FFFD, and where the lost character ends."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return REPLACEMENT, _end(error.object, error.start, error.end, error.encoding)


def _end(body: bytes, start: int, end: int, encoding: str) -> int:
    """Where the lost character ends."""
    if encoding.startswith("utf-8"):
        while end < min(len(body), start + LONGEST) and body[end] in NO_START:
            end += 1
    elif encoding in ("gb18030", "big5hkscs") and end == start + 1:
        is_pair = body[start] in FIRST_OF_PAIR and body[end : end + 1] >= b"\x80"
        end += is_pair
    return end


codecs.register_error(HANDLER, handle)


def decode(body: bytes, encoding: str) -> str:
    """The text of bytes some of which are damaged.

    Args:
        body: the bytes.
        encoding: Python's name of a codec.

    Example:
        >>> decode(b"\\xe4\\xbe\\xff\\xe6\\xb0\\xb4", "utf-8")
        '\\ufffd水'
    """
    return body.decode(encoding, HANDLER)
