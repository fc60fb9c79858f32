"""新浪 Sina: news articles (`doc-<id>.shtml`) and 看点 (`k.sina.com.cn/article_<uid>_<hex>.html`)
by address.

No list of an account's articles is known that works.
"""

from __future__ import annotations

import re

from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.page.dates import from_local
from archive.page.fields import text_of
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import About, Address, Platform, Reading, Rules
from archive.platforms.kit.noise import split
from archive.platforms.kit.selectors import EDITOR, first, part, text_at

CHANNELS = [
    "news",
    "k",
    "finance",
    "tech",
    "sports",
    "ent",
    "mil",
    "edu",
    "health",
    "blog",
    "cj",
    "gov",
    "chanye",
    "auto",
    "eladies",
    "book",
]
HOSTS = frozenset(f"{name}.sina.com.cn" for name in CHANNELS) | frozenset(
    f"{name}.sina.cn" for name in CHANNELS
)
DOCUMENT = re.compile(r"/(?:doc|detail)-(?:i)?([a-z0-9]{10,16})(?:\.d)?\.s?html")
SEEN = re.compile(r"/article_(\d+)_([0-9a-f]+)(?:\.html)?")
OLD = re.compile(r"/(\d{4}-\d{2}-\d{2}/\d{6,16})\.s?html")


def locate(url: str) -> Address | None:
    """Articles; the address stays as it is but for its parameters, because the channel is a part
    of it."""
    parts = split(url)
    canonical = f"https://{parts.hostname}{parts.path}"
    if match := DOCUMENT.search(parts.path):
        return Address(role="article", id=match[1], url=canonical)
    if match := SEEN.search(parts.path):
        return Address(role="article", id=f"{match[1]}_{match[2]}", url=canonical)
    match = OLD.search(parts.path)
    return Address(role="article", id=match[1].replace("/", "_"), url=canonical) if match else None


def read(page: Page) -> Reading:
    """The head of the layout since 2015; what it lacks by the general rules."""
    reading = general.read(page)
    clock = first(page, '//*[@class="date-source"]/*[contains(@class, "date")]')
    number = SEEN.search(urlsplit(page.url).path)
    return reading.put(
        title=text_at(page, '//h1[contains(@class, "main-title")]') or reading.title,
        account_id=number[1] if number else None,
        source=text_at(page, '//*[@class="date-source"]//*[contains(@class, "source")]')
        or reading.source,
        editor=part(EDITOR, text_at(page, '//*[contains(@class, "show_author")]')),
        published_at=from_local(text_of(clock)) or reading.published_at,
        published_raw=text_of(clock) or reading.published_raw,
    )


PLATFORM = Platform(
    name="sina",
    title="新浪",
    hosts=HOSTS,
    locate=locate,
    refusal=nothing_more,
    rules=(Rules(name="sina", fits=lambda page: True, read=read),),
    about=About(
        accounts="none: no list is known that works",
        articles="`doc-<id>.shtml`, 看点",
        gone="404",
        tested="2026-11",
    ),
)
