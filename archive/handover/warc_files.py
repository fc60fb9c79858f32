"""The step of an export that makes the WARC files of the package: copies, each checked against the
hash chain, and their rows for the package's database."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from archive.errors import ArchiveError
from archive.handover import layout, records
from archive.handover.request import Progress
from archive.handover.seal import Seal
from archive.handover.selection import Selection
from archive.handover.staging import PackageFile, Staging
from archive.warc.stored import on_disk, warc_file

Row = dict[str, object]


class WarcFiles:
    """Copies the chosen records of an archive into a package.

    Args:
        selection: what is chosen.
        staging: the package that is being made.
        warc_dir: the WARC files of the archive.
        seal: the archive's hash chain.
    """

    def __init__(self, selection: Selection, staging: Staging, warc_dir: Path, seal: Seal) -> None:
        self.selection, self.staging = selection, staging
        self.warc_dir, self.seal = warc_dir, seal

    def make(self, progress: Progress) -> list[Row]:
        """Make the files that are not finished yet.

        Returns:
            The rows of `warcs` for all of them.

        Raises:
            ArchiveError: for a file that was changed since it was closed; the export begins anew
                when it is repeated.
        """
        rows = []
        sources = records.sources(self.selection, self.warc_dir)
        done, total = 0, sum(source.size for source in sources)
        for source in sources:
            progress("WARC", done, total)
            step = f"warc {source.name}"
            self.staging.step(step, partial(self._copy, source))
            for file in self.staging.finished[step]:
                self._check(file)
                rows.append(self._row(source, file))
            done += source.size
        return rows

    def _copy(self, source: records.Source) -> list[str]:
        """Copy what is chosen of a file; it gets another name if something was left out."""
        path, part = f"{layout.WARC}/{source.name}", f"{layout.WARC}/{source.part}"
        target = self.staging.target(part)
        with on_disk(warc_file(self.warc_dir, source.name), self.staging.work) as old:
            if not records.copy(self.selection, old, target):
                return []
        if target.stat().st_size < source.size:
            return [part]
        target.rename(self.staging.target(path))
        return [path]

    def _check(self, file: PackageFile) -> None:
        """A damaged file must not be sealed in a bag as if it were sound."""
        if self.seal.contradicts(file):
            self.staging.discard()
            raise ArchiveError(
                f"{file.name} is not what it was when it was closed; run `zhengwen verify` and "
                "restore it from a copy."
            )

    def _row(self, source: records.Source, file: PackageFile) -> Row:
        if self.selection.request.everything:
            statement = "SELECT * FROM warcs WHERE name = ?"
            return dict(self.selection.connection.execute(statement, (file.name,)).fetchone())
        count = records.note_places(
            self.selection,
            warc_file(self.warc_dir, source.name),
            self.staging.target(file.path),
        )
        return {"name": file.name, "size": file.size, "records": count}
