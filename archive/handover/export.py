"""The steps of a hand-over, in order. Each makes some files and is not done again once they are
finished."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from archive.database.opening import reading_uri
from archive.database.producer import current
from archive.errors import ArchiveError, UsageError
from archive.handover import (
    bag,
    citation,
    crate,
    datapackage,
    layout,
    operator_file,
    readme,
    records,
    subset,
    tables,
    wacz,
)
from archive.handover.operator_file import Operator
from archive.handover.package import Package
from archive.handover.request import MEANS, Wanted
from archive.handover.seal import Seal
from archive.handover.selection import Selection
from archive.handover.staging import Draft, Made
from archive.handover.statistics import figures
from archive.handover.withheld import Withheld
from archive.platforms import Platforms
from archive.search import spellings

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much: articles, rows or bytes."""

LIBRARIES = {"pyarrow": "pyarrow", "cdxj_indexer": "cdxj-indexer"}


def export(
    folder: Path,
    dest: Path,
    wanted: Wanted,
    platforms: Platforms,
    *,
    force: bool = False,
    progress: Progress = lambda what, done, of: None,
) -> None:
    """Make the package `dest` of the archive in `folder`. Repeated after a kill, it goes on where
    it was.

    Raises UsageError for a `dest` that is in the way, filters that choose nothing, or a library
    that is not installed; ArchiveError for a disk that is too small or a WARC file that is not as
    it was indexed; Busy beside another export.
    """
    _check_libraries()
    operator = operator_file.read(folder)
    with Selection(folder / "archive.db", wanted) as selection:
        selection.choose()
        seal = Seal(folder)
        with Draft(
            dest, _state(selection, folder, operator, seal, platforms), force=force
        ) as draft:
            draft.check_space(selection.needed())
            Export(selection, draft, folder / "warc", operator, seal, platforms, progress).run()
            draft.complete()


def _check_libraries() -> None:
    for module, name in LIBRARIES.items():
        if find_spec(module) is None:
            raise UsageError(
                f"A hand-over needs the library {name}; run pip install 'zhengwen[handover]'."
            )


