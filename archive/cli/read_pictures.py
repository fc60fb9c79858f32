"""`zhengwen read-pictures`."""

from __future__ import annotations

from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.of_collection import with_all_rows
from archive.cli.output import complain, remark, sum_up
from archive.cli.progress import StepBars
from archive.counting import counted
from archive.folder import is_collection, require_archive
from archive.index.picture_reading import PicturesRead
from archive.index.picture_store import AnswerStore
from archive.model.words import PICTURE_STATES


@click.command()
@click.option("--limit", type=click.IntRange(1), help="Read at most so many pictures.")
@click.option(
    "--account",
    help="Only pictures of articles of this account (its id, or any name that it has or had).",
)
@click.option(
    "--again",
    is_flag=True,
    help="Also those that another version of the reader read, or that took too long.",
)
@click.pass_obj
def read_pictures(folder: Path, limit: int | None, account: str | None, again: bool) -> None:
    """Read the text in the pictures of articles, of the newest first, so that it can be searched.

    It takes seconds for each, may be stopped at any time, and goes on from there; `zhengwen search
    --pictures` searches what was read. Exit code 3 if a picture could not be read.
    """
    with Archive(with_all_rows(folder)) as archive:
        require_archive(archive.path)
        with StepBars() as bars:
            done = archive.read_pictures(
                limit=limit,
                account=account,
                again=again,
                progress=lambda number, total: bars("reading pictures", number, total),
                into=_store_of_collection(folder) if is_collection(folder) else None,
            )
    sum_up(_summary(done))
    if done.sealed:
        remark(
            f"{counted(done.sealed, 'picture is', 'pictures are')} in sealed shards alone, to "
            "which nothing may be added: unseal one, read its pictures, and seal it again."
        )
    for sentence in done.lost:
        complain(sentence)
    if done.unrecorded:
        complain(
            f"{counted(done.unrecorded, 'picture was', 'pictures were')} not read: no record of "
            "the archive holds the bytes by a payload digest; import the WARC files with the "
            "original answers."
        )
    unread = {state: count for state, count in done.states.items() if state != "read"}
    for state, count in sorted(unread.items()):
        meaning = PICTURE_STATES[state].english
        pictures = counted(count, "picture was", "pictures were")
        complain(f"{pictures} not read: {state} ({meaning}); `media_text` names them.")
    if unread or done.lost or done.unrecorded:
        raise SystemExit(3)


def _store_of_collection(folder: Path) -> AnswerStore:
    from archive.collection.picture_store import StoreOfCollection

    return StoreOfCollection(folder)


def _summary(done: PicturesRead) -> str:
    parts = [
        f"{counted(done.states['read'], 'picture was', 'pictures were')} read, "
        f"{counted(done.with_text, 'of them shows', 'of them show')} text; "
        f"{counted(done.remaining, 'remains', 'remain')}."
    ]
    if not done.is_searchable:
        parts.append("Another run holds the archive; its next index takes the text in.")
    return " ".join(parts)
