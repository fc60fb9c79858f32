"""The page as it was captured, on an origin of its own: from the WARC files alone, without scripts,
in a sandbox. Nothing here knows where the reading room is."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup

from archive.archive import Archive
from archive.errors import ArchiveError, Unreadable
from archive.page.decoding import decode
from archive.room.answer import HTML, Answer, NotHere, attachment
from archive.room.asked import Asked, language_of
from archive.room.captures import (
    LARGEST_PAGE,
    SVG,
    body_of,
    is_page,
    page_of,
    picture_type,
)
from archive.room.holdings import Holdings
from archive.room.hosts import is_own_host
from archive.room.memento import of_capture
from archive.room.opening import opened
from archive.room.rendering import STYLE, page
from archive.room.rewriting import content_address, file_address, rewritten, stylesheet
from archive.room.scripted import PREFIX, Player, view_address

FONTS = re.compile(rb"wOFF|wOF2|OTTO|true|\x00\x01\x00\x00")
STYLES = re.compile(r"text/css", re.I)
CONTENT_POLICY = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
    "img-src {site} data:; style-src {site} 'unsafe-inline'; "
    "font-src {site}; media-src {site}; frame-ancestors {site}; form-action 'none'; base-uri 'none'"
)
FRAME_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SHARED = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""Of files that a page in a sandbox loads: such a page is of no origin."""

log = logging.getLogger(__name__)
Make = Callable[[Archive, Asked, str], Answer]


def frame(archive: Archive, asked: Asked, capture_id: str) -> Answer:
    """The page around a captured page: what it is, when it was captured, what of it is missing."""
    row, body = body_of(archive, capture_id)
    holdings = Holdings(archive, row.captured_at)
    reason = None
    try:
        if is_page(row, body):
            rewritten(page_of(row, body), holdings)
    except Unreadable as error:
        reason = str(error)
    return page(
        asked,
        "replay.html",
        headers={"Content-Security-Policy": FRAME_POLICY, **of_capture(row.url, row.captured_at)},
        capture=row,
        content=content_address(capture_id),
        missing=list(holdings.missing),
        had=holdings.had,
        reason=reason,
        scripted=view_address(capture_id) if asked.scripts and reason is None else None,
    )


def content(archive: Archive, asked: Asked, capture_id: str) -> Answer:
    """What was captured, fit for replay."""
    row, body = body_of(archive, capture_id)
    policy = CONTENT_POLICY.format(site=asked.site)
    headers = {"Content-Security-Policy": policy, **of_capture(row.url, row.captured_at)}
    if is_page(row, body):
        data = rewritten(page_of(row, body), Holdings(archive, row.captured_at))
        return Answer(body=data, content_type=HTML, headers=headers)
    media_type = picture_type(body)
    if media_type == SVG:  # opened by itself it is a page with frames of its own
        shown = Markup('<!DOCTYPE html><img src="{}" alt="">').format(file_address(capture_id))
        return Answer(body=shown.encode(), content_type=HTML, headers=headers)
    if media_type:
        return Answer(body=body, content_type=media_type, headers=headers)
    text = decode(body[:LARGEST_PAGE], row.content_type or "").text
    return Answer(body=text.encode(), content_type="text/plain; charset=utf-8", headers=headers)


def file(archive: Archive, asked: Asked, capture_id: str) -> Answer:
    """A file that a captured page shows: a picture, a stylesheet, a font; nothing else."""
    row, body = body_of(archive, capture_id)
    headers = {"Content-Security-Policy": CONTENT_POLICY.format(site=asked.site), **SHARED}
    if media_type := picture_type(body):
        saved = attachment("picture.svg") if media_type == SVG else {}
        return Answer(body=body, content_type=media_type, headers={**saved, **headers})
    if FONTS.match(body):
        # a page in a sandbox asks for fonts as an origin that is called null
        allowed = {"Access-Control-Allow-Origin": "null"}
        return Answer(body=body, content_type="font/sfnt", headers=headers | allowed)
    if STYLES.match(row.content_type or "") and len(body) <= LARGEST_PAGE:
        holdings = Holdings(archive, row.captured_at)
        text = stylesheet(decode(body, row.content_type or "").text, row.url, holdings)
        return Answer(body=text.encode(), content_type="text/css; charset=utf-8", headers=headers)
    return Answer(
        body=body, content_type="application/octet-stream", headers=attachment("file") | SHARED
    )


def style(archive: Archive, asked: Asked, _: str) -> Answer:
    """The style sheet of the frame."""
    return Answer(body=STYLE.read_bytes(), content_type="text/css; charset=utf-8")


PLACES: tuple[tuple[re.Pattern[str], Make], ...] = (
    (re.compile(r"/content/([^/]+)"), content),
    (re.compile(r"/file/([^/]+)"), file),
    (re.compile(r"/style()\.css"), style),
    (re.compile(r"/([^/]+)"), frame),
)


def answer(folder: Path, asked: Asked, player: Player | None = None) -> Answer:
    """The answer to a request for a page as captured. Reads the archive in this thread alone.

    Args:
        folder: of the archive.
        asked: the request.
        player: what shows pages with their scripts, where that is wanted.
    """
    try:
        if player and asked.path.startswith(PREFIX):
            with opened(folder) as archive:
                return player.answer(archive, asked, unquote(asked.path.removeprefix(PREFIX)))
        for pattern, make in PLACES:
            if match := pattern.fullmatch(asked.path):
                with opened(folder) as archive:
                    return make(archive.of_record(unquote(match[1])), asked, unquote(match[1]))
        raise NotHere("There is nothing here.")
    except (ArchiveError, sqlite3.DatabaseError, ValueError) as error:
        return _plain(404 if isinstance(error, ArchiveError) else 500, str(error))
    except Exception:  # the boundary of a page: one that fails is reported, and costs no other
        log.exception("%s could not be replayed", asked.path)
        return _plain(500, "This capture could not be shown; the log of the program says why.")


def _plain(status: int, sentence: str) -> Answer:
    return Answer(
        body=sentence.encode("utf-8", "replace"),
        status=status,
        content_type="text/plain; charset=utf-8",
    )


def application(folder: Path, player: Player | None = None) -> Any:
    """The ASGI application of the second origin; `player` shows pages with their scripts."""

    async def replay(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if not is_own_host(host) or scope["method"] not in ("GET", "HEAD"):
            await _send(send, _plain(421, "This is no name of this machine."))
            return
        path = (scope.get("raw_path") or scope["path"].encode()).decode("ascii", "replace")
        asked = Asked(
            root="",
            path=path.partition("?")[0],
            language=language_of(headers.get(b"accept-language", b"").decode("latin-1")),
            site=f"http://{host}",
            scripts=player is not None,
        )
        await _send(send, await asyncio.to_thread(answer, folder, asked, player), scope["method"])

    return replay


async def _send(send: Any, answer: Answer, method: str = "GET") -> None:
    headers = {**answer.all_headers, "Content-Type": answer.content_type}
    coded = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": coded})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})
