"""Scrapy's list of spiders: one for each platform, made from the registry of
`archive.platforms`."""

from __future__ import annotations

import builtins

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from archive import platforms
from crawler.spider.spider import ArticleSpider


class PlatformLoader:
    """Implements Scrapy's `SpiderLoaderProtocol`."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> PlatformLoader:
        """No setting matters: the folder is the registry."""
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a platform. Raises KeyError for an unknown name, as Scrapy wants
        it."""
        platform = platforms.load()[spider_name]
        return type(
            f"{spider_name.title()}Spider",
            (ArticleSpider,),
            {"name": spider_name, "platform": platform},
        )

    def list(self) -> list[str]:
        """The names of all platforms."""
        return [*platforms.load()]

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """The platform whose address the request has, if any."""
        platform = platforms.of_url(request.url)
        return [platform.name] if platform else []
