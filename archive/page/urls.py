"""Addresses as pages write them, read as browsers read them (the URL standard of WHATWG,
https://url.spec.whatwg.org). What is no URL at all is an empty one here, never an exception in the
middle of a page."""

from __future__ import annotations

import re
from urllib import parse

import ada_url

# What is canonical already: a host of small ASCII letters whose last label is no number (a number
# makes an IPv4 address of it), no backslash, and nothing that browsers cut off.
PLAIN = re.compile(
    r"https?://[a-z0-9_.-]*(?<![^./])[a-z][a-z0-9-]*+(?::[1-9]\d{0,3})?"
    r"(?:[/?#][^\\\t\r\n\ud800-\udfff]*+)?(?<![\x00-\x20])\Z"
)
PLAIN_AS_SENT = re.compile(r"[\w!#$%&()*+,/:;=?@~.-]*+", re.ASCII)
UNQUOTED = "!#$%&()*+,/:;=?@~-._"
WEB = re.compile(r"(https?):/*+([^/?#]*+)", re.I)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*+:", re.I)
BEFORE_QUERY = re.compile(r"[^?#]*+")
PARTS = re.compile(r"(https?):/*+([^/?#]*+)([^?#]*+)(\?[^#]*+)?")
DOTS = re.compile(r"/(?:\.|%2e){1,2}(?=[/?#]|\Z)", re.I)
SAME_FOLDER = re.compile(r"(?:\.|%2e)\Z", re.I)
FOLDER_ABOVE = re.compile(r"(?:\.|%2e){2}\Z", re.I)
CUT_OFF = "".join(map(chr, range(0x21)))  # C0 controls and blanks, at both ends
HALF = re.compile("[\ud800-\udfff]")  # a surrogate without its other half, which is no character
BREAKS = str.maketrans("", "", "\t\r\n")  # anywhere


def urlsplit(url: str) -> parse.SplitResult:
    """The parts of an address; those of '' where it is none, such as `http://[x/` (RFC 3986,
    3.2.2)."""
    try:
        return parse.urlsplit(canonical(url))
    except ValueError:
        return parse.urlsplit("")


def urljoin(base: str, url: str) -> str:
    """The absolute address of a link on the page `base`; '' where it is none.

    Example:
        >>> urljoin("https://a.example/x/", r"..\\y.html")
        'https://a.example/y.html'
    """
    try:
        parts, url = PARTS.match(canonical(base)), _with_slashes(url)
        joined = _joined(parts, url) if parts else parse.urljoin(base, url)
    except ValueError:
        return ""
    return _without_dots(canonical(joined))


def _joined(base: re.Match[str], url: str) -> str:
    """A link on a page of the web. `http:a.html` on a page of http is the same as `a.html`."""
    if WEB.match(url):
        scheme, _, rest = url.partition(":")
        if scheme.lower() != base[1] or rest.startswith("//"):
            return url
        url = rest
    elif SCHEME.match(url):
        return url
    origin, path, query = f"{base[1]}://{base[2]}", base[3] or "/", base[4] or ""
    if url.startswith("//"):
        return f"{base[1]}:{url}"
    if url[:1] in ("", "#"):
        return f"{origin}{path}{query}{url}"
    if url.startswith("?"):
        return f"{origin}{path}{url}"
    return (
        f"{origin}{url}" if url.startswith("/") else f"{origin}{path[: path.rfind('/') + 1]}{url}"
    )


def _without_dots(url: str) -> str:
    """The address without the segments that mean this folder and the one above it."""
    parts = PARTS.match(url)
    if parts is None or not DOTS.search(parts[3]):
        return url
    above: list[str] = []
    segments = parts[3].split("/")[1:]
    for segment in segments:
        if FOLDER_ABOVE.match(segment):
            del above[-1:]
        elif not SAME_FOLDER.match(segment):
            above.append(segment)
    if SAME_FOLDER.match(segments[-1]) or FOLDER_ABOVE.match(segments[-1]):
        above.append("")
    return f"{url[: parts.start(3)]}/{'/'.join(above)}{url[parts.end(3) :]}"


def canonical(url: str) -> str:
    """An address of the web whose host is written out as it will be asked for.

    Tabs, blanks at the ends, backslashes, capitals, percent signs, full-width letters and numbers
    in other notations: a check and a connection may understand each in two ways. User information
    is left out, as it is nobody's to send. Path, query and fragment stay as they were written.

    Returns:
        '' for an address of the web without a valid host; other addresses as they are.

    Example:
        >>> canonical("http://user@0177.1/a"), canonical("mailto:a@b.example")
        ('http://127.0.0.1/a', 'mailto:a@b.example')
    """
    if PLAIN.match(url):
        return url
    url = _with_slashes(url)
    web = WEB.match(url)
    if web is None:
        return url
    try:
        host = ada_url.URL(f"{web[1]}://{web[2]}/").host
    except ValueError:
        return ""
    return f"{web[1].lower()}://{host}{url[web.end() :]}"


def _with_slashes(url: str) -> str:
    """The address without what browsers cut out, with U+FFFD for what is no character, and with
    slashes where it has backslashes; those of other schemes than the web's keep them."""
    url = HALF.sub("\ufffd", url.strip(CUT_OFF).translate(BREAKS))
    if "\\" in url and (WEB.match(url) or not SCHEME.match(url)):
        url = BEFORE_QUERY.sub(lambda head: head[0].replace("\\", "/"), url, count=1)
    return f"//{url.lstrip('/')}" if url.startswith("///") else url


def as_sent(url: str) -> str:
    """An address as it is sent, so that a link and its capture have one: what is no character of an
    address is written with percent signs, in UTF-8 (URL, 4.4).

    Example:
        >>> as_sent("https://a.example/公告 1.pdf")
        'https://a.example/%E5%85%AC%E5%91%8A%201.pdf'
        >>> as_sent("https://[2001:db8::1]/[1].pdf")
        'https://[2001:db8::1]/%5B1%5D.pdf'
    """
    if PLAIN_AS_SENT.fullmatch(url):
        return url
    web = WEB.match(url)
    host, rest = (web[0], url[web.end() :]) if web else ("", url)  # [::1] keeps its brackets
    path, mark, query = rest.partition("?")
    path, query = parse.quote(path, safe=UNQUOTED + "'"), parse.quote(query, safe=UNQUOTED)
    return f"{host}{path}{mark}{query}"
