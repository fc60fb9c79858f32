"""`zhengwen index` and `zhengwen rebuild`: the database, from the WARC files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.engine import Engine, with_engine
from archive.cli.options import as_json
from archive.cli.output import complain, remark, say, say_json, sum_up
from archive.cli.progress import byte_bar, bytes_of_warc, bytes_to_index
from archive.counting import counted
from archive.folder import is_collection, require_archive
from archive.index.comparison import Change, summary
from archive.lock import Lock
from archive.monitoring.attachments import attachments_state
from archive.monitoring.counts import counts_of
from archive.monitoring.files import FaultyFile, faulty_files, indexed_files
from archive.warc.directory import OPEN

EXAMPLES = 3  # of each field that a rebuild would change
LONGEST = 200  # characters of a value


@click.command()
@click.option(
    "--new-chain",
    is_flag=True,
    help="Begin a new hash chain, where lines of the old one are lost and there is no copy of it.",
)
@click.pass_obj
def index(folder: Path, new_chain: bool) -> None:
    """Bring archive.db up to date with the WARC files.

    Exit code 3 if something of them could not be read.
    """
    if is_collection(folder) and not new_chain:
        from archive.cli.collection_state import index_all

        index_all(folder)
        return
    with Archive(folder) as archive:
        require_archive(folder)
        with Lock(folder), byte_bar("indexing", bytes_to_index(archive)) as progress:
            if new_chain:
                archive.begin_chain_anew()
            known = indexed_files(archive)
            done = archive.index(workers=None, progress=progress)
            unfinished = sorted(archive.warc_dir.glob(f"*{OPEN}"))
        sum_up(
            f"{counted(done.files, 'WARC file')} with {counted(done.captures, 'capture')} "
            f"{'was' if done.files == 1 else 'were'} new; {_holdings(archive)}"
        )
        _say_attachments(archive)
        for path in filter(Path.is_file, unfinished):
            remark(
                f"{path.name} was left by a run that was broken off; `zhengwen crawl` makes it "
                "complete and indexes it."
            )
        _say_counts(archive, indexed_files(archive) - known)
        _report_unread(archive, faulty_files(archive, known))


@click.command()
@click.option(
    "--compare",
    is_flag=True,
    help="Only say what would change, field by field; archive.db stays as it is.",
)
@with_engine
@as_json
@click.pass_obj
def rebuild(folder: Path, compare: bool, json_: bool, engine: Engine) -> None:
    """Make archive.db again from the WARC files alone.

    Exit code 3 if something of them could not be read.
    """
    engine.check(compare=compare)
    if is_collection(folder) and not compare:
        from archive.cli.collection_state import index_all

        index_all(folder, anew=True, engine=engine)
        return
    with Archive(_with_all_files(folder)) as archive:
        require_archive(archive.path)
        with (
            Lock(archive.path, may_be_sealed=True),
            byte_bar("indexing", bytes_of_warc(archive)) as progress,
        ):
            if compare:
                changes = archive.compare(workers=None, progress=progress)
            else:
                engine.rebuild(archive, progress)
        if not compare:
            sum_up(f"archive.db was made again; {_holdings(archive)}")
            _say_attachments(archive)
            _report_unread(archive, faulty_files(archive))
            return
    if json_:
        for change in changes:
            say_json(asdict(change))
    else:
        _print_summary(changes)
    if not changes:
        sum_up("A rebuild would change nothing.")


def _with_all_files(folder: Path) -> Path:
    """The archive in a folder, or that of a collection with the WARC files of all shards, whose
    database stays as it is."""
    if not is_collection(folder):
        return folder
    from archive.collection.indexing import all_files

    return all_files(folder)


def _holdings(archive: Archive) -> str:
    """What the archive has, and what can be typed next."""
    articles = archive.connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    todo = "Look into them with `zhengwen search WORD`" if articles else "Run `zhengwen crawl`"
    return f"the archive has {counted(articles, 'article')}. {todo}."


def _say_counts(archive: Archive, files: Collection[str]) -> None:
    """What new files brought. Where other programs made them it is said where nobody watches, too:
    that nothing could be read would otherwise look as if there was nothing."""
    counts = counts_of(archive, files)
    if counts.foreign or counts.unused:
        remark(f"New: {counts}")
    elif files:
        sum_up(f"New: {counts}")


def _say_attachments(archive: Archive) -> None:
    """How the attachments were read; that some were not is said where nobody watches, too."""
    state = attachments_state(archive)
    if read := str(state):
        sum_up(f"The archive has {read}.")
    if unread := state.unread_sentence():
        remark(unread)


def _report_unread(archive: Archive, files: Sequence[FaultyFile]) -> None:
    """Name the files of which something could not be read and the platforms that are not known, and
    end with exit code 3 if there are some."""
    for file in files:
        complain(file)
    unknown = archive.unknown_platforms()
    for name, captures in unknown.items():
        verb = "was" if captures == 1 else "were"
        complain(
            f"{counted(captures, 'capture')} of the platform {name} {verb} not read, because it is "
            f"not known here; put its description into {archive.path / 'platforms'}, then run "
            "`zhengwen rebuild`."
        )
    if files or unknown:
        raise SystemExit(3)


def _print_summary(changes: Iterable[Change]) -> None:
    changes = list(changes)
    for field, number in summary(changes).items():
        say(f"{field}: {number}")
        for change in [change for change in changes if change.field == field][:EXAMPLES]:
            before, after = str(change.before)[:LONGEST], str(change.after)[:LONGEST]
            for line in (f"  {change.id}", f"    - {before!r}", f"    + {after!r}"):
                say(line)
