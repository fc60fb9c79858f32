"""`zhengwen schedule`."""

from __future__ import annotations

from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.output import complain, say_lines
from archive.folder import is_collection
from crawler.schedule import schedule as parts_of_schedule
from crawler.wire.identity import ASK, contact_of


@click.command()
@click.option(
    "--every", default=24, show_default=True, metavar="HOURS", help="Hours between two crawls."
)
@click.option(
    "--contact",
    envvar="ZHENGWEN_CONTACT",
    help="Where you can be reached [default: $ZHENGWEN_CONTACT].",
)
@click.option("--cron", is_flag=True, help="Only the crontab line.")
@click.pass_obj
def schedule(folder: Path, every: int, contact: str | None, cron: bool) -> None:
    """Print a crontab line and systemd units that crawl this archive, and how to install them."""
    if not contact:
        complain(f"{ASK}; here it is {contact_of()}.")
    path = folder if is_collection(folder) else Archive(folder).path
    parts = parts_of_schedule(path, every, contact or contact_of())
    say_lines(parts["cron" if cron else "text"])
