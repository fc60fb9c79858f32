"""Text of others made safe for where it is shown: a terminal, a line of a log, JSON on a terminal,
Markdown, a spreadsheet.

What a page, a server, a file name or a package says may steer a terminal (escape sequences), turn
the order of a line (bidirectional controls), look like another name (invisible characters), begin a
line of its own, or be taken for markup or a formula. Here such characters are named and never
dropped: the reader sees that they are there. Values in the database, in JSON Lines and in Parquet
stay as they are.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

# Sources: ECMA-48 (C0, C1), Unicode Standard Annex 9 (bidirectional controls) and the property
# Default_Ignorable_Code_Point. Lone surrogates cannot be written as UTF-8 at all. Not among them:
# characters that this Python's Unicode does not know yet and those for private use, which newer
# emoji and old GBK pages need and which a terminal draws as a box; variation selectors, which emoji
# and variants of Chinese characters need; the visible signs among the format characters.
UNSEEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    r"\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\ud800-\udfff"
)
# The joiners stay between emoji, and between letters of scripts that are written with them.
JOINED = (
    r"\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1820-\u18aa"
    r"\u2190-\u2bff\u3030\ufe0f\U0001f000-\U0001faff"
)
JOINER = rf"(?<![{JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{JOINED}])"
IN_LINES = re.compile(rf"[{UNSEEN}]|{JOINER}")
IN_A_LINE = re.compile(rf"[{UNSEEN}\t\n]|{JOINER}")

# What CommonMark and GitHub (tables, autolinks, mentions, formulas) take for markup. An underscore
# within a word, and a full stop before a digit or a blank, are text everywhere.
MARKUP = re.compile(
    r"""[&<>\[\]`*|~\\#!$^] | @+ | (?<![^\W_])_ | _(?![^\W_]) | :(?=/) | \.(?=[^\W\d_])
    | (?<=[wW]{3})\. | ^[-+=](?=[-+=\s]|$)""",
    re.X,
)
# without one of them there is none of the two above and below, which is seen ten times as fast
MAY_BE_MARKUP = re.compile(r"[&<>\[\]`*|~\\#!$^@_:.)]|^[-+=]", re.M)
MAY_BE_MARKUP_IN_ASCII = re.compile(rb"[&<>\[\]`*|~\\#!$^@_:.)+=-]")
LIST_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Those that a backslash does not keep apart from tables, autolinks, mentions and formulas.
AS_NUMBERS = frozenset("|\\:.$^")

FORMULA = frozenset("=+-@\N{MINUS SIGN}")
QUOTES = frozenset("'\"`\u2018\u2019\u201c\u201d")
# Excel takes these for the start of a command or of another cell, whatever follows (OWASP, "CSV
# Injection").
CELL_BREAKS = frozenset("\t\r\n")


def for_terminal(text: str, *, multiline: bool = False) -> str:
    r"""A text in which every character can be seen.

    Args:
        text: of anybody.
        multiline: keep line ends and tabs, as in the text of an article; otherwise it stays on
            one line, as a title, a path or the message of an error must.

    Returns:
        The text, with each character that a terminal would obey or hide as its escape sequence in
        Python.

    Example:
        >>> for_terminal("通报\x1b[2J\u202e")
        '通报\\x1b[2J\\u202e'
    """
    return (IN_LINES if multiline else IN_A_LINE).sub(_named, text)


def _named(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def for_json(value: object) -> str:
    r"""A value as JSON on one line: Chinese characters as they are, and what cannot be seen as
    JSON's own escape sequence. A parser gives back the same value.

    Example:
        >>> for_json({"title": "通报\u202e"})
        '{"title": "通报\\u202e"}'
    """
    line = json.dumps(value, ensure_ascii=False)
    return IN_A_LINE.sub(lambda match: json.dumps(match[0])[1:-1], line)


def for_markdown(text: str) -> str:
    """A text that Markdown shows as it is, on one line: no markup, HTML, link or table cell.

    Neither backslash escapes nor numeric character references count as structure (CommonMark 0.31,
    sections 2.4 and 2.5).

    Example:
        >>> for_markdown("<b>武汉|发布</b>")
        '&lt;b&gt;武汉&#124;发布&lt;/b&gt;'
    """
    return without_markup(for_terminal(" ".join(text.split())))


def may_be_markup(text: str) -> bool:
    """Whether a long text has anything that Markdown may take for markup.

    Example:
        >>> may_be_markup("全文。"), may_be_markup("附件：1.docx")
        (False, True)
    """
    # All of it is ASCII, of which a Chinese text has so little that it is taken out first.
    in_ascii = text.encode("ascii", "ignore")
    return bool(MAY_BE_MARKUP_IN_ASCII.search(in_ascii) and MAY_BE_MARKUP.search(text))


def without_markup(line: str) -> str:
    """A line of text with every character as it is, so that Markdown finds no markup in it.

    Example:
        >>> without_markup("1. *济南*|[通报]")
        '1&#46; \\\\*济南\\\\*&#124;\\\\[通报\\\\]'
    """
    if not MAY_BE_MARKUP.search(line):
        return line
    escaped = MARKUP.sub(lambda match: _escaped(match[0]), line)
    return LIST_NUMBER.sub(lambda match: match[1] + _escaped(match[2]), escaped)


def _escaped(character: str) -> str:
    if character.startswith("@"):
        return f"`{character}`"  # GitHub looks for addresses of mail when all else is undone
    if character in AS_NUMBERS:
        return f"&#{ord(character)};"
    return NAMED.get(character) or f"\\{character}"


def for_spreadsheet(value: Any) -> Any:
    """A value as a cell of CSV that Excel, LibreOffice and Sheets take for no formula.

    A text gets an apostrophe in front where its first character that counts is the sign of a
    formula in any width, after whatever blanks, quotes and invisible characters, and where it
    begins with a tab or a line end. Numbers stay numbers.

    Example:
        >>> for_spreadsheet("=1+1"), for_spreadsheet("＝1"), for_spreadsheet(-3)
        ("'=1+1", "'＝1", -3)
    """
    return f"'{value}" if isinstance(value, str) and _is_formula(value) else value


def from_spreadsheet(text: str) -> str:
    """The text of a cell that `for_spreadsheet` wrote.

    Example:
        >>> from_spreadsheet("'=1+1"), from_spreadsheet("'twas")
        ('=1+1', "'twas")
    """
    return text[1:] if text.startswith("'") and _is_formula(text[1:]) else text


def _is_formula(text: str) -> bool:
    if text[:1] in CELL_BREAKS:
        return True
    for character in text:
        if unicodedata.normalize("NFKC", character)[:1] in FORMULA:
            return True
        if not _is_passed_over(character):
            return False
    return False


def _is_passed_over(character: str) -> bool:
    """Whether a program may take off the character before it looks for a sign."""
    return (
        character.isspace()
        or character in QUOTES
        or unicodedata.category(character) in ("Cc", "Cf", "Cs")
        or IN_A_LINE.match(character) is not None
        or character in "\u2800\ufe0e\ufe0f"
    )
