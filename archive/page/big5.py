"""Big5 as WHATWG's table has it (https://encoding.spec.whatwg.org/index-big5.txt): Python's
Big5-HKSCS, which is that of 2004, with the pairs that it lacks."""

from __future__ import annotations

import codecs

from archive.page import damage

CODEC = "big5hkscs"
OF_2008 = (  # 0x877A to 0x87DF, new in HKSCS-2008
    "㡵𡵓𣚞𦀡㻬𥣞㫵竼龗𤅡𨤍𣇪𠪊𣉞䌊蒄龖鐯䤰蘓墖靊鈘秐稲晠権袝瑌篅枂稬剏遆㓦珄𥶹瓆鿇垳䤯呌䄱𣚎堘穲𧭥讏䚮"
    "𦺈䆁𥶙箮𢒼鿈𢓁𢓉𢓌鿉蔄𣖻䂴鿊䓡𪷿拁灮鿋"
)
TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
LACKED = {
    b"\xa3\xe1": "€",
    b"\xc6\xcf": "廴",
    b"\xc6\xd3": "无",
    b"\xc6\xd5": "癶",
    b"\xc6\xd7": "隶",
    b"\xc6\xde": "〃",
    b"\xc6\xdf": "仝",
    **{
        bytes((0x87, trail)): character
        for trail, character in zip(TRAILS[TRAILS.index(0x7A) :], OF_2008, strict=False)
    },
}
STRICT, REPLACE = "zhengwen-big5", "zhengwen-big5-replace"


def _strict(error: UnicodeError) -> tuple[str, int]:
    """An error handler: the character of WHATWG's table, or the error again."""
    if isinstance(error, UnicodeDecodeError):
        pair = error.object[error.start : error.start + 2]
        if character := LACKED.get(pair):
            return character, error.start + 2
    raise error


def _replace(error: UnicodeError) -> tuple[str, int]:
    """The same with U+FFFD in place of the error."""
    try:
        return _strict(error)
    except UnicodeDecodeError:
        return damage.handle(error)


codecs.register_error(STRICT, _strict)
codecs.register_error(REPLACE, _replace)


def decode(body: bytes, *, replace: bool = False) -> str:
    """The text of bytes in Big5.

    Args:
        body: the bytes.
        replace: put U+FFFD where no character is.

    Raises:
        UnicodeDecodeError: bytes that are no character, unless they are to be replaced.

    Example:
        >>> decode(b"\\xa3\\xe1\\xa4\\xa4")
        '€中'
    """
    return body.decode(CODEC, REPLACE if replace else STRICT)
