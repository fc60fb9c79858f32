"""Texts without their signs and white space, to compare what is printed in two places."""

from __future__ import annotations

import re
import unicodedata

SIGNS = re.compile(r"[\W_]+")


def letters(text: str | None) -> str:
    """The letters and digits of a text.

    Example:
        >>> letters("关于印发《办法》的通知 ")
        '关于印发办法的通知'
    """
    return SIGNS.sub("", text or "")


def folded_letters(text: str | None) -> str:
    """The letters of a text in one form, for texts that may differ in width and case.

    Example:
        >>> folded_letters("ＣＯＶＩＤ－１９ 防控")
        'covid19防控'
    """
    return letters(unicodedata.normalize("NFKC", text or "")).lower()
