"""PWID: persistent web identifiers, URNs that cite one capture in one archive, also where the
archive is not public.

The form is that of the IANA registration of the URN namespace `pwid`
(https://www.iana.org/assignments/urn-formal/pwid): archive, time in UTC to the second, precision,
address.
"""

from __future__ import annotations

from urllib.parse import quote

SAFE = ":/?#[]@!$&'()*+,;=%~"  # RFC 3986: reserved characters, and what is encoded already


def pwid(archive_id: str, role: str | None, captured_at: str, url: str) -> str:
    """The PWID of a capture.

    Args:
        archive_id: the archive, a domain name of its operator.
        role: `article` gives the precision `page`, a page with all that it shows; any other role
            `part`, one file as it came.
        captured_at: in UTC, ISO 8601.
        url: the address of the capture.

    Example:
        >>> pwid("archive.example.org", "article", "2031-03-01T08:00:00.5Z", "https://a.cn/1")
        'urn:pwid:archive.example.org:2031-03-01T08:00:00Z:page:https://a.cn/1'
    """
    precision = "page" if role == "article" else "part"
    return f"urn:pwid:{archive_id}:{captured_at[:19]}Z:{precision}:{quote(url, safe=SAFE)}"
