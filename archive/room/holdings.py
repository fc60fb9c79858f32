"""What the archive has of the addresses that a captured page names: the capture nearest in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archive.archive import Archive
from archive.page.pictures import original_picture
from archive.page.urls import as_sent
from archive.room.every import of_all

MOST = 3000  # addresses of a page that are looked up
CAPTURES = """SELECT c.id, c.captured_at FROM captures c LEFT JOIN captures o ON o.id = c.refers_to
    WHERE c.url = ? AND coalesce(o.status, c.status) BETWEEN 200 AND 299
        AND coalesce(o.truncated, c.truncated) IS NULL ORDER BY c.captured_at DESC LIMIT 200"""


class Holdings:
    """Finds captures for a page that was captured at a moment.

    Attributes:
        missing: addresses that were looked for and are not in the archive, in order.
        had: how many are.
    """

    def __init__(self, archive: Archive, captured_at: str) -> None:
        """Args: archive: to look in; captured_at: of the page, ISO 8601 in UTC."""
        self.archive, self.captured_at = archive, captured_at
        self.missing: dict[str, None] = {}
        self.had = 0
        self._known: dict[str, str | None] = {}

    @property
    def captures(self) -> list[str]:
        """The captures of all addresses that were asked for and are here, each once."""
        return list(dict.fromkeys(filter(None, self._known.values())))

    def capture_of(self, url: str, *, counts: bool = True) -> str | None:
        """The id of the capture of an address that is nearest in time; None where there is none.

        Args:
            url: absolute.
            counts: whether it is something that the page shows, and is missed where it is not here.
        """
        if url not in self._known and len(self._known) < MOST:
            self._known[url] = self._nearest(url)
        capture = self._known.get(url)
        if counts and capture is None:
            self.missing[url] = None
        elif counts:
            self.had += 1
        return capture

    def _nearest(self, url: str) -> str | None:
        moment = _seconds(self.captured_at)
        for address in dict.fromkeys(forms(url)):
            rows = [*of_all(self.archive, CAPTURES, [address])]
            if rows:
                nearest = min(rows, key=lambda row: abs(_seconds(row["captured_at"]) - moment))
                return str(nearest["id"])
        return None


def forms(url: str) -> Iterator[str]:
    """The forms under which a crawl may have asked for an address."""
    plain = url.partition("#")[0]
    other = plain.replace("http://", "https://", 1)
    other = other if other != plain else plain.replace("https://", "http://", 1)
    for form in (plain, original_picture(plain), other, original_picture(other)):
        yield form
        yield as_sent(form)


def _seconds(moment: str) -> float:
    try:
        return datetime.fromisoformat(moment).timestamp()
    except ValueError:
        return 0.0  # a database of somebody else; then the last capture is as near as any
