"""Scrapy's list of spiders: one for each platform of the archive that the settings name."""

from __future__ import annotations

import builtins

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from archive import platforms
from archive.cli.output import complain
from archive.errors import UsageError
from archive.folder import archive_dir
from archive.platforms import Platforms
from crawler.spider.spider import ArticleSpider


class PlatformLoader:
    """Implements Scrapy's `SpiderLoaderProtocol`."""

    def __init__(self, known: Platforms) -> None:
        """Args: known: the platforms to make spiders of."""
        self.platforms = known

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> PlatformLoader:
        """The platforms that a crawl started from Python hands on (`PLATFORMS`), else those of the
        archive that the settings name: `ARCHIVE`, else $ZHENGWEN_ARCHIVE, else the current folder.

        Raises:
            SystemExit: a description cannot be used; standard error says why. Scrapy's commands
                have no place that would turn an error into a sentence.
        """
        handed_on = settings["PLATFORMS"]
        if isinstance(handed_on, Platforms):
            return cls(handed_on)
        try:
            return cls(platforms.of_archive(archive_dir(settings["ARCHIVE"])))
        except UsageError as error:
            complain(error)
            raise SystemExit(error.exit_code) from error

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
        """The names of all platforms that can be asked."""
        return [name for name, platform in self.platforms.items() if platform.hosts]

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """The platform whose address the request has, if any."""
        platform = self.platforms.of_url(request.url)
        return [platform.name] if platform else []
