"""How `zhengwen status`, `verify` and `index` work on a collection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from archive.cli.engine import HERE, Engine
from archive.cli.output import clear_line, complain, say, say_json, say_state, sum_up
from archive.cli.progress import byte_bar
from archive.cli.stopping import orderly
from archive.cli.table import table
from archive.cli.texts import day
from archive.collection import description, joined
from archive.collection.indexing import index
from archive.collection.making import total
from archive.collection.status import CollectionState, FollowedState, ShardState, status
from archive.collection.verifying import check_collection
from archive.counting import counted
from archive.disk import in_words
from archive.escaping import for_terminal

HEADS = ("shard", "state", "articles", "captures", "first", "last", "size", "folder")
ACCOUNT_HEADS = ("platform", "account", "name", "articles", "last crawl")


def print_status(folder: Path, *, json_: bool) -> None:
    """Print what a collection has; exit code 3 if something is wrong."""
    state = status(folder)
    say_state(state, _lines(state), json_=json_, is_wrong=state.is_wrong)


def _lines(state: CollectionState) -> Iterator[str]:
    last = state.last_run["started_at"] if state.last_run else "never"
    articles, captures = counted(state.articles, "article"), counted(state.captures, "capture")
    shared = counted(state.shared, "article is", "articles are")
    yield f"{articles}, {captures} in {counted(len(state.shards), 'shard')}; last run {last}"
    yield f"{shared} shared by several shards."
    yield "\n" + table([_row(shard) for shard in state.shards], HEADS)
    if state.accounts:
        rows = [_row_of_account(account) for account in state.accounts]
        yield "\n" + table(rows, ACCOUNT_HEADS)
    notes = [
        for_terminal(f"{shard.name}: {note}")
        for shard in state.shards
        for note in (*filter(None, [shard.unreachable]), *shard.stored, *shard.notes)
    ]
    if notes:
        yield "\n" + "\n".join(notes)


def _row(shard: ShardState) -> list[str | int]:
    return [
        shard.name,
        "unreachable" if shard.unreachable else shard.state,
        shard.articles,
        shard.captures,
        day(shard.first_day) if shard.first_day else "-",
        day(shard.last_day) if shard.last_day else "-",
        "-" if shard.size is None else in_words(shard.size),
        shard.path,
    ]


def _row_of_account(account: FollowedState) -> list[str | int]:
    outcome = account.outcome or "not crawled yet"
    return [
        account.platform,
        account.account_id,
        account.name or account.url,
        account.articles,
        f"{outcome}: {account.reason}" if account.reason else outcome,
    ]


def verify_all(folder: Path, *, quick: bool, json_: bool) -> None:
    """Check every byte of all shards; exit code 3 if something is wrong."""
    is_sound, absent = True, Counter[str]()
    size = bytes_of_shards(folder)
    with orderly(), byte_bar("checking", size) as progress:
        for finding in check_collection(folder, quick=quick, progress=progress, absent=absent):
            is_sound = False
            clear_line()
            say_json(asdict(finding)) if json_ else say(str(finding))
    if quick:
        complain("the databases were not compared with some made anew (--quick).")
    if not is_sound:
        raise SystemExit(3)
    sum_up(f"Nothing is wrong with {folder}: every byte was checked ({in_words(size)} of WARC).")


def index_all(folder: Path, *, anew: bool = False, engine: Engine = HERE) -> None:
    """Bring all shards up to date, or make their databases again, and then what they share."""
    shards = description.read(folder).shards
    size = bytes_of_shards(folder) if anew else joined.unread_bytes(folder, shards)
    with byte_bar("indexing", size) as progress:
        if anew:
            engine.rebuild_collection(folder, progress)
        else:
            index(folder, progress=progress)
    state = status(folder)
    sum_up(f"The collection has {counted(state.articles, 'article')}.")
    if state.is_wrong:
        for shard in state.shards:
            for note in shard.notes:
                complain(f"{shard.name}: {note}")
        raise SystemExit(3)


def bytes_of_shards(folder: Path) -> int:
    """The bytes of WARC of all shards of a collection."""
    return sum(total(shard.path) for shard in description.read(folder).shards)
