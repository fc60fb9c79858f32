"""Answers that are not an article, on any site: missing, refused, throttled, a challenge. Recognised before any rule reads."""

from __future__ import annotations

import re

from archive.model import Failure
from archive.page import Page

CHALLENGE_SIZE = 30_000  # a challenge page is a script and little else
# Aliyun's WAF sets `arg1` in a script that makes the cookie acw_sc__v2; the last is a gateway's own words.
CHALLENGE = re.compile(rb"var arg1=|acw_sc__v[23]|Authentication failed\. Access denied\.")
THROTTLED = {429, 503}
GONE = {404, 410}


def refused(page: Page) -> Failure | None:
    """Why an answer cannot be what was asked for, by its status or because it is a challenge page; None if it can."""
    if page.status in GONE:
        return Failure(outcome="not-found", reason=f"http-{page.status}")
    if page.status in THROTTLED:
        return Failure(outcome="throttled", reason=f"http-{page.status}")
    if len(page.body) < CHALLENGE_SIZE and CHALLENGE.search(page.body):
        return Failure(outcome="blocked", reason="challenge", detail="the answer is a challenge page, not content")
    if page.status in (401, 403, 405, 407, 451):
        return Failure(outcome="blocked", reason=f"http-{page.status}")
    if page.status >= 400:
        return Failure(outcome="error", reason=f"http-{page.status}")
    return None
