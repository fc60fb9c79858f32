"""What travels with a request from the spider to the record, and what a run was started for."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.errors import UsageError
from archive.model import Account
from archive.platform import Ask
from archive.warc.originals import Original
from crawler.hosts.host_names import host_of, section_of
from crawler.ledger.walk import Walk
from crawler.requests import Purpose, make_request, purpose_of
from crawler.run import Wanted
from crawler.spider.responses import page_of, purpose_behind, request_of
from tests.conftest import ROOT

ADDRESS = "https://www.thepaper.cn/newsDetail_forward_1"


def ignore_answer(response: Response) -> None:
    """The callback of a request that is never sent."""


def ignore_failure(failure: Failure) -> None:
    """Its errback."""


def request(purpose: Purpose, url: str = ADDRESS, max_bytes: int | None = None) -> Request:
    return make_request(
        Ask(url=url, method="POST", headers={"X-Y": "z"}, body=b"page=2"),
        purpose,
        callback=ignore_answer,
        errback=ignore_failure,
        priority=7,
        max_bytes=max_bytes,
    )


def test_a_request_carries_all_that_the_platform_asks() -> None:
    built = request(Purpose(role="listing"), max_bytes=9)

    assert (built.url, built.method, built.body) == (ADDRESS, "POST", b"page=2")
    assert (built.headers["X-Y"], built.priority) == (b"z", 7)
    assert (built.callback, built.errback) == (ignore_answer, ignore_failure)
    assert built.meta["download_maxsize"] == 9
    assert "download_maxsize" not in request(Purpose(role="listing")).meta


def test_a_purpose_survives_redirects_and_repeats() -> None:
    purpose = Purpose(role="article", article_id="thepaper-1")
    again = request(purpose).replace(url="https://m.thepaper.cn/1", dont_filter=True)

    assert purpose_of(again) is purpose
    assert purpose_of(Request("https://www.thepaper.cn/robots.txt")) is None


def test_only_facts_reach_the_record() -> None:
    walk = Walk(account=Account(platform="thepaper", account_id="1", url=""), begun_at="")
    purpose = Purpose(
        role="article",
        article_id="thepaper-1",
        account_id="1",
        account=None,
        walk=walk,
        original=Original("<urn:uuid:1>", ADDRESS, "2026-11-01T00:00:00Z"),
        discard_body=True,
        any_host=True,
    )

    assert purpose.facts() == {"role": "article", "article_id": "thepaper-1", "account_id": "1"}


def test_pages_and_files_of_a_host_are_counted_apart() -> None:
    page, picture = request(Purpose(role="article")), request(Purpose(role="media"))

    assert host_of(page) == host_of(picture) == section_of(page) == "www.thepaper.cn"
    assert section_of(picture) == "www.thepaper.cn (files)"
    assert section_of(request(Purpose(role="requisite"), "http://x:8080/")) == "x:8080 (files)"


def test_a_response_without_its_request_is_an_error() -> None:
    orphan = Response(ADDRESS)
    with pytest.raises(ValueError, match="belongs to no request"):
        request_of(orphan)
    with pytest.raises(ValueError, match="belongs to no request"):
        page_of(orphan)
    with pytest.raises(ValueError, match="has no purpose"):
        purpose_behind(Response(ADDRESS, request=Request(ADDRESS)))


def test_the_arguments_of_a_crawl_are_checked_before_it_begins() -> None:
    wanted = Wanted(account="https://a.example/,https://b.example/", max_articles="12")

    assert wanted.accounts == ["https://a.example/", "https://b.example/"]
    assert (wanted.urls, wanted.most_articles, Wanted().most_articles) == ([], 12, None)
    with pytest.raises(UsageError, match="recheck is 'some'"):
        Wanted(recheck="some")
    with pytest.raises(UsageError, match="max_articles is '-1'"):
        Wanted(max_articles="-1")


EXAMPLES = sorted(
    path for path in (ROOT / "crawler").rglob("*.py") if ">>>" in path.read_text("utf-8")
)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_in_docstrings_are_right(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)

    failed, tried = doctest.testmod(importlib.import_module(name))

    assert tried and not failed
