"""The rows of an exchange whose answer is a page of a listing, or an account."""

from __future__ import annotations

from archive.database.rows import AccountRow, LinkRow
from archive.index.capture_rows import capture_of, naming_account
from archive.index.content import Listed
from archive.index.parsing import Parsed
from archive.index.rows import Rows
from archive.model import Account, Link


def rows_of_listing(exchange: Parsed, listed: Listed) -> Rows:
    """The rows of an exchange with a page of a listing: one for each entry."""
    at = exchange.recorded.date
    capture = capture_of(exchange, "listing")
    asked = capture.account_id or ""
    return Rows(
        capture=naming_account(capture, listed.account_id or capture.account_id, listed.account),
        links=tuple(_link(link, listed.platform, at, asked) for link in listed.links),
    )


def _link(link: Link, platform: str, at: str, asked: str) -> LinkRow:
    return LinkRow(
        platform=platform,
        native_id=link.id,
        account_id=link.account_id or asked,
        article_id=f"{platform}-{link.id}",
        url=link.url,
        kind=link.kind,
        title=link.title,
        published_at=link.published_at,
        first_listed_at=at,
        last_listed_at=at,
    )


def rows_of_account(exchange: Parsed, account: Account) -> Rows:
    """The rows of an exchange with the profile of an account."""
    at = exchange.recorded.date
    capture = naming_account(capture_of(exchange, "profile"), account.account_id, account.name)
    return Rows(capture=capture, account=account_row(account, at))


def account_row(account: Account, at: str) -> AccountRow:
    """An account as it was seen.

    Args:
        account: as a page names or describes it.
        at: when the page was captured.
    """
    return AccountRow(
        platform=account.platform,
        account_id=account.account_id,
        name=account.name,
        description=account.description,
        url=account.url or None,
        seen_at=at,
    )
