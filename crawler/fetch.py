"""One page for `zhengwen extract URL`: asked once, after robots.txt, with an honest name. Nothing
is archived."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from protego import Protego

from archive.errors import ArchiveError
from crawler import settings
from crawler.wire.identity import contact_of

LARGEST = 50 * 2**20  # bytes
TIMEOUT = 60  # seconds


def fetch(url: str) -> tuple[bytes, str, Mapping[str, str]]:
    """Get one page.

    Returns:
        Its body, its address after redirects, and its headers.

    Raises:
        ArchiveError: robots.txt or the site refuses it, or there is no answer.
    """
    agent = f"{settings.USER_AGENT} (+{contact_of()})"
    if not _robots(url, agent).can_fetch(url, settings.ROBOTSTXT_USER_AGENT):
        raise ArchiveError(f"The robots.txt of the site does not allow {url}; it is not fetched.")
    try:
        return _get(url, agent)
    except (URLError, OSError, ValueError) as error:
        raise ArchiveError(
            f"{url} cannot be fetched ({error}); see to the address and the network."
        ) from error


def _robots(url: str, agent: str) -> Protego:
    try:
        text = _get(urljoin(url, "/robots.txt"), agent)[0]
    except HTTPError as error:
        if error.code >= 500:
            raise ArchiveError(
                f"The robots.txt of {url} cannot be had (status {error.code}); try later."
            ) from error
        text = b""
    except (URLError, OSError, ValueError) as error:
        raise ArchiveError(
            f"{url} cannot be fetched ({error}); see to the address and the network."
        ) from error
    return Protego.parse(text.decode("utf-8", "replace"))


def _get(url: str, agent: str) -> tuple[bytes, str, Mapping[str, str]]:
    with urlopen(Request(url, headers={"User-Agent": agent}), timeout=TIMEOUT) as answer:
        return answer.read(LARGEST), answer.url, dict(answer.headers)
