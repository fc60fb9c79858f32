"""`zhengwen search`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.archive import Archive
from archive.cli.options import as_json, of_days, of_platform
from archive.cli.output import count_rows, count_table, hit_text, say_json, say_lines
from archive.model.words import STATUSES
from archive.search.candidates import COUNTED


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="QUERY...")
@of_platform
@click.option(
    "--status",
    type=click.Choice([*STATUSES]),
    help="Only articles in this state.",
)
@of_days
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
    **options: Any,
) -> None:
    """Search title and text of all articles.

    Words side by side must all be there; AND, OR, NOT, parentheses and "an exact phrase" work;
    title:WORD and account:WORD look there only; gov* finds what begins so. Anything else is text.
    """
    query = " ".join(words)
    order, limit, offset = options.pop("order"), options.pop("limit"), options.pop("offset")
    with Archive(folder) as archive:
        if count_by:
            counts = archive.count(query, count_by, widen=not only_as_typed, **options)
            _print_counts(counts, count_by, json_)
            return
        hits = archive.search(
            query, widen=not only_as_typed, order=order, limit=limit, offset=offset, **options
        )
    for hit in hits:
        say_json(asdict(hit)) if json_ else say_lines(hit_text(hit))


def _print_counts(counts: Mapping[str | None, int], by: str, json_: bool) -> None:
    if json_:
        for row in count_rows(counts, by):
            say_json(row)
        return
    for lines in count_table(counts, by):
        say_lines(lines)
