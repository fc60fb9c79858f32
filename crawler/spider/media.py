"""What belongs to an article: the pictures and attachments of its body, and what its page needs to
look as it did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

from archive.general.refusals import refused
from archive.model import Article
from archive.page.page import Page
from archive.platform import Ask
from crawler.hosts.throttle import gate_of
from crawler.spider import page_requisites
from crawler.spider.responses import asked, page_of

if TYPE_CHECKING:
    from crawler.spider.spider import ArticleSpider

MEDIA, REQUISITE = 0, -5  # priorities: text before pictures, pictures before looks


class Companions:
    """The files beside the articles of one run. Each is asked for once, and not again if the
    archive has it."""

    def __init__(self, spider: ArticleSpider) -> None:
        self.spider = spider

    def of_article(self, article: Article, page: Page) -> Iterator[Request]:
        """Pictures, attachments and page requisites that the archive lacks."""
        settings, catalogue = self.spider.settings, self.spider.recorder.catalogue
        if settings.getbool("MEDIA_ENABLED"):
            for picture in article.pictures[: settings.getint("MEDIA_PER_ARTICLE")]:
                if self._is_new(picture.url) and not catalogue.has_media(picture.url):
                    yield self._file(picture.url, page.url, "media", MEDIA)
        if settings.getbool("REQUISITES_ENABLED"):
            yield from self._requisites(page_requisites.of_page(page), page.url)

    def _requisites(self, urls: Iterator[str], via: str) -> Iterator[Request]:
        most = self.spider.settings.getint("REQUISITES_PER_PAGE")
        for url in list(dict.fromkeys(urls))[:most]:
            if self._is_new(url) and not self.spider.recorder.catalogue.has_requisite(url):
                yield self._file(url, via, "requisite", REQUISITE)

    def _is_new(self, url: str) -> bool:
        """Whether this run has not asked for it; from now on it has."""
        new = url not in self.spider.asked
        self.spider.asked.add(url)
        return new

    def _file(self, url: str, via: str, role: str, priority: int) -> Request:
        style = role == "requisite"
        callback = self.parse_style if style else self.parse_file
        request = self.spider.ask(
            Ask(url=url, headers={"Referer": via}),
            {"role": role, "via": via},
            callback,
            priority=priority,
        )
        maximum = self.spider.settings.getint("MEDIA_MAX_SIZE")
        request.meta.update(discard_body=not style, allow_offsite=True, download_maxsize=maximum)
        return request

    def parse_file(self, response: Response) -> None:
        """It is in the WARC; a host that refuses its files is left alone like one that refuses its
        pages."""
        gate_of(self.spider.crawler).read(asked(response), refused(page_of(response)))

    def parse_style(self, response: Response) -> Iterator[Request]:
        """Follow what a stylesheet names."""
        self.parse_file(response)
        if (
            response.status == 200
            and b"css" in (response.headers.get("Content-Type") or b"").lower()
        ):
            yield from self._requisites(
                page_requisites.of_style(response.body.decode("utf-8", "replace"), response.url),
                response.url,
            )
