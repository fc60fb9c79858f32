"""Where the links of a page lead: by its `<base href>`, and with queries in its own charset, as
browsers resolve them (HTML, 2.4.3 "Document base URLs"; URL, 4.4 "URL parsing" with an encoding).
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes

from lxml.html import HtmlElement

from archive.page.urls import urljoin

BASE = re.compile(r"<base[\s/]", re.I)
# the first one counts; browsers know no elements inside of these
ELEMENT = (
    "//base[@href][not(ancestor::noscript or ancestor::template or ancestor::textarea"
    " or ancestor::iframe or ancestor::svg or ancestor::title)]/@href"
)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def base_of(tree: HtmlElement, url: str) -> str:
    """The address that the links of a page are relative to.

    Args:
        tree: the page.
        url: its own address, which counts where its base is none of the web's.
    """
    href = next(iter(tree.xpath(ELEMENT)), None)
    base = "" if href is None else urljoin(url, href)
    return base if base.startswith(("http://", "https://")) else url


def with_query_in(url: str, encoding: str) -> str:
    """The address with what its query has in other letters than ASCII as a page in that charset
    sends it; the rest as it is.

    Example:
        >>> with_query_in("https://a.example/文?名=公告", "gb18030")
        'https://a.example/文?%C3%FB=%B9%AB%B8%E6'
    """
    head, mark, rest = url.partition("?")
    query, hash_, fragment = rest.partition("#")
    if not mark or query.isascii():
        return url

    def sent(match: re.Match[str]) -> str:
        try:
            return quote_from_bytes(match[0].encode(encoding))
        except UnicodeEncodeError:
            return f"%26%23{ord(match[0])}%3B"  # as forms write a letter that the charset lacks

    return f"{head}?{NOT_ASCII.sub(sent, query)}{hash_}{fragment}"
