"""The files that belong to an article: the pictures and attachments of its body, and what its page
needs to look as it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scrapy import Request
from scrapy.http import Response

from archive.general.refusals import refused
from archive.model import Article
from archive.page.page import Page
from archive.page.urls import as_sent
from archive.platform import Ask
from crawler.hosts.throttle import CountBlocks
from crawler.requests import Callback, MakeRequest, Purpose
from crawler.run import Run
from crawler.spider import page_requisites
from crawler.spider.limits import Limits
from crawler.spider.responses import page_of, request_of

MEDIA, REQUISITE = 0, -5  # priorities: text before pictures, pictures before looks


class Media:
    """The files of one run's articles. Each is asked for once, and not again if the archive has it.

    Args:
        run: what the run knows.
        limits: how many files, and how large.
        request: makes a request.
        count_blocks: a host that refuses its files is left alone like one that refuses its pages.
    """

    def __init__(
        self, run: Run, limits: Limits, request: MakeRequest, count_blocks: CountBlocks
    ) -> None:
        self.run, self.limits = run, limits
        self.request, self.count_blocks = request, count_blocks

    def of_article(self, article: Article, page: Page) -> Iterator[Request]:
        """Request the pictures, attachments and page requisites that the archive lacks. Films are
        named in the archive and not fetched: each is larger than a year of pages.

        Args:
            article: what was read.
            page: the page that it was read from.
        """
        if self.limits.media_enabled:
            files = [file for file in article.pictures if file.kind != "video"]
            for picture in files[: self.limits.media_per_article]:
                url = as_sent(picture.url)
                if self.run.ask_once(url) and not self.run.catalogue.has_media(url):
                    yield self._picture(url, page.url)
        if self.limits.requisites_enabled:
            yield from self._requisites(page_requisites.of_page(page), page.url)

    def not_fetched(self) -> Iterator[Request]:
        """Request what runs that ended early left: their articles are known, and may not be asked
        for again."""
        if not self.limits.media_enabled:
            return
        platform, most = self.run.platform.name, self.limits.media_per_article
        for url, page in self.run.catalogue.not_fetched(platform, most):
            if self.run.ask_once(url):
                yield self._picture(url, page)

    def _picture(self, url: str, via: str) -> Request:
        purpose = Purpose(role="media", via=via, discard_body=True, any_host=True)
        return self._file(url, purpose, self.parse_file, MEDIA)

    def _requisites(self, urls: Iterable[str], via: str) -> Iterator[Request]:
        purpose = Purpose(role="requisite", via=via, any_host=True)
        for url in list(dict.fromkeys(urls))[: self.limits.requisites_per_page]:
            if self.run.ask_once(url) and not self.run.catalogue.has_requisite(url):
                yield self._file(url, purpose, self.parse_stylesheet, REQUISITE)

    def _file(self, url: str, purpose: Purpose, callback: Callback, priority: int) -> Request:
        ask = Ask(url=url, headers={"Referer": purpose.via or ""})
        return self.request(
            ask, purpose, callback, priority=priority, max_bytes=self.limits.media_max_size
        )

    def parse_file(self, response: Response) -> None:
        """Report a refusal; the file itself is in the WARC by now."""
        self.count_blocks(request_of(response), refused(page_of(response)))

    def parse_stylesheet(self, response: Response) -> Iterator[Request]:
        """Request what a stylesheet names; other files name nothing."""
        self.parse_file(response)
        content_type = response.headers.get("Content-Type") or b""
        if response.status == 200 and b"css" in content_type.lower():
            text = response.body.decode("utf-8", "replace")
            yield from self._requisites(
                page_requisites.of_stylesheet(text, response.url), response.url
            )
