"""The error of a request that this program itself does not make."""

from __future__ import annotations

from crawler.requests import IgnoredError


class NotAskedError(IgnoredError):
    """The request is not made: the run ends, its host is asked no more, or no one may be asked
    there; `failure` says why."""
