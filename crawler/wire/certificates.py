"""Whether a server's certificate is for the host that was asked.

Twisted accepts a certificate when the comparison of its names ends in another error than a
mismatch: names such as `*`, `*.*.example` or an IP address in the place of a name, or no names. It
logs the error and goes on (seen on 26.10). Here whatever is not a match is refused, and the refusal
says why.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from cryptography.x509 import DNSName, ExtensionNotFound, IPAddress, SubjectAlternativeName
from OpenSSL import SSL
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import (
    DNS_ID,
    DNSPattern,
    IPAddress_ID,
    IPAddressPattern,
    verify_service_identity,
)
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

Verify = Callable[[SSL.Connection, Any, int, int, int], bool]
EXPIRED = 10
PROBLEMS = {  # of a chain, by OpenSSL's number (x509_vfy.h)
    9: "is not valid yet",
    EXPIRED: "has expired",
    18: "was issued by the server itself",
    19: "was issued by an authority that this machine does not trust",
    20: "was issued by an authority that this machine does not know",
    21: "was issued by an authority that this machine does not know",
    23: "was revoked",
}


class CertificateRefusedError(Exception):
    """A connection ended because of the server's certificate; the message says why."""


@implementer(IPolicyForHTTPS)
class MatchingNames:
    """Scrapy's policy for https, with our comparison of names.

    Args:
        policy: Scrapy's, which verifies who issued a certificate.
        old: hosts whose certificate may have expired.
    """

    def __init__(self, policy: Any, old: frozenset[str] = frozenset()) -> None:
        self._policy, self._old = policy, old

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """What makes the connections to a host, as `IPolicyForHTTPS` says."""
        creator, host = self._policy.creatorForNetloc(hostname, port), hostname.decode("ascii")
        return _Creator(creator, host, may_be_old=host in self._old)


@implementer(IOpenSSLClientConnectionCreator)
class _Creator:
    def __init__(self, creator: Any, host: str, *, may_be_old: bool) -> None:
        self._creator, self._host, self._may_be_old = creator, host, may_be_old

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
        connection: SSL.Connection = self._creator.clientConnectionForTLS(tlsProtocol)
        verify = _verify(self._host, weakref.ref(tlsProtocol), self._may_be_old)
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, verify)
        return connection


def _verify(host: str, protocol: weakref.ref[Any], may_be_old: bool) -> Verify:
    """What OpenSSL calls for each certificate of a chain, the server's own (depth 0) last."""

    def verify(
        connection: SSL.Connection, issued: Any, error: int, depth: int, trusted: int
    ) -> bool:
        accepted = trusted or (may_be_old and error == EXPIRED)
        problem = None if accepted else PROBLEMS.get(error, f"is not to be trusted ({error})")
        if problem and error == EXPIRED:
            problem += f"; -s OLD_CERTIFICATES={host} accepts it all the same"
        if accepted and not depth:
            problem = _mismatch(issued, host)
        if problem and (of_connection := protocol()) is not None:
            refusal = CertificateRefusedError(f"the certificate of {host} {problem}")
            of_connection.failVerification(Failure(refusal))  # type: ignore[no-untyped-call]
        return not problem

    return verify


def _mismatch(issued: Any, host: str) -> str | None:
    """What is wrong with the names of a certificate; None where one matches."""
    try:
        check_names(issued.to_cryptography(), host)
    except VerificationError:
        return "is for other hosts"
    except Exception as error:  # what cannot be compared does not match
        return f"has no name that can be compared with it ({type(error).__name__})"
    return None


def refusal_in(error: Exception) -> CertificateRefusedError | None:
    """The refusal of a certificate, where that is why a download failed."""
    reasons = getattr(error.__cause__, "reasons", ())  # of Twisted's ResponseFailed
    values = (reason.value for reason in reasons)
    return next((value for value in values if isinstance(value, CertificateRefusedError)), None)


def check_names(certificate: Any, host: str) -> None:
    """Compare the names of a certificate with a host, by RFC 9525. A name that is none is passed
    over, as another one may match; the subject's common name does not count.

    Args:
        certificate: of `cryptography.x509`.
        host: a name in ASCII, or an IP address.

    Raises:
        VerificationError: no name matches.
        CertificateError: it has no names.
    """
    is_address = isIPAddress(host) or isIPv6Address(host)
    wanted = IPAddress_ID(host) if is_address else DNS_ID(host)
    verify_service_identity(_patterns(certificate), [wanted], [])


def _patterns(certificate: Any) -> list[DNSPattern | IPAddressPattern]:
    try:
        names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except ExtensionNotFound:
        return []
    patterns: list[DNSPattern | IPAddressPattern] = [
        IPAddressPattern(address) for address in names.get_values_for_type(IPAddress)
    ]
    for name in names.get_values_for_type(DNSName):
        try:
            patterns.append(DNSPattern.from_bytes(name.encode("ascii")))
        except (CertificateError, ValueError):
            continue
    return patterns
