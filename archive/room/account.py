"""The page of an account: its names, what it was, its articles by month, what became of them."""

from __future__ import annotations

from typing import Any

from archive.archive import Archive
from archive.database.opening import read_rows
from archive.room.account_list import Listed, accounts_of
from archive.room.answer import Answer, NotHere
from archive.room.asked import Asked
from archive.room.charts import chart
from archive.room.days import calendar_of
from archive.room.every import first_of_all
from archive.room.lives import events_of, name_lines
from archive.room.remembered import remembered
from archive.room.rendering import page

OF = "platform = :platform AND account_id = :id"
OF_NAME = "platform = :platform AND account = :name AND coalesce(account_id, '') = ''"
NAMES = f"""SELECT name, group_concat(DISTINCT seen_in) AS seen_in,
        min(first_seen_at) AS first, max(last_seen_at) AS last
    FROM account_names WHERE {OF} GROUP BY name ORDER BY min(first_seen_at)"""
STATES = f"SELECT * FROM account_status WHERE {OF} ORDER BY begun_at"
WALKS = f"""SELECT c.*, r.started_at FROM coverage c LEFT JOIN runs r ON r.id = c.run
    WHERE c.{OF.replace(" AND ", " AND c.")} ORDER BY c.at DESC LIMIT 40"""
SHOWN = 20  # articles of each list
ARTICLES = """SELECT id, title, published_at, status, version_count, missing_since
    FROM articles WHERE {of} """
LISTS = {
    "newest": f"ORDER BY published_at DESC, id DESC LIMIT {SHOWN}",
    "missing": f"""AND status IN ('withdrawn', 'unreachable')
        ORDER BY missing_since DESC, id DESC LIMIT {SHOWN}""",
    "changed": f"""AND version_count > 1 ORDER BY version_count DESC, published_at DESC, id DESC
        LIMIT {SHOWN}""",
}
SORTED = {
    "newest": ["published_at", "id"],
    "missing": ["missing_since", "id"],
    "changed": ["version_count", "published_at", "id"],
}
"""What each list is sorted by."""


def accounts(archive: Archive, asked: Asked) -> Answer:
    """The page with all accounts."""
    return page(asked, "accounts.html", accounts=accounts_of(archive))


def account(archive: Archive, asked: Asked) -> Answer:
    """The page of the account that `platform` and `id`, or `name`, mean."""
    given = {name: asked.values.get(name) for name in ("platform", "id", "name")}
    listed = _listed(archive, given)
    of = OF if given["id"] else OF_NAME

    def read_lists() -> dict[str, Any]:
        return {
            name: first_of_all(
                archive, ARTICLES.format(of=of) + rest, given, most=SHOWN, by=SORTED[name]
            )
            for name, rest in LISTS.items()
        }

    names = list(read_rows(archive.connection, NAMES, given))
    walks = list(read_rows(archive.connection, WALKS, given))
    if listed is None and not names and not walks:
        raise NotHere("There is no such account in this archive.")
    return page(
        asked,
        "account.html",
        platform=given["platform"],
        account_id=given["id"],
        listed=listed,
        name=_name(archive, listed, given),
        names=names,
        states=list(read_rows(archive.connection, STATES, given)),
        walks=walks,
        chart=chart(listed.months) if listed else None,
        calendar=calendar_of(archive, asked),
        events=remembered(
            archive, "events", lambda: events_of(archive, of, given), *given.values()
        ),
        name_lines=name_lines(names),
        **remembered(archive, "lists", read_lists, *given.values()),
    )


def _listed(archive: Archive, given: dict[str, str | None]) -> Listed | None:
    of_platform = (
        account for account in accounts_of(archive) if account.platform == given["platform"]
    )
    if given["id"]:
        return next((each for each in of_platform if each.account_id == given["id"]), None)
    nameless = (each for each in of_platform if not each.account_id)
    return next((each for each in nameless if each.name == given["name"]), None)


def _name(archive: Archive, listed: Listed | None, given: dict[str, str | None]) -> str:
    if listed:
        return listed.name
    key = (given["platform"] or "", given["id"] or "")
    return archive.names().get(key) or given["name"] or given["id"] or ""
