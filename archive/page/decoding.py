"""Turns bytes into text, here and nowhere else, by rule and never by statistics: byte order mark,
header, XML prolog, meta element, then the bytes.

Labels of the Chinese charsets are those of WHATWG's table (https://encoding.spec.whatwg.org,
through webencodings), with its supersets: `gb2312` and `gbk` are read as GB 18030, because pages
that declare GB 2312 use its later characters all the time, and `big5` as Big5-HKSCS. Other labels
are Python's: WHATWG's table has more of them (`x-sjis`), but its windows-1252 gives each of the
256 bytes a character, where Python's fails at five of them, and that failure shows a GBK page
whose header is wrong.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import webencodings

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
PROLOG = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']""")
WINDOW = 4096  # bytes; HTML asks for 1024, but Chinese templates put scripts before the declaration
GB = "gb18030"
# WHATWG's name: Python's codec
CHINESE = {"gbk": GB, "gb18030": GB, "big5": "big5hkscs"}
# Python's name: the codec of its superset
LATIN = {"iso8859-1": "cp1252", "ascii": "cp1252"}
MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
EVIDENCE = 4  # so many multi-byte sequences of valid UTF-8 are not another charset by chance


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and the codec that gave it. `damaged`: some bytes fit no charset and are U+FFFD."""

    text: str
    encoding: str
    damaged: bool


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decodes a page, feed or text file.

    Args:
        body: the bytes, content coding undone.
        content_type: the value of the HTTP header; '' where there is none.

    Returns:
        The text, without a byte order mark.

    Example:
        >>> decode("政府公告".encode("gbk"), "text/html; charset=x-gbk")
        Decoded(text='政府公告', encoding='gb18030', damaged=False)
    """
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], [encoding])
    return _decoded(body, _candidates(body, content_type))


def _candidates(body: bytes, content_type: str) -> list[str]:
    charsets = (_header_charset(content_type), _prolog_charset(body), _meta_charset(body))
    declared = [charset for charset in charsets if charset]
    # A stale declaration over bytes that are plainly UTF-8 is the template's mistake, not the
    # page's charset.
    if "utf-8" not in declared[:1] and _plainly_utf8(body):
        return ["utf-8"]
    return list(dict.fromkeys([*declared, "utf-8", GB, "big5hkscs"]))


def _decoded(body: bytes, encodings: list[str]) -> Decoded:
    for encoding in encodings:
        try:
            return Decoded(body.decode(encoding), encoding, False)
        except UnicodeDecodeError:
            continue
    best = min(encodings[:3], key=lambda name: body.decode(name, "replace").count("\ufffd"))
    return Decoded(body.decode(best, "replace"), best, True)


def _plainly_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return (
        sum(1 for _, _ in zip(range(EVIDENCE), MULTIBYTE.finditer(body), strict=False)) == EVIDENCE
    )


def _header_charset(content_type: str) -> str | None:
    match = CHARSET.search(content_type)
    return _codec(match[1]) if match else None


def _prolog_charset(body: bytes) -> str | None:
    """Only a feed's, and only a GB charset: the prologs of XHTML pages are often stale, and one
    that names another charset of a feed is rarer than one that is wrong."""
    match = PROLOG.match(body)
    if not match or b"<html" in body[:WINDOW].lower():
        return None
    return GB if _codec(match[1].decode("ascii")) == GB else None


def _meta_charset(body: bytes) -> str | None:
    match = META.search(body[:WINDOW])
    return _codec(match[1].decode("ascii")) if match else None


def _codec(label: str) -> str | None:
    """Python's codec for a label, that of the superset where there is one; None for a label that
    names no charset."""
    if chinese := _chinese(label):
        return chinese
    try:
        name = codecs.lookup(label).name
        b" ".decode(name)  # raises for `hex`, `rot13` and `undefined`, which are no charsets
    except (LookupError, UnicodeError):
        return None
    # A page that could be searched for an ASCII `<meta` is not UTF-16, whatever it says.
    return None if name.startswith("utf-16") else _chinese(name) or LATIN.get(name, name)


def _chinese(label: str) -> str | None:
    encoding = webencodings.lookup(label)
    return CHINESE.get(encoding.name) if encoding else None
