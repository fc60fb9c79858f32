"""Memento (RFC 7089): which captures of an address there are, and the one nearest to a moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote, unquote

from archive.archive import Archive
from archive.escaping import for_terminal
from archive.room.answer import Answer, NotHere, redirect
from archive.room.asked import Asked
from archive.room.every import of_all
from archive.room.holdings import forms

LINK_FORMAT = "application/link-format"
SAFE = ":/?#[]@!$&'()*+,;=%~"  # RFC 3986: reserved characters, and what is encoded already
LOST_SLASH = re.compile(r"(https?):/(?!/)", re.I)  # as proxies leave two
CAPTURES = """SELECT c.id, c.captured_at FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.url = ? AND coalesce(o.status, c.status) BETWEEN 200 AND 299
    ORDER BY c.captured_at, c.id LIMIT 10000"""

Memento = tuple[str, datetime]
"""The id of a capture, and when it was made."""


def timemap(archive: Archive, asked: Asked, path: str) -> Answer:
    """All captures of an address, in link format (RFC 7089, section 5)."""
    url = _address(asked, path)
    mementos = mementos_of(archive, url)
    last = len(mementos) - 1
    lines = [
        f'<{_uri(url)}>; rel="original"',
        f'<{gate(asked, url)}>; rel="timegate"',
        f'<{_map(asked, url)}>; rel="self"; type="{LINK_FORMAT}"'
        f'; from="{_http(mementos[0][1])}"; until="{_http(mementos[-1][1])}"',
    ]
    for number, (capture, moment) in enumerate(mementos):
        place = "first " * (number == 0) + "last " * (number == last)
        lines.append(
            f'<{_shown(asked, capture)}>; rel="{place}memento"; datetime="{_http(moment)}"'
        )
    return Answer(body=",\n".join(lines).encode(), content_type=LINK_FORMAT)


def timegate(archive: Archive, asked: Asked, path: str) -> Answer:
    """Leads to the capture of an address nearest to Accept-Datetime; to the last one without it
    (RFC 7089, section 4)."""
    url = _address(asked, path)
    mementos = mementos_of(archive, url)
    wanted = _moment(asked.moment) if asked.moment else mementos[-1][1]
    if wanted is None:
        return Answer(
            body=b"Accept-Datetime is no date of HTTP, such as Tue, 01 Apr 2031 08:00:00 GMT.",
            status=400,
            content_type="text/plain; charset=utf-8",
        )
    capture, _ = min(mementos, key=lambda memento: abs(memento[1] - wanted))
    headers = {"Vary": "accept-datetime", "Link": links(asked, url)}
    return redirect(_shown(asked, capture), headers)


def mementos_of(archive: Archive, url: str) -> Sequence[Memento]:
    """The captures of an address that have its content, in time. Raises NotHere where there is
    none."""
    for form in dict.fromkeys(forms(url)):
        rows = {(row["captured_at"], row["id"]) for row in of_all(archive, CAPTURES, [form])}
        moments = [(str(capture), _stored(at)) for at, capture in sorted(rows)]
        if mementos := [(capture, at) for capture, at in moments if at is not None]:
            return mementos
    raise NotHere(f"There is no capture of {for_terminal(url)} in this archive.")


def links(asked: Asked, url: str) -> str:
    """The header that says where the captures of an address are."""
    return (
        f'<{_uri(url)}>; rel="original", <{gate(asked, url)}>; rel="timegate", '
        f'<{_map(asked, url)}>; rel="timemap"; type="{LINK_FORMAT}"'
    )


def of_capture(url: str, captured_at: str) -> dict[str, str]:
    """The headers of a capture that is shown (RFC 7089, section 2.1)."""
    moment = _stored(captured_at)
    given = {"Memento-Datetime": _http(moment)} if moment else {}
    return {**given, "Link": f'<{_uri(url)}>; rel="original"'}


def gate(asked: Asked, url: str) -> str:
    """The address of the time gate of an address."""
    return f"{asked.site}{asked.root}/timegate/{_uri(url)}"


def _map(asked: Asked, url: str) -> str:
    return f"{asked.site}{asked.root}/timemap/{_uri(url)}"


def _shown(asked: Asked, capture: str) -> str:
    """Where a capture is shown: as captured, else its page in the room."""
    if asked.replay:
        return f"{asked.replay}/{quote(capture, safe='')}"
    return f"{asked.site}{asked.root}/capture/{quote(capture, safe='')}"


def _address(asked: Asked, path: str) -> str:
    """The address that was asked for: the rest of the path, with the query behind it."""
    url = path if path.startswith(("http:", "https:")) else unquote(path)
    url = f"{url}?{asked.query}" if asked.query and "?" not in url else url
    return LOST_SLASH.sub(r"\1://", url, count=1)


def _uri(url: str) -> str:
    return quote(url, safe=SAFE, errors="replace")


def _http(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _stored(moment: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        return None  # a database of somebody else
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _moment(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
