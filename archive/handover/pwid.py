"""PWID: persistent web identifiers, URNs that cite one capture in one archive, also where the
archive is not public.

The form is that of the IANA registration of the URN namespace `pwid`: archive, time in UTC to the
second, precision, address.
"""

from __future__ import annotations

from urllib.parse import quote

KEPT = ":/?#[]@!$&'()*+,;=%~"  # RFC 3986: reserved characters, and what is encoded already


def pwid(archive_id: str, role: str | None, captured_at: str, url: str) -> str:
    """`page`: a page with all that it shows; `part`: one file as it came."""
    precision = "page" if role == "article" else "part"
    return f"urn:pwid:{archive_id}:{captured_at[:19]}Z:{precision}:{quote(url, safe=KEPT)}"
