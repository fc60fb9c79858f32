"""`zhengwen crawl`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.news import written
from archive.cli.of_collection import open_to_write
from archive.cli.options import of_days, with_settings
from archive.cli.output import complain, somebody_watches, sum_up
from archive.errors import ArchiveError
from archive.escaping import for_terminal
from archive.monitoring.news import news as news_of
from archive.search.filters import Filters
from crawler.alert import alert
from crawler.given_settings import settings_of
from crawler.start import STOPPED_TWICE, Outcome
from crawler.start import crawl as start
from crawler.targets import resolve
from crawler.units import parse_duration, parse_size
from crawler.wire.identity import ASK, check_contact, given_contact


def _checked(
    parse: Callable[[str | int | None, str], int],
) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A callback of an option that says what is wrong with its text by the option's name."""

    def check(ctx: click.Context, option: click.Parameter, text: str | None) -> str | None:
        parse(text, option.opts[0])
        return text

    return check


@click.command()
@click.argument("targets", nargs=-1, metavar="[ACCOUNT|PLATFORM|URL ...]")
@of_days
@click.option(
    "--max-articles", type=click.IntRange(1), help="Stop after so many new articles of a platform."
)
@click.option("--max-requests", type=click.IntRange(1), help="Stop after so many requests.")
@click.option(
    "--max-time",
    metavar="TIME",
    callback=_checked(parse_duration),
    help="Stop after this time, such as 30m or 2h.",
)
@click.option(
    "--max-bytes",
    metavar="SIZE",
    callback=_checked(parse_size),
    help="Stop after so much was received, such as 500MB.",
)
@click.option(
    "--cluster",
    envvar="ZHENGWEN_CLUSTER",
    metavar="ADDRESS",
    help="Crawl together with the other workers that name this Redis, such as redis://HOST:6379/0.",
)
@click.option(
    "--alert",
    "command",
    envvar="ZHENGWEN_ALERT",
    metavar="COMMAND",
    help="Run this for exit codes 1 and 3, with what differs from the crawl before and the news as "
    "its input.",
)
@click.option(
    "--alert-news", is_flag=True, help="Run it too where only the news have something to say."
)
@with_settings("A Scrapy setting, as in Scrapy.")
@click.pass_obj
def crawl(
    folder: Path,
    /,
    targets: tuple[str, ...],
    since: str | None,
    until: str | None,
    max_articles: int | None,
    command: str | None,
    alert_news: bool,
    settings: tuple[str, ...],
    **budgets: str | int | None,
) -> None:
    """Crawl all followed accounts, some of them, or single article URLs; then index.

    Known articles that are due are checked again. Exit code 3: finished, but an account was
    blocked, silent, changed its format or was unreachable. Where the output is no terminal, as
    under cron, only what differs from the crawl before is printed. logs/crawl.log and
    reports/latest.json of the archive say what was done and all that is wrong.
    """
    Filters(since=since, until=until)  # raises where they are the wrong way round
    limits = {
        "since": since or "",
        "until": until or "",
        "max_articles": str(max_articles or ""),
        "recheck": "" if targets else "all",
    }
    options = {name.upper(): str(value or "") for name, value in budgets.items()}
    try:
        with open_to_write(folder) as target:
            outcome = _crawl(target.path, targets, limits, settings, options)
            if outcome.failed != STOPPED_TWICE:
                target.take_in()
    except Exception as error:
        exit_code = error.exit_code if isinstance(error, ArchiveError) else 1
        alert(command, exit_code, None, f"{error}\n")
        raise
    changes = [*filter(None, (outcome.failed, *(outcome.changes or ())))]
    for sentence in filter(None, (outcome.failed, *_to_tell(outcome))):
        complain(sentence)
    if outcome.summary:
        sum_up(f"{outcome.summary}.", *_next_steps(folder, outcome))
    letter = "".join(f"{for_terminal(sentence)}\n" for sentence in changes)
    news = _news(target.path) if command and outcome.exit_code != 1 else ""
    alert(
        command,
        outcome.exit_code,
        outcome.report,
        "\n".join(filter(None, (letter, news))),
        always=alert_news and bool(news),
    )
    raise SystemExit(outcome.exit_code)


def _news(folder: Path) -> str:
    """The news of the crawl that has just ended, as `zhengwen news` prints them."""
    with Archive(folder) as archive:
        return written(archive, news_of(archive), "text")


def _to_tell(outcome: Outcome) -> list[str]:
    """All alarms at a terminal; elsewhere only what differs from the crawl before, as cron mails
    whatever is printed."""
    if outcome.changes is None or somebody_watches():
        return outcome.problems
    return outcome.changes


def _next_steps(folder: Path, outcome: Outcome) -> Iterator[str]:
    yield f"All of it is in {folder}; the report is {outcome.report}."
    if outcome.problems:
        number = len(outcome.problems)
        yield f"{number} {'thing needs' if number == 1 else 'things need'} a look, as named above."
    yield "Look into it with `zhengwen search WORD` and `zhengwen status`."


def _crawl(
    folder: Path,
    targets: tuple[str, ...],
    limits: dict[str, str],
    settings: tuple[str, ...],
    options: dict[str, str],
) -> Outcome:
    with Archive(folder) as archive:
        wanted = resolve(archive, targets)
        if archive.is_indexed():
            archive.check_readable()
            archive.close()
        read = settings_of(folder, settings, options)
        check_contact(read)
        if not given_contact(read["CONTACT"]):
            complain(f"{ASK}.")
        return start(archive, read, wanted, limits)
