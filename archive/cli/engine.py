"""Who rebuilds: this machine's processes, or workers of Dask; the options that say so."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.disk import Progress
from archive.errors import UsageError

if TYPE_CHECKING:  # most rebuilds need neither
    from archive.archive import Archive
    from archive.engine.crew import Crew

LOCAL, DASK = "local", "dask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What the options say. `scheduler` is an address; `workers` and `memory_limit` are of those
    that are started here."""

    name: str = LOCAL
    scheduler: str | None = None
    workers: int | None = None
    memory_limit: str | None = None

    def check(self, *, compare: bool) -> None:
        """Raise UsageError for options that do not go together."""
        given = {
            "--scheduler": self.scheduler,
            "--workers": self.workers,
            "--memory-limit": self.memory_limit,
        }
        names = [name for name, value in given.items() if value is not None]
        if self.name == LOCAL and names:
            raise UsageError(f"{names[0]} is for workers of Dask; write --engine dask with it.")
        if self.scheduler and len(names) > 1:
            raise UsageError(
                f"{names[1]} is for workers that are started here; leave it out, or --scheduler."
            )
        if self.name != LOCAL and compare:
            raise UsageError("--compare works on this machine; leave --engine out.")

    def rebuild(self, archive: Archive, progress: Progress) -> None:
        """Make the database of an archive again; the caller has its lock."""
        if self.name == LOCAL:
            archive.rebuild(workers=None, progress=progress)
            return
        with self._crew() as crew:
            from archive.engine.rebuilding import rebuild_archive

            rebuild_archive(archive, crew, progress=progress)

    def rebuild_collection(self, folder: Path, progress: Progress) -> None:
        """Make the databases of a collection again."""
        if self.name == LOCAL:
            from archive.collection.indexing import index

            index(folder, anew=True, progress=progress)
            return
        with self._crew() as crew:
            from archive.engine.rebuilding import rebuild_collection

            rebuild_collection(folder, crew, progress=progress)

    def _crew(self) -> AbstractContextManager[Crew]:
        from archive.engine.connecting import workers_here, workers_of

        if self.scheduler:
            return workers_of(self.scheduler)
        return workers_here(self.workers or os.cpu_count() or 1, self.memory_limit)


HERE = Engine()


def with_engine(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--engine` and what belongs to it; passed as `engine`."""

    @click.option(
        "--engine",
        "engine_name",
        type=click.Choice([LOCAL, DASK]),
        default=LOCAL,
        show_default=True,
        help="Who reads: processes of this machine, or workers of Dask (zhengwen[dask]).",
    )
    @click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="The Dask scheduler, such as tcp://HOST:8786, whose workers see the same folders "
        "[default: workers are started here].",
    )
    @click.option(
        "--workers",
        type=click.IntRange(min=1),
        help="How many workers of Dask are started here [default: one a core].",
    )
    @click.option(
        "--memory-limit",
        metavar="SIZE",
        help="Memory of each worker that is started here, such as 2GB; one that takes more is "
        "started again [default: its share].",
    )
    @wraps(command)
    def with_options(
        *given: Any,
        engine_name: str,
        scheduler: str | None,
        workers: int | None,
        memory_limit: str | None,
        **named: Any,
    ) -> Any:
        engine = Engine(
            name=engine_name, scheduler=scheduler, workers=workers, memory_limit=memory_limit
        )
        return command(*given, engine=engine, **named)

    return with_options
