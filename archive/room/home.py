"""The first page: what this archive is, its accounts, its last run, what is new in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from archive.archive import Archive
from archive.collection.reading import CollectionReader
from archive.database.opening import read_rows
from archive.errors import ArchiveError, UsageError
from archive.folder import package_of
from archive.handover import operator_file
from archive.monitoring import problems
from archive.monitoring.files import faulty_files
from archive.monitoring.status import LAST_RUN, LAST_RUN_OF_EACH, AccountState, falls, followed
from archive.room.account_list import NOT_LIVE, accounts_of
from archive.room.answer import Answer
from archive.room.asked import Asked
from archive.room.described import described, text_of
from archive.room.every import first_of_all, of_all
from archive.room.remembered import remembered
from archive.room.rendering import STYLE, page

SHOWN = 8  # articles of each list
NEWEST = f"""SELECT id, title, account, published_at, status FROM articles
    WHERE published_at IS NOT NULL ORDER BY published_at DESC LIMIT {SHOWN}"""
# Both choose by indexes and narrow rows, and read those of the articles that are shown alone.
CHANGED = f"""SELECT a.id, a.title, a.account, a.status, newest.at FROM (
        SELECT c.id, v.first_captured_at AS at FROM articles c
            JOIN versions v ON v.article_id = c.id AND v.digest = c.digest
        WHERE {NOT_LIVE} AND c.status = 'changed' ORDER BY at DESC LIMIT {SHOWN}) newest
    JOIN articles a ON a.id = newest.id ORDER BY newest.at DESC"""
WITHDRAWN = f"""SELECT a.id, a.title, a.account, a.status, newest.* FROM (
        SELECT article_id, first_missing_at AS at, confirmed_at, withdrawn_by FROM withdrawals
        WHERE reinstated_at IS NULL ORDER BY at DESC LIMIT {SHOWN}) newest
    JOIN articles a ON a.id = newest.article_id ORDER BY newest.at DESC"""
COUNTS = """SELECT count(*) AS articles,
    count(*) FILTER (WHERE status = 'changed') AS changed,
    count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn,
    min(published_at) AS first, max(published_at) AS last FROM articles"""
ACCOUNTS_SHOWN = 30
CLOCK = 120.0  # seconds in which nothing gets silent or due that a reader would miss


def home(archive: Archive, asked: Asked) -> Answer:
    """The page `/`."""
    if not archive.is_indexed():
        return page(asked, "empty.html", folder=archive.path.name)
    accounts = accounts_of(archive)
    return page(
        asked,
        "home.html",
        words=_words(archive),
        counts=remembered(archive, "counts", lambda: _counts(archive)),
        accounts=accounts[:ACCOUNTS_SHOWN],
        account_count=len(accounts),
        run=next(read_rows(archive.connection, LAST_RUN), None),
        problems=remembered(archive, "problems", lambda: _problems(archive), seconds=CLOCK),
        **remembered(archive, "newest", lambda: _newest(archive)),
    )


def _counts(archive: Archive) -> dict[str, Any]:
    rows = [*of_all(archive, COUNTS)]
    total = {name: sum(row[name] for row in rows) for name in ("articles", "changed", "withdrawn")}
    days = {name: [row[name] for row in rows if row[name]] for name in ("first", "last")}
    first, last = min(days["first"], default=None), max(days["last"], default=None)
    return {**total, "first": first, "last": last}


def _newest(archive: Archive) -> dict[str, Any]:
    lists = {
        "newest": (NEWEST, "published_at"),
        "changed": (CHANGED, "at"),
        "withdrawn": (WITHDRAWN, "at"),
    }
    return {
        name: first_of_all(archive, statement, most=SHOWN, by=[by])
        for name, (statement, by) in lists.items()
    }


def _problems(archive: Archive) -> list[dict[str, Any]]:
    """What needs a look: accounts, falls of a platform, damaged files. Where no account is
    followed, as in a package, what went wrong in the last crawls."""
    try:
        together = archive.together
    except ArchiveError as error:  # the rows of all shards; what else is shown needs none of them
        return [_sentence(error)]
    try:
        accounts = [] if package_of(archive.path) else [*followed(together)]
    except UsageError as error:  # accounts.csv cannot be read, and the archive can
        return [_sentence(error), *_of_last_runs(together)]
    files = map(_sentence, _files(archive))
    if accounts:
        return [*_of_accounts(accounts), *map(_sentence, falls(together)), *files]
    return [*_of_last_runs(together), *files]


def _files(archive: Archive) -> Iterator[str]:
    """What is wrong with files, of a collection with those of each shard that can be reached."""
    if not isinstance(archive, CollectionReader):
        yield from map(str, faulty_files(archive))
        return
    for part in archive.collection.parts.parts:
        if part.name:
            with Archive(archive.collection.description.shard(part.name).path) as shard:
                yield from (f"{part.name}: {file}" for file in faulty_files(shard))


def _sentence(text: object) -> dict[str, Any]:
    return {"name": "", "text": str(text)}


def _of_accounts(accounts: Iterable[AccountState]) -> list[dict[str, Any]]:
    return [
        {
            "platform": account.platform,
            "account_id": account.account_id,
            "name": account.name or account.account_id,
            "outcome": account.outcome if account.outcome in problems.OUTCOMES else None,
            "text": account.silent or account.reason or "",
        }
        for account in accounts
        if account.is_wrong
    ]


def _of_last_runs(archive: Archive) -> list[dict[str, Any]]:
    names, now = archive.names(), datetime.now(UTC)
    runs = [row["id"] for row in read_rows(archive.connection, LAST_RUN_OF_EACH)]
    return [
        _of_account(problem, names)
        if problem.kind in ("account", "event")
        else _sentence(f"{problem.subject}: {problem.label} {problem.cause}")
        for run in runs
        for problem in problems.of_run(archive.connection, run, now)
    ]


def _of_account(problem: problems.Problem, names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    return {
        "platform": problem.platform,
        "account_id": problem.subject,
        "name": names.get((problem.platform, problem.subject)) or problem.example,
        "outcome": problem.label if problem.label in problems.OUTCOMES else None,
        "text": problem.cause,
    }


def _words(archive: Archive) -> Mapping[str, str]:
    """What the operator says of the archive; of a package its title and description."""
    package = package_of(archive.path)
    if package is None:
        operator = operator_file.read(archive.path)
        return {
            "title": operator.package.get("title", ""),
            "operator": operator.package.get("operator", ""),
            "contact": operator.package.get("contact", ""),
            "purpose": operator.answers.get("purpose", ""),
            "package": "",
        }
    description = described(package)
    return {
        "title": text_of(description, "title"),
        "operator": "",
        "contact": "",
        "purpose": text_of(description, "description"),
        "package": package.name,
    }


def style(archive: Archive, asked: Asked) -> Answer:
    """The style sheet of all pages."""
    return Answer(body=STYLE.read_bytes(), content_type="text/css; charset=utf-8")
