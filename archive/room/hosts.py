"""Which names a request may be for: a site of somebody else can make its own name lead to this
machine, and then read what is answered (DNS rebinding)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

OWN_NAMES = ("localhost",)
REFUSED = (
    "This name is none of this reading room's hosts; ask for 127.0.0.1, or start it with "
    "--base-url, or name the host in the setting hosts of Datasette's plugin zhengwen."
)
HOST = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([^\[\]:/@\s]+))(?::\d{0,5})?")  # RFC 9110, section 7.2


def is_own_host(header: str, others: Iterable[str] = ()) -> bool:
    """Whether a Host header names this machine, and not a site that made its name lead here (DNS
    rebinding): by address, as `localhost`, or by one of the other names.

    Example:
        >>> is_own_host("127.0.0.1:8001"), is_own_host("evil.example:8001")
        (True, False)
    """
    match = HOST.fullmatch(header)
    if match is None:
        return False
    name = (match[1] or match[2]).lower().rstrip(".")
    if name in OWN_NAMES or name in (other.lower() for other in others):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
