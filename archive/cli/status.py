"""`zhengwen status`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.options import as_json
from archive.cli.output import say_state
from archive.cli.table import table
from archive.cli.texts import day
from archive.counting import counted
from archive.escaping import for_terminal
from archive.folder import is_collection
from archive.monitoring.counts import unused_in_words
from archive.monitoring.status import AccountState, ArchiveState
from archive.monitoring.status import status as state_of

HEADS = ("platform", "account", "name", "status", "articles", "online", "last crawl")


@click.command()
@as_json
@click.pass_obj
def status(folder: Path, json_: bool) -> None:
    """Say what is followed, what the last crawl saw of each account, and what is wrong. Exit code
    3 if something is."""
    if is_collection(folder):
        from archive.cli.collection_state import print_status

        print_status(folder, json_=json_)
        return
    with Archive(folder) as archive:
        state = state_of(archive)
    say_state(state, _lines(state), json_=json_, is_wrong=state.is_wrong)


def _lines(state: ArchiveState) -> Iterator[str]:
    """Counts, a table of the accounts, then what else is wrong."""
    last = state.last_run["started_at"] if state.last_run else "never"
    articles, captures = counted(state.articles, "article"), counted(state.captures, "capture")
    yield f"{articles}, {captures}; last run {last}"
    if attachments := str(state.attachments or ""):
        yield attachments
    if state.accounts:
        yield "\n" + table([_row(account) for account in state.accounts], HEADS)
    notes = [
        f"silent: {account.platform} {account.account_id} {account.name or account.url}: "
        f"{account.silent}"
        for account in state.accounts
        if account.silent
    ]
    notes += [note for account in state.accounts for note in _notes(account)]
    notes += [f"drift: {sentence}" for sentence in state.drift]
    notes += [*map(str, state.files), *state.stored]
    if state.attachments and (unread := state.attachments.unread_sentence()):
        notes.append(unread)
    if state.unused:
        notes.append(unused_in_words(state.unused))
    if not state.accounts and not state.articles:
        notes.append("No account is followed here yet; `zhengwen follow URL` begins it.")
    if notes:
        yield "\n" + "\n".join(map(for_terminal, notes))


def _notes(account: AccountState) -> Iterator[str]:
    """What there is to say of an account besides its row: other names, and where it is hidden."""
    who = f"{account.platform} {account.account_id} {account.name or account.url}"
    if account.past_names:
        yield f"names: {who}: also seen as {', '.join(account.past_names)}"
    if account.status in ("moved", "suspended", "removed"):
        yield f"{account.status}: {who}: {account.status_reason}"


def _row(account: AccountState) -> list[str | int]:
    outcome = account.outcome or "not crawled yet"
    last = f"{outcome}: {account.reason}" if account.reason else outcome
    if account.state != "follow":
        why = f" ({account.why})" if account.why else ""
        last = f"{account.state}{why}; last {last}"
    return [
        account.platform,
        account.account_id,
        account.name or account.url,
        _status(account),
        account.articles,
        _online(account),
        last,
    ]


def _status(account: AccountState) -> str:
    """What the account is by its last proof, and where that is no matter of course since when."""
    if account.status is None:
        return "-"
    if account.status == "live":
        return f"live on {day(account.status_seen)}"
    proved = "" if account.status_proved else ", not proved yet"
    return f"{account.status} since {day(account.status_since)}{proved}"


def _online(account: AccountState) -> str:
    """How many articles are online, and on which day or later each of them was seen."""
    return f"{account.online}, seen since {day(account.online_since)}" if account.online else "0"
