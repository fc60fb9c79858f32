"""Which addresses may be asked, by number, name and port, before anything is asked."""

from __future__ import annotations

from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.settings import BaseSettings
from twisted.internet.address import IPv4Address, IPv6Address

from archive.errors import UsageError
from archive.platforms import load
from crawler.hosts.network_guard import NetworkGuard
from crawler.hosts.networks import may_be_asked, networks
from crawler.hosts.not_asked import NotAskedError
from crawler.wire.connection import AddressResolver

PRIVATE = [
    *(
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.0.1",
    ),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.0.0.8", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:a00:1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "100:0:0:1::1"),
    *("2001::1", "2001:0:7f00:1::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1"),
    *("2002:7f00:1::", "2002:c0a8:1::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1"),
    *("fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1"),
]
PUBLIC = [
    *(
        "1.1.1.1",
        "8.8.8.8",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
    ),
    *("192.0.1.1", "192.167.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "168.63.129.17"),
    *("2001:200::1", "2400:3200::1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_reachable_from_everywhere_is_not_asked(address: str) -> None:
    assert not may_be_asked(ip_address(address), [])


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_asked(address: str) -> None:
    assert may_be_asked(ip_address(address), [])


@pytest.mark.parametrize(
    ("network", "address"),
    [
        ("10.20.0.0/16", "10.20.255.1"),
        ("127.0.0.0/8", "::ffff:127.0.0.1"),
        ("192.168.7.7", "64:ff9b::c0a8:707"),
        ("fd00:20::/32", "fd00:20::1"),
        ("::1", "::1"),
    ],
)
def test_the_operator_may_name_a_network(network: str, address: str) -> None:
    assert may_be_asked(ip_address(address), networks([network]))
    assert not may_be_asked(ip_address("169.254.169.254"), networks([network]))


@pytest.mark.parametrize("text", ["10.20.0.1/16", "10.20", "intranet", "10.0.0.0/8;::1", "::/129"])
def test_what_is_no_network_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="ALLOW_NETWORKS"):
        networks([text])


def guard(allowed: str = "") -> NetworkGuard:
    crawler = SimpleNamespace(
        settings=BaseSettings({"ALLOW_NETWORKS": allowed}),
        spidercls=SimpleNamespace(platform=load()["thepaper"]),
    )
    return NetworkGuard(cast("Any", crawler))


def refusal(url: str, *, proxied: bool = False, allowed: str = "") -> str | None:
    """The reason for which an address is not asked; None where it is."""
    request = Request(url, meta={"proxy": "http://127.0.0.1:8080"} if proxied else {})
    try:
        guard(allowed).checked(request)
    except NotAskedError as error:
        assert error.failure.outcome == "error"
        return error.failure.reason
    return None


@pytest.mark.parametrize("proxied", [False, True])
@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/"),
        *("http://127.1/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://127.0.0.1./"),
        *("http://%31%32%37.0.0.1/", "http://user@10.0.0.1/", "http://169.254.169.254/latest"),
        *("http://localhost/", "http://LocalHost./", "http://a.localhost/", "http://0/"),
        *("http://１９２.168.0.1/", "http://192。168。0。1/"),
    ],
)
def test_a_number_is_refused_with_and_without_a_proxy(url: str, proxied: bool) -> None:
    assert refusal(url, proxied=proxied) == "private-address"
    named = "0.0.0.0,127.0.0.0/8,10.0.0.0/8,192.168.0.0/16,169.254.0.0/16,::1"
    assert refusal(url, proxied=proxied, allowed=named) is None


@pytest.mark.parametrize(
    "host", ["metadata", "metadata.google.internal", "printer.local", "x.home.arpa", "db.corp."]
)
def test_a_private_name_is_not_given_to_a_proxy(host: str) -> None:
    assert refusal(f"http://{host}/", proxied=True) == "private-address"
    assert refusal(f"http://{host}/") is None  # its address will decide


@pytest.mark.parametrize(
    "url", ["http://", "http://a b.cn/", "http://1.2.3.4.5/", "http://[fe80::1%25eth0]/"]
)
def test_what_has_no_host_is_refused(url: str) -> None:
    assert refusal(url) == "no-host"


@pytest.mark.parametrize("port", [22, 25, 3306, 6379, 8080])
def test_other_ports_are_asked_of_the_platforms_hosts_alone(port: int) -> None:
    assert refusal(f"http://www.gov.example:{port}/") == "other-port"
    assert refusal(f"http://www.thepaper.cn:{port}/") is None


@pytest.mark.parametrize(
    "url", ["http://a.example:443/", "https://a.example:80/", "https://a.example/"]
)
def test_the_webs_own_ports_are_asked_everywhere(url: str) -> None:
    assert refusal(url) is None


def test_a_request_goes_to_the_host_that_was_checked() -> None:
    checked = guard("127.0.0.0/8").checked(Request("http://user:word@0177.0.0.1/a?b#c"))

    assert checked.url == "http://127.0.0.1/a?b#c"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "fe80::1%2", "www.thepaper.cn", ""])
def test_a_connection_is_checked_by_its_number(address: str) -> None:
    with pytest.raises(NotAskedError) as refused:
        guard().check_address("www.thepaper.cn", address)

    assert refused.value.failure.reason == "private-address"
    assert address in refused.value.failure.detail


class Addresses:
    """Takes the answer of a resolver."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.all.append(address.host)

    def resolutionComplete(self) -> None:
        pass


def test_a_host_whose_addresses_are_stored_has_those_of_the_kind_that_is_asked_for() -> None:
    class BothKinds:
        def resolveHostName(self, receiver: Any, name: str, *more: Any) -> None:
            receiver.resolutionBegan(None)
            receiver.addressResolved(IPv6Address("TCP", "::1", 0))
            receiver.addressResolved(IPv4Address("TCP", "127.0.0.1", 0))
            receiver.resolutionComplete()

    resolver = AddressResolver(cast("Any", SimpleNamespace(nameResolver=BothKinds())), 100)
    for kinds, addresses in (
        (None, ["::1", "127.0.0.1"]),
        ([IPv4Address], ["127.0.0.1"]),
        ([IPv6Address], ["::1"]),
    ):
        receiver = Addresses()
        resolver.resolveHostName(receiver, "both.gov.example", 80, kinds)
        assert receiver.all == addresses
