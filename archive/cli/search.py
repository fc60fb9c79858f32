"""`zhengwen search`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.cli.of_collection import Searchable, open_to_read, open_to_search, unreachable_named
from archive.cli.options import as_json, of_days, of_platform
from archive.cli.output import remark, say_json, say_lines, sum_up
from archive.cli.texts import count_rows, count_table, hit_text, picture_hit_text
from archive.errors import UsageError
from archive.model.words import KINDS, STATUSES
from archive.search.candidates import COUNTED
from archive.search.misreading import unknown_field
from archive.search.search import Order

LIMIT = 20  # hits on a terminal
ANYWHERE = "everywhere"  # where a query is looked for unless --in is given


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="QUERY...")
@of_platform
@click.option(
    "--status",
    type=click.Choice([*STATUSES]),
    help="Only articles in this state.",
)
@click.option(
    "--kind",
    type=click.Choice([*KINDS]),
    help="Only articles of this kind.",
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
    "--limit",
    type=click.IntRange(1),
    help="At most so many hits [default: 20; in a file all].",
)
@click.option(
    "--offset",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Pass over so many hits first.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the hits into this file: .csv, .xlsx or .jsonl.",
)
@click.option(
    "--count-by",
    type=click.Choice(list(COUNTED)),
    help="Say how many articles there are, not which.",
)
@click.option(
    "--in",
    "within",
    default=ANYWHERE,
    show_default=True,
    type=click.Choice(["everywhere", "text", "attachments"]),
    help="Look into title, text and attachments, into the first two, or into attachments only.",
)
@click.option(
    "--pictures",
    is_flag=True,
    help="Search what `zhengwen read-pictures` read in pictures instead, and say where it is.",
)
@click.option(
    "--mirror",
    metavar="ADDRESS",
    help="Search what `zhengwen mirror` wrote into this search server, without an archive.",
)
@as_json
@click.pass_obj
def search(
    folder: Path,
    /,
    words: tuple[str, ...],
    only_as_typed: bool,
    count_by: str | None,
    output: Path | None,
    pictures: bool,
    mirror: str | None,
    json_: bool,
    **options: Any,
) -> None:
    """Search title, text and attachments of all articles.

    Words side by side must all be there; AND, OR, NOT, parentheses and "an exact phrase" work;
    title:WORD and account:WORD look there only; gov* finds what begins so. Anything else is text;
    what looks like another field is wrong usage where no article holds it.
    """
    query = " ".join(words)
    options["widen"] = not only_as_typed
    if pictures:
        if (
            mirror
            or count_by
            or output
            or options.pop("order") != "date"
            or options.pop("within") != ANYWHERE
        ):
            raise UsageError(
                "--pictures goes with neither --count-by, --output, --order, --in nor --mirror; "
                "leave them out, or give --json."
            )
        _print_pictures(folder, query, json_, **options)
        return
    with open_to_search(folder, mirror) as archive, unreachable_named(archive):
        if count_by:
            _print_number(archive, query, count_by, json_, **options)
        elif output:
            _write(archive, query, output, **options)
        else:
            _print_hits(archive, query, json_, **options)


def _print_number(
    archive: Searchable,
    query: str,
    count_by: str,
    json_: bool,
    *,
    order: str,
    limit: int | None,
    offset: int,
    **options: Any,
) -> None:
    counts = archive.count(query, count_by, **options)
    reason = None if any(counts.values()) else _why_none(archive, query, options)
    _print_counts(counts, count_by, json_)
    if reason:
        remark(reason)


def _print_hits(
    archive: Searchable,
    query: str,
    json_: bool,
    *,
    order: Order,
    limit: int | None,
    offset: int,
    **options: Any,
) -> None:
    limit = limit or LIMIT
    hits = archive.search(
        query, order=order, limit=_up_to_next(limit, offset), offset=offset, **options
    )
    for hit in hits[:limit]:
        say_json(asdict(hit)) if json_ else say_lines(hit_text(hit))
    sentence = _remark(archive, query, len(hits), limit, offset, options)
    for each in filter(None, (sentence, unknown_field(query) if hits else None)):
        remark(each)


def _write(archive: Searchable, query: str, path: Path, **options: Any) -> None:
    from archive.cli.hit_file import write_hits, writer_for

    writer_for(path)  # a wrong name is an error before the search
    hits = archive.search(query, **options)
    if not hits and not options["offset"]:
        filters = {name: options[name] for name in options.keys() - {"order", "limit", "offset"}}
        remark(_why_none(archive, query, filters))
    write_hits(path, hits)
    if not hits:
        return
    hits_are = "1 hit is" if len(hits) == 1 else f"{len(hits)} hits are"
    sum_up(f"{hits_are} in {path}.")


def _print_pictures(
    folder: Path, query: str, json_: bool, *, limit: int | None, offset: int, **options: Any
) -> None:
    limit = limit or LIMIT
    with open_to_read(folder) as archive, unreachable_named(archive):
        hits = archive.search_pictures(
            query, limit=_up_to_next(limit, offset), offset=offset, **options
        )
        for hit in hits[:limit]:
            say_json(asdict(hit)) if json_ else say_lines(picture_hit_text(hit))
        if len(hits) > limit:
            remark(f"There are more hits; --offset {offset + limit} shows the next ones.")
        elif not hits:
            why = f"0 hits: {archive.why_no_picture()}."
            remark(why if not offset else "0 hits from there on.")


def _up_to_next(limit: int, offset: int) -> int:
    """One more than is shown, which says whether there are more; no number that SQLite has not."""
    return min(limit, sys.maxsize - offset - 1) + 1


def _remark(
    archive: Searchable, query: str, number: int, limit: int, offset: int, options: dict[str, Any]
) -> str | None:
    """What must be said of a page of hits, so that nobody takes it for all there is: that there
    are more, or why there is none."""
    if 0 < number <= limit:
        return None
    if not number and not offset:
        return _why_none(archive, query, options)
    total = sum(archive.count(query, **options).values())
    if not number:
        return f"0 hits from {offset + 1} on: there are {total}."
    last = offset + limit
    return f"Hits {offset + 1} to {last} of {total}; --offset {last} shows the next ones."


def _why_none(archive: Searchable, query: str, options: dict[str, Any]) -> str:
    """Why there is no hit. Raises UsageError where the query names a field that there is not."""
    if sentence := unknown_field(query):
        raise UsageError(sentence)
    return f"0 hits: {archive.why_none(query, **options)}."


def _print_counts(counts: Mapping[str | None, int], by: str, json_: bool) -> None:
    if json_:
        for row in count_rows(counts, by):
            say_json(row)
        return
    for lines in count_table(counts, by):
        say_lines(lines)
