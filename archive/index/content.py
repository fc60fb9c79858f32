"""What the answer of an exchange holds: an article, a listing, a profile, a failure or nothing
that is read."""

from __future__ import annotations

from dataclasses import dataclass

from archive import extraction
from archive.errors import Unreadable, failures_as_unreadable
from archive.general.listing_answer import noticed, read_listing, refusal_of, unread
from archive.general.paging import paging_of
from archive.general.refusals import redirected
from archive.index.facts import text_of
from archive.index.parsing import Parsed
from archive.model import Account, Article, Failure, Link, Outcome
from archive.page.page import Page
from archive.platform import Platform

ASKING = frozenset({"GET", "POST"})  # methods that ask for a page


@dataclass(frozen=True, slots=True)
class Listed:
    """The entries of one page of a listing, the name of its platform, and the account as the page
    itself names it."""

    platform: str
    links: tuple[Link, ...]
    account_id: str | None = None
    account: str | None = None


Content = Article | Failure | Listed | Account | Outcome
"""What an answer holds; an `Outcome` alone where nothing is read from it."""


def content_of(exchange: Parsed) -> Content:
    """Read an answer by the rules of its platform. What cannot be read is a `Failure`."""
    recorded, answer, role = exchange.recorded, exchange.answer, exchange.role
    if recorded.is_revisit:
        return "unchanged"
    if role == "robots":
        return "robots"
    if answer.status is not None and 300 <= answer.status < 400:
        return redirected(recorded.url, answer.location or "", role)
    if recorded.truncated:
        return Failure(
            outcome="error",
            reason=f"truncated-{recorded.truncated}",
            detail="the answer was cut short",
        )
    if answer.cut:
        return Failure(
            outcome="error", reason=f"truncated-{answer.cut.kind}", detail=answer.cut.detail
        )
    if answer.method is not None and answer.method not in ASKING:
        return "other"
    if answer.fault:
        return _unreadable(answer.fault)
    try:
        return _read(exchange)
    except Unreadable as error:
        if role not in ("listing", "profile"):
            return _unreadable(error)
        return unread(exchange.page, error)


def _read(exchange: Parsed) -> Content:
    page, platform, role = exchange.page, exchange.platform, exchange.role
    recorded = exchange.recorded
    if role == "media":
        return "media" if page.status == 200 else _http_error(page)
    if platform and role == "account" and page.status == 200 and _is_part(page, platform):
        return extraction.read(page, platform, exchange.address)
    if platform is None or role not in ("article", "part", "listing", "profile"):
        return _http_error(page) if page.status >= 400 else "other"
    if role in ("article", "part"):
        return extraction.read(page, platform, exchange.address)
    if role == "listing" and platform.discover:
        form = text_of(recorded.facts, "guessed_on") or ""
        listing = read_listing(
            page, platform.discover, lambda page: refusal_of(page, platform), form
        )
        if isinstance(listing, Failure):
            return listing
        return Listed(platform.name, listing.links, listing.account_id, listing.account)
    with failures_as_unreadable():
        if failure := refusal_of(page, platform):
            return noticed(page, failure)
        return platform.describe(page) if role == "profile" and platform.describe else "other"


def _is_part(page: Page, platform: Platform) -> bool:
    """Whether a page that may be a list by its address is a later page of an article."""
    paging = paging_of(page)
    first = platform.locate(paging.first) if paging and paging.number > 1 else None
    return first is not None and first.role == "article"


def _unreadable(error: Unreadable) -> Failure:
    return Failure(outcome="unreadable", reason=error.reason, detail=error.detail)


def _http_error(page: Page) -> Failure:
    return Failure(outcome="error", reason=f"http-{page.status}")
