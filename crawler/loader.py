"""Scrapy's list of spiders: one for each platform of the archive that the settings name."""

from __future__ import annotations

import builtins

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from archive import platforms
from archive.archive import archive_dir
from archive.platforms import Platforms
from crawler.spider.spider import ArticleSpider


class PlatformLoader:
    """Implements Scrapy's `SpiderLoaderProtocol`."""

    def __init__(self, known: Platforms) -> None:
        """Args: known: the platforms to make spiders of."""
        self.platforms = known

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> PlatformLoader:
        """The platforms of the archive that the settings name: `ARCHIVE`, else $ZHENGWEN_ARCHIVE,
        else the current folder. Raises UsageError for a description that cannot be used."""
        return cls(platforms.of_archive(archive_dir(settings["ARCHIVE"])))

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a platform. Raises KeyError for an unknown name, as Scrapy wants
        it."""
        return type(
            f"{spider_name.title()}Spider",
            (ArticleSpider,),
            {
                "name": spider_name,
                "platform": self.platforms[spider_name],
                "platforms": self.platforms,
            },
        )

    def list(self) -> list[str]:
        """The names of all platforms."""
        return [*self.platforms]

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """The platform whose address the request has, if any."""
        platform = self.platforms.of_url(request.url)
        return [platform.name] if platform else []
