"""`zhengwen import`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.of_collection import open_to_write
from archive.cli.options import as_json, by_operator, default_operator
from archive.cli.output import complain, remark, say, say_json
from archive.cli.progress import byte_bar, bytes_to_index
from archive.counting import counted
from archive.errors import ArchiveError
from archive.intake.given import Given, given, passed_over
from archive.intake.importing import Imported, import_source
from archive.intake.making import Wish
from archive.intake.summary import Summary, summary
from archive.lock import Lock
from archive.monitoring.files import FaultyFile, faulty_files, indexed_files

EXAMPLES = 5  # of the files of a folder that are not imported


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="FILE|FOLDER|- …")
@click.option(
    "--any-page",
    is_flag=True,
    help="Read also pages of no known platform, by the general rules (platform `page`).",
)
@by_operator
@as_json
@click.pass_obj
def import_(
    folder: Path, sources: tuple[str, ...], any_page: bool, operator: str | None, json_: bool
) -> None:
    """Take in web archives of other programs: WARC, ARC and WACZ, record by record.

    Takes .warc, .warc.gz, .warc.zst, .arc, .arc.gz and .wacz; of a FOLDER all that are in it; "-"
    is standard input. Records are copied byte for byte into files under `warc` that have the
    SHA-256 of the source in their names, and a line of the hash chain says what was taken and what
    was not. The source stays as it is. What was imported before is not imported again.

    Exit code 3 if something of them could not be read, 1 if nothing could.
    """
    wanted = given(sources, folder)
    wish = Wish(operator=operator or default_operator(folder), any_page=any_page)
    folder.mkdir(parents=True, exist_ok=True)
    with open_to_write(folder) as target:
        imported, refused, faulty = _import_into(target.path, wanted, wish, json_=json_)
        if imported:
            target.take_in()
    _say_passed_over(passed_over(sources, folder))
    for sentence in (*refused, *faulty):
        complain(sentence)
    if refused and not imported:
        raise SystemExit(1)
    if refused or faulty or any(each.tally.is_damaged for each in imported):
        raise SystemExit(3)


def _import_into(
    folder: Path, wanted: Sequence[Given], wish: Wish, *, json_: bool
) -> tuple[list[Imported], list[ArchiveError], list[FaultyFile]]:
    """Import into an archive, index, and print what came: what was imported, what was refused, and
    which files are damaged."""
    with Archive(folder) as archive, Lock(folder):
        imported, refused = _import_all(folder, wanted, wish)
        if not imported:
            return imported, refused, []
        known = indexed_files(archive)
        with byte_bar("indexing", bytes_to_index(archive)) as progress:
            archive.index(workers=None, progress=progress)
        for each in imported:
            _tell(summary(archive.connection, each), json_=json_)
        return imported, refused, faulty_files(archive, known)


def _import_all(
    folder: Path, wanted: Sequence[Given], wish: Wish
) -> tuple[list[Imported], list[ArchiveError]]:
    """Import what can be: one that is refused keeps no other from being imported."""
    imported, refused = [], []
    with byte_bar("importing", sum(source.size for source in wanted)) as progress:
        for source in wanted:
            try:
                imported.append(import_source(folder, source, wish, progress))
            except ArchiveError as error:
                if type(error) is not ArchiveError:
                    raise
                refused.append(error)
    return imported, refused


def _say_passed_over(files: Sequence[str]) -> None:
    if files:
        named = ", ".join(files[:EXAMPLES]) + (", …" if len(files) > EXAMPLES else "")
        number = counted(len(files), "file is", "files are")
        remark(f"{number} not imported, as no name of a web archive says what it is: {named}")


def _tell(counts: Summary, *, json_: bool) -> None:
    if json_:
        say_json(counts.as_json())
        return
    for line in counts.lines():
        say(line)
