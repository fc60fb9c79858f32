"""Text that was written with tags in it, as titles in JSON are."""

from __future__ import annotations


def without_tags(text: str) -> str:
    """A text without what is between `<` and `>`; a `<` that nothing closes is text.

    Example:
        >>> without_tags("关于<em>疫情</em>的通知：3 < 5")
        '关于疫情的通知：3 < 5'
    """
    pieces, place = [], 0
    start = text.find("<")
    while start >= 0 and (end := text.find(">", start)) >= 0:
        if end > start + 1:
            pieces.append(text[place:start])
            place = end + 1
        start = text.find("<", end)
    return "".join([*pieces, text[place:]])
