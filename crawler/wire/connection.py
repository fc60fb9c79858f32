"""The connections of a crawl, each to an address that was checked.

A name is resolved once, and each of its addresses is checked where the connection to it is opened:
what a resolver says the next time does not matter. The private names of Twisted used here are why
Scrapy is bound to one minor version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scrapy.resolver import CachingHostnameResolver
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
)
from zope.interface import implementer

from crawler.hosts.networks import addresses_of

Check = Callable[[str, str], None]  # of a host and an address, as `NetworkGuard.check_address`
KINDS = {4: IPv4Address, 6: IPv6Address}  # by the version of the protocol


def check_connections(endpoint: Any, check: Check) -> None:
    """Make an endpoint of Twisted's agent open only connections to checked addresses.

    Args:
        endpoint: of a host, with or without TLS around it; not of a proxy.
        check: raises an error for an address that may not be connected to.

    Raises:
        TypeError: it is an endpoint of another kind, whose connections could not be checked.
    """
    inner = getattr(endpoint, "_wrappedEndpoint", endpoint)  # TLS is wrapped around the connection
    if not isinstance(inner, HostnameEndpoint):
        raise TypeError(f"The addresses of {endpoint!r} cannot be checked.")
    inner._reactor = _CheckedReactor(inner._reactor, inner._hostText, check)


@implementer(IReactorPluggableNameResolver)
class _CheckedReactor:
    """The reactor as one endpoint sees it."""

    def __init__(self, reactor: Any, host: str, check: Check) -> None:
        self._reactor, self._host, self._check = reactor, host, check

    @property
    def nameResolver(self) -> _Resolver:
        """What gives the endpoint its addresses."""
        return _Resolver(self._reactor.nameResolver)

    def connectTCP(self, host: str, port: int, *more: Any, **named: Any) -> Any:
        """Connect, where the check has nothing against it."""
        self._check(self._host, host)
        return self._reactor.connectTCP(host, port, *more, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)


@implementer(IHostResolution)
class _Resolution:
    """Of a name that needed no resolver."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: it is over."""


@implementer(IHostnameResolver)
class _Resolver:
    """The crawl's resolver, but numbers and localhost mean the same on every machine."""

    def __init__(self, resolver: Any) -> None:
        self._resolver = resolver

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """Report the addresses of a host, as `IHostnameResolver` says."""
        addresses = addresses_of(hostName)
        if not addresses:
            return self._resolver.resolveHostName(
                resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
            )
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        for address in addresses:
            resolutionReceiver.addressResolved(
                KINDS[address.version]("TCP", str(address), portNumber)
            )
        resolutionReceiver.resolutionComplete()
        return resolution


@implementer(IResolutionReceiver)
class _OfKinds:
    """Takes the addresses of a host that are of certain kinds."""

    def __init__(self, receiver: Any, kinds: Sequence[type[IAddress]]) -> None:
        self._receiver, self._kinds = receiver, tuple(kinds)

    def addressResolved(self, address: IAddress) -> None:
        if isinstance(address, self._kinds):
            self._receiver.addressResolved(address)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._receiver, name)


class AddressResolver(CachingHostnameResolver):
    """Scrapy's resolver for IPv4 and IPv6, also where both were stored and one is asked for: the
    tunnel through a proxy goes over IPv4."""

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """Report the addresses of a host, as `IHostnameResolver` says."""
        receiver: Any = resolutionReceiver
        if addressTypes:
            receiver = _OfKinds(resolutionReceiver, addressTypes)
        return super().resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )
