"""What it means that a request got no answer, or one from elsewhere."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from archive.general import refusals
from archive.model import Failure
from crawler.causes import cause_of
from crawler.requests import IgnoredError

LONGEST_DETAIL = 200  # characters


def failure_of(error: BaseException | None) -> Failure:
    """What the coverage says of a request that ended with this error."""
    if isinstance(error, IgnoredError):
        return error.failure
    detail = (str(error) or type(error).__name__)[:LONGEST_DETAIL]
    if isinstance(error, IgnoreRequest):  # of a middleware that is not ours
        return Failure(outcome="error", reason="ignored", detail=detail)
    return Failure(outcome="error", reason="no-answer", detail=cause_of(error) or detail)


def redirected_to(url: str) -> Failure:
    """What it means that a request for a listing was redirected to this address."""
    refusal = refusals.redirected(url, url, "listing")
    if isinstance(refusal, Failure):
        return refusal
    return Failure(outcome="redirect", reason="moved", detail=f"sent on to {url}"[:LONGEST_DETAIL])
