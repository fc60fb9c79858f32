"""Signposting: typed links by which a machine finds what belongs to an article, in its page, in the
header `Link` (level 1) and complete as a link set (level 2).

Sources: the FAIR Signposting profile (https://signposting.org/FAIR/); RFC 8288 (Link), RFC 8574
(cite-as), RFC 9264 (link sets, application/linkset+json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from archive.archive import Archive
from archive.database.rows import ArticleRow, VersionRow
from archive.folder import package_of
from archive.handover import operator_file
from archive.room.asked import Asked
from archive.room.citing import citations
from archive.room.described import licence_of

LINKSET = "application/linkset+json"
RECORD = "application/warc"
METADATA = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems"}
PAGE_TYPE, WORK_TYPE = "https://schema.org/AboutPage", "https://schema.org/Article"
MOST_IN_HEADER = 12  # items; servers and proxies refuse headers of more than 8 KiB
SAFE = ":/?@!$&'()*+,;=%~"  # RFC 3986: what a path and a query may hold, and what is encoded
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
FILES = """SELECT capture, content_type FROM media
    WHERE article_id = ? AND capture IS NOT NULL ORDER BY position"""
MEDIA_TYPE = re.compile(r"[a-zA-Z]+/[a-zA-Z0-9.+-]+")
# https://spdx.org/licenses/
CREATIVE_COMMONS = re.compile(r"CC0-1\.0|CC-BY(?:-NC)?(?:-ND|-SA)?-[1-4]\.[05]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A link of an article: its relation, where it leads, and of which media type that is."""

    rel: str
    href: str
    type: str | None = None

    def in_header(self) -> str:
        """As the header `Link` has it."""
        kind = f'; type="{self.type}"' if self.type else ""
        return f'<{self.href}>; rel="{self.rel}"{kind}'


def signs_of(
    archive: Archive, asked: Asked, row: ArticleRow, shown: ArticleRow | VersionRow
) -> list[Sign]:
    """The links of an article as one of its versions shows it, without its link set."""
    plain = replace(asked, chosen=None)
    work = [
        Sign(rel="cite-as", href=_uri(citations(archive, row, shown)["PWID"])),
        Sign(rel="type", href=PAGE_TYPE),
        Sign(rel="type", href=WORK_TYPE),
    ]
    if row.account_id or row.account:
        account = {"id": row.account_id, "name": None if row.account_id else row.account}
        href = plain.link("account", platform=row.platform, **account)
        work.append(Sign(rel="author", href=f"{asked.site}{href}"))
    if licence := _licence(archive):
        work.append(Sign(rel="license", href=licence))
    metadata = (
        Sign(rel="describedby", href=_address(asked, "cite", row.id, form), type=kind)
        for form, kind in METADATA.items()
    )
    return [*work, *metadata, *_items(archive, plain, row, shown)]


def header_of(asked: Asked, row: ArticleRow, signs: Sequence[Sign]) -> str:
    """The links of the header of an article's page; its link set has those for which there is no
    room."""
    items = [sign for sign in signs if sign.rel == "item"]
    first = [sign for sign in signs if sign.rel != "item"] + items[:MOST_IN_HEADER]
    return ", ".join(sign.in_header() for sign in [*first, set_of(asked, row)])


def set_of(asked: Asked, row: ArticleRow) -> Sign:
    """The link to the link set of an article, as the version that is asked for shows it."""
    return Sign(rel="linkset", href=_address(asked, "linkset", row.id), type=LINKSET)


def linkset(
    archive: Archive, asked: Asked, row: ArticleRow, shown: ArticleRow | VersionRow
) -> bytes:
    """All links of an article, and from its files and descriptions back to it (RFC 9264, section
    4.2)."""
    page = _address(asked, "article", row.id)
    signs = signs_of(archive, asked, row, shown)
    own: dict[str, Any] = {"anchor": page}
    for sign in signs:
        own.setdefault(sign.rel, []).append(_target(sign.href, sign.type))
    back = {"item": "collection", "describedby": "describes"}
    others = [
        {"anchor": sign.href, back[sign.rel]: [_target(page, "text/html")]}
        for sign in signs
        if sign.rel in back
    ]
    return json.dumps({"linkset": [own, *others]}, ensure_ascii=False, indent=1).encode()


def to_article(asked: Asked, article_id: str, rel: str) -> dict[str, str]:
    """The header that leads from what belongs to an article to its page, by a relation."""
    sign = Sign(rel=rel, href=_address(asked, "article", article_id), type="text/html")
    return {"Link": sign.in_header()}


def _address(asked: Asked, *parts: str) -> str:
    version = asked.values.get("version")
    return f"{asked.site}{replace(asked, chosen=None).link(*parts, version=version)}"


def _uri(text: str) -> str:
    """An address as RFC 3986 allows it; what is encoded stays so."""
    plain, mark, fragment = STRAY_PERCENT.sub("%25", text).partition("#")
    coded = (quote(part, safe=SAFE, errors="replace") for part in (plain, fragment))
    return mark.join(coded) if mark else quote(plain, safe=SAFE, errors="replace")


def _target(href: str, kind: str | None) -> dict[str, str]:
    return {"href": href, "type": kind} if kind else {"href": href}


def _items(
    archive: Archive, asked: Asked, row: ArticleRow, shown: ArticleRow | VersionRow
) -> Iterator[Sign]:
    """The record of the page as captured, then the files that were captured."""
    if not archive.warc_dir.is_dir():
        return  # a package without WARC files
    if isinstance(shown, VersionRow):
        record = asked.link("capture", shown.capture, "record.warc.gz")
        yield Sign(rel="item", href=f"{asked.site}{record}", type=RECORD)
    for capture, content_type in archive.connection.execute(FILES, [row.id]):
        kind = MEDIA_TYPE.match(content_type or "")
        href = f"{asked.site}{asked.link('file', capture)}"
        yield Sign(rel="item", href=href, type=kind[0].lower() if kind else None)


def _licence(archive: Archive) -> str | None:
    """The address of the licence that the operator names; None where it names none, or in words
    alone."""
    package = package_of(archive.path)
    named = licence_of(package) if package else _of_operator(archive)
    if CREATIVE_COMMONS.fullmatch(named):
        return f"https://spdx.org/licenses/{named}"
    return _uri(named) if re.match(r"https?://[^\s<>]+$", named) else None


def _of_operator(archive: Archive) -> str:
    return str(operator_file.read(archive.path).package.get("licence", ""))
