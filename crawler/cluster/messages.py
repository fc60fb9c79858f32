"""Requests as bytes, so that another worker can make them: JSON, and never code (pickle), as who
can write into the Redis is not to rule the workers."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

from scrapy import Request

from archive.model import Account, Failure
from archive.warc.originals import Original
from crawler.cluster.shared import Answer
from crawler.ledger.walk import Walk
from crawler.requests import KEY, Purpose, purpose_of
from crawler.spider.spider import ArticleSpider

# What Scrapy notes of a request on the worker that made it, a proxy among it.
OF_THE_WORKER = frozenset({KEY, "proxy", "_auth_proxy", "download_slot", "download_latency"})
SECRET_HEADERS = (b"Proxy-Authorization", b"Cookie")  # each worker has its own
NUMBER = 16  # digits before the JSON: the order of arrival
Report = Callable[[str, str, Answer], None]  # as `Shared.answer`


@dataclass(slots=True, kw_only=True)
class ReportedWalk(Walk):
    """The walk that asked for an article, as whoever requests the article knows it: what comes of
    it is reported to the worker that walks."""

    report: Report
    article_id: str

    def count_answer(self, failure: Failure | None, url: str) -> None:
        """As of `Walk`."""
        self.report(self.account.account_id, self.article_id, Answer(url, failure))


def encode(request: Request) -> bytes:
    """A request as bytes.

    Raises:
        ValueError: it has no purpose, or something that is not known here.
    """
    purpose = purpose_of(request)
    if purpose is None or request.cb_kwargs or request.cookies:
        raise ValueError(f"{request} cannot be handed to another worker.")
    headers = {
        name.decode("latin-1"): [value.decode("latin-1") for value in values]
        for name, values in request.headers.items()
        if name not in SECRET_HEADERS
    }
    value = {
        "url": request.url,
        "method": request.method,
        "headers": headers,
        "body": b64encode(request.body).decode(),
        "priority": request.priority,
        "dont_filter": request.dont_filter,
        "meta": {name: value for name, value in request.meta.items() if name not in OF_THE_WORKER},
        "purpose": _facts(purpose),
    }
    return json.dumps(value, ensure_ascii=False).encode()


def _facts(purpose: Purpose) -> dict[str, Any]:
    values = {field.name: getattr(purpose, field.name) for field in fields(purpose)}
    if purpose.walk:
        account = purpose.walk.account
        values["walk"] = {"account": asdict(account), "begun_at": purpose.walk.begun_at}
    if purpose.original:
        values["original"] = asdict(purpose.original)
    return values


def decode(data: bytes, spider: ArticleSpider, report: Report) -> Request:
    """The request of the bytes.

    Args:
        data: as they come from the queue.
        spider: its methods take the answer.
        report: is called with what comes of an article.
    """
    value = json.loads(data[NUMBER:])
    purpose = _purpose(value["purpose"], report)
    if purpose.article_id:
        spider.run.asked.add(purpose.article_id)
    headers = {
        name: [text.encode("latin-1") for text in texts] for name, texts in value["headers"].items()
    }
    return Request(
        value["url"],
        method=value["method"],
        headers=headers,
        body=b64decode(value["body"]),
        priority=value["priority"],
        dont_filter=value["dont_filter"],
        meta={**value["meta"], KEY: purpose},
        callback=_callback(purpose, spider),
        errback=spider.no_answer,
    )


def _purpose(values: dict[str, Any], report: Report) -> Purpose:
    if walk := values["walk"]:
        values["walk"] = ReportedWalk(
            account=Account(**walk["account"]),
            begun_at=walk["begun_at"],
            report=report,
            article_id=values["article_id"],
        )
    if original := values["original"]:
        values["original"] = Original(**original)
    return Purpose(**values)


def _callback(purpose: Purpose, spider: ArticleSpider) -> Any:
    match purpose.role:
        case "article":
            return spider.parse_article
        case "part":
            return spider.parts.parse
        case "media":
            return spider.media.parse_file
        case "requisite":
            return spider.media.parse_stylesheet
    raise ValueError(f"A request for a {purpose.role} stays with its worker.")
