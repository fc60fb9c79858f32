"""A request that one worker enters is the same for the worker that makes it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request

from archive.model import Account, Failure
from archive.warc.originals import Original
from crawler.cluster.messages import NUMBER, decode, encode
from crawler.cluster.shared import Answer
from crawler.ledger.walk import Walk
from crawler.requests import KEY, Purpose
from crawler.spider.spider import ArticleSpider

HERE = "https://made.example/a"
WALK = Walk(
    account=Account(platform="made", account_id="7", url=HERE, name="云溪县发布"),
    begun_at="2026-11-01T00:00:00Z",
)


def reader(role: str) -> Any:
    return lambda response: role


SPIDER = cast(
    "ArticleSpider",
    SimpleNamespace(
        run=SimpleNamespace(asked=set()),
        parse_article=reader("article"),
        parts=SimpleNamespace(parse=reader("part")),
        media=SimpleNamespace(parse_file=reader("media"), parse_stylesheet=reader("requisite")),
        no_answer=reader("error"),
    ),
)


def request(url: str = HERE, *, meta: dict[str, Any] | None = None, **values: Any) -> Request:
    purpose = Purpose(role=values.pop("role", "article"), article_id="made-1", account="云溪")
    return Request(url, meta={KEY: purpose, **(meta or {})}, **values)


REQUESTS = {
    "an article": request(),
    "Chinese in the address": request("https://made.example/政文?q=公告"),
    "a form": request(method="POST", body=b"page=2\x00\xff", headers={"Content-Type": "text/plain"}),
    "fields that come twice": request(headers={"X-A": ["1", "2"], "X-B": "\xe9".encode("latin-1")}),
    "urgent, and any number of times": request(priority=-40, dont_filter=True),
    "what earlier tries left": request(meta={"retry_times": 2, "redirect_urls": [HERE, HERE + "b"]}),
    "a picture": request(role="media"),
    "a stylesheet": request(role="requisite"),
    "a later page": request(role="part"),
}  # fmt: skip


def there(sent: Request) -> Request:
    return decode(b"0" * NUMBER + encode(sent), SPIDER, lambda *_: None)


@pytest.mark.parametrize("case", REQUESTS)
def test_a_request_is_the_same_for_another_worker(case: str) -> None:
    sent = REQUESTS[case]
    come = there(sent)

    for name in ("url", "method", "headers", "body", "priority", "dont_filter", "meta"):
        assert getattr(come, name) == getattr(sent, name), name
    assert come.callback is not None
    assert come.callback(cast("Any", None)) == sent.meta[KEY].role
    assert "made-1" in SPIDER.run.asked


SECRETS = {
    "a proxy": request(meta={"proxy": "http://secret@proxy.example"}),
    "a proxy's password": request(meta={"_auth_proxy": "secret"}),
    "its header field": request(headers={"Proxy-Authorization": "secret"}),
    "cookies": request(headers={"Cookie": "secret"}),
    "a slot": request(meta={"download_slot": "secret"}),
}


@pytest.mark.parametrize("case", SECRETS)
def test_what_is_the_workers_own_stays_with_it(case: str) -> None:
    assert b"secret" not in encode(SECRETS[case])
    assert there(SECRETS[case]).meta == REQUESTS["an article"].meta


UNKNOWN = {
    "no purpose": Request(HERE),
    "arguments of a callback": request(cb_kwargs={"a": 1}),
    "cookies": request(cookies={"a": "1"}),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_another_worker_could_not_make_is_an_error(case: str) -> None:
    with pytest.raises(ValueError, match="cannot be handed"):
        encode(UNKNOWN[case])


def test_a_list_stays_with_its_worker() -> None:
    with pytest.raises(ValueError, match="stays with its worker"):
        there(request(role="listing"))


def test_what_comes_of_an_article_is_reported_to_whoever_walks() -> None:
    original = Original("urn:uuid:1", HERE, "2026-11-01T00:00:00Z", "sha1:A")
    purpose = Purpose(role="article", article_id="made-1", walk=WALK, original=original)
    reported: list[object] = []
    data = b"0" * NUMBER + encode(Request(HERE, meta={KEY: purpose}))
    come = decode(data, SPIDER, lambda *values: reported.append(values)).meta[KEY]
    gone = Failure(outcome="missing", reason="http-404")

    assert (come.original, come.walk.account) == (original, WALK.account)
    come.walk.count_answer(None, HERE)
    come.walk.count_answer(gone, HERE)
    assert reported == [("7", "made-1", Answer(HERE)), ("7", "made-1", Answer(HERE, gone))]


def test_requests_are_text_and_never_code() -> None:
    assert json.loads(encode(REQUESTS["an article"]))["url"] == HERE
