"""What every column of `archive.db` means: in a sentence, with its unit and zone, and what NULL
says. A hand-over prints this with the data."""

from __future__ import annotations

from archive.database.schema import TABLES
from archive.model.columns import Column
from archive.model.meaning import plain

PWID = Column(
    "pwid",
    "TEXT",
    nullable=False,
    meaning=plain(
        "PWID",
        "persistent web identifier of the capture, to cite it by (IANA URN namespace pwid)",
        "URN",
    ),
)
"""A column that only the captures of a hand-over have, because it names the archive."""


def columns_of_table(name: str) -> tuple[Column, ...]:
    """The columns of a table in their order.

    Args:
        name: of one of the tables that rows are stored in.

    Raises:
        KeyError: there is no such table.
    """
    return {table.name: table for table in TABLES}[name].columns
