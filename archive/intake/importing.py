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
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid4, uuid5

from archive.database.chain_state import known_state
from archive.disk import Progress, copy_sha256, no_progress, require_free, sha256
from archive.errors import ArchiveError
from archive.escaping import for_terminal
from archive.intake.given import Given
from archive.intake.reading import copy_file
from archive.intake.tally import Tally
from archive.intake.target import Packing, Target, Written
from archive.intake.unpacking import Window
from archive.intake.wacz import BEGINS, Checked, Wacz
from archive.warc import chain, record
from archive.warc.directory import SUFFIX
from archive.warc.imports import IMPORT, WORK, files_of, imports, settle

MARGIN = 16 * 2**20  # bytes of a disk that stay free
ROOM = "free some, or import into another disk's archive"
NO_RECORDS = "an index or another file without records"
AS_IT_IS = "as in the source"  # what warcinfo says of chunk frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How web archives are to be imported.

    Attributes:
        operator: who imports them.
        any_page: read also pages of no platform.
    """

    operator: str
    any_page: bool = False


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
        making = _Making(source, path, digest, wish, work, progress)
        files = making.make()
        if _digest(source.name, path) != digest:
            raise ArchiveError(f"{source.name} changed while it was read; import it again.")
        entry = making.entry(files)
        chain.append(folder, entry, known_state(folder / "archive.db"))
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


class _Making:
    """The making of the files of one import."""

    def __init__(
        self, source: Given, path: Path, digest: str, wish: Wish, work: Path, progress: Progress
    ) -> None:
        self.source, self.path, self.digest, self.wish = source, path, digest, wish
        self.work, self.progress = work, progress
        self.size = path.stat().st_size
        self.tally = Tally()
        self.files: list[Written] = []
        self._now = datetime.now(UTC)

    def make(self) -> list[Written]:
        """Make the files. Raises ArchiveError where there is nothing to make them of."""
        try:
            with self.path.open("rb") as file:
                if file.read(4) in BEGINS:
                    self._of_wacz(file)
                else:
                    self._of_records(Window(file, 0, self.size, self.progress), "")
        except ArchiveError as error:
            if type(error) is not ArchiveError:
                raise
            raise ArchiveError(
                f"{self.source.name} was not imported: {str(error).removesuffix('.')}."
            ) from error
        if not self.tally.records:
            reason = next(iter(self.tally.not_used), "it has none")
            raise ArchiveError(
                f"{self.source.name} was not imported: no record of it can be read ({reason})."
            )
        return self.files

    def _of_records(self, file: Window, place: str) -> None:
        """A file of records."""
        tally = Tally()
        with self._target() as target:
            copy_file(file, target, tally, f"{self.digest}/{place}", place)
        self.tally.add(tally)

    def _of_wacz(self, file: BinaryIO, place: str = "") -> None:
        """A WACZ, or one in another."""
        with Wacz(file, self.work) as wacz:
            for each in wacz.record_files(self.progress):
                self._of_entry(each, place)
            for each in wacz.packages():
                if place:
                    raise ArchiveError(f"{each.path} is a WACZ in a WACZ in another")
                self._of_wacz(cast("BinaryIO", each.file), f"{each.path}/")
            for path in wacz.lost:
                self.tally.leave_out("named in datapackage.json and not there", place + path)
            for path in wacz.others:
                self.tally.leave_out(NO_RECORDS, place + path, is_lost=False)
            self._describe(wacz, place)

    def _of_entry(self, entry: Checked, place: str) -> None:
        """A file of records in a WACZ; one that is none keeps no other from being taken."""
        try:
            self._of_records(entry.file, place + entry.path)
        except ArchiveError as error:
            if type(error) is not ArchiveError:
                raise
            self.tally.leave_out(str(error), place + entry.path)

    def _describe(self, wacz: Wacz, place: str) -> None:
        """Keep page lists, titles and the package's description as metadata records."""
        descriptions = list(wacz.descriptions())
        if not descriptions:
            return
        with self._target() as target:
            for each in descriptions:
                head = self._description_head(each, place + each.path)
                with target.record():
                    packing = Packing(target, head, b"")
                    for piece in each.file.pieces():
                        packing.write(piece)
                    packing.end()

    def _description_head(self, each: Checked, path: str) -> bytes:
        name = f"urn:wacz:{self.digest}:{quote(path)}"
        lines = (
            "WARC/1.1",
            "WARC-Type: metadata",
            f"WARC-Record-ID: <{uuid5(NAMESPACE_URL, name).urn}>",
            f"WARC-Date: {record.stamp(self._now)}",
            f"WARC-Target-URI: {name}",
            f"Content-Type: {each.media_type}",
            f"WARC-Block-Digest: {each.block_digest}",
            f"Content-Length: {each.size}",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    @contextmanager
    def _target(self) -> Iterator[Target]:
        """A file of the import, with a record in front that says whence its records are; it is
        removed where no other record follows."""
        name = f"import-{self.digest}-{len(self.files):05d}{SUFFIX}"
        target = Target(self.work / name)
        try:
            with target.record():
                target.write(self._warcinfo(name))
            yield target
            written = target.finish()
        except BaseException:
            target.close()
            target.path.unlink(missing_ok=True)
            raise
        if written.records > 1:
            self.files.append(written)
        else:
            target.path.unlink()

    def _warcinfo(self, name: str) -> bytes:
        """It names no software, because others made the records that follow."""
        info = {
            "description": "records of another file, as they are there",
            "source": for_terminal(self.source.name),
            "source-sha256": self.digest,
            "imported-by": for_terminal(self.wish.operator),
            **({"any-page": "yes"} if self.wish.any_page else {}),
        }
        return record.warcinfo(f"urn:uuid:{uuid4()}", self._now, name, info, AS_IT_IS)

    def entry(self, files: list[Written]) -> dict[str, object]:
        """The line of the chain."""
        return {
            "kind": IMPORT,
            "source": self.source.name,
            "sha256": self.digest,
            "size": self.size,
            "operator": self.wish.operator,
            "at": record.stamp(self._now),
            "any_page": self.wish.any_page,
            "records": self.tally.records,
            "files": [
                {
                    "name": file.name,
                    "size": file.size,
                    "sha256": file.sha256,
                    "records": file.records,
                }
                for file in files
            ],
            "not_used": [
                {"reason": reason, "count": each.count, "first": each.first}
                for reason, each in self.tally.not_used.items()
            ],
        }
