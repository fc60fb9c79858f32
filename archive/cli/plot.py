"""`zhengwen plot`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import click

from archive.archive import Archive
from archive.charts.counting import KINDS, accounts_meant
from archive.charts.table import Table, Wanted
from archive.cli.asked_files import by_ending, write_asked
from archive.cli.of_collection import with_all_rows
from archive.cli.options import of_platform
from archive.cli.output import sum_up
from archive.cli.types import Day
from archive.counting import counted
from archive.errors import UsageError
from archive.escaping import for_spreadsheet

FORMS = {".svg": "svg", ".png": "png"}


@click.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@of_platform
@click.option(
    "--since",
    type=Day(),
    help="Only what was published, seen or crawled on this day or later (YYYY-MM-DD).",
)
@click.option("--until", type=Day(), help="Only what was on this day or earlier.")
@click.option(
    "-o",
    "--output",
    "file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The picture to write, .svg or .png; its table is written next to it as .csv.",
)
@click.pass_obj
def plot(
    folder: Path,
    kind: str,
    platform: str | None,
    account: str | None,
    since: str | None,
    until: str | None,
    file: Path,
) -> None:
    """Draw a chart, and write the table that it draws next to it.

    months: articles by month of publication, and what became of them. accounts: the same by
    account. events: changes and disappearances by the month in which they were seen. coverage: what
    each crawl had of each account. calendar: articles by day of publication, with days of silence
    and days that no crawl looked at. The same state of an archive gives the same bytes.
    """
    form = by_ending(file, FORMS)
    with Archive(with_all_rows(folder)) as archive:
        accounts = _accounts(archive, account)
        wanted = Wanted(platform=platform, accounts=accounts, since=since, until=until)
        table = KINDS[kind](archive.connection, wanted, archive.names())
    from archive.charts.drawing import drawn

    picture = drawn(kind, table, form)
    rows = file.with_suffix(".csv")
    write_asked(rows, _csv(table))
    write_asked(file, picture)
    sum_up(f"{file} draws the {counted(len(table.rows), 'row')} of {rows}.")


def _accounts(archive: Archive, account: str | None) -> str | None:
    """The accounts that an id or a name means, as JSON. Raises UsageError where there is none."""
    if account is None:
        return None
    called = accounts_meant(archive.connection, account)
    if not called:
        reason = archive.why_none("", account=account)
        raise UsageError(f"There is nothing to draw: {reason}.")
    return json.dumps(called)


def _csv(table: Table) -> bytes:
    """The table for any spreadsheet program, which takes none of it for a formula."""
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(table.columns)
    sheet.writerows([for_spreadsheet(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig", "replace")
