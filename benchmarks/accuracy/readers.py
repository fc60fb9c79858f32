"""Ours and the peers as functions from a page with its address to an `Answer`. Peers that are not
installed are left out by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from archive import extract
from archive.model import Article, Failure
from benchmarks.accuracy.gold import GoldPage
from benchmarks.accuracy.scores import Answer

Reader = Callable[[GoldPage], Answer]


def ours(page: GoldPage) -> Answer:
    """All that the program does with a page that was saved anywhere."""
    return of_article(extract(page.body, page.url))


def of_article(result: Article | Failure) -> Answer:
    """What we read; for a failure nothing."""
    if isinstance(result, Failure):
        return Answer()
    names = (result.author, result.source, result.account)
    return Answer(
        text=result.text,
        title=result.title,
        published=result.published_at or "",
        names=tuple(filter(None, names)),
    )


def _text(page: GoldPage) -> str:
    # The peers get the page rightly decoded: what is measured is how they read it.
    return page.body.decode(page.encoding, "replace")


def _trafilatura(library: Any, page: GoldPage) -> Answer:
    read = library.bare_extraction(_text(page), url=page.url or None, with_metadata=True)
    if read is None:
        return Answer()
    return _answer(read.text, read.title, read.date, read.author, read.sitename)


def _gne(library: Any, page: GoldPage) -> Answer:
    read = library.GeneralNewsExtractor().extract(_text(page))
    return _answer(read["content"], read["title"], read["publish_time"], read["author"])


def _readability(library: Any, page: GoldPage) -> Answer:
    from lxml.html import fromstring

    document = library.Document(_text(page))
    return _answer(fromstring(document.summary()).text_content(), document.short_title())


def _newspaper(library: Any, page: GoldPage) -> Answer:
    read = library.Article(page.url or "http://localhost/", language="zh", fetch_images=False)
    read.download(input_html=_text(page))
    read.parse()
    return _answer(read.text, read.title, str(read.publish_date or ""), *read.authors)


def _answer(text: str | None, title: str | None, date: Any = "", *names: str | None) -> Answer:
    return Answer(
        text=text or "",
        title=title or "",
        published=str(date or ""),
        names=tuple(filter(None, names)),
    )


PEERS: dict[str, tuple[str, Callable[[Any, GoldPage], Answer]]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "gne": ("gne", _gne),
    "readability-lxml": ("readability", _readability),
    "newspaper4k": ("newspaper", _newspaper),
}


def peer(name: str) -> Reader | None:
    """A peer by name; None where it is not installed."""
    module, read = PEERS[name]
    if find_spec(module) is None:
        return None
    library = import_module(module)
    return lambda page: read(library, page)