def _state(
    selection: Selection, folder: Path, operator: Operator, seal: Seal, platforms: Platforms
) -> str:
    """A digest over all that decides the package: WARC files, chain, producers, what is wanted,
    operator's words, this code."""
    connection = selection.connection
    code = [
        path for path in sorted(Path(__file__).parent.rglob("*.*")) if path.suffix in (".py", ".md")
    ]
    parts = {
        "warcs": [
            tuple(row)
            for row in connection.execute("SELECT name, size, records FROM warcs ORDER BY name")
        ],
        "seal": seal.state,
        "unindexed": records.unindexed(selection, folder / "warc"),
        "articles": selection.count("articles"),
        "producers": [
            tuple(row) for row in connection.execute("SELECT id FROM producers ORDER BY id")
        ],
        "schema": connection.execute("PRAGMA user_version").fetchone()[0],
        "wanted": wanted_words(selection.wanted),
        "operator": asdict(operator),
        "platforms": [
            hashlib.sha256(description.data).hexdigest() for description in platforms.descriptions
        ],
        "program": [
            current(platforms).zhengwen,
            *(hashlib.sha256(path.read_bytes()).hexdigest() for path in code),
        ],
    }
    return hashlib.sha256(
        json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()


def wanted_words(wanted: Wanted) -> dict[str, Any]:
    """What was asked for; a query means other articles where OpenCC brings its other spellings."""
    also = {"spellings": spellings.installed()} if wanted.query else {}
    return {**wanted.given, "tier": wanted.tier, **also}


class Export:
    """One package being made."""

    def __init__(
        self,
        selection: Selection,
        draft: Draft,
        warc_dir: Path,
        operator: Operator,
        seal: Seal,
        platforms: Platforms,
        progress: Progress,
    ) -> None:
        self.selection, self.draft, self.warc_dir, self.operator = (
            selection,
            draft,
            warc_dir,
            operator,
        )
        self.seal, self.progress = seal, progress
        self.platforms, self.producer = platforms, current(platforms)
        self.wanted = selection.wanted
        self.full = self.wanted.tier == "full"

    def run(self) -> None:
        """All steps."""
        for path, data in self.seal.files.items():
            self.draft.step(path, partial(self._put, path, data))
        warcs = self._records() if self.full else None
        self._database(warcs)
        with self._reading() as connection:
            for table in tables.tables(connection):
                self.progress(f"table {table.name}", 0, table.rows)
                make = partial(
                    tables.write, connection, table, self.operator.archive_id, self.draft.target
                )
                self.draft.step(f"table {table.name}", make)
            if self.full:
                self._wacz(connection)
            package = self._package(connection)
        self._descriptions(package)
        self._bag(package)

    def _withheld(self) -> Withheld | None:
        if self.wanted.tier != "metadata":
            return None
        self.progress("looking for words of texts", 0, 1)
        return Withheld(self.selection, subset.tables(self.selection.connection))

    def _records(self) -> list[dict[str, Any]]:
        """The WARC files; returns their rows of `warcs`."""
        found = []
        sources = records.sources(self.selection, self.warc_dir)
        done, of = 0, sum(one.size for one in sources)
        for one in sources:
            self.progress("WARC", done, of)
            step = f"warc {one.name}"
            self.draft.step(step, partial(self._copy, one))
            for made in self.draft.finished[step]:
                self._check(made)
                found.append(self._known(made.path))
            done += one.size
        return found

    def _check(self, made: Made) -> None:
        """A damaged file must not be sealed in a bag as if it were sound."""
        if not self.seal.holds(made):
            self.draft.discard()
            name = made.path.rpartition("/")[2]
            raise ArchiveError(
                f"{name} is not what it was when it was closed; run `zhengwen verify` and restore "
                "it from a copy."
            )

    def _put(self, path: str, data: bytes) -> list[str]:
        self.draft.target(path).write_bytes(data)
        return [path]

    def _copy(self, source: records.Source) -> list[str]:
        """A file of which something was left out gets another name."""
        path, part = f"{layout.WARC}/{source.name}", f"{layout.WARC}/{source.part}"
        if not records.copy(self.selection, self.warc_dir / source.name, self.draft.target(part)):
            return []
        if self.draft.target(part).stat().st_size < source.size:
            return [part]
        self.draft.target(part).rename(self.draft.target(path))
        return [path]

    def _known(self, path: str) -> dict[str, Any]:
        """The row of `warcs` for a file of the package."""
        name, target = path.rpartition("/")[2], self.draft.target(path)
        if self.wanted.everything:
            return dict(
                self.selection.connection.execute(
                    "SELECT * FROM warcs WHERE name = ?", (name,)
                ).fetchone()
            )
        return {
            "name": name,
            "size": target.stat().st_size,
            "records": records.remember(self.selection, target),
        }

    def _database(self, warcs: list[dict[str, Any]] | None) -> None:
        number = self.selection.count("chosen_articles")
        done = 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            self.progress("database", done, number)

        def make() -> list[str]:
            subset.build(
                self.selection,
                self.draft.work / "archive.db",
                self.draft.target(layout.DATABASE),
                warcs=warcs,
                about=self._about(),
                withheld=self._withheld(),
                progress=progress,
            )
            return [layout.DATABASE]

        self.draft.step("database", make)

    def _about(self) -> dict[str, str]:
        words = (
            ", ".join(f"{name} {value}" for name, value in self.wanted.given.items())
            or "the whole archive"
        )
        found = {
            "package": f"Part of a hand-over: {words}. Tier {self.wanted.tier}: {MEANS[self.wanted.tier]}"
        }
        if not self.full:
            found["evidence"] = (
                "captures.warc, .offset and .length name the record that proves a row; the "
                "operator keeps it."
            )
        return found

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        path = self.draft.target(layout.DATABASE)
        connection = sqlite3.connect(reading_uri(path), uri=True)
        try:
            yield connection
        finally:
            connection.close()

    def _wacz(self, connection: sqlite3.Connection) -> None:
        warcs = [self.draft.target(one.path) for one in self.draft.made(f"{layout.WARC}/")]
        of, done = sum(path.stat().st_size for path in warcs), 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            self.progress("WACZ", min(done, of), of)

        def make() -> list[str]:
            package = self._package(connection)
            about = {
                "title": package.title,
                "created": package.figures.newest,
                "software": f"zhengwen {self.producer.zhengwen}",
            }
            wacz.write(
                self.draft.target(layout.WACZ),
                connection=connection,
                warcs=warcs,
                work=self.draft.work,
                about=about,
                run=self.wanted.run,
                progress=progress,
            )
            return [layout.WACZ]

        self.draft.step("wacz", make)

    def _package(self, connection: sqlite3.Connection) -> Package:
        return Package(
            wanted=self.wanted,
            operator=self.operator,
            figures=figures(connection, self.operator.archive_id),
            platforms=self.platforms,
            producer=self.producer,
            tables=tables.tables(connection),
            made=self.draft.made(f"{layout.DATA}/"),
            unindexed=records.unindexed(self.selection, self.warc_dir),
            state=self.draft.state,
        )

    def _descriptions(self, package: Package) -> None:
        texts: dict[str, Callable[[Package], str]] = {
            layout.README: readme.readme,
            layout.README_CHINESE: readme.readme_chinese,
            layout.DATASHEET: readme.datasheet,
            layout.CITATION: citation.citation,
            layout.DATACITE: citation.datacite,
            layout.DATAPACKAGE: datapackage.datapackage,
        }
        for path, text in texts.items():
            self.draft.step(path, partial(self._describe, path, text, package))
        self.draft.step(
            layout.CRATE,
            lambda: self.draft.write(layout.CRATE, crate.crate(package, self.draft.made())),
        )

    def _describe(self, path: str, text: Callable[[Package], str], package: Package) -> list[str]:
        return self.draft.write(path, text(package))

    def _bag(self, package: Package) -> None:
        made = self.draft.made()
        parts = {
            layout.MANIFEST: bag.manifest(made, payload=True),
            layout.BAG_INFO: bag.information(package, made),
            layout.BAG: bag.DECLARATION,
        }
        for path, text in parts.items():
            self.draft.step(path, partial(self.draft.write, path, text))
        tags = bag.manifest(self.draft.made(), payload=False)
        self.draft.step(layout.TAG_MANIFEST, partial(self.draft.write, layout.TAG_MANIFEST, tags))
