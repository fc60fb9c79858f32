"""The program `zhengwen`: the archive's commands, and those that crawl."""

from __future__ import annotations

import getpass
import socket
from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.main import Day, cli
from archive.errors import ArchiveError
from crawler.alert import alert
from crawler.demo.tour import tour
from crawler.fetch import fetch
from crawler.schedule import schedule as scheduled
from crawler.start import crawl as start
from crawler.start import settings_of
from crawler.targets import resolve

cli.fetch = fetch


@cli.command()
@click.argument("targets", nargs=-1, metavar="[ACCOUNT|PLATFORM|URL ...]")
@click.option(
    "--since",
    default="",
    type=Day(),
    help="Only articles published on this day or later (YYYY-MM-DD).",
)
@click.option(
    "--until", default="", type=Day(), help="Only articles published on this day or earlier."
)
@click.option(
    "--max-articles", type=click.IntRange(1), help="Stop after so many new articles of a platform."
)
@click.option("--max-requests", type=click.IntRange(1), help="Stop after so many requests.")
@click.option("--max-time", metavar="TIME", help="Stop after this time, such as 30m or 2h.")
@click.option("--max-bytes", metavar="SIZE", help="Stop after so much was received, such as 500MB.")
@click.option(
    "--alert",
    "command",
    envvar="ZHENGWEN_ALERT",
    metavar="COMMAND",
    help="Run this for exit codes 1 and 3.",
)
@click.option(
    "-s",
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="A Scrapy setting, as in Scrapy.",
)
@click.pass_obj
def crawl(
    folder: Path, /, targets: tuple[str, ...], since: str, until: str, max_articles: int | None, command: str | None,
    settings: tuple[str, ...], **budgets: str | int | None,
) -> None:  # fmt: skip
    """Crawl all followed accounts, some of them, or single article URLs; then index.

    Known articles that are due are looked at again. Exit code 3: finished, but an account was
    blocked, silent, changed its format or was unreachable. What was done stands in logs/crawl.log
    and reports/latest.json of the archive.
    """
    limits = {
        "since": since,
        "until": until,
        "max_articles": str(max_articles or ""),
        "recheck": "" if targets else "all",
    }
    try:
        with Archive(folder) as archive:
            wanted = resolve(archive, targets)
            if archive.is_indexed():
                archive.check_readable()
                archive.close()
            chosen = settings_of(
                folder,
                settings,
                {name.upper(): str(value or "") for name, value in budgets.items()},
            )
            ended = start(archive, chosen, wanted, limits)
    except Exception as error:
        alert(command, error.exit_code if isinstance(error, ArchiveError) else 1, None)
        raise
    for trouble in [
        f"zhengwen: {sentence}" for sentence in (ended.failed, *ended.problems) if sentence
    ]:
        click.echo(trouble, err=True)
    alert(command, ended.exit_code, ended.report)
    raise SystemExit(ended.exit_code)


@cli.command()
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
    parts = scheduled(
        Archive(folder).path, every, contact or f"{getpass.getuser()}@{socket.getfqdn()}"
    )
    click.echo(parts["cron" if cron else "text"])


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="zhengwen-demo")
def demo(folder: Path) -> None:
    """Show the whole chain offline: a small fictional platform is followed, crawled and
    searched."""
    tour(folder)


def main() -> None:
    """The console script `zhengwen`."""
    cli(prog_name="zhengwen")
