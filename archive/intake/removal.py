"""An import is taken out: a line of the chain says so, then its files are moved out of `warc`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from archive.database.chain_state import known_state
from archive.errors import UsageError
from archive.warc import chain, record
from archive.warc.imports import REMOVAL, Entry, files_of, imports, settle

SHORTEST = 8  # letters of a digest that name a source


def remove_import(folder: Path, source: str, *, operator: str, reason: str) -> tuple[str, int]:
    """Take an import out. The caller has the archive's lock, and indexes then.

    Args:
        folder: the archive.
        source: the name of the source as it was imported, its SHA-256 or the begin of that, or the
            name of a file that the import made.
        operator: who takes it out.
        reason: why.

    Returns:
        The name of the source, and how many files were moved.

    Raises:
        UsageError: there is no such import, or several.
    """
    entries = [link.entry for link in chain.links(folder)]
    settle(folder, entries)
    entry = _named(imports(entries), source)
    line = {
        "kind": REMOVAL,
        "source": entry.get("source"),
        "sha256": entry.get("sha256"),
        "operator": operator,
        "at": record.stamp(datetime.now(UTC)),
        "reason": reason,
        "files": [{"name": name} for name in files_of(entry)],
    }
    chain.append(folder, line, known_state(folder / "archive.db"))
    settle(folder, [*entries, line])
    return str(entry.get("source")), len(files_of(entry))


def _named(present: dict[str, Entry], source: str) -> Entry:
    entries = [entry for digest, entry in present.items() if _is_named(digest, entry, source)]
    if len(entries) == 1:
        return entries[0]
    if entries:
        digests = ", ".join(str(entry.get("sha256"))[:12] for entry in entries)
        raise UsageError(
            f"{len(entries)} imports are called {source}; give the begin of a SHA-256: {digests}."
        )
    known = ", ".join(f"{entry.get('source')} ({digest[:12]})" for digest, entry in present.items())
    raise UsageError(
        f"There is no import {source}; "
        + (f"there are: {known}." if known else "nothing was imported.")
    )


def _is_named(digest: str, entry: Entry, source: str) -> bool:
    is_begin = len(source) >= SHORTEST and digest.startswith(source.lower())
    return is_begin or source == entry.get("source") or source in files_of(entry)
