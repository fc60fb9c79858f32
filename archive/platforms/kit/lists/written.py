"""The HTML that scripts of a page write from an encoded text: `document.write(atob("PGEg…"))`."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from urllib.parse import unquote, unquote_to_bytes

from archive.page.page import Page

BASE64 = re.compile(
    r"(?:\batob|\bBase64\.(?:decode|atob)|\bbase64_?decode|\bdecode64)\s*+\(\s*+"
    r"[\"']([A-Za-z0-9+/_-]{16,100000}+={0,2}+)[\"']",
    re.I,
)
ESCAPED = re.compile(
    r"\b(?:unescape|decodeURI(?:Component)?)\s*+\(\s*+[\"']((?:[^\"'\\\n<>]){16,100000}+)[\"']"
)
UNICODE = re.compile(r"%u([0-9a-fA-F]{4})")
MOST = 20  # texts of one page


def with_written(page: Page) -> Page:
    """The page with the HTML that its scripts decode and write, at its end; the page itself where
    there is none with a link.

    Args:
        page: a page of a list.
    """
    text = page.text
    if "atob" not in text and not re.search(r"decode|unescape", text):
        return page
    pieces = [_of_base64(match[1]) for match in BASE64.finditer(text)]
    pieces += [_unescaped(match[1]) for match in ESCAPED.finditer(text)]
    links = [piece for piece in pieces[:MOST] if re.search(r"<a\s", piece, re.I)]
    if not links:
        return page
    body = f"{text}\n<div>{'</div><div>'.join(links)}</div>"
    kind = "text/html; charset=utf-8"
    return replace(page, body=body.encode("utf-8", "replace"), content_type=kind)


def _of_base64(text: str) -> str:
    try:
        data = base64.b64decode(text.translate(str.maketrans("-_", "+/")) + "==")
    except ValueError:
        return ""
    for charset in ("utf-8", "gb18030"):
        try:
            shown = data.decode(charset)
        except UnicodeDecodeError:
            continue
        return unquote(shown) if shown.startswith("%3") else shown
    return ""


def _unescaped(text: str) -> str:
    text = UNICODE.sub(lambda match: chr(int(match[1], 16)), text)
    return unquote_to_bytes(text).decode("utf-8", "replace") if "%" in text else ""
