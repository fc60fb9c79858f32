"""The rows of one exchange, by what its answer holds."""

from __future__ import annotations

from dataclasses import replace

from archive.index.article_rows import rows_of_article
from archive.index.capture_rows import capture_of, capture_of_record
from archive.index.content import Content, Listed
from archive.index.listing_rows import rows_of_account, rows_of_listing
from archive.index.parsing import Parsed
from archive.index.recorded import Recorded
from archive.index.rows import Rows, failed
from archive.model import Account, Article, Failure
from archive.warc import http


def rows_of(exchange: Parsed, content: Content, producer: str) -> Rows:
    """The rows of an exchange.

    Args:
        exchange: taken apart.
        content: what its answer holds.
        producer: the id of the producer.
    """
    if isinstance(content, Failure):
        return failed(capture_of(exchange, content.outcome), content)
    if isinstance(content, Article):
        return rows_of_article(exchange, content, producer)
    if isinstance(content, Account):
        return rows_of_account(exchange, content)
    if isinstance(content, Listed):
        return rows_of_listing(exchange, content)
    return Rows(capture=capture_of(exchange, content))


def unparsed(recorded: Recorded, failure: Failure) -> Rows:
    """The rows of an exchange that could not even be taken apart, so that nobody knows which
    article it is of."""
    capture = capture_of_record(recorded, failure.outcome)
    status = None if recorded.is_bare else http.split(recorded.block)[0].status
    return failed(replace(capture, status=status), failure)
