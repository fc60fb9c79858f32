"""Reads one page of a list: its entries, the rows that are left out, what comes after it."""

from __future__ import annotations

import re

from archive.errors import Unreadable
from archive.page.page import Page, fragment
from archive.page.urls import urlsplit
from archive.platform import Ask, Listing
from archive.platforms.kit.lists import declared, hanweb, steps, stubs
from archive.platforms.kit.lists.families import number_in
from archive.platforms.kit.lists.following import NO_MORE, Following
from archive.platforms.kit.lists.pager import Pager
from archive.platforms.kit.lists.rows import Locate, Own, Row, rows, sorted_out, unknown_rows
from archive.platforms.kit.lists.written import with_written

NOTHING = re.compile(
    r"(?:暂无|没有|无)(?:更多|相关|任何|符合条件的)?(?:数据|信息|内容|记录|文章|新闻)"
    r"|no (?:more )?data",
    re.I,
)
LONGEST_NOTICE = 60  # characters of a line that says that there is nothing


def read_page(page: Page, locate: Locate, own: Own, account_id: str | None) -> Listing:
    """Reads a page of a list.

    Args:
        page: the answer: a page, or what the proxy of hanweb's lists answers.
        locate: what an address is on the platform.
        own: whether a host is the platform's own. Links to articles on other hosts are recorded
            as leading outside.
        account_id: whose list it is; None where the page does not show that.

    Returns:
        With `more` for the next page where one is known or likely; else `end` says how the end is
        known, and is `unknown` where the page has signs of more pages that cannot be followed. A
        page that only forwards has no entries and asks for where it leads.

    Raises:
        Unreadable: it names no article of the platform and leads to no other page.
    """
    page = with_written(page)
    candidates = _candidates(page)
    links, left_out = sorted_out(candidates, locate, own, account_id)
    if any(link.kind == "article" for link in links):
        following = _following(page, own)
        return Listing(
            links=links,
            more=following.more,
            trial=following.trial,
            end=following.end,
            ended=following.more is None and following.end != "unknown",
            left_out=left_out,
            total=following.total,
            account_id=account_id,
        )
    return _without_articles(page, candidates, own, account_id)


def _candidates(page: Page) -> list[Row]:
    pieces = hanweb.records(page)
    candidates = [] if pieces is None or not pieces.strip() else rows(page, fragment(pieces))
    if page.text.lstrip("\ufeff \t\r\n").lower().startswith(("<datastore", "<?xml")):
        return candidates
    return candidates + rows(page, page.tree)


def _following(page: Page, own: Own) -> Following:
    return hanweb.paging(page) or declared.declared(page) or steps.shown(page, own)


def _without_articles(
    page: Page, candidates: list[Row], own: Own, account_id: str | None
) -> Listing:
    """What a page without articles is: one that forwards, one after the last, or no list."""
    following = hanweb.paging(page)
    if following is not None and following.more is None:
        return _empty(following, account_id)
    target = None if unknown_rows(candidates) else stubs.leads_to(page)
    if target and own(urlsplit(target).hostname or ""):
        return Listing(links=(), more=Ask(url=target), account_id=account_id)
    if (number_in(page.url) or 0) > 1 and (_says_nothing(page) or Pager(page).has_previous):
        return _empty(NO_MORE, account_id)
    message = f"{page.url} names no article"
    if unknown := unknown_rows(candidates):
        message += f"; its rows lead to addresses that are not known, such as {unknown[0].url}"
    raise Unreadable("listing-shape", message)


def _empty(following: Following, account_id: str | None) -> Listing:
    return Listing(
        links=(), ended=True, end=following.end, total=following.total, account_id=account_id
    )


def _says_nothing(page: Page) -> bool:
    return any(len(line) <= LONGEST_NOTICE and NOTHING.search(line) for line in page.lines)
