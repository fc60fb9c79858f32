"""The program `zhengwen`: the archive's commands, and those that crawl."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import click
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive import accounts, alarms, platforms
from archive.archive import Archive
from archive.cli import Day, bar, cli
from archive.errors import ArchiveError, UsageError
from archive.model import Account
from crawler.demo.tour import tour
from crawler.fetch import fetch
from crawler.host_budget import HostBudget, state_folder
from crawler.politeness import Window
from crawler.recorder import prepare

cli.fetch = fetch
Targets = dict[str, dict[str, list[str]]]


@cli.command()
@click.argument("targets", nargs=-1, metavar="[ACCOUNT|PLATFORM|URL ...]")
@click.option("--since", default="", type=Day(), help="Only articles published on this day or later (YYYY-MM-DD).")
@click.option("--until", default="", type=Day(), help="Only articles published on this day or earlier.")
@click.option("--max-articles", type=click.IntRange(1), help="Stop after so many new articles of a platform.")
@click.option("-s", "--set", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting, as in Scrapy.")
@click.pass_obj
def crawl(
    folder: Path, targets: tuple[str, ...], since: str, until: str, max_articles: int | None, settings: tuple[str, ...]
) -> None:
    """Crawl all followed accounts, some of them, or single article URLs; then index.

    Exit code 3: finished, but an account was blocked, silent, changed its format or was unreachable.
    """
    with Archive(folder) as archive:
        wanted = resolve(archive, targets)
        if archive.db_path.exists():
            assert archive.db  # one that cannot be read is told before anything is fetched
            archive.close()
        recheck = "" if targets else "all"
        chosen = settings_of(folder, settings)
        HostBudget(state_folder(chosen["HOST_STATE_DIR"]))
        Window(chosen["NIGHT_WINDOW"]).check(datetime.now(UTC))
        limits = {"since": since, "until": until, "max_articles": str(max_articles or ""), "recheck": recheck}
        with prepare(folder):
            runs = {name: str(uuid4()) for name in wanted}
            failed = run_spiders(chosen, wanted, limits, runs)
            archive.index(progress=bar(archive))
            troubles = _troubles(archive, list(runs.values()))
    if failed:
        raise ArchiveError(failed)
    for trouble in troubles:
        click.echo(f"zhengwen: {trouble}", err=True)
    if troubles:
        raise SystemExit(3)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="zhengwen-demo")
def demo(folder: Path) -> None:
    """Show the whole chain offline: a small fictional platform is followed, crawled and searched."""
    tour(folder)


def resolve(archive: Archive, targets: tuple[str, ...]) -> Targets:
    """What each platform is to crawl: `account` pages and article `url`s. Without targets, everything followed."""
    followed = archive.accounts()
    wanted: Targets = defaultdict(lambda: {"account": [], "url": []})
    held = [] if targets else archive.platforms()
    if not targets and not followed and not held:
        raise UsageError("No account is followed yet; run `zhengwen follow URL` with the address of an account page first.")
    for target in targets or tuple(dict.fromkeys(one.platform for one in followed)):
        _add(wanted, target, followed)
    for name in held:
        assert wanted[name] is not None  # nothing new is asked of it, but its articles are looked at again
    return dict(wanted)


def _add(wanted: Targets, target: str, followed: list[Account]) -> None:
    if "://" in target:
        platform, address = accounts.locate(target)
        kind = "account" if address.role == "account" else "url"
        if address.role not in ("account", "article"):
            raise UsageError(f"{target} is neither an account page nor an article.")
        wanted[platform.name][kind].append(address.url)
        return
    chosen = [one for one in followed if target in (one.platform, one.account_id, one.name)]
    if not chosen:
        known = ", ".join(platforms.load())
        raise UsageError(
            f"{target!r} is no URL, no followed account (id or name) and no platform with one; platforms are: {known}."
        )
    for one in chosen:
        wanted[one.platform]["account"].append(one.url)


def _overrides(settings: tuple[str, ...]) -> dict[str, str]:
    pairs = [setting.partition("=") for setting in settings]
    if wrong := next((name for name, equals, _ in pairs if not equals), None):
        raise UsageError(f"-s {wrong} is not of the form NAME=VALUE.")
    return {name: value for name, _, value in pairs}


def settings_of(folder: Path, given: tuple[str, ...]) -> Settings:
    """The settings of a crawl: the project's, and over them those of the command line."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update({**_overrides(given), "ARCHIVE": str(folder), "ARCHIVE_HELD": True}, priority="cmdline")
    return settings


def run_spiders(settings: Settings, wanted: Targets, limits: dict[str, str], runs: dict[str, str]) -> str | None:
    """One spider a platform, all at once in this process. Returns why the crawl failed, or None."""
    process = AsyncCrawlerProcess(settings)
    crawlers = []
    for name, what in wanted.items():
        crawler = process.create_crawler(name)
        crawler.settings.set("RUN_ID", runs[name], priority="cmdline")
        crawlers.append(crawler)
        process.crawl(crawler, **{kind: ",".join(values) for kind, values in what.items()}, **limits)
    process.start()
    if process.bootstrap_failed:
        return "The crawl could not start; the error stands above."
    return next((said for crawler in crawlers if (said := _failure(crawler))), None)


def _failure(crawler: Any) -> str | None:
    return crawler.stats.get_value("capture/failed") if crawler.stats else None


def _troubles(archive: Archive, runs: list[str]) -> list[str]:
    """One sentence for each account or article of these runs that did not answer as it should."""
    try:
        return alarms.of_runs(archive.db, runs, datetime.now(UTC))
    except sqlite3.Error as error:
        raise ArchiveError(f"{archive.db_path} cannot be read after the crawl ({error}); run `zhengwen rebuild`.") from error


def main() -> None:
    """The console script `zhengwen`."""
    cli(prog_name="zhengwen")
