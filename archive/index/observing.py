"""One exchange becomes its rows: taken apart, read and written down, each once. A pure function of
the record's bytes and the facts that the crawl wrote with it."""

from __future__ import annotations

from archive.index.content import content_of
from archive.index.exchanges import Recorded
from archive.index.parsing import parse
from archive.index.rows import Rows, rows_of
from archive.platforms import Platforms


def observe(recorded: Recorded, platforms: Platforms, producer: str) -> Rows:
    """Read the rows of an exchange.

    Args:
        recorded: a response or revisit record with its request and facts.
        platforms: those of the archive.
        producer: the id of the producer.
    """
    exchange = parse(recorded, platforms)
    content = content_of(exchange)
    return rows_of(exchange, content, producer)
