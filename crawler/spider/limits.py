"""How much of everything a run fetches: the settings that its parts go by, read once."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.settings import BaseSettings

from crawler.spider.recheck_schedule import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one run; each field is the setting of that name in `crawler.settings`.

    Days, bytes and numbers of files, as the settings have them; 0 in `full_walk_days` is never.
    """

    overlap_days: int
    full_walk_days: int
    listing_pages: int
    listing_page_entries: int
    listing_entries: int
    media_enabled: bool
    media_per_article: int
    media_max_size: int
    requisites_enabled: bool
    requisites_per_page: int
    recheck: Schedule
    recheck_max: int
    pages_per_article: int = 50

    @classmethod
    def of(cls, settings: BaseSettings) -> Limits:
        """Read them.

        Raises:
            UsageError: RECHECK is not a schedule.
        """
        return cls(
            overlap_days=settings.getint("OVERLAP_DAYS"),
            full_walk_days=settings.getint("FULL_WALK_DAYS"),
            listing_pages=settings.getint("LISTING_PAGES"),
            listing_page_entries=settings.getint("LISTING_PAGE_ENTRIES"),
            listing_entries=settings.getint("LISTING_ENTRIES"),
            media_enabled=settings.getbool("MEDIA_ENABLED"),
            media_per_article=settings.getint("MEDIA_PER_ARTICLE"),
            media_max_size=settings.getint("MEDIA_MAX_SIZE"),
            pages_per_article=settings.getint("PAGES_PER_ARTICLE"),
            requisites_enabled=settings.getbool("REQUISITES_ENABLED"),
            requisites_per_page=settings.getint("REQUISITES_PER_PAGE"),
            recheck=Schedule.parse(settings["RECHECK"] or ""),
            recheck_max=settings.getint("RECHECK_MAX"),
        )
