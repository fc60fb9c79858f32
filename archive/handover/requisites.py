"""What the pages of imported web archives need to be shown: styles, scripts, fonts and pictures,
which no crawl of ours marked as such. They are found by what refers to them, by when they were
captured, and by the lists of a page's resources that Browsertrix writes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.errors import WarcError
from archive.handover.selection import Selection
from archive.index.exchanges import Exchanges
from archive.index.recorded import Recorded
from archive.page.urls import urlsplit
from archive.warc import http
from archive.warc.reader import records
from archive.warc.stored import WarcFile, all_files

FILES = """SELECT DISTINCT warc FROM captures WHERE id IN (SELECT id FROM chosen_captures)
    AND article_id IS NOT NULL AND warc GLOB 'import-*'"""
PAGES = """SELECT url, captured_at FROM captures WHERE id IN (SELECT id FROM chosen_captures)
    AND article_id IS NOT NULL AND warc GLOB ?"""
IMPORT = re.compile(r"import-[0-9a-f]{64}-")
# A page is no requisite of another one, but for what a frame shows, which is like a link to it.
PAGE = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\b", re.I)
STYLE = re.compile(
    r"\s*(?:text/css|(?:text|application)/(?:x-)?javascript|(?:application/)?font)", re.I
)
RESOURCES = "urn:pageinfo:"  # the address of a record with the resources of a page (Browsertrix)
LARGEST_LIST = 4 * 2**20  # bytes
LONGEST_LOAD = timedelta(seconds=30)  # in which a page's resources are captured after it


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A capture that may be shown in a page."""

    id: str
    url: str
    captured_at: str
    referrer: str
    is_style: bool


def choose_requisites(selection: Selection, warc_dir: Path) -> None:
    """Choose also what the chosen pages of imports need to be shown.

    Args:
        selection: with its tables filled.
        warc_dir: the WARC files of the archive.
    """
    if selection.request.everything:
        return
    names = [row[0] for row in selection.connection.execute(FILES)]
    for begin in sorted({match[0] for name in names if (match := IMPORT.match(name))}):
        files = [file for file in all_files(warc_dir) if file.name.startswith(begin)]
        pages = selection.connection.execute(PAGES, [f"{begin}*"]).fetchall()
        choice = _Choice([(row["url"], row["captured_at"]) for row in pages], _listed(files))
        selection.choose_captures(choice.of(_candidates(files)))


def _candidates(files: Iterable[WarcFile]) -> Iterator[_Candidate]:
    """What may be shown in pages."""
    for record in _recorded(files):
        if not PAGE.match(_content_type(record)):
            yield _candidate(record)


def _listed(files: Iterable[WarcFile]) -> dict[str, set[str]]:
    """The resources that are listed for each page."""
    listed = {}
    for file in files:
        try:
            for record in records(file):
                if record.url.startswith(RESOURCES):
                    resources = _resources(record.read(LARGEST_LIST))
                    listed[record.url.removeprefix(RESOURCES)] = resources
        except WarcError:
            continue  # `index` has said so
    return listed


def _recorded(files: Iterable[WarcFile]) -> Iterator[Recorded]:
    for file in files:
        try:
            yield from (each for each in Exchanges(file) if isinstance(each, Recorded))
        except WarcError:
            continue  # `index` has said so


def _content_type(record: Recorded) -> str:
    return http.split(record.block)[0].get("Content-Type") or ""


def _candidate(record: Recorded) -> _Candidate:
    referrer = http.split(record.request)[0].get("Referer") or ""
    return _Candidate(
        id=record.record_id,
        url=record.url,
        captured_at=record.date,
        referrer=referrer.partition("#")[0],
        is_style=STYLE.match(_content_type(record)) is not None,
    )


def _resources(block: bytes) -> set[str]:
    """The addresses in a list of resources; none where it has another form."""
    try:
        value = json.loads(block)
    except (ValueError, RecursionError):
        return set()
    urls = value.get("urls") if isinstance(value, dict) else None
    return set(urls) if isinstance(urls, dict) else set()


class _Choice:
    """What is chosen for some pages of one import.

    Args:
        pages: their addresses, and when they were captured.
        listed: the resources that are listed for pages, by the page's address.
    """

    def __init__(self, pages: Iterable[tuple[str, str]], listed: dict[str, set[str]]) -> None:
        pages = list(pages)
        self.urls = {url.partition("#")[0] for url, _ in pages}
        self.hosts = {urlsplit(url).hostname for url in self.urls}
        self.times = [datetime.fromisoformat(date) for _, date in pages if date]
        self.listed = set().union(*(listed.get(url, ()) for url, _ in pages))

    def of(self, candidates: Iterable[_Candidate]) -> Iterator[str]:
        """The ids of what is chosen: also what a style refers to, and what that does."""
        left, chosen_more = list(candidates), True
        while chosen_more:
            needed = [each for each in left if self._is_needed(each)]
            left = [each for each in left if not self._is_needed(each)]
            self.urls |= {each.url for each in needed}
            yield from (each.id for each in needed)
            chosen_more = bool(needed)

    def _is_needed(self, candidate: _Candidate) -> bool:
        if candidate.referrer in self.urls or candidate.url in self.listed:
            return True
        # A browser asks once for what all pages of a site share: another page is the referrer.
        of_site = urlsplit(candidate.referrer or candidate.url).hostname in self.hosts
        return (candidate.is_style and of_site) or self._is_near(candidate.captured_at)

    def _is_near(self, captured_at: str) -> bool:
        if not captured_at:
            return False
        moment = datetime.fromisoformat(captured_at)
        return any(time <= moment <= time + LONGEST_LOAD for time in self.times)
