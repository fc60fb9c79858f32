"""Families of addresses that number the pages of a list: `?page=2`, `list_2.html`."""

from __future__ import annotations

import re

from archive.page.urls import urlsplit

IN_QUERY = re.compile(
    r"([?&](?:page|p|pg|pn|pageno|pagenum|pagenumber|pageindex|pageid|page_no|page_num|page_index"
    r"|curpage|currentpage|currpage|curr|nowpage|thispage|topage|page_id|paged|a\d{1,9}p)=)(\d{1,5})(?=&|#|$)",
    re.I,
)
IN_FILE = re.compile(r"([_-])(\d{1,4})(\.[a-z]{2,5})$", re.I)
IN_FOLDER = re.compile(r"(/(?:page[/_-]?|p))(\d{1,4})/?$", re.I)
EXTENSION = re.compile(r"(?:s?html?|jspx?|aspx?|php)", re.I)
STEMS = frozenset({"index", "default", "page", "more"})
TRS_STEMS = frozenset({"index", "default"})


def number_in(url: str) -> int | None:
    """The number of the page that an address names; None for a first page without one.

    Example:
        >>> number_in("https://a.example/list_3.html"), number_in("https://a.example/list.html")
        (3, None)
    """
    match = _numbered(url)
    return int(match[2]) if match else None


def next_in_family(url: str) -> str | None:
    """The address that the next page has if it is numbered like others of its kind; None where an
    address has no place for a number.

    Example:
        >>> next_in_family("https://a.example/n/?page=2"), next_in_family("https://a.example/n/")
        ('https://a.example/n/?page=3', 'https://a.example/n/index_1.html')
    """
    if match := _numbered(url):
        return f"{url[: match.start(2)]}{int(match[2]) + 1}{url[match.end(2) :]}"
    parts = urlsplit(url)
    if parts.query:
        return None
    clean = url.partition("#")[0]
    if parts.path.endswith("/") or not parts.path:
        return f"{clean.rstrip('/')}/index_1.html"
    above, _, name = clean.rpartition("/")
    stem, _, extension = name.rpartition(".")
    if not EXTENSION.fullmatch(extension):
        return None
    return f"{above}/{stem}_{1 if stem.lower() in TRS_STEMS else 2}.{extension}"


def with_number(url: str, number: int) -> str:
    """A numbered address with another number.

    Example:
        >>> with_number("https://a.example/list_9.html", 2)
        'https://a.example/list_2.html'
    """
    match = _numbered(url)
    return f"{url[: match.start(2)]}{number}{url[match.end(2) :]}" if match else url


def _numbered(url: str) -> re.Match[str] | None:
    clean = url.partition("#")[0]
    if match := IN_QUERY.search(clean):
        return match
    if "?" in clean:
        return None
    return IN_FOLDER.search(clean) or IN_FILE.search(clean, clean.rfind("/") + 1)


def is_page_number(url: str) -> bool:
    """Whether the number in an address is surely that of a page, and not that of a column.

    Example:
        >>> is_page_number("https://a.example/list_3.html"), is_page_number("https://a.example/n_3.html")
        (True, False)
    """
    match = _numbered(url)
    if match is None:
        return False
    name = url[: match.start()].rpartition("/")[2].lower()
    return match.re is not IN_FILE or name in STEMS or "list" in name
