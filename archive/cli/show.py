"""`zhengwen show`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.of_collection import open_with_article
from archive.cli.options import as_json
from archive.cli.output import remark, say, say_json, say_lines
from archive.cli.texts import (
    absence_text,
    alias_text,
    article_text,
    attachment_text,
    edit_text,
    link_change_text,
    version_text,
)
from archive.database.rows import columns
from archive.errors import UsageError


@click.command()
@click.argument("name", metavar="ARTICLE")
@click.option(
    "--versions", is_flag=True, help="Every version with its number and times, oldest first."
)
@click.option(
    "--diff",
    is_flag=True,
    help="Every change, character by character, with the time between which it was made.",
)
@click.option(
    "--markdown",
    is_flag=True,
    help="The text with its headings, lists, links, pictures and tables. Titles of pictures and "
    "files are the ids of their captures.",
)
@as_json
@click.pass_obj
def show(folder: Path, name: str, versions: bool, diff: bool, markdown: bool, json_: bool) -> None:
    """Show an article, all its versions, or what changed between them and when it was missing.

    ARTICLE is its id, the number in it, or its address.
    """
    if versions + diff + markdown > 1:
        raise UsageError(
            "--versions, --diff and --markdown show different things; give one of them."
        )
    with open_with_article(folder, name) as (archive, article_id):
        if diff:
            _print_diff(archive, article_id, json_)
        elif versions:
            _print_versions(archive, article_id, json_)
        elif markdown:
            _print_markdown(archive, article_id, json_)
        else:
            row, files = columns(archive.article(article_id)), archive.attachments(article_id)
            if json_:
                say_json({**row, "attachments": [asdict(file) for file in files]})
            else:
                say_lines(article_text(row))
                for file in files:
                    say_lines(attachment_text(file))
                for alias in map(columns, archive.aliases(article_id)):
                    say(alias_text(alias))


def _print_markdown(archive: Archive, article_id: str, json_: bool) -> None:
    text = archive.markdown(article_id)
    if json_:
        say_json({"id": article_id, "markdown": text})
    else:
        say_lines(text)


def _print_versions(archive: Archive, article_id: str, json_: bool) -> None:
    rows = list(map(columns, archive.versions(article_id)))
    for number, row in enumerate(rows, 1):
        say_json(row) if json_ else say_lines(version_text(row, number, len(rows)))


def _print_diff(archive: Archive, article_id: str, json_: bool) -> None:
    edits, absences = archive.edits(article_id), archive.withdrawals(article_id)
    for edit in edits:
        say_json(asdict(edit)) if json_ else say_lines(edit_text(edit))
    for absence in map(columns, absences):
        say_json(absence) if json_ else say(absence_text(absence))
    changes = list(map(columns, archive.link_changes(article_id)))
    for change in changes:
        say_json(change) if json_ else say(link_change_text(change))
    if not edits and not absences and not changes:
        versions = archive.versions(article_id)
        first = min((version.first_captured_at for version in versions), default="")
        last = max((version.last_captured_at for version in versions), default="")
        times = f"once, {first}" if first == last else f"from {first} to {last}, always the same"
        remark(f"{article_id} has no change: it was captured {times}.")
