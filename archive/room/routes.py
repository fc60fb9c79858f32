"""All pages of the reading room, and how each is made: within its time, and every error as a page
that says what is wrong."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from archive.archive import Archive
from archive.errors import ArchiveError, StorageError, UsageError, WarcError
from archive.room import (
    account,
    article,
    captures,
    comparison,
    days,
    feed,
    finding,
    hit_files,
    home,
    memento,
    proofs,
    runs,
)
from archive.room.answer import Answer, NotHere
from archive.room.asked import Asked
from archive.room.opening import opened
from archive.room.rendering import page

Page = Callable[..., Answer]
ROUTES: tuple[tuple[str, Page], ...] = (
    ("", home.home),
    (r"style\.css", home.style),
    ("search", finding.search),
    (r"hits\.(csv|xlsx|json)", hit_files.hit_file),
    (r"hits\.atom", hit_files.hit_feed),
    ("article/([^/]+)", article.article),
    ("linkset/([^/]+)", article.linkset),
    ("compare/([^/]+)", comparison.compare),
    ("cite/([^/]+)/(bib|ris)", feed.reference),
    ("accounts", account.accounts),
    ("account", account.account),
    (r"calendar\.svg", days.picture),
    ("runs", runs.runs),
    ("run/([^/]+)", runs.run),
    ("coverage", runs.coverage),
    (r"changes\.atom", feed.changes),
    ("timemap/(.+)", memento.timemap),
    ("timegate/(.+)", memento.timegate),
    ("capture/([^/]+)", captures.capture),
    (r"capture/([^/]+)/record\.warc\.gz", proofs.download),
    ("record/([^/]+)", proofs.proof),
    (r"record/([^/]+)/record\.warc\.gz", proofs.download),
    ("file/([^/]+)", captures.file),
)
PATTERNS = tuple((re.compile(pattern), make) for pattern, make in ROUTES)
OF_ARTICLE: tuple[Page, ...] = (
    article.article,
    article.linkset,
    comparison.compare,
    feed.reference,
)
OF_RECORD: tuple[Page, ...] = (captures.capture, captures.file, proofs.proof, proofs.download)
FILES: tuple[Page, ...] = (
    hit_files.hit_file,
    hit_files.hit_feed,
    feed.changes,
    memento.timemap,
    memento.timegate,
)
TOO_SLOW = (
    "This takes longer than a page may; ask for less, or use `zhengwen search` in a terminal."
)
AGAIN = 3  # seconds until the page that says to wait asks again
log = logging.getLogger(__name__)


def answer(folder: Path, asked: Asked) -> Answer:
    """The answer to a request. Reads the archive in this thread alone.

    Args:
        folder: of the archive.
        asked: the request.
    """
    try:
        return _page_of(folder, asked)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return _error(asked, 503, TOO_SLOW)
        return _error(asked, 500, f"archive.db cannot be read ({error}).")
    except NotHere as error:
        return _error(asked, 404, str(error))
    except UsageError as error:
        return _error(asked, 400, str(error))
    except StorageError as error:
        return _error(asked, 503, str(error))
    except (ArchiveError, sqlite3.DatabaseError) as error:
        return _error(asked, 404 if isinstance(error, WarcError) else 500, str(error))
    except Exception:  # the boundary of a page: one that fails is reported, and costs no other
        log.exception("the page %s could not be made", asked.path)
        return _error(asked, 500, "This page could not be made; the log of the program says why.")


def _page_of(folder: Path, asked: Asked) -> Answer:
    for pattern, make in PATTERNS:
        if match := pattern.fullmatch(asked.path):
            with opened(folder) as archive:
                return _answer_of(make, archive, asked, [*map(unquote, match.groups())])
    raise NotHere("There is no such page in the reading room.")


def waiting(asked: Asked) -> Answer:
    """What a person sees while a page is being made: it asks for that page again by itself."""
    again = {"Refresh": str(AGAIN), "Retry-After": str(AGAIN), "Cache-Control": "no-store"}
    return page(asked, "waiting.html", status=202, headers=again)


def _answer_of(make: Page, archive: Archive, asked: Asked, names: list[str]) -> Answer:
    """The page, of a collection by the database that it is of; what cannot be reached is named, and
    a file, which cannot name it, is not made."""
    missing = tuple(archive.unreachable)
    if missing and make in FILES:
        raise ArchiveError(missing[0])
    if make in OF_ARTICLE:
        archive = archive.of_article(names[0])
    elif make in OF_RECORD:
        archive = archive.of_record(names[0])
    return make(archive, replace(asked, missing=missing) if missing else asked, *names)


def _error(asked: Asked, status: int, sentence: str) -> Answer:
    return page(asked, "error.html", status=status, sentence=sentence)
