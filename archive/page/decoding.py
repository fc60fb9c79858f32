"""Bytes become text here and nowhere else, by rule and never by statistics: byte order mark,
header, meta, then the bytes.

`gb2312` and `gbk` are read as `gb18030`, their superset: pages that declare GB2312 use its later
characters all the time.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
META_WINDOW = 4096  # HTML asks for 1024; Chinese templates put scripts before the declaration
SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
}
MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
EVIDENCE = 4  # so many multi-byte sequences of valid UTF-8 are not another charset by chance


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was had. `damaged`: some bytes fit no charset and stand as U+FFFD."""

    text: str
    encoding: str
    damaged: bool


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of `body`; `content_type` is the value of the HTTP header, '' where there is
    none."""
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], [encoding])
    return _decoded(body, _candidates(body, content_type))


def _candidates(body: bytes, content_type: str) -> list[str]:
    declared = [name for name in (_header_charset(content_type), _meta_charset(body)) if name]
    # A stale declaration beside bytes that are plainly UTF-8 is the template's mistake, not the
    # page's charset.
    if "utf-8" not in declared[:1] and _plainly_utf8(body):
        return ["utf-8"]
    return list(dict.fromkeys([*declared, "utf-8", "gb18030", "big5hkscs"]))


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
    found = re.search(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", content_type, re.I)
    return _known(found[1]) if found else None


def _meta_charset(body: bytes) -> str | None:
    found = META.search(body[:META_WINDOW])
    return _known(found[1].decode("ascii")) if found else None


def _known(name: str) -> str | None:
    """Python's name of a charset, its superset where there is one; None for a name nobody knows."""
    try:
        canonical = codecs.lookup(name).name
    except LookupError:
        return None
    # A page that could be searched for an ASCII `<meta` is not UTF-16, whatever it says.
    return None if canonical.startswith("utf-16") else SUPERSETS.get(canonical, canonical)
