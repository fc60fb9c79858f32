"""Turns bytes into text, here and nowhere else, by rule and never by guessing: byte order mark,
header, XML prolog, meta element, then the bytes. A declaration of Latin letters is a server's
default and comes after the bytes, and so does one of Big5 or a GB charset whose pairs of bytes are
plainly those of the other.

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

from archive.page import big5, damage, pairs

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CHARSET = re.compile(r"""charset\s*+=\s*+["']?\s*+([\w.:-]++)""", re.I)
META = re.compile(rb"""<meta[^>]{0,200}?charset\s*+=\s*+["']?\s*+([\w.:-]++)""", re.I)
PROLOG = re.compile(rb"""\s*+<\?xml\s[^>]{0,200}?encoding\s*+=\s*+["']([\w.:-]++)["']""")
WINDOW = 4096  # bytes; HTML asks for 1024, but Chinese templates put scripts before the declaration
# WHATWG's name: Python's codec
CHINESE = {"gbk": pairs.GB, "gb18030": pairs.GB, "big5": big5.CODEC}
# Python's name: the codec of its superset
LATIN = {"iso8859-1": "cp1252", "ascii": "cp1252", "cp1252": "cp1252", "iso8859-15": "iso8859-15"}
# Beginnings of Python's names that no page is in: one that could be searched for an ASCII `<meta`
# is not UTF-16, whatever it says, and browsers know neither UTF-7 nor Python's own notations.
IMPOSSIBLE = ("utf-16", "utf-32", "utf-7", "unicode", "raw", "punycode", "idna")
NOT_LATIN = re.compile(rb"[\x80-\xff]{4}")  # no word of Latin letters has so many in a row
MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# one damaged character in so many that are not ASCII is no reason for another charset; in UTF-8,
# whose sequences other charsets do not give by chance, one in fewer
FEW, FEW_IN_UTF8 = 20, 5
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
            return _decoded(body[len(mark) :], [encoding], [])
    encodings, likely = _candidates(body, content_type)
    return _decoded(body, encodings, likely)


def _candidates(body: bytes, content_type: str) -> tuple[list[str], list[str]]:
    """Charsets in the order in which they are tried, and those of them that a page may be in though
    some of its bytes do not fit."""
    prolog = _prolog_charset(body)
    is_page = b"<html" in body[:WINDOW].lower()
    charsets = (
        _header_charset(content_type),
        None if is_page else prolog,
        _meta_charset(body),
    )
    declared = [charset for charset in charsets if charset and charset not in LATIN.values()]
    # A stale declaration over bytes that are plainly UTF-8 is the template's mistake, not the
    # page's charset.
    if "utf-8" not in declared[:1] and _plainly_utf8(body):
        return ["utf-8"], []
    latin = [] if NOT_LATIN.search(body) else [name for name in charsets if name in LATIN.values()]
    likely = [*declared, "utf-8"]
    ordered = filter(None, (*likely, *latin, prolog, pairs.GB, big5.CODEC))
    return list(dict.fromkeys(ordered)), likely


def _decoded(body: bytes, encodings: list[str], likely: list[str]) -> Decoded:
    """The first of the encodings that fits; a likely one fits also with a little damage."""
    for candidate in encodings:
        by_pairs = _by_pairs(body, candidate, likely)
        encoding = by_pairs or candidate
        try:
            return Decoded(_text(body, encoding), encoding, False)
        except UnicodeDecodeError:
            if candidate not in likely and by_pairs is None:
                continue
        text = _text(body, encoding, replace=True)
        few = FEW_IN_UTF8 if encoding == "utf-8" else FEW
        if text.count("\ufffd") * few <= len(text) - len(text.encode("ascii", "ignore")):
            return Decoded(text, encoding, True)
    texts = [(_text(body, name, replace=True), name) for name in encodings[:3]]
    best, encoding = min(texts, key=lambda text: text[0].count("\ufffd"))
    return Decoded(best, encoding, True)


def _by_pairs(body: bytes, encoding: str, likely: list[str]) -> str | None:
    """The Chinese charset that the bytes are in, whatever is declared; None where they do not say
    it, or another kind of charset is tried."""
    if encoding not in pairs.CHARSETS:
        return None
    return pairs.charset(body, encoding if encoding in likely else None)


def _text(body: bytes, encoding: str, *, replace: bool = False) -> str:
    if encoding == big5.CODEC:
        return big5.decode(body, replace=replace)
    return damage.decode(body, encoding) if replace else body.decode(encoding)


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
    """Only a Chinese charset: a prolog that names another is rarer than one that is wrong. That of
    an XHTML page is often stale, and counts where nothing else decides."""
    match = PROLOG.match(body)
    charset = _codec(match[1].decode("ascii")) if match else None
    return charset if charset in CHINESE.values() else None


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
    return None if name.startswith(IMPOSSIBLE) else _chinese(name) or LATIN.get(name, name)


def _chinese(label: str) -> str | None:
    encoding = webencodings.lookup(label)
    return CHINESE.get(encoding.name) if encoding else None
