"""Which of the two Chinese charsets of two bytes a text is in, by the pairs of bytes that it has.

Nearly every pair of Big5 is one of GB 18030 too, so that reading without an error proves nothing.
But the second byte of two in five characters of Big5 is that of an ASCII sign (0x40 to 0x7E) and
never 0x80 to 0xA0, and the first byte of those in daily use is 0xA1 to 0xC6. Characters of GB 2312
have a second byte from 0xA1 on; the Traditional ones of GBK have first bytes from 0x81 on, and
second bytes of every kind.

Sources: https://encoding.spec.whatwg.org/#indexes (the tables of Big5 and GB 18030).
"""

from __future__ import annotations

import re
from itertools import islice

from archive.page import big5

GB = "gb18030"
CHARSETS = (GB, big5.CODEC)
PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
MOST = 2000  # pairs that are looked at
FEW, MANY = 8, 30  # pairs that prove anything, and more than a declaration does
# First bytes of Big5's signs and of its characters in daily use: four in five of a text, and three
# where it is Cantonese.
DAILY = range(0xA1, 0xC7)
SIGNS = {name: [sign.encode(name) for sign in "，。的"] for name in CHARSETS}  # of every text


def charset(body: bytes, declared: str | None) -> str | None:
    """The charset that the pairs of a text are in.

    Args:
        body: bytes that are not UTF-8.
        declared: the one of the two that the page names; None where it names none.

    Returns:
        Python's codec; None where the pairs do not say it.

    Example:
        >>> charset("臺北市政府關於供水的公告".encode("big5"), None)
        'big5hkscs'
    """
    pairs = [match[0] for match in islice(PAIR.finditer(body), MOST)]
    number = len(pairs)
    if number < (MANY if declared else FEW):
        return None
    low = sum(pair[1] < 0x7F for pair in pairs)
    if low * 20 < number:
        return GB
    middle = sum(0x7F < pair[1] < 0xA1 for pair in pairs)
    daily = sum(pair[0] in DAILY for pair in pairs)
    signs = {name: sum(map(pairs.count, SIGNS[name])) for name in CHARSETS}
    is_big5 = (
        low * 7 > number
        and middle * 50 <= number
        and daily * 5 >= number * (3 if number > 20 else 4)
        and signs[big5.CODEC] >= signs[GB]
    )
    return big5.CODEC if is_big5 else None
