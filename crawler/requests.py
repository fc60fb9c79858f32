"""Requests and why they are made: one function builds them, and `Purpose` is all that travels with
them.

Scrapy carries values from a request to its answer in the untyped `meta`. Redirects, retries and
repeats of a request keep it, so a purpose is that of the complete exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.model import Failure as Reason
from archive.platform import Ask
from archive.warc.originals import Original
from crawler.ledger.walk import Walk

Role = Literal["article", "part", "listing", "profile", "media", "requisite"]
Callback = Callable[[Response], Iterator[Request] | None]
Errback = Callable[[Failure], None]
KEY = "purpose"  # of `Request.meta`
KNOWN = "known_here"  # likewise: it is for an article that this archive has, and no other worker's
# A signal: `failure` is to be recorded of `request`, which is answered all the same.
noted = object()


class IgnoredError(IgnoreRequest):
    """A request is not made, or its answer goes no further; `failure` is what the archive records.

    Scrapy's IgnoreRequest says only that something was passed over, not why.
    """

    def __init__(self, failure: Reason) -> None:
        super().__init__(failure.detail or failure.reason)
        self.failure = failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Why a request is made. The first seven fields go into the archive.

    Attributes:
        role: what the answer is to be.
        article_id: the article that it is, such as `thepaper-5701234`.
        account_id: the account's id on its platform.
        account: the account's name.
        part: which page of the article it is, from 1, where it is a later one.
        via: the address of the page or stylesheet that names this file.
        guessed_on: the form of the page of a listing on which the address of the next was guessed.
        walk: the walk that asked: for a page of its listing, or for an article that is new to it.
        original: the capture whose validators a conditional request carries; a 304 refers to it.
        discard_body: the response needs no body, as the WARC has it.
        any_host: the file may come from a host that is not the platform's.
    """

    role: Role
    article_id: str | None = None
    account_id: str | None = None
    account: str | None = None
    part: int | None = None
    via: str | None = None
    guessed_on: str | None = None
    walk: Walk | None = None
    original: Original | None = None
    discard_body: bool = False
    any_host: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it asks for what belongs to a page, and not for a page."""
        return self.role in ("media", "requisite")

    def facts(self) -> dict[str, str]:
        """What the archive is to know about the exchange, without what is not known.

        Example:
            >>> Purpose(role="listing", account_id="44871").facts()
            {'role': 'listing', 'account_id': '44871'}
        """
        values = {
            "role": self.role,
            "article_id": self.article_id,
            "account_id": self.account_id,
            "account": self.account,
            "part": str(self.part) if self.part else None,
            "via": self.via,
            "guessed_on": self.guessed_on,
        }
        return {name: value for name, value in values.items() if value}


def make_request(
    ask: Ask,
    purpose: Purpose,
    *,
    callback: Callback,
    errback: Errback,
    priority: int = 0,
    max_bytes: int | None = None,
) -> Request:
    """Build the Scrapy request for what a platform wants asked.

    Args:
        ask: address, method, headers and body.
        purpose: why it is made; `purpose_of` gives it back.
        callback: takes the response.
        errback: takes the failure where there is none.
        priority: higher ones are sent first.
        max_bytes: of the body; a larger one is cut and marked. None: DOWNLOAD_MAXSIZE.
    """
    meta: dict[str, Any] = {KEY: purpose}
    if max_bytes is not None:
        meta["download_maxsize"] = max_bytes  # Scrapy's
    return Request(
        ask.url,
        method=ask.method,
        headers=dict(ask.headers),
        body=ask.body,
        callback=callback,
        errback=errback,
        meta=meta,
        priority=priority,
    )


def purpose_of(request: Request) -> Purpose | None:
    """Why a request is made; None for one of Scrapy's own (robots.txt)."""
    purpose: Purpose | None = request.meta.get(KEY)
    return purpose


class MakeRequest(Protocol):
    """Makes a request whose failure goes to the spider, as `make_request` with an errback."""

    def __call__(
        self,
        ask: Ask,
        purpose: Purpose,
        callback: Callback,
        *,
        priority: int = 0,
        max_bytes: int | None = None,
    ) -> Request: ...


class MakeArticleRequest(Protocol):
    """Makes the request for an article."""

    def __call__(
        self,
        url: str,
        article_id: str,
        *,
        account_id: str | None = None,
        account: str | None = None,
        walk: Walk | None = None,
        original: Original | None = None,
    ) -> Request: ...
