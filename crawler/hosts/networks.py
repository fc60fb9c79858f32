"""Which addresses a crawl may connect to: those that are reachable from everywhere, and those of
the networks that the operator names."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from archive.errors import UsageError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The IANA registries of special-purpose addresses, all that is not "globally reachable", and
# multicast (RFC 6890; iana.org/assignments/iana-ipv4-special-registry). Not `is_global`, whose
# answers differ between versions of Python.
NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # services of Azure's own machines, metadata among them
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # Teredo and the other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4: leads to the IPv4 address within
        "3fff::/20",
    )
)
GLOBAL_UNICAST = ip_network("2000::/3")  # all of IPv6 that is assigned to the public (RFC 4291)
NAT64 = ip_network("64:ff9b::/96")  # leads to the IPv4 address in its last 32 bits (RFC 6052)
LOOPBACK = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
# Names that the public name service does not have: RFC 6761, 6762, 8375; .internal is reserved by
# ICANN for private use, and the others it will not delegate.
LOCAL_DOMAINS = (
    *("localhost", "localdomain", "local", "internal", "home.arpa"),
    *("home", "corp", "mail", "lan", "intranet", "private"),
)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read the networks that the operator allows.

    Args:
        texts: each in CIDR notation, or a single address; empty ones do not count.

    Raises:
        UsageError: for one that is no network.

    Example:
        >>> networks(["10.20.0.0/16"])
        (IPv4Network('10.20.0.0/16'),)
    """
    try:
        return tuple(ip_network(text.strip()) for text in texts if text.strip())
    except ValueError as error:
        raise UsageError(
            f"ALLOW_NETWORKS has no network there ({error}); write networks as 10.20.0.0/16 or "
            "fd00:20::/32, with commas between them."
        ) from error


def may_be_asked(address: Address, allowed: Iterable[Network]) -> bool:
    """Whether a crawl may connect to an address.

    Args:
        address: as it is connected to; one that contains an IPv4 address, such as
            `::ffff:10.0.0.1`, is judged by that.
        allowed: the networks of the operator.

    Example:
        >>> may_be_asked(ip_address("169.254.169.254"), [])
        False
    """
    address = _innermost(address)
    return is_public(address) or any(address in network for network in allowed)


def is_public(address: Address) -> bool:
    """Whether an address can be reached from everywhere."""
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return not any(address in network for network in NOT_PUBLIC)


def _innermost(address: Address) -> Address:
    """The IPv4 address that a packet for this one goes to, where that is plain."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def addresses_of(host: str) -> tuple[Address, ...]:
    """The addresses that a host is by its name alone: a number, or this machine; none for others.

    Args:
        host: in the canonical form of WHATWG, without brackets.

    Example:
        >>> addresses_of("127.0.0.1"), addresses_of("www.thepaper.cn")
        ((IPv4Address('127.0.0.1'),), ())
    """
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return LOOPBACK
    try:
        return (ip_address(name),)
    except ValueError:
        return ()


def is_local_name(host: str) -> bool:
    """Whether a name can only mean something in a private network: it has no dot, or ends as such
    names do.

    Example:
        >>> is_local_name("metadata.google.internal"), is_local_name("www.thepaper.cn")
        (True, False)
    """
    name = host.rstrip(".")
    return "." not in name or any(name.endswith(f".{domain}") for domain in LOCAL_DOMAINS)
