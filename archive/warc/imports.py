"""What the hash chain says of web archives that were imported and taken out again.

A line of the kind `import` is the moment at which an import is there: it is written when all files
of the import are complete in a folder next to `warc`, and they are moved afterwards. A line of the
kind `removal` is the moment at which one is gone. Whatever ends a program between such a line and
what follows from it, `settle` goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from archive.disk import sync_directory

IMPORT = "import"
REMOVAL = "removal"
WORK = ".import"  # the folder in which files of an import are made
REMOVED = "removed"  # the folder of files that were taken out

Entry = Mapping[str, object]


def imports(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The imports that are in the archive: their lines by the SHA-256 of their sources.

    Example:
        >>> imports([{"kind": "import", "sha256": "ab"}, {"kind": "removal", "sha256": "ab"}])
        {}
    """
    present: dict[str, Entry] = {}
    for entry in entries:
        if entry.get("kind") == IMPORT:
            present[str(entry.get("sha256"))] = entry
        elif entry.get("kind") == REMOVAL:
            present.pop(str(entry.get("sha256")), None)
    return present


def files_of(entry: Entry) -> dict[str, Entry]:
    """The files of an import or a removal, by name, as its line states them."""
    files = entry.get("files")
    listed = cast("list[object]", files) if isinstance(files, list) else []
    return {str(file["name"]): file for file in listed if isinstance(file, dict) and "name" in file}


def stated_files(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Size and digest of each file of the imports that are in the archive, by name."""
    return {
        name: file for entry in imports(entries).values() for name, file in files_of(entry).items()
    }


def removed_files(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The files that were taken out and did not come back, by name, as the lines say."""
    removed: dict[str, Entry] = {}
    for entry in entries:
        if entry.get("kind") == REMOVAL:
            removed |= files_of(entry)
        elif entry.get("kind") == IMPORT:
            removed = {name: removed[name] for name in removed.keys() - files_of(entry).keys()}
        elif entry.get("kind") == "warc":
            removed.pop(str(entry.get("name")), None)
    return removed


def settle(folder: Path, entries: Iterable[Entry]) -> None:
    """Move the files of imports into `warc`, and those that were taken out from there into
    `removed`, as far as that was not done. The caller has the archive's lock.

    Raises:
        OSError: a file cannot be moved.
    """
    entries = list(entries)
    _move(folder / WORK, folder / "warc", stated_files(entries))
    _move(folder / "warc", folder / REMOVED, removed_files(entries))


def _move(source: Path, target: Path, files: Mapping[str, Entry]) -> None:
    names = [name for name, file in files.items() if _is_there(source, name, file)]
    if not names:
        return
    target.mkdir(exist_ok=True)
    for name in names:
        (source / name).replace(target / name)
    sync_directory(target)
    sync_directory(source)


def _is_there(folder: Path, name: str, file: Entry) -> bool:
    """Whether a file that a line states is there, and not another one of its name."""
    path = folder / name
    is_name = Path(name).name == name
    return is_name and path.is_file() and path.stat().st_size == file.get("size")
