"""What it means that a request got no answer, or one from elsewhere."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from archive.general import refusals
from archive.model import Failure
from crawler.hosts.robots import RobotsUnreachableError
from crawler.hosts.throttle import TurnOverError


def meaning(error: BaseException | None) -> Failure:
    """What the ledger says of a request that ended so."""
    detail = (str(error) or type(error).__name__)[:200]
    if isinstance(error, TurnOverError):
        return error.failure
    if isinstance(error, RobotsUnreachableError):
        return Failure(
            outcome="robots" if error.answered else "error",
            reason="robots-unreachable",
            detail=detail,
        )
    if isinstance(error, IgnoreRequest):
        return Failure(outcome="robots", reason="robots-txt", detail=detail)
    return Failure(outcome="error", reason="no-answer", detail=detail)


def sent_on(url: str) -> Failure:
    """What it means that a listing was answered from there."""
    found = refusals.redirected(url, url, "listing")
    return (
        found
        if isinstance(found, Failure)
        else Failure(outcome="redirect", reason="moved", detail=f"sent on to {url}"[:200])
    )
