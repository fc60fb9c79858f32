"""Leave one site out: each site is read as if nobody had ever looked at it.

The rules of its platform are switched off, and so is each mark of a body that, in the folder, is
on pages of this site alone: a mark that other sites bear too is known from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from archive.errors import Unreadable
from archive.extraction import read
from archive.general import containers
from archive.general.rules import ANYWHERE
from archive.page.page import Page
from benchmarks.accuracy.gold import GoldPage
from benchmarks.accuracy.readers import of_article
from benchmarks.accuracy.scores import Answer


class Unseen:
    """Reads each page by the general rules, without the marks of its own site alone.

    Args:
        pages: the folder's, which decide what marks a site has alone.
    """

    def __init__(self, pages: Sequence[GoldPage]) -> None:
        sites = _sites_of_marks(pages)
        self._own: dict[str, set[str]] = defaultdict(set)
        for mark, bearing in sites.items():
            if len(bearing) == 1:
                self._own[next(iter(bearing))].add(mark)

    def marks_of(self, site: str) -> set[str]:
        """The marks that are on pages of this site alone."""
        return self._own[site]

    def __call__(self, page: GoldPage) -> Answer:
        """What is read from one page."""
        with _without(self.marks_of(page.site)):
            saved = Page(url=page.url, body=page.body)
            return of_article(read(saved, ANYWHERE, ANYWHERE.locate(page.url)))


def _sites_of_marks(pages: Sequence[GoldPage]) -> dict[str, set[str]]:
    sites: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        try:
            tree = Page(url=page.url, body=page.body).tree
        except Unreadable:
            continue
        for mark, _ in containers.COMPILED:
            if mark(tree):
                sites[mark.path].add(page.site)
    return sites


@contextmanager
def _without(marks: set[str]) -> Iterator[None]:
    others = [compiled for compiled in containers.COMPILED if compiled[0].path not in marks]
    with patch.object(containers, "COMPILED", others):
        yield
