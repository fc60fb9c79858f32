"""What only the operator can say: `datasheet.toml` next to `accounts.csv`. All of it is optional,
and nothing is made up instead.

    [package]
    title = "..."
    archive_id = "archive.example.org"   # for PWIDs: a domain that is the archive's own
    operator = "..."                     # an organisation
    contact = "..."                      # how to reach it
    licence = "..."

    [[creators]]                         # a person to be cited; a block for each
    given = "..."
    family = "..."
    orcid = "https://orcid.org/..."
    affiliation = "..."

    [answers]                            # of the datasheet, by the key that DATASHEET.md shows
    purpose = "..."

    [rights]                             # a note by platform
    thepaper = "..."
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import UsageError

NAME = "datasheet.toml"
HELP = """\b
datasheet.toml, next to accounts.csv; all of it is optional:
  [package]    {package}
  [[creators]] a block for each person to be cited: {creator}
  [rights]     a note by platform: thepaper = "..."
  [answers]    for DATASHEET.md:
{answers}
"""
UNREGISTERED = "zhengwen"  # in PWIDs of an operator who has named no domain
PACKAGE = ("title", "archive_id", "operator", "contact", "licence")
CREATOR = ("given", "family", "orcid", "affiliation")
ANSWERS = {
    "purpose": "For what purpose was the archive made, and by whom was it asked for and paid?",
    "scope": "How were the accounts chosen, and what was left out on purpose?",
    "context": "What must a reader know about these accounts, platforms and years?",
    "people": "Do the pages name natural persons, and what was done about it?",
    "ethics": "Was there an ethical or legal review, and what did it decide?",
    "uses": "What may the package be used for, and what should it not be used for?",
    "access": "Who may receive it, under which terms?",
    "maintenance": "Who keeps the archive, how long, and how are errors reported?",
    "known_problems": "What is known to be wrong or missing that the figures do not show?",
}
KEYS: dict[str, tuple[str, ...] | None] = {
    "package": PACKAGE,
    "creators": CREATOR,
    "answers": tuple(ANSWERS),
    "rights": None,  # any platform
}


def explained() -> str:
    """The tables and keys of the file, for the help of the command line."""
    answers = "\n".join(f"    {key:15} {question}" for key, question in ANSWERS.items())
    return HELP.format(package=", ".join(PACKAGE), creator=", ".join(CREATOR), answers=answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """What the operator says, table by table; empty where there is no file."""

    package: Mapping[str, str] = field(default_factory=dict)
    creators: tuple[Mapping[str, str], ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Who hands over."""
        return self.package.get("operator") or "the operator of the archive (not named)"

    @property
    def archive_id(self) -> str:
        """What PWIDs name the archive by."""
        return self.package.get("archive_id") or UNREGISTERED


def read(folder: Path) -> Operator:
    """What the operator of an archive says.

    Args:
        folder: the archive.

    Raises:
        UsageError: for a file that cannot be read, or has a table or key that is not known.
    """
    path = folder / NAME
    if not path.exists():
        return Operator()
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no TOML ({error}); mend it, or move it away.") from error
    for name, table in tables.items():
        if name not in KEYS:
            raise UsageError(
                f"{path}: there is no table [{name}]; there are [package], [[creators]], "
                "[answers] and [rights]."
            )
        if isinstance(table, list) != (name == "creators"):
            form = "[[creators]], a block for each person" if name == "creators" else f"[{name}]"
            raise UsageError(f"{path}: {name} must be written as {form}.")
        for block in table if isinstance(table, list) else [table]:
            _check(path, name, block)
    creators = tables.pop("creators", [])
    return Operator(creators=tuple(creators), **tables)


def _check(path: Path, name: str, block: object) -> None:
    if not isinstance(block, dict) or not all(isinstance(value, str) for value in block.values()):
        raise UsageError(f'{path}: [{name}] must hold lines of the form key = "words".')
    keys = KEYS[name]
    if keys is None:
        return
    if unknown := [key for key in block if key not in keys]:
        raise UsageError(f"{path}: [{name}] has no key {unknown[0]!r}; it takes {', '.join(keys)}.")
