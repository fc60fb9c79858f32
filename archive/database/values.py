"""What a column of `archive.db` can hold, and what becomes of a value that it cannot hold: settled
here for all tables.

Pages, listings, heads and notes say anything: half an emoji, a NUL, a number of a thousand digits,
a list where a name is expected. None of it may stop the file that it is in.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from archive.errors import ArchiveError
from archive.model.columns import Column

REPLACEMENT = "\ufffd"  # is there for a character that cannot be stored (Unicode, section 3.9)
LONGEST_TEXT = 64 * 2**20  # characters of one value; SQLite itself refuses a billion bytes
LEAST, GREATEST = -(2**63), 2**63 - 1  # of SQLite's integers
DIGITS = re.compile(r"[+-]?[0-9]{1,19}")


class Unstorable(ArchiveError):
    """A row that its table cannot hold: a value that must be there is missing or too long."""


def row_values(columns: Mapping[str, Column], row: Mapping[str, object]) -> tuple[object, ...]:
    """The values of a row as SQLite takes them, in the row's order.

    Args:
        columns: those of the table, by name.
        row: by column.

    Raises:
        Unstorable: a column has no value that it can hold and may not be NULL.
    """
    return tuple(
        [settled(value, columns[name]) if name in columns else value for name, value in row.items()]
    )


def settled(value: object, column: Column) -> str | float | None:
    r"""A value as its column can hold it.

    Text keeps all but lone surrogates and NUL, which become U+FFFD: UTF-8 has no form for the
    former, and SQL functions and stock programs end a text at the latter. A number in a column of
    text is its digits, and digits in a column of integers are their number, as SQLite has it.
    Anything else is NULL: bytes, lists and objects, infinity, a number beyond 64 bits or with a
    fraction in a column of integers.

    Args:
        value: what a page or a record gave.
        column: where it goes.

    Raises:
        Unstorable: it would be NULL, and the column may not be; or it is longer than
            `LONGEST_TEXT`.

    Example:
        >>> settled("\ud83d半个表情", columns_of(ArticleRow)[3])
        '\ufffd半个表情'
    """
    if value is None and column.nullable:
        return None
    stored = _as_stored(value, column)
    if stored is None and not column.nullable:
        raise Unstorable(f"{column.name} is {_shown(value)}, and it must have a value")
    return stored


def refused(columns: Iterable[Column], row: Mapping[str, object]) -> dict[str, str]:
    """The values of a row that cannot be stored, by column, each as part of a sentence.

    Example:
        >>> refused(columns_of(CoverageRow), {"run": "r", "listed": [1]})
        {'listed': 'listed is a list'}
    """
    return {
        column.name: f"{column.name} is {_shown(value)}"
        for column in columns
        if (value := row.get(column.name)) is not None and _as_stored(value, column) is None
    }


def storable(text: str) -> str:
    """A text with U+FFFD for each character that cannot be stored. Two surrogates that make a
    character are that character."""
    if "\0" in text:
        text = text.replace("\0", REPLACEMENT)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _as_stored(value: object, column: Column) -> str | float | None:
    if column.type == "TEXT":
        return _as_text(value, column)
    if column.type == "REAL" and isinstance(value, float):
        return value if math.isfinite(value) else None
    return _as_integer(value)


def _as_text(value: object, column: Column) -> str | None:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise Unstorable(f"{column.name} has {len(value)} characters")
        return storable(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else None
    number = _as_integer(value)
    return None if number is None else str(number)


def _as_integer(value: object) -> int | None:
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    elif isinstance(value, str):
        value = int(value) if DIGITS.fullmatch(value) else None
    return int(value) if isinstance(value, int) and LEAST <= value <= GREATEST else None


def _shown(value: object) -> str:
    """A value as part of a sentence, short whatever it is."""
    if isinstance(value, str):
        return repr(storable(value[:40]))
    if isinstance(value, int):
        return repr(value) if LEAST <= value <= GREATEST else "a number beyond 64 bits"
    if value is None or isinstance(value, float):
        return repr(value)
    return {"dict": "an object", "list": "a list"}.get(type(value).__name__, type(value).__name__)
