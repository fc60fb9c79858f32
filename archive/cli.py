"""The commands that need no crawler. Success is quiet; `--json` gives one JSON value a line for machines."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.archive import Archive, archive_dir
from archive.errors import ArchiveError
from archive.index import Progress
from archive.lock import Lock
from archive.status import status as status_of

Command = TypeVar("Command", bound=Callable[..., Any])


class Group(click.Group):
    """Turns the project's own errors into one sentence on standard error and the documented exit code."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(context)
        except ArchiveError as error:
            click.echo(f"zhengwen: {error}", err=True)
            context.exit(error.exit_code)
        except (sqlite3.OperationalError, OSError) as error:
            click.echo(
                f"zhengwen: The archive cannot be written or read ({error}); see to disk and rights, then run it again.", err=True
            )
            context.exit(1)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhengwen")
@click.option(
    "--archive", "folder", type=click.Path(path_type=Path), help="Folder of the archive [default: $ZHENGWEN_ARCHIVE or .]."
)
@click.pass_context
def cli(context: click.Context, folder: Path | None) -> None:
    """Zhengwen archives what Chinese government accounts publish on news platforms."""
    context.obj = archive_dir(folder)


class Day(click.ParamType[str]):
    """A day as YYYY-MM-DD."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> str:
        """Refuse what is no day of the calendar."""
        try:
            return value and date.fromisoformat(value).isoformat()
        except ValueError:
            self.fail(f"{value!r} is no day; write it as YYYY-MM-DD, such as 2020-02-02.", param, context)


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
        archive.index(progress=bar(archive))


@cli.command()
@click.pass_obj
def rebuild(folder: Path) -> None:
    """Make archive.db again from the WARC files alone."""
    with Archive(folder) as archive, Lock(folder):
        archive.rebuild(progress=bar(archive))


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
@click.argument("query")
@click.option("--platform", help="Only articles of this platform.")
@click.option("--account", help="Only articles of this account (name or id).")
@click.option("--since", type=Day(), help="Only articles published on this day or later (YYYY-MM-DD).")
@click.option("--until", type=Day(), help="Only articles published on this day or earlier.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="At most so many hits.")
@as_json
@click.pass_obj
def search(folder: Path, /, query: str, json_: bool, **filters: Any) -> None:
    """Search the text of all articles, newest first.

    Words side by side must all be there; OR, NOT, parentheses and "an exact phrase" work.
    """
    with Archive(folder) as archive:
        for hit in archive.search(query, **filters):
            click.echo(
                dumped(asdict(hit))
                if json_
                else f"{hit.id}  {day(hit.published_at)}  {hit.account or '-'}\n  {hit.title}\n  {hit.snippet}"
            )


@cli.command()
@click.argument("article_id", metavar="ID")
@click.option("--versions", is_flag=True, help="Every version, oldest first.")
@as_json
@click.pass_obj
def show(folder: Path, article_id: str, versions: bool, json_: bool) -> None:
    """Show an article, or all its versions."""
    with Archive(folder) as archive:
        rows = archive.versions(article_id) if versions else [archive.article(article_id)]
    for row in rows:
        click.echo(dumped(row) if json_ else written(row))


@cli.command()
@as_json
@click.pass_obj
def status(folder: Path, json_: bool) -> None:
    """Say what is followed, what the last crawl saw of each account, and what is wrong. Exit code 3 if something is."""
    with Archive(folder) as archive:
        state = status_of(archive)
    if json_:
        click.echo(dumped(state))
    else:
        last = state["last_run"]
        click.echo(
            f"{state['articles']} articles, {state['captures']} captures; last run {last['started_at'] if last else 'never'}"
        )
        for row in state["accounts"]:
            said = f"{row['outcome'] or 'not crawled yet'}{': ' + row['reason'] if row['reason'] else ''}"
            whose = f"{row['platform']} {row['account_id']} {row['name'] or row['url']}"
            click.echo(f"{whose}: {row['articles']} articles; last crawl: {said}")
    if state["wrong"]:
        raise SystemExit(3)


def written(row: dict[str, Any]) -> str:
    """An article for a person to read."""
    heads = ("account", "published_at", "source", "reprinted_from", "author", "editor", "original_title", "status", "url")
    lines = [f"{name}: {row[name]}" for name in heads if row.get(name)]
    return "\n".join([row["title"], *lines, "", row["text"], ""])


def day(published_at: str | None) -> str:
    """The day of a time, or dashes of the same width."""
    return (published_at or "----------")[:10]


def dumped(value: Any) -> str:
    """JSON on one line, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False)


def main() -> None:
    """The program `python -m archive`."""
    cli(prog_name="python -m archive")
