"""The name of a file, as its server or its address gives it."""

from __future__ import annotations

import re
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

NAMED = re.compile(r"\.[a-z0-9]{2,4}$", re.I)  # what ends as names of files do
LONGEST = 255  # bytes or characters that file systems take


def file_name(url: str, disposition: str | None) -> str:
    """The name of a file: that of Content-Disposition, else a value of its address that ends like
    one, else the last part of its path.

    Args:
        url: its address.
        disposition: the value of the header as Latin-1; None where there is none.

    Sources: RFC 6266 and RFC 8187. Servers also write UTF-8 or GBK as it is, or quoted with %.

    Example:
        >>> file_name("https://www.yunxi.example/download.jsp?id=3", "attachment; filename=a.pdf")
        'a.pdf'
        >>> file_name("https://www.yunxi.example/W0202.pdf?name=%B8%BD%BC%FE1.pdf", None)
        '附件1.pdf'
    """
    given = _of_header(disposition) if disposition else ""
    return (given or _of_address(url))[:LONGEST]


def _of_header(disposition: str) -> str:
    message = Message()
    message["Content-Disposition"] = disposition
    named: list[tuple[str, Any]] = message.get_params(failobj=[], header="Content-Disposition")
    values = [value for name, value in named if name.lower() == "filename"]
    for value in values:
        if isinstance(value, tuple):  # of filename*, which says its charset
            return _last_part(collapse_rfc2231_value(value))
    return _last_part(_decoded(values[0].encode("latin-1", "replace"))) if values else ""


def _of_address(url: str) -> str:
    parts = urlsplit(url)
    values = parse_qsl(parts.query, encoding="latin-1")
    names = [_decoded(value.encode("latin-1", "replace")) for _, value in values]
    given = [name for name in names if NAMED.search(name)]
    return _last_part(given[-1] if given else _decoded(parts.path.encode())) or parts.netloc


def _decoded(written: bytes) -> str:
    """UTF-8, else GB 18030, with or without the quoting of addresses."""
    written = unquote_to_bytes(written)
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written.decode("gb18030", "replace")


def _last_part(path: str) -> str:
    """The name without its folders, and without what cannot be printed."""
    name = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    return "".join(character for character in name if character.isprintable()).strip()
