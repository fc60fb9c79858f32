"""An import, or another WARC file, is taken out: a line of the chain says so, then its files are
moved out of `warc`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.database.chain_state import known_state
from archive.errors import UsageError
from archive.warc import chain, chaining, record
from archive.warc.imports import REMOVAL, Entry, files_of, imports, settle, stated_files

SHORTEST = 8  # letters of a digest that name a source


def remove_import(folder: Path, source: str, *, operator: str, reason: str) -> tuple[str, int]:
    """Take an import, or another WARC file, out. The caller has the archive's lock, and indexes.

    Args:
        folder: the archive.
        source: the name of the source as it was imported, its SHA-256 or the begin of that, or the
            name of a file in `warc`.
        operator: who takes it out.
        reason: why.

    Returns:
        The name of the source, and how many files were moved.

    Raises:
        UsageError: there is none of that name, or several.
    """
    entry = named_import(folder, source)
    take_out(folder, entry, operator=operator, reason=reason)
    return str(entry.get("source")), len(files_of(entry))


def named_import(folder: Path, source: str) -> Entry:
    """The line of the chain for an import, or for another WARC file one of that form. The caller
    has the archive's lock. Takes and raises what `remove_import` does."""
    lines = list(chain.links(folder))
    entries: list[Entry] = [link.entry for link in lines]
    settle(folder, entries)
    removals = [entry for entry in entries if entry.get("kind") == REMOVAL]
    return _named(imports(entries), _other_files(lines), removals, source)


def take_out(folder: Path, entry: Entry, *, operator: str, reason: str) -> None:
    """Write the line that takes an import out, then move its files out of `warc`. The caller has
    the archive's lock.

    Args:
        folder: the archive.
        entry: as `named_import` gives it.
        operator: who takes it out.
        reason: why.
    """
    line = {
        "kind": REMOVAL,
        "source": entry.get("source"),
        "sha256": entry.get("sha256"),
        "operator": operator,
        "at": record.stamp(datetime.now(UTC)),
        "reason": reason,
        "files": [
            {"name": name, "size": file.get("size"), "sha256": file.get("sha256")}
            for name, file in files_of(entry).items()
        ],
    }
    chaining.append(folder, line, known_state(folder / "archive.db"))
    settle(folder, [link.entry for link in chain.links(folder)])


def _other_files(lines: list[chain.Link]) -> dict[str, Entry]:
    """The WARC files that no import made, by name, each in the form of an import."""
    of_imports = stated_files(link.entry for link in lines)
    return {
        name: {"source": name, "sha256": file.get("sha256"), "files": [file]}
        for name, file in chain.named_files(lines).items()
        if name not in of_imports
    }


def _named(
    present: dict[str, Entry], others: dict[str, Entry], removals: list[Entry], source: str
) -> Entry:
    entries = [entry for digest, entry in present.items() if _is_named(digest, entry, source)]
    entries = entries or [others[source]] if source in others else entries
    if len(entries) == 1:
        return entries[0]
    if entries:
        digests = ", ".join(str(entry.get("sha256"))[:12] for entry in entries)
        raise UsageError(
            f"{len(entries)} imports are called {source}; give the begin of a SHA-256: {digests}."
        )
    for entry in reversed(removals):
        if _is_named(str(entry.get("sha256")), entry, source):
            raise UsageError(
                f"{source} was taken out already, at {entry.get('at')} by {entry.get('operator')}; "
                "where that was broken off, `zhengwen index` makes archive.db without it."
            )
    known = ", ".join(f"{entry.get('source')} ({digest[:12]})" for digest, entry in present.items())
    raise UsageError(
        f"There is no import {source}, and no WARC file of that name in the chain; "
        + (f"imports are: {known}." if known else "nothing was imported.")
    )


def _is_named(digest: str, entry: Entry, source: str) -> bool:
    is_begin = len(source) >= SHORTEST and digest.startswith(source.lower())
    return is_begin or source == entry.get("source") or source in files_of(entry)
