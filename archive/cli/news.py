"""`zhengwen news`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.archive import Archive
from archive.cli.asked_files import by_ending, write_asked
from archive.cli.of_collection import Readable, open_to_read, unreachable_named
from archive.cli.options import of_platform
from archive.cli.output import remark, say_document, sum_up
from archive.cli.texts import edit_text
from archive.errors import UsageError
from archive.escaping import for_json, for_terminal
from archive.monitoring.news import News
from archive.monitoring.news import news as news_of
from archive.search.misreading import unknown_field

FORMATS = ("text", "json", "atom", "html")
ENDINGS = {".atom": "atom", ".xml": "atom", ".html": "html", ".jsonl": "json", ".txt": "text"}
TITLE = "政文 Zhengwen"
FEED_URL = re.compile(r"https?://[^\s/]++\S*+")
IN_FEED = 200  # entries: what a feed reader may not have fetched yet
FIRST_RUN = "SELECT id FROM runs ORDER BY started_at, id LIMIT 1"


@click.command()
@click.option(
    "--since",
    metavar="RUN|DAY",
    help="What was seen since this crawl (runs.id) or day began [default: since the last crawl "
    f"began; in a feed the newest {IN_FEED}].",
)
@click.option("--query", help="Only of articles that satisfy this query, as in `zhengwen search`.")
@of_platform
@click.option("--format", "form", type=click.Choice(FORMATS), help="[default: text, or by FILE]")
@click.option(
    "--write",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write them into FILE (.atom, .html, .jsonl, .txt), as after each crawl for a feed.",
)
@click.option(
    "--feed-url",
    metavar="URL",
    help="Where the feed of Atom will be found, which it then names itself.",
)
@click.pass_obj
def news(
    folder: Path,
    since: str | None,
    query: str | None,
    platform: str | None,
    account: str | None,
    form: str | None,
    file: Path | None,
    feed_url: str | None,
) -> None:
    """Say what is new, changed, missing, withdrawn and back, with what changed.

    The same state of an archive gives the same bytes.
    """
    form = form or (by_ending(file, ENDINGS, ", or give --format") if file else "text")
    if feed_url is not None and (form != "atom" or not FEED_URL.fullmatch(feed_url)):
        raise UsageError(
            f"--feed-url is {feed_url!r}; it goes with the format atom, and is an address with "
            "https://."
        )
    with open_to_read(folder) as archive, unreachable_named(archive):
        is_feed = form == "atom" and since is None
        items = _news(
            archive,
            since="1970-01-01" if is_feed else since,
            query=query,
            platform=platform,
            account=account,
        )
        items = items[-IN_FEED:] if is_feed else items
        text = written(archive, items, form, feed_url)
        nothing = "" if items else _nothing(archive, query, platform, account)
        if file:
            write_asked(file, text.encode("utf-8", "replace"))
            sum_up(f"{len(items)} news are in {file}.")
        else:
            say_document(text)
            if form == "text" and not items:
                remark(nothing)


def _news(archive: Readable, **given: Any) -> list[News]:
    if isinstance(archive, Archive):
        return news_of(archive, **given)
    from archive.collection.news import news as news_of_collection

    return news_of_collection(archive, **given)


def _nothing(
    archive: Readable, query: str | None, platform: str | None, account: str | None
) -> str:
    """That there is no news, with the reason that is known. Raises UsageError for a query that
    names a field that there is not."""
    if sentence := unknown_field(query or ""):
        raise UsageError(sentence)
    if query and not any(archive.count(query, platform=platform, account=account).values()):
        reason = archive.why_none(query, platform=platform, account=account)
        return f"Nothing has happened since then: {reason}."
    if not archive.has_articles():
        return "Nothing has happened: the archive has no article yet; run `zhengwen crawl`."
    return "Nothing has happened since then."


def written(
    archive: Readable, items: Sequence[News], form: str, feed_url: str | None = None
) -> str:
    """News as a document; `form` is one of FORMATS."""
    if form == "text":
        return "".join(f"{line}\n" for line in map(news_text, items))
    if form == "json":
        return "".join(f"{for_json(asdict(item))}\n" for item in items)
    from archive.monitoring import news_feed

    if form == "html":
        return news_feed.page(items, title=TITLE).decode()
    first = archive.connection.execute(FIRST_RUN).fetchone()
    identity = first[0] if first else TITLE
    return news_feed.atom(items, title=TITLE, identity=identity, address=feed_url).decode()


def news_text(item: News) -> str:
    """News for a person: what happened when to which article, and how it shows."""
    return "\n".join(_lines(item))


def _lines(item: News) -> Iterator[str]:
    yield for_terminal(f"{item.kind}  {item.at}  {item.id}  {item.account or '-'}")
    yield for_terminal(f"  {item.title}")
    if item.edit:
        yield for_terminal(edit_text(item.edit), multiline=True)
    elif item.kind == "new":
        yield for_terminal(f"  {item.text}")
    elif item.kind == "back":
        yield f"  seen again; missing until {item.before} at least"
    else:
        yield for_terminal(f"  went after {item.before}: {item.reason}")
