"""The commands that need no crawler. Success is quiet; `--json` gives one JSON value a line for
machines."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.archive import Archive, archive_dir
from archive.cli.export import export
from archive.cli.extract import article_of
from archive.cli.output import (
    absent,
    changed,
    count_lines,
    dumped,
    hit_lines,
    status_lines,
    written,
)
from archive.cli.types import Day as Day  # crawler.cli takes it from here
from archive.cli.verify import sign, verify
from archive.errors import ArchiveError, UsageError
from archive.index.comparison import summary
from archive.index.indexer import Progress
from archive.lock import Lock
from archive.monitoring.status import status as status_of
from archive.platforms import of_archive
from archive.platforms.kit.scaffold import begin
from archive.search.search import COUNTED
from archive.warc import chain
from archive.warc.directory import CONVERT, unread

Command = TypeVar("Command", bound=Callable[..., Any])


class Group(click.Group):
    """Turns the project's own errors into one sentence on standard error and the documented exit
    code."""

    fetch: Callable[[str], tuple[bytes, str, Mapping[str, str]]] | None = (
        None  # the crawler's program has one
    )

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(context)
        except ArchiveError as error:
            click.echo(f"zhengwen: {error}", err=True)
            context.exit(error.exit_code)
        except BrokenPipeError:
            raise  # whoever read our output has seen enough; click ends quietly
        except (sqlite3.OperationalError, OSError) as error:
            said = f"The archive or the folder for temporary files, {tempfile.gettempdir()}, cannot be written or read ({error})"
            click.echo(f"zhengwen: {said}; see to disk and rights, then run it again.", err=True)
            context.exit(1)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhengwen")
@click.option(
    "--archive",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the archive [default: $ZHENGWEN_ARCHIVE or .].",
)
@click.pass_context
def cli(context: click.Context, folder: Path | None) -> None:
    """Zhengwen archives what Chinese government accounts publish on news platforms."""
    context.obj = archive_dir(folder)


def as_json(command: Command) -> Command:
    """The option that every reading command has."""
    return click.option("--json", "json_", is_flag=True, help="One JSON value a line.")(command)


@cli.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.pass_obj
def follow(folder: Path, urls: tuple[str, ...]) -> None:
    """Follow the accounts of these account pages (adds them to accounts.csv)."""
    with Archive(folder) as archive, Lock(folder):
        for account in archive.follow(list(urls)):
            click.echo(f"following {account.platform} {account.account_id}")


@cli.command()
@click.pass_obj
def index(folder: Path) -> None:
    """Bring archive.db up to date with the WARC files."""
    with Archive(folder) as archive, Lock(folder):
        chain.extend(folder)
        archive.index(workers=None, progress=bar(archive))
    for path in unread(folder / "warc"):
        click.echo(
            f"zhengwen: {path.name} was left out: only .warc.gz files are read; {CONVERT}.",
            err=True,
        )


@cli.command()
@click.option(
    "--compare",
    is_flag=True,
    help="Only say what would change, field by field; archive.db stays as it is.",
)
@as_json
@click.pass_obj
def rebuild(folder: Path, compare: bool, json_: bool) -> None:
    """Make archive.db again from the WARC files alone."""
    with Archive(folder) as archive, Lock(folder):
        if not compare:
            archive.rebuild(workers=None, progress=bar(archive))
            return
        found = archive.compare(workers=None, progress=bar(archive))
    if json_:
        for change in found:
            click.echo(dumped(asdict(change)))
        return
    for field, number in summary(found).items():
        click.echo(f"{field}: {number}")
        for change in [one for one in found if one.field == field][:3]:
            click.echo(
                f"  {change.id}\n    - {str(change.before)[:200]!r}\n    + "
                f"{str(change.after)[:200]!r}"
            )


@cli.command("new-platform")
@click.argument("name")
@click.argument("url")
def new_platform(name: str, url: str) -> None:
    """Begin a platform in a checkout: its file, its fixture folder and a failing test."""
    for path in begin(name, url, Path.cwd()):
        click.echo(str(path.relative_to(Path.cwd())))


def bar(archive: Archive) -> Progress:
    """Says on a terminal how much of the WARC is read; nothing in cron."""
    done = 0

    def progress(size: int) -> None:
        nonlocal done
        done += size
        if sys.stderr.isatty():
            click.echo(f"\rindexed {done / 1e6:.1f} MB of WARC", nl=False, err=True)

    return progress


@cli.command()
@click.argument("words", nargs=-1, required=True, metavar="QUERY...")
@click.option("--platform", help="Only articles of this platform.")
@click.option("--account", help="Only articles of this account (name or id).")
@click.option(
    "--status",
    type=click.Choice(["live", "changed", "withdrawn", "unreachable"]),
    help="Only articles in this state.",
)
@click.option(
    "--since", type=Day(), help="Only articles published on this day or later (YYYY-MM-DD)."
)
@click.option("--until", type=Day(), help="Only articles published on this day or earlier.")
@click.option(
    "--only-as-typed",
    is_flag=True,
    help="Not the Traditional or Simplified spelling too (that needs OpenCC).",
)
@click.option(
    "--order",
    default="date",
    show_default=True,
    type=click.Choice(["date", "relevance"]),
    help="Newest first, or best.",
)
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1), help="At most so many hits."
)
@click.option(
    "--offset",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Pass over so many hits first.",
)
@click.option(
    "--count-by",
    type=click.Choice(list(COUNTED)),
    help="Say how many articles there are, not which.",
)
@as_json
@click.pass_obj
def search(
    folder: Path,
    /,
    words: tuple[str, ...],
    only_as_typed: bool,
    count_by: str | None,
    json_: bool,
    **given: Any,
) -> None:
    """Search title and text of all articles.

    Words side by side must all be there; AND, OR, NOT, parentheses and "an exact phrase" work;
    title:WORD and account:WORD look there only; gov* finds what begins so. Anything else is text.
    """
    query = " ".join(words)
    order, limit, offset = given.pop("order"), given.pop("limit"), given.pop("offset")
    with Archive(folder) as archive:
        if count_by:
            counts = archive.count(query, count_by, widen=not only_as_typed, **given)
            for line in count_lines(counts, count_by, json_):
                click.echo(line)
            return
        hits = archive.search(
            query, widen=not only_as_typed, order=order, limit=limit, offset=offset, **given
        )
    for hit in hits:
        click.echo(dumped(asdict(hit)) if json_ else hit_lines(hit))


@cli.command()
@click.argument("article_id", metavar="ID")
@click.option("--versions", is_flag=True, help="Every version, oldest first.")
@click.option(
    "--diff",
    is_flag=True,
    help="Every change, character by character, with the time between which it was made.",
)
@as_json
@click.pass_obj
def show(folder: Path, article_id: str, versions: bool, diff: bool, json_: bool) -> None:
    """Show an article, all its versions, or what changed between them and when it was missing."""
    with Archive(folder) as archive:
        if diff:
            for edit in archive.edits(article_id):
                click.echo(dumped(asdict(edit)) if json_ else changed(edit))
            for absence in archive.withdrawals(article_id):
                click.echo(dumped(absence) if json_ else absent(absence))
            return
        rows = archive.versions(article_id) if versions else [archive.article(article_id)]
    for row in rows:
        click.echo(dumped(row) if json_ else written(row))


@cli.command()
@as_json
@click.pass_obj
def status(folder: Path, json_: bool) -> None:
    """Say what is followed, what the last crawl saw of each account, and what is wrong. Exit code
    3 if something is."""
    with Archive(folder) as archive:
        state = status_of(archive)
    for line in [dumped(state)] if json_ else status_lines(state):
        click.echo(line)
    if state["wrong"] or state["drift"]:
        raise SystemExit(3)


@cli.command("extract")
@click.argument("page", metavar="FILE|URL|-")
@click.option(
    "--url", help="The address that the page was saved from [default: what the page says]."
)
@click.pass_context
def extract_page(context: click.Context, page: str, url: str | None) -> None:
    """Print the article of one page as JSON; no archive is needed. Exit code 1 if the page holds
    none."""
    if page.startswith(("http://", "https://")):
        if cli.fetch is None:
            raise UsageError(
                "To fetch a page use the program zhengwen; python -m archive reads files only."
            )
        body, url, headers = cli.fetch(page)
    else:
        headers = {}
        try:
            body = sys.stdin.buffer.read() if page == "-" else Path(page).read_bytes()
        except OSError as error:
            raise UsageError(
                f"{page} cannot be read ({error.strerror}); give a file, a URL, or - for standard "
                "input."
            ) from error
    there, value = article_of(body, url, headers, platforms=of_archive(context.obj))
    click.echo(dumped(value))
    if not there:
        context.exit(1)


for command in (verify, sign, export):
    cli.add_command(command)


def main() -> None:
    """The program `python -m archive`."""
    cli(prog_name="python -m archive")
