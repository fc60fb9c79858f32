"""A count in a sentence of the program has its singular: by one piece of code, `counted`."""

from __future__ import annotations

import re

import pytest

from archive.counting import counted
from tests.conftest import ROOT

# What is counted in sentences; a limit of the program (a name in capitals) is never one.
NOUNS = (
    "records|exchanges|pages|files|articles|captures|answers|lines|requests|rows|accounts|places|"
    "findings|versions|attachments|words|imports|entries|pictures|times|texts|links|alarms|others|"
    "members|problems"
)
VALUE = r"\{(?!counted|self\.most|[A-Z_]+\})[a-z_.()\[\]' -]+\}"
COUNT = re.compile(rf"{VALUE} (?:[a-z]+ )?(?:{NOUNS})\b")
# These count what is more than a limit, or more than one by the condition before it.
MANY = {
    "archive/upkeep/upkeep.py", "archive/intake/removal.py", "archive/monitoring/alarms.py",
    "archive/verification/tables.py", "archive/search/hit_formats.py", "archive/cli/texts.py",
    "archive/platforms/kit/lists/load_more.py", "crawler/spider/listings.py", "crawler/hosts/cookies.py",
    "archive/verification/fulltext.py",
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 entries were"), (1, "1 entry was"), (2, "2 entries were"), (11, "11 entries were"), (21, "21 entries were")],
)  # fmt: skip
def test_one_is_singular(number: int, words: str) -> None:
    assert counted(number, "entry was", "entries were") == words


def test_every_count_in_a_sentence_has_its_singular() -> None:
    counts = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for folder in ("archive", "crawler")
        for path in (ROOT / folder).rglob("*.py")
        if str(path.relative_to(ROOT)) not in MANY
        for line in path.read_text().splitlines()
        if 'f"' in line and (match := COUNT.search(line))
    }
    assert not counts
