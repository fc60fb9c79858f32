"""One web archive is imported: checked and copied in a folder next to `warc`, then written into the
chain, then moved.

Until its line is in the chain nothing of it counts, and the next import removes what a killed one
left. From the line on all of it counts (`archive.warc.imports`).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.database.chain_state import known_state
from archive.disk import Progress, copy_sha256, no_progress, require_free, sha256
from archive.errors import ArchiveError
from archive.intake.given import Given
from archive.intake.making import Making, Wish
from archive.intake.tally import Tally
from archive.warc import chain, chaining
from archive.warc.imports import WORK, files_of, imports, settle

MARGIN = 16 * 2**20  # bytes of a disk that stay free
ROOM = "free some, or import into another disk's archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one web archive.

    Attributes:
        name, sha256: of the source.
        is_new: False where the archive had it already, and nothing was changed.
        files: the names of its files under `warc`.
        tally: what was taken and what was not; empty where it is not new.
    """

    name: str
    sha256: str
    is_new: bool
    files: tuple[str, ...]
    tally: Tally


def import_source(
    folder: Path, source: Given, wish: Wish, progress: Progress = no_progress
) -> Imported:
    """Import one web archive. The caller has the archive's lock, and indexes then.

    Args:
        folder: the archive.
        source: the web archive, which stays where it is.
        wish: who imports it, and how.
        progress: called with the bytes of the source that were copied since the last call.

    Raises:
        ArchiveError: nothing of it can be taken, or it changed meanwhile; the archive is as before.

    Example:
        >>> with Lock(folder):
        ...     import_source(folder, Given("old.arc.gz", path), Wish(operator="Library"))
    """
    settle(folder, _entries(folder))
    with _work_folder(folder) as work:
        path = source.path or _spooled(work)
        digest = _digest(source.name, path)
        if before := _as_before(folder, source.name, digest):
            progress(source.size)
            return before
        if source.path:
            require_free(folder, path.stat().st_size + MARGIN, "A copy of the records", ROOM)
        making = Making(source, path, digest, wish, work, progress)
        files = making.make()
        if _digest(source.name, path) != digest:
            raise ArchiveError(f"{source.name} changed while it was read; import it again.")
        entry = making.entry(files)
        chaining.append(folder, entry, known_state(folder / "archive.db"))
        settle(folder, _entries(folder))
    return Imported(
        name=source.name,
        sha256=digest,
        is_new=True,
        files=tuple(file.name for file in files),
        tally=making.tally,
    )


def _entries(folder: Path) -> list[dict[str, object]]:
    return [link.entry for link in chain.links(folder)]


@contextmanager
def _work_folder(folder: Path) -> Iterator[Path]:
    """The folder in which an import is made, without what a killed one left."""
    work = folder / WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _spooled(work: Path) -> Path:
    """Standard input as a file, because its digest is known at its end."""
    path = work / "standard-input"
    with path.open("xb") as file:
        copy_sha256(sys.stdin.buffer, file)
    return path


def _digest(name: str, path: Path) -> str:
    """The SHA-256 of a source, whose errors are not those of the archive's disk."""
    try:
        return sha256(path)
    except OSError as error:
        raise ArchiveError(
            f"{name} was not imported: it cannot be read ({error.strerror})."
        ) from error


def _as_before(folder: Path, name: str, digest: str) -> Imported | None:
    """What is said of a source that the archive has, as an import or as a file of its own."""
    entries = _entries(folder)
    files: tuple[str, ...] = ()
    if entry := imports(entries).get(digest):
        files = tuple(files_of(entry))
    else:
        named = chain.named_files(chain.links(folder))
        # A chain that was begun anew has the files of an import, and not its line.
        names = [
            name
            for name, file in named.items()
            if file.get("sha256") == digest or name.startswith(f"import-{digest}-")
        ]
        files = tuple(name for name in names if (folder / "warc" / name).is_file())
    if not files:
        return None
    return Imported(name=name, sha256=digest, is_new=False, files=files, tally=Tally())
