"""The article where a page holds it without showing it: its own script would have put it there.

It lies in a `textarea`, `template`, `noscript` or hidden field, or in a string of a script or of
JSON. Nothing of it is run: a string is an article if it has paragraphs of prose.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote

from lxml.html import HtmlElement, tostring

from archive.general.furniture import LEAVING
from archive.general.patterns import SENTENCE_END
from archive.page.letters import folded_letters, letters
from archive.page.page import Page, fragment
from archive.page.paragraphs import blocks

HOLDERS = ("textarea", "template", "noscript", "xmp")
WRITTEN = ("text/template", "text/html", "text/plain", "text/x-template", "text/ng-template")
MARKUP = re.compile(r"<(?:p|br|div|span|section|table|img|strong)\b", re.I)
# a string of a script; closing is optional, so that whatever is there is read once
LITERAL = re.compile(
    r"""\\.|"(?P<double>(?:[^"\\\n]|\\.)*+)"?|'(?P<single>(?:[^'\\\n]|\\.)*+)'?"""
    r"""|`(?P<back>(?:[^`\\]|\\.)*+)`?""",
    re.S,
)
JOINED = re.compile(r"\s*\+\s*|\s*\)\s*;?\s*document\.write(?:ln)?\s*\(\s*")
ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": "", "\n": ""}
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")
CODED = re.compile(r"%3c", re.I)
WIDE = re.compile(r"%u([0-9a-fA-F]{4})")
# what a script calls the text of an article; one without mark-up has no other sign
NAME = re.compile(r"(\w{1,30})[\"']?\s*[:=]\s*$")
NAMES = re.compile(r"\w*(?:content|body|html|detail|article)s?|text", re.I)
LEAST = 30  # letters of an article in a place that is not shown
LONGEST = 2_000_000  # characters of one script that is looked at
NEAR = 20  # strings between the headline and the text of one article


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What a place that is not shown may hold.

    Attributes:
        markup: its HTML.
        is_near: whether it is the text of the page's headline, as far as a script says.
    """

    markup: str
    is_near: bool


def hidden_body(page: Page, title: str | None) -> HtmlElement | None:
    """Finds the article in what a page holds and does not show.

    Args:
        page: the page, whose tree is not changed.
        title: the headline; of several texts the one next to it is meant.

    Returns:
        A new `div` with it; None where the page holds none.
    """
    best, most = None, (False, 0)
    for candidate in _candidates(page.tree, title):
        body = fragment(candidate.markup)
        if (size := _size(body)) and (candidate.is_near, size) > most:
            best, most = body, (candidate.is_near, size)
    return best


def _size(body: HtmlElement) -> int:
    """Letters of what may be an article; 0 of all else."""
    lines = [text for _, text in blocks(body)]
    size = sum(len(letters(line)) for line in lines)
    is_prose = any(SENTENCE_END.search(line) for line in lines)
    return size if size >= LEAST and is_prose and not any(map(LEAVING.search, lines)) else 0


def _candidates(tree: HtmlElement, title: str | None) -> Iterator[_Candidate]:
    for element in tree.iter(*HOLDERS, "script", "input"):
        if element.tag == "input":
            if element.get("type") == "hidden" and MARKUP.search(
                text := _plain(element.get("value"))
            ):
                yield _Candidate(text, True)
        elif element.tag != "script":
            yield from _of_holder(element)
        elif (element.get("type") or "").lower() in WRITTEN:
            yield _Candidate(element.text or "", True)
        elif element.text and len(element.text) <= LONGEST:
            yield from _in_script(element.text, folded_letters(title))


def _of_holder(element: HtmlElement) -> Iterator[_Candidate]:
    """What a `textarea` and its like hold: elements, or mark-up as text."""
    if len(element):
        inner = "".join(tostring(part, encoding="unicode") for part in element)
        yield _Candidate(escape(element.text or "") + inner, True)
    elif MARKUP.search(text := _plain(element.text)):
        yield _Candidate(text, True)


def _in_script(script: str, title: str) -> Iterator[_Candidate]:
    """Strings that are an article: with paragraphs, or under a name that says so."""
    strings = list(_strings(script))
    heads = [n for n, (_, text) in enumerate(strings) if title and folded_letters(text) == title]
    for number, (name, text) in enumerate(strings):
        if len(text) < LEAST or not SENTENCE_END.search(text):
            continue
        nearest = heads[max(0, bisect(heads, number) - 1) :][:2]  # the one before, the one after
        near = not heads or any(abs(number - head) <= NEAR for head in nearest)
        if MARKUP.search(text):
            yield _Candidate(text, near)
        elif NAMES.fullmatch(name):
            yield _Candidate("".join(f"<p>{escape(line)}</p>" for line in text.split("\n")), near)


def _strings(script: str) -> Iterator[tuple[str, str]]:
    """Name and value of each string of a script; those that it joins are one."""
    name, end = "", 0
    pieces: list[str] = []
    for match in LITERAL.finditer(script):
        raw = match["double"] or match["single"] or match["back"] or ""
        if match.lastgroup is None:
            continue
        if pieces and not JOINED.fullmatch(script, end, match.start()):
            yield name, _plain("".join(pieces))
            pieces = []
        if not pieces:
            before = NAME.search(script, max(0, match.start() - 40), match.start())
            name = before[1] if before else ""
        pieces.append(_unescaped(raw))
        end = match.end()
    if pieces:
        yield name, _plain("".join(pieces))


def _unescaped(raw: str) -> str:
    if "\\" not in raw:
        return raw
    text = ESCAPE.sub(_character, raw)
    return SURROGATES.sub(_paired, text)


def _character(match: re.Match[str]) -> str:
    if code := match[1] or match[2] or match[3]:
        return chr(value) if (value := int(code, 16)) <= 0x10FFFF else "\ufffd"
    return CONTROLS.get(match[4], match[4])


def _paired(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(text: str | None) -> str:
    """A text that was coded for an attribute or an address, decoded."""
    text = text or ""
    if "<" not in text and CODED.search(text):
        text = WIDE.sub(lambda match: chr(int(match[1], 16)), unquote(text))
        text = SURROGATES.sub(_paired, text)
    if "<" not in text and "&lt;" in text:
        text = unescape(text)
    return text
