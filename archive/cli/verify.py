"""`zhengwen verify`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from archive.cli.options import as_json, quickly
from archive.cli.output import clear_line, complain, remark, say, say_json, sum_up
from archive.cli.progress import byte_bar
from archive.cli.stopping import orderly
from archive.counting import counted
from archive.database.chain_state import known_state
from archive.database.opening import how_it_is_read
from archive.disk import in_words
from archive.errors import UsageError
from archive.folder import is_collection, package_of, require_archive
from archive.platforms import of_archive
from archive.verification.archive import check_archive
from archive.verification.finding import Finding
from archive.verification.package import check_package
from archive.warc.chain import CHAIN
from archive.warc.stored import all_files, size_of


@click.command()
@click.option(
    "--package",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Check this package instead.",
)
@quickly
@as_json
@click.pass_obj
def verify(folder: Path, package: Path | None, quick: bool, json_: bool) -> None:
    """Check every byte of an archive: WARC files, hash chain, database, full-text index. Exit code
    3 if something is wrong.

    Each finding names file, offset, record and what to do.
    """
    if not package and is_collection(folder):
        from archive.cli.collection_state import verify_all

        verify_all(folder, quick=quick, json_=json_)
        return
    if not package:
        _require_archive(folder)
    is_sound, absent = True, Counter[str]()
    with orderly(), byte_bar("checking", _size(package or folder)) as progress:
        for finding in _findings(folder, package, quick, progress, absent):
            is_sound = False
            clear_line()
            say_json(asdict(finding)) if json_ else say(str(finding))
    for kind, count in sorted(absent.items()):
        times = counted(count, "time")
        remark(f"Nothing is wrong in this: {kind} ({times}, in files of other programs).")
    if quick and not package:
        complain("the database was not compared with one made anew (--quick).")
    if not package and (how := how_it_is_read(folder / "archive.db")):
        complain(f"archive.db is read {how}, as SQLite cannot keep its own files next to it.")
    if not package and (folder / CHAIN).exists() and not known_state(folder / "archive.db"):
        complain(
            f"archive.db does not say how long {CHAIN} was, so lines that were taken from its end "
            "are not missed; `zhengwen index` notes it."
        )
    if not is_sound:
        raise SystemExit(3)
    size = in_words(_size(package or folder))
    sum_up(f"Nothing is wrong with {package or folder}: every byte was checked ({size} of WARC).")


def _require_archive(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; give another with --archive.")
    if (folder / "bagit.txt").is_file():
        raise UsageError(f"{folder} is a package; run `zhengwen verify --package {folder}`.")
    if package := package_of(folder):
        raise UsageError(
            f"{folder} belongs to a package; run `zhengwen verify --package {package}`."
        )
    require_archive(folder)


def _findings(
    folder: Path,
    package: Path | None,
    quick: bool,
    progress: Callable[[int], None],
    absent: Counter[str],
) -> Iterator[Finding]:
    if package:
        return check_package(package, progress=progress)
    return check_archive(
        folder, of_archive(folder), quick=quick, workers=None, progress=progress, absent=absent
    )


def _size(folder: Path) -> int:
    """Bytes of WARC in an archive or in a package."""
    return sum(
        size_of(file)
        for warc_dir in (folder / "warc", folder / "data" / "warc")
        for file in all_files(warc_dir)
    )
