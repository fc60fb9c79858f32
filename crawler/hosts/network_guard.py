"""What keeps a crawl out of private networks, whatever a page, a list or a redirect says."""

from __future__ import annotations

from ipaddress import ip_address

from scrapy import Request
from scrapy.crawler import Crawler

from archive.model import Failure
from archive.page.urls import canonical, urlsplit
from archive.platform import Platform
from crawler.hosts.networks import addresses_of, is_local_name, may_be_asked, networks
from crawler.hosts.not_asked import NotAskedError

USUAL_PORTS = frozenset({None, 80, 443})


class NetworkGuard:
    """The extension that the wire asks before each request, and before each connection.

    It is asked there, below all middlewares, so that no request passes it by: robots.txt,
    redirects and retries included.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.allowed = networks(crawler.settings.getlist("ALLOW_NETWORKS"))
        self.platform: Platform = crawler.spidercls.platform  # type: ignore[attr-defined]  # ours

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> NetworkGuard:
        """Build it from the setting ALLOW_NETWORKS. Raises UsageError for what is no network."""
        return cls(crawler)

    def checked(self, request: Request) -> Request:
        """The request with its address in canonical form, if it may be made.

        What its name means is checked with `check_address` when it is known. A proxy resolves names
        by itself, so one that can only be private is refused here.

        Raises:
            NotAskedError: it may not.
        """
        url = canonical(request.url)
        parts = urlsplit(url)
        host = parts.hostname
        if not host:
            raise _refusal("no-host", f"{request.url} has no valid host")
        if parts.port not in USUAL_PORTS and not self.platform.owns(host):
            raise _refusal(
                "other-port",
                f"{host} is none of the platform's hosts, which alone are asked on another port "
                f"({parts.port}) than 80 and 443",
            )
        addresses = addresses_of(host)
        if addresses and not any(may_be_asked(address, self.allowed) for address in addresses):
            raise self._private(host, str(addresses[0]))
        if request.meta.get("proxy") and not addresses and is_local_name(host):
            raise _refusal(
                "private-address",
                f"{host} is a name of private networks, which are not asked through a proxy; put "
                "it into no_proxy, and its network into ALLOW_NETWORKS",
            )
        return request if url == request.url else request.replace(url=url)

    def check_address(self, host: str, address: str) -> None:
        """Check an address just before the connection to it is opened.

        Args:
            host: the name that was asked for.
            address: a number; what is none is refused too.

        Raises:
            NotAskedError: it is not public, and the operator has not named its network.
        """
        try:
            allowed = may_be_asked(ip_address(address), self.allowed)
        except ValueError:
            allowed = False
        if not allowed:
            raise self._private(host, address)

    @staticmethod
    def _private(host: str, address: str) -> NotAskedError:
        where = host if host == address else f"{host} ({address})"
        return _refusal(
            "private-address",
            f"{where} is not reachable from everywhere, and its network is not in ALLOW_NETWORKS",
        )


def _refusal(reason: str, detail: str) -> NotAskedError:
    return NotAskedError(Failure(outcome="error", reason=reason, detail=detail))
