"""The steps of a hand-over, in order. Each makes some files and is not done again once they are
finished."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from archive.database.opening import connect
from archive.database.producer import current
from archive.errors import UsageError
from archive.handover import (
    descriptions,
    layout,
    operator_file,
    platform_files,
    records,
    statistics,
    subset,
    tables,
    wacz,
)
from archive.handover.operator_file import Operator
from archive.handover.package import Package
from archive.handover.phrases import phrases
from archive.handover.request import ExportRequest, Progress
from archive.handover.requisites import choose_requisites
from archive.handover.seal import Seal
from archive.handover.selection import Selection
from archive.handover.staging import Staging
from archive.handover.state import state_of
from archive.handover.warc_files import Row, WarcFiles
from archive.handover.withheld import Withheld
from archive.platforms import Platforms

LIBRARIES = {"pyarrow": "pyarrow", "cdxj_indexer": "cdxj-indexer"}


def export(
    folder: Path,
    dest: Path,
    request: ExportRequest,
    platforms: Platforms,
    *,
    force: bool = False,
    shards: Mapping[str, Path] | None = None,
    matching: Sequence[str] | None = None,
    progress: Progress = lambda step, done, total: None,
) -> None:
    """Make a package of an archive. Repeated after a kill, it goes on where it was.

    Args:
        folder: the archive.
        dest: the package to make.
        request: which articles, and how much of each.
        platforms: the archive's platforms.
        force: replace a package that is at `dest`.
        shards: the archives of the collection that `folder` has all articles of, by name.
        matching: the ids of the articles that satisfy the query, where `folder` has no full-text
            index to look for them.
        progress: gets the step, how much of it is done and of how much.

    Raises:
        UsageError: where something else is at `dest`, the filters choose nothing, or a library is
            not installed.
        ArchiveError: where the disk is too small, a WARC file is not as it was indexed, or a
            description of a platform was edited since.
        Busy: where another export makes the same package.
    """
    _require_libraries()
    operator = operator_file.read(folder)
    warc_dir = folder / "warc"
    with Selection(folder / "archive.db", request) as selection:
        selection.choose(matching)
        choose_requisites(selection, warc_dir)
        if request.tier == "full":
            platform_files.check(selection, platforms)
        seal = Seal(folder, shards)
        state = state_of(selection, warc_dir, operator, seal, platforms)
        with Staging(dest, state, force=force) as staging:
            staging.require_space(selection.bytes_needed())
            Export(selection, staging, warc_dir, operator, seal, platforms, progress).run()
            staging.complete()


def _require_libraries() -> None:
    for module, name in LIBRARIES.items():
        if find_spec(module) is None:
            raise UsageError(
                f"A hand-over needs the library {name}; run pip install 'zhengwen[handover]'."
            )


class Export:
    """One package that is being made."""

    def __init__(
        self,
        selection: Selection,
        staging: Staging,
        warc_dir: Path,
        operator: Operator,
        seal: Seal,
        platforms: Platforms,
        progress: Progress,
    ) -> None:
        self.selection, self.staging, self.warc_dir = selection, staging, warc_dir
        self.operator, self.seal, self.progress = operator, seal, progress
        self.platforms, self.producer = platforms, current(platforms)
        self.request = selection.request
        self.is_full = self.request.tier == "full"

    def run(self) -> None:
        """Write every file of the package, step by step; a step that is done is passed over."""
        described = platform_files.files(self.platforms) if self.is_full else {}
        for path, data in (self.seal.files | described).items():
            self.staging.step(path, partial(self._write_bytes, path, data))
        self._database(self._warcs())
        with self._package_database() as connection:
            self._tables(connection)
            if self.is_full:
                self._wacz(connection)
            package = self._package(connection)
        descriptions.describe(package, self.staging)
        descriptions.seal_bag(package, self.staging)

    def _write_bytes(self, path: str, data: bytes) -> list[str]:
        self.staging.target(path).write_bytes(data)
        return [path]

    def _warcs(self) -> list[Row] | None:
        """The WARC files; returns their rows, None where the tier has no WARC."""
        if not self.is_full:
            return None
        files = WarcFiles(self.selection, self.staging, self.warc_dir, self.seal)
        return files.make(self.progress)

    def _database(self, warcs: Sequence[Row] | None) -> None:
        self.staging.step("database", partial(self._make_database, warcs))

    def _make_database(self, warcs: Sequence[Row] | None) -> list[str]:
        subset.build(
            self.selection,
            self.staging.work / "archive.db",
            self.staging.target(layout.DATABASE),
            warcs=warcs,
            about=self._about(),
            withheld=self._withheld(),
            progress=self._counting("database", self.selection.count("chosen_articles")),
        )
        return [layout.DATABASE]

    def _about(self) -> dict[str, str]:
        """What the package's database says about itself."""
        tier = self.request.tier
        about = {
            "package": (
                f"Part of a hand-over: {self.request.selection}. "
                f"Tier {tier}: {phrases('en').tiers[tier]}"
            )
        }
        if not self.is_full:
            about["evidence"] = (
                "captures.warc, .offset and .length name the record that proves a row; the "
                "operator keeps it."
            )
        return about

    def _withheld(self) -> Withheld | None:
        if self.request.tier != "metadata":
            return None
        self.progress("looking for words of texts", 0, 1)
        return Withheld(self.selection, subset.tables(self.selection.connection))

    def _counting(self, step: str, total: int) -> Callable[[int], None]:
        """A callback that adds up what is done of a step, and passes it on."""
        done = 0

        def add(size: int) -> None:
            nonlocal done
            done += size
            self.progress(step, min(done, total), total)

        return add

    @contextmanager
    def _package_database(self) -> Iterator[sqlite3.Connection]:
        path = self.staging.target(layout.DATABASE)
        with closing(connect(path)) as connection:
            yield connection

    def _tables(self, connection: sqlite3.Connection) -> None:
        archive_id, target = self.operator.archive_id, self.staging.target
        for table in tables.tables(connection):
            self.progress(f"table {table.name}", 0, table.rows)
            make = partial(tables.write, connection, table, archive_id, target)
            self.staging.step(f"table {table.name}", make)

    def _wacz(self, connection: sqlite3.Connection) -> None:
        self.staging.step("wacz", partial(self._make_wacz, connection))

    def _make_wacz(self, connection: sqlite3.Connection) -> list[str]:
        files = self.staging.files(f"{layout.WARC}/")
        package = self._package(connection)
        wacz.write(
            self.staging.target(layout.WACZ),
            connection=connection,
            warcs=[self.staging.target(file.path) for file in files],
            work=self.staging.work,
            about={
                "title": package.title,
                "created": package.statistics.newest,
                "software": f"zhengwen {self.producer.zhengwen}",
            },
            run=self.request.run,
            progress=self._counting("WACZ", sum(file.size for file in files)),
        )
        return [layout.WACZ]

    def _package(self, connection: sqlite3.Connection) -> Package:
        return Package(
            request=self.request,
            operator=self.operator,
            statistics=statistics.count(connection, self.operator.archive_id),
            platforms=self.platforms,
            producer=self.producer,
            tables=tables.tables(connection),
            files=self.staging.files(f"{layout.DATA}/"),
            unindexed=records.unindexed(self.selection, self.warc_dir),
            state=self.staging.state,
        )
