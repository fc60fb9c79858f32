"""The WARC files of one import are made: each record as in the source, a record in front that says
whence they are, and what a WACZ says of itself. Also the line of the chain that names them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid4, uuid5

from archive.disk import Progress
from archive.errors import ArchiveError
from archive.escaping import for_terminal
from archive.intake.given import Given
from archive.intake.reading import copy_file
from archive.intake.tally import Tally
from archive.intake.target import Packing, Target, Written
from archive.intake.wacz import BEGINS, Checked, Wacz
from archive.intake.window import Window
from archive.warc import record
from archive.warc.directory import SUFFIX
from archive.warc.imports import IMPORT

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


class Making:
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
