"""What an answer for a page of a listing is: a page of it, a notice about the account, or why it
cannot be read. The crawl and the index ask here, so that both understand an answer alike."""

from __future__ import annotations

from collections.abc import Callable

from archive.errors import Unreadable, failures_as_unreadable
from archive.general.account_notices import account_notice
from archive.general.list_form import other_page
from archive.general.refusals import dead, refused
from archive.model import Failure
from archive.page.page import Page
from archive.platform import Listing, Platform

Judge = Callable[[Page], Failure | None]
Discover = Callable[[Page], Listing]


def read_listing(
    page: Page, discover: Discover, judge: Judge, guessed_on: str = ""
) -> Listing | Failure:
    """Reads an answer for a page of a listing.

    Args:
        page: the answer.
        discover: reads a page of a listing of its platform.
        judge: gives the refusal that the page is, if any, as `refusal_of` does.
        guessed_on: the form of the page on which the address was guessed; "" for one that a page
            names.

    Returns:
        The page of the listing; a failure with the platform's own words where it says that it does
        not show the account, else with the reason for which nothing can be read.
    """
    try:
        with failures_as_unreadable():
            if failure := judge(page):
                return noticed(page, failure)
            if guessed_on and (failure := other_page(page, guessed_on)):
                return failure
            listing = discover(page)
            return (None if listing.links else account_notice(page)) or listing
    except Unreadable as error:
        return unread(page, error)


def refusal_of(page: Page, platform: Platform) -> Failure | None:
    """Whether a page is a refusal, of any site or as the platform writes it."""
    return refused(page) or platform.refusal(page)


def noticed(page: Page, failure: Failure) -> Failure:
    """A refusal with the platform's words on the account, where its page is only not there."""
    return (account_notice(page) if failure.outcome == "not-found" else None) or failure


def unread(page: Page, error: Unreadable) -> Failure:
    """Why no listing and no profile could be read. A captcha or a log-in may come in the place of
    one as well as of an article."""
    return (
        account_notice(page)
        or dead(page)
        or Failure(outcome="unreadable", reason=error.reason, detail=error.detail)
    )
