"""The error of a request that this program itself does not make."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from archive.model import Failure


class NotAskedError(IgnoreRequest):
    """The request is not made: the run ends, its host is asked no more, or no one may be asked
    there; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure
