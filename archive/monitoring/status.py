"""The state of an archive in one value: what is followed, what the last runs saw, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from archive.accounts import Followed, State
from archive.archive import Archive
from archive.database.opening import read_rows
from archive.model import AccountStatus, CoverageOutcome
from archive.monitoring import alarms, drift
from archive.monitoring.attachments import AttachmentsState, attachments_state
from archive.monitoring.counts import unused_of
from archive.monitoring.files import FaultyFile, faulty_files, stored_in_words
from archive.monitoring.silence import silence

ARTICLES = """SELECT count(*) AS articles,
        count(*) FILTER (WHERE missing_since IS NULL) AS online,
        min(last_captured_at) FILTER (WHERE missing_since IS NULL) AS online_since
    FROM articles WHERE platform = ? AND account_id = ?"""
IS_NOW = """SELECT status, begun_at, last_at, confirmed_at, reason FROM account_status
    WHERE platform = ? AND account_id = ? AND status <> 'renamed' AND over_at IS NULL"""
NAMES = """SELECT DISTINCT name FROM account_names WHERE platform = ? AND account_id = ?
    ORDER BY name"""
COVERAGE = """SELECT c.*, r.started_at FROM coverage c JOIN runs r ON r.id = c.run
    WHERE c.platform = ? AND c.account_id = ? ORDER BY r.started_at DESC LIMIT 1"""
LAST_RUN = "SELECT * FROM runs ORDER BY started_at DESC LIMIT 1"
LAST_RUN_OF_EACH = """SELECT id FROM runs r
    WHERE started_at = (SELECT max(started_at) FROM runs WHERE platform = r.platform)"""
COUNTS = """SELECT (SELECT count(*) FROM articles) AS articles,
    (SELECT count(*) FROM captures) AS captures,
    (SELECT count(*) FROM articles WHERE status = 'withdrawn') AS withdrawn,
    (SELECT count(*) FROM articles WHERE status = 'unreachable') AS unreachable"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """A followed account, and what the last crawl saw of it.

    `state` is that of `accounts.csv`, with the operator's `why`. `new` and `total` count articles
    of that crawl; `outcome` and what follows is None before the first one. `silent` says since when
    it publishes nothing, where that is unusual.

    `status` is what the platform shows of it since `status_since`, as far as that is seen;
    `status_seen` is the last proof, `status_reason` what the platform says; `status_proved` is
    false until another run saw the same. `online` of its articles were there when they were last
    asked for, each at `online_since` or later.
    `past_names` are the other names under which it was seen. `last_walk` is the row of `coverage`
    of that crawl: what was listed, had, known, not followed and not had, and how the list ended.
    """

    platform: str
    account_id: str
    name: str | None
    url: str
    state: State = "follow"
    why: str | None = None
    articles: int = 0
    outcome: CoverageOutcome | None = None
    reason: str | None = None
    new: int | None = None
    total: int | None = None
    crawled_at: str | None = None
    silent: str | None = None
    status: AccountStatus | None = None
    status_since: str | None = None
    status_seen: str | None = None
    status_proved: bool = False
    status_reason: str | None = None
    online: int = 0
    online_since: str | None = None
    past_names: tuple[str, ...] = ()
    last_walk: Mapping[str, Any] | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether somebody should look at it; nobody need at one that is paused or ended."""
        looked_at = self.outcome in alarms.OUTCOMES or bool(self.silent)
        return self.state == "follow" and looked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveState:
    """What an archive has, and what is wrong with it; as JSON it is `zhengwen status --json`.

    `last_run` is the row of the last run; `withdrawn` and `unreachable` count articles in these
    states; `drift` says what fell in the last run of each platform; `wrong` are the accounts that
    somebody should look at; `files` those of which something could not be read; `stored` says how
    many are on S3 alone; `attachments` how those of the articles were read, None before the first
    crawl; `unused` how many records of the WARC files nothing is read from, by why.
    """

    articles: int
    captures: int
    last_run: Mapping[str, Any] | None
    accounts: tuple[AccountState, ...]
    withdrawn: int
    unreachable: int
    drift: tuple[str, ...]
    wrong: tuple[AccountState, ...]
    files: tuple[FaultyFile, ...] = ()
    stored: tuple[str, ...] = ()
    attachments: AttachmentsState | None = None
    unused: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether `zhengwen status` ends with exit code 3."""
        return bool(self.wrong or self.drift or self.files)


def status(archive: Archive, now: datetime | None = None) -> ArchiveState:
    """The state of an archive.

    Args:
        archive: need not be indexed yet.
        now: the time that silence is measured at, with a zone; None: this moment.

    Raises:
        ArchiveError: the database cannot be read.
    """
    if not archive.is_indexed():
        return _before_the_first_crawl(archive)
    accounts = tuple(
        replace(account, **_counts(archive, account)) for account in followed(archive, now)
    )
    (counts,) = read_rows(archive.connection, COUNTS)
    return ArchiveState(
        **counts,
        last_run=next(read_rows(archive.connection, LAST_RUN), None),
        accounts=accounts,
        drift=falls(archive),
        wrong=tuple(account for account in accounts if account.is_wrong),
        files=tuple(faulty_files(archive)),
        stored=tuple(stored_in_words(archive.warc_dir)),
        attachments=attachments_state(archive),
        unused=unused_of(archive),
    )


def followed(archive: Archive, now: datetime | None = None) -> Iterator[AccountState]:
    """What the last crawls saw of each followed account of an indexed archive, its articles not
    counted, which takes a look at each.

    Args:
        archive: indexed.
        now: the time that silence is measured at, with a zone; None: this moment.
    """
    moment, names = now or datetime.now(UTC), archive.names()
    return (_account(archive, account, names, moment) for account in archive.accounts())


def falls(archive: Archive) -> tuple[str, ...]:
    """What fell in the last run of each platform, each as a sentence."""
    runs = [row["id"] for row in read_rows(archive.connection, LAST_RUN_OF_EACH)]
    return tuple(str(fall) for run in runs for fall in drift.drift(archive.connection, run))


def _counts(archive: Archive, account: AccountState) -> dict[str, Any]:
    """How many articles of an account there are."""
    key = (account.platform, account.account_id)
    return next(read_rows(archive.connection, ARTICLES, key))


def _before_the_first_crawl(archive: Archive) -> ArchiveState:
    return ArchiveState(
        articles=0,
        captures=0,
        last_run=None,
        accounts=tuple(map(_followed, archive.accounts())),
        withdrawn=0,
        unreachable=0,
        drift=(),
        wrong=(),
        files=tuple(faulty_files(archive)),
    )


def _followed(account: Followed) -> AccountState:
    """What is known of an account before anything was captured of it."""
    return AccountState(
        platform=account.platform,
        account_id=account.account_id,
        name=account.name,
        url=account.url,
        state=account.state,
        why=account.reason,
    )


def _account(
    archive: Archive, account: Followed, names: Mapping[tuple[str, str], str], now: datetime
) -> AccountState:
    key = (account.platform, account.account_id)
    last = next(read_rows(archive.connection, COVERAGE, key), {})
    is_now = next(read_rows(archive.connection, IS_NOW, key), {})
    name = names.get(key) or account.name
    seen = [row["name"] for row in read_rows(archive.connection, NAMES, key)]
    return replace(
        _followed(account),
        name=name,
        past_names=tuple(other for other in seen if other != name),
        status=is_now.get("status"),
        status_since=is_now.get("begun_at"),
        status_seen=is_now.get("last_at"),
        status_proved=bool(is_now.get("confirmed_at")),
        status_reason=is_now.get("reason"),
        outcome=last.get("outcome"),
        reason=last.get("reason"),
        new=last.get("new"),
        total=last.get("total"),
        crawled_at=last.get("started_at"),
        last_walk={name: value for name, value in last.items() if name != "started_at"} or None,
        silent=(silence(archive.connection, *key, now) if account.state == "follow" else None),
    )
