"""What a value of the archive means, for whoever reads the data: the entry of the data dictionary
and how the value is declared in the code."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal

Sensitivity = Literal["plain", "title", "printed", "body", "captions"]
"""What a column may give away of the text of articles, which a package of metadata must not hold.

`plain`: made by the program, or an address. `title`: text of a title. `printed`: other text of a
page. `body`: text of an article. `captions`: JSON whose captions are such text.
"""

UTC = "ISO 8601, UTC"
LOCAL = "ISO 8601 with offset; China's +08:00 where the page states no zone"
NO_NULL = "never NULL"
NOT_GIVEN = "the page does not give it"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column holds, and what it may give away: no column has a sensitivity by default.

    `chinese` is its name in Chinese, `english` a sentence. `unit`: unit, zone or form. `null`: what
    NULL says; a column that may be NULL must say it.
    """

    chinese: str
    english: str
    unit: str = ""
    null: str = NO_NULL
    _: KW_ONLY
    sensitivity: Sensitivity


def plain(chinese: str, english: str, unit: str = "", null: str = NO_NULL) -> Meaning:
    """The meaning of a column that gives nothing away: made by the program, or an address.

    Example:
        >>> plain("捕获时间", "when it was captured", UTC).sensitivity
        'plain'
    """
    return Meaning(chinese, english, unit, null, sensitivity="plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored(Meaning):
    """Declares that a field of `Article` is a column of `articles` and of `versions`.

    `digest` is its place in the content digest: what makes two captures two versions, and what a
    diff of versions shows. 0: a change of this field alone makes no version. A place never changes,
    since all digests would; a new one is the next number. `by_rule`: `found_by` names the rule that
    found it. `long`: it may fill pages of the database, and is the last of a row.
    """

    digest: int = 0
    by_rule: bool = False
    long: bool = False
