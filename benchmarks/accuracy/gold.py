"""Pages with gold: a folder of saved pages, and next to each what a reader sees on it.

A page is `NAME.html`, its bytes as they were received, anywhere below the folder, and its gold is
`NAME.json` it:

    url       the address, or null
    kind      what it is: `gov`, `news`, `account`, ...; `negative` is a page without an article
    title     a list of the titles that are right
    date      the day of publication, such as `2024-03-05`
    date_alt  a list of other days that are right
    time      the minute as it is printed, such as `2024-03-05 10:23`
    author    a list of names
    source    a list of names
    text      the article's text, paragraphs separated by one newline; "" where it has none
    optional  texts that may come out or not: captions, bylines, the editor's line
    encoding  of the bytes, as Python names it

All may be null or absent but `kind`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tldextract import TLDExtract

from archive.page.urls import urlsplit

NEGATIVE = "negative"
# With the list of public suffixes that the package, which Scrapy needs, brings along.
_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)


@dataclass(frozen=True, kw_only=True)
class GoldPage:
    """A page and what is right for it; fields as the module says."""

    name: str
    body: bytes
    encoding: str
    url: str
    kind: str
    titles: tuple[str, ...]
    days: tuple[str, ...]
    minute: str | None
    names: tuple[str, ...]
    text: str | None
    optional: tuple[str, ...]

    @property
    def site(self) -> str:
        """The domain that somebody has registered, such as `yunxi.gov.cn`; the folder of a page
        whose address is not known."""
        host = urlsplit(self.url).hostname if self.url else None
        domain = _domain(host or "").top_domain_under_public_suffix
        return domain or host or self.name.rpartition("/")[0]


def pages(folder: Path, kinds: frozenset[str] = frozenset()) -> Iterator[GoldPage]:
    """The pages of a folder in the order of their names.

    Args:
        folder: where they lie, in folders of their own or not.
        kinds: those wanted; empty: all.

    Raises:
        ValueError: a gold file is no JSON object, or names no kind.
    """
    for path in sorted(folder.rglob("*.json")):
        saved = path.with_suffix(".html")
        if not saved.is_file():
            continue
        gold = json.loads(path.read_text("utf-8"))
        if not isinstance(gold, dict) or "kind" not in gold:
            raise ValueError(f"{path} is no gold: it needs an object with a kind")
        if not kinds or gold["kind"] in kinds:
            yield _page(str(path.relative_to(folder).with_suffix("")), saved.read_bytes(), gold)


def _page(name: str, body: bytes, gold: dict[str, Any]) -> GoldPage:
    return GoldPage(
        name=name,
        body=body,
        encoding=gold.get("encoding") or "utf-8",
        url=gold.get("url") or "",
        kind=gold["kind"],
        titles=_several(gold, "title"),
        days=(*_several(gold, "date"), *_several(gold, "date_alt")),
        minute=gold.get("time"),
        names=(*_several(gold, "author"), *_several(gold, "source")),
        text=gold.get("text"),
        optional=_several(gold, "optional"),
    )


def _several(gold: dict[str, Any], name: str) -> tuple[str, ...]:
    value = gold.get(name) or ()
    return (value,) if isinstance(value, str) else tuple(value)
