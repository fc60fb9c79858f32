"""What a worker that was killed does first when it is started again: what it had in work, and has
in its WARC, is read from there; the rest is requested."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

from scrapy import Request
from scrapy.http import Response

from archive.archive import Archive
from archive.errors import ArchiveError
from archive.index.payloads import Place, payload
from crawler.cluster.messages import decode
from crawler.cluster.shared import Shared
from crawler.requests import purpose_of
from crawler.spider.spider import ArticleSpider

logger = logging.getLogger(__name__)
CAPTURED = """SELECT c.warc, c.offset, c.length, c.id, c.status, c.content_type FROM captures c
    JOIN json_each(?1) r ON r.value = c.run
    WHERE c.url = ?2 AND c.role = ?3 AND c.truncated IS NULL
        AND (c.status BETWEEN 200 AND 299 OR c.status IN (404, 410))
    ORDER BY c.captured_at DESC LIMIT 1"""
WALKED = """SELECT 1 FROM coverage c JOIN json_each(?1) r ON r.value = c.run
    WHERE c.platform = ?2 AND c.account_id = ?3"""


def resume(
    shared: Shared, spider: ArticleSpider, enqueue: Callable[[Request], bool], folder: Path
) -> None:
    """Take up what this worker had when it died.

    Args:
        shared: the worker's part in the cluster.
        spider: its methods read the answers.
        enqueue: takes what they request.
        folder: the worker's archive, which is indexed.

    Raises:
        ArchiveError: the Redis does not answer.
    """
    requests, accounts = shared.in_work(), shared.walked()
    if not requests and not accounts:
        return
    runs = json.dumps(shared.runs())
    with Archive(folder) as archive:
        for data in requests:
            request = decode(data, spider, shared.answer)
            response = _captured(archive, request, runs) if archive.is_indexed() else None
            if response is None:
                shared.give_back(data)
            else:
                _read(enqueue, request, response)
                shared.finish(data)
        for account_id in accounts:
            values = (runs, shared.platform, account_id)
            if archive.is_indexed() and archive.connection.execute(WALKED, values).fetchone():
                shared.done(account_id)
    shared.retake()
    logger.info("taken up: %d requests, %d accounts", len(requests), len(accounts))


def _captured(archive: Archive, request: Request, runs: str) -> Response | None:
    """The answer that the archive has of a request; None where it has to be asked for again, as
    after an error, a redirect or an answer that refers to another."""
    purpose = purpose_of(request)
    values = (runs, request.url.partition("#")[0], purpose.role if purpose else None)
    row = archive.connection.execute(CAPTURED, values).fetchone()
    if row is None:
        return None
    try:
        answer = payload(archive.warc_dir, Place(*tuple(row)[:4]))
    except ArchiveError as error:
        logger.info("asked for again: %s (%s)", request.url, error)
        return None
    headers = {"Content-Type": row[5] or ""}
    return Response(request.url, status=row[4], headers=headers, body=answer.body, request=request)


def _read(enqueue: Callable[[Request], bool], request: Request, response: Response) -> None:
    """Let the spider read an answer that it had got before."""
    if request.callback is None:
        raise ArchiveError(f"{request} has nobody who reads its answer.")
    for following in request.callback(response) or ():
        enqueue(following)
