"""The rule by which WARC files are laid into shards: a name with `{platform}`, `{year}`, `{month}`
or `{account}` in it, each what most captures of a file have."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from string import Formatter

from archive.collection.description import NAME
from archive.errors import UsageError, suggestion

DEFAULT = "{platform}-{year}"
NONE = "other"  # in the place of a value that no capture of the file has
FIELDS = {
    "platform": "platform",
    "year": "substr(captured_at, 1, 4)",
    "month": "substr(captured_at, 1, 7)",
    "account": "account_id",
}
MOST = """SELECT value FROM (SELECT {field} AS value, count(*) AS number FROM captures
    WHERE warc = ? AND {field} IS NOT NULL GROUP BY 1) ORDER BY number DESC, value LIMIT 1"""
UNFIT = re.compile(r"[^\w.\-]+")


def require_rule(rule: str) -> list[str]:
    """The fields of a rule. Raises UsageError for one that makes no names.

    Example:
        >>> require_rule("{platform}-{year}")
        ['platform', 'year']
    """
    try:
        parts = [*Formatter().parse(rule)]
    except ValueError as error:
        raise UsageError(f"The rule {rule!r} makes no names ({error}); {_example()}") from error
    fields = [field for _, field, _, _ in parts if field is not None]
    for field in fields:
        if field not in FIELDS:
            meant = suggestion(field, FIELDS) or f"known are {', '.join(FIELDS)}."
            raise UsageError(f"The rule {rule!r} asks for {{{field}}}, which there is not; {meant}")
    is_plain = all(not spec and not conversion for _, _, spec, conversion in parts)
    if not fields or not is_plain or not NAME.fullmatch(rule.format(**dict.fromkeys(FIELDS, NONE))):
        raise UsageError(f"The rule {rule!r} makes no names of folders; {_example()}")
    return fields


def names_of(connection: sqlite3.Connection, rule: str, files: Iterable[str]) -> dict[str, str]:
    """The shard of each WARC file, by its name.

    Args:
        connection: to the database of the archive that has the files.
        rule: such as `{platform}-{year}`.
        files: names of WARC files.

    Raises:
        UsageError: the rule makes no names.

    Example:
        >>> names_of(archive.connection, "{platform}-{year}", ["001-20310301.warc.gz"])
        {'001-20310301.warc.gz': 'thepaper-2031'}
    """
    fields = require_rule(rule)
    return {
        file: rule.format(**{field: _value(connection, field, file) for field in fields})
        for file in files
    }


def _value(connection: sqlite3.Connection, field: str, file: str) -> str:
    row = connection.execute(MOST.format(field=FIELDS[field]), [file]).fetchone()
    value = UNFIT.sub("-", str(row[0])).strip("-") if row else ""
    return value if NAME.fullmatch(value) else NONE


def _example() -> str:
    return f"write one such as {DEFAULT} or {{year}}."
