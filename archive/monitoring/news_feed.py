"""News as an Atom feed (RFC 4287) and as a page: for feed readers, colleagues and mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote
from uuid import UUID, uuid5

from lxml import etree
from lxml.builder import E, ElementMaker

from archive.history.diff import Piece
from archive.monitoring.news import News
from archive.page.page import CONTROLS

ATOM = "http://www.w3.org/2005/Atom"
A = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
NAMESPACE = UUID("5d0f0c1e-6f0b-5f0e-9a55-7c5f6d2a8a10")  # of the ids made here, for good
MEDIA_TYPE = "application/atom+xml"  # RFC 4287, section 7
NO_IRI = re.compile(
    '[\\x00-\\x20"<>\\\\^`{|}\\x7f-\\xa0\\u2028-\\u202f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufff0-\\uffff]'
)
NEVER = "1970-01-01T00:00:00Z"  # when an empty archive was changed last
WORDS = {
    "new": "新发",
    "changed": "修改",
    "missing": "缺失",
    "withdrawn": "撤稿",
    "back": "恢复",
}
TAGS = {"same": "span", "removed": "del", "added": "ins"}
AROUND = 40  # characters of what is the same, on each side of a change
STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}"
    "del{background:#fdd}ins{background:#dfd;text-decoration:none}"
    "h2{font-size:1.1em;margin:1.5em 0 0}.of{color:#555}"
)


def atom(items: Sequence[News], *, title: str, identity: str, address: str | None = None) -> bytes:
    """An Atom feed, the newest entry first.

    Args:
        items: in the order in which they were seen.
        title: of the feed.
        identity: what no other archive has, the same for good, such as the id of its
            first run.
        address: where the feed will be found; a reader that has the file alone follows it there.

    Returns:
        UTF-8; the same bytes for the same news.
    """
    feed = A.feed(
        A.id(f"urn:uuid:{uuid5(NAMESPACE, identity)}"),
        A.title(title),
        A.updated(items[-1].at if items else NEVER),
        *([A.link(rel="self", type=MEDIA_TYPE, href=iri(address))] if address else []),
        A.author(A.name("Zhengwen")),
        *(_entry(item) for item in reversed(items)),
    )
    data: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return data


def _entry(item: News) -> etree._Element:
    identity = f"{item.kind} {item.id} {item.at}"
    return A.entry(
        A.id(f"urn:uuid:{uuid5(NAMESPACE, identity)}"),
        A.title(xml_text(f"{WORDS[item.kind]}：{item.title}")),
        A.updated(item.at),
        *([A.link(rel="alternate", href=url)] if (url := iri(item.url)) else []),
        A.category(term=item.kind),
        *([A.author(A.name(name))] if (name := xml_text(item.account or "").strip()) else []),
        A.content(_markup(_body(item)), type="html"),
    )


def page(items: Sequence[News], *, title: str) -> bytes:
    """A page of HTML, the newest news first. Takes what `atom` takes."""
    sections = [
        E.section(
            E.h2(f"{WORDS[item.kind]} ", E.a(xml_text(item.title), href=iri(item.url))),
            E.p(
                xml_text(" · ".join(filter(None, (item.account, item.platform, item.at, item.id)))),
                {"class": "of"},
            ),
            *_body(item),
        )
        for item in reversed(items)
    ]
    document = E.html(
        E.head(E.meta(charset="utf-8"), E.title(xml_text(title)), E("style", STYLE)),
        E.body(E.h1(xml_text(title)), *(sections or [E.p("Nothing has happened.")])),
        lang="zh-CN",
    )
    data: bytes = etree.tostring(
        document, encoding="utf-8", method="html", doctype="<!DOCTYPE html>", pretty_print=True
    )
    return data


def _body(item: News) -> list[etree._Element]:
    """What happened, as elements of HTML."""
    if item.edit:
        times = f"changed between {item.before} and {item.at}"
        fields = item.edit.fields.items()
        return [E.p(times), *(E.p(f"{name}: ", *_changes(pieces)) for name, pieces in fields)]
    if item.kind == "new":
        return [E.p(xml_text(item.text or ""))]
    if item.kind == "back":
        return [E.p(f"seen again {item.at}; missing until {item.before} at least")]
    return [E.p(xml_text(f"went between {item.before} and {item.at}: {item.reason}"))]


def _changes(pieces: Iterable[Piece]) -> list[etree._Element]:
    return [E(TAGS[piece.kind], xml_text(_shortened(piece))) for piece in pieces]


def _shortened(piece: Piece) -> str:
    if piece.kind != "same" or len(piece.text) <= 2 * AROUND:
        return piece.text
    return f"{piece.text[:AROUND]} … {piece.text[-AROUND:]}"


def _markup(elements: Iterable[etree._Element]) -> str:
    return "".join(
        etree.tostring(element, encoding="unicode", method="html") for element in elements
    )


def iri(url: str) -> str:
    """An address that a browser may follow, with what no IRI may hold (RFC 3987) escaped; a page
    may say what it wants of its own."""
    if not url.startswith(("http://", "https://")):
        return ""
    return NO_IRI.sub(lambda match: quote(match[0], errors="replace"), url)


def xml_text(text: str) -> str:
    """A text that XML can hold (XML 1.0, section 2.2)."""
    return CONTROLS.sub("\ufffd", text)
