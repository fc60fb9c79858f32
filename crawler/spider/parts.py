"""The later pages of articles that are on several: asked for whenever the article is, and where one
is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response

from archive import extraction
from archive.general.page_addresses import same
from archive.model import Article, Failure, Paging
from archive.page.page import Page
from archive.platform import Address, Ask
from crawler.hosts.throttle import CountBlocks
from crawler.requests import MakeRequest, Purpose
from crawler.run import Run
from crawler.spider.limits import Limits
from crawler.spider.media import Media
from crawler.spider.responses import page_of, purpose_behind, request_of

PRIORITY = 11  # before the next article: what is begun is completed first


class Parts:
    """The later pages of one run's articles. Each is asked for once in a run.

    Args:
        run: what the run knows.
        limits: how many pages an article may have.
        request: makes a request.
        media: makes the requests for the files of a page.
        count_blocks: a host that refuses pages is left alone.
    """

    def __init__(
        self,
        run: Run,
        limits: Limits,
        request: MakeRequest,
        media: Media,
        count_blocks: CountBlocks,
    ) -> None:
        self.run, self.limits, self.media = run, limits, media
        self.request, self.count_blocks = request, count_blocks
        self.texts: defaultdict[str, set[int]] = defaultdict(set)  # of the pages of each article

    def of_first(self, article: Article, purpose: Purpose) -> Iterator[Request]:
        """Request the pages that the first one names.

        Args:
            article: what was read from it.
            purpose: why it was asked for.
        """
        if article.paging and article.paging.number == 1:
            self.texts[article.id].add(hash(article.text))
            purpose = replace(purpose, article_id=article.id)
            yield from self._pages(article.paging.others, purpose, article.paging.first)

    def again(self, purpose: Purpose) -> Iterator[Request]:
        """Request the known pages of an article whose first page did not change."""
        pages = self.run.catalogue.pages_of(purpose.article_id or "")
        yield from self._pages(pages, purpose, "")

    def missing(self) -> Iterator[Request]:
        """Request the pages that earlier runs could not have, a few times each."""
        for article_id, number, url in self.run.catalogue.missing_pages(self.run.platform.name):
            yield from self._pages([(number, url)], Purpose(role="part", article_id=article_id), "")

    def _pages(
        self, pages: Iterable[tuple[int, str]], purpose: Purpose, via: str
    ) -> Iterator[Request]:
        for number, url in pages:
            if number > self.limits.pages_per_article or not self.run.ask_once(f"part {url}"):
                continue
            part = Purpose(
                role="part",
                article_id=purpose.article_id,
                account_id=purpose.account_id,
                account=purpose.account,
                part=number,
                via=via or purpose.via,
            )
            ask = Ask(url=url, headers={"Referer": part.via} if part.via else {})
            yield self.request(ask, part, self.parse, priority=PRIORITY)

    def parse(self, response: Response) -> Iterator[Request]:
        """Request the files of a page, and the later ones that it names. One that shows the same as
        another is behind the last."""
        purpose, page = purpose_behind(response), page_of(response)
        outcome = extraction.read(page, self.run.platform, self._address(purpose, page))
        failure = outcome if isinstance(outcome, Failure) else None
        self.count_blocks(request_of(response), failure)
        if not isinstance(outcome, Article) or self._is_repeated(outcome, purpose):
            return
        yield from self.media.of_article(outcome, page)
        if outcome.paging:
            yield from self._pages(_numbered(outcome.paging, purpose), purpose, page.url)

    def _address(self, purpose: Purpose, page: Page) -> Address:
        native_id = (purpose.article_id or "").partition("-")[2]
        return Address(role="article", id=native_id, url=page.url)

    def _is_repeated(self, article: Article, purpose: Purpose) -> bool:
        texts = self.texts[purpose.article_id or ""]
        repeated = bool(article.text) and hash(article.text) in texts
        texts.add(hash(article.text))
        return repeated


def leads_to_first(article: Article, url: str) -> bool:
    """Whether a page that was asked for as an article is a later page of one."""
    paging = article.paging
    return paging is not None and not (paging.number == 1 and same(paging.first, url))


def _numbered(paging: Paging, purpose: Purpose) -> list[tuple[int, str]]:
    """The pages that one names, numbered from what it was asked for as."""
    shift = (purpose.part or paging.number) - paging.number
    return [(number + shift, url) for number, url in paging.others if number + shift > 1]
