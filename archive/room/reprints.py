"""Other articles of the archive that have the same text, or the same original title."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.archive import Archive
from archive.database.reading import select
from archive.database.rows import ArticleRow, VersionRow

LEAST = 40  # letters of a text; a shorter one is a formula
MOST = 50  # articles that are compared, and shown
PHRASES = re.compile(r"[\u4e00-\u9fff]{8,24}")
SIGNATURE = re.compile(
    r"^(?:来源|作者|编辑|责任编辑|责编|审核|校对|原标题|本文来源)\s*[：:].*$", re.M
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprint:
    """An article that is this one, published by another account or once more. `is_text`: the text
    is the same; else the original title alone."""

    id: str
    by: str
    title: str
    published_at: str | None
    is_text: bool


def reprints(
    archive: Archive, article: ArticleRow, shown: ArticleRow | VersionRow
) -> list[Reprint]:
    """The other articles with the text of a version, the earliest first.

    They are looked for by three phrases of the text in the full-text index and compared by
    `text_digest`, and by title: those whose title is the original title of this one.
    """
    digest = text_digest(shown.text)
    rows = _with_phrases(archive, shown.text) if digest else []
    same = {row.id for row in rows if text_digest(row.text) == digest}
    others = {row.id: row for row in [*rows, *_named(archive, shown.original_title)]}
    wanted = (
        row
        for row in others.values()
        if row.id != article.id and (row.id in same or row.title == shown.original_title)
    )
    return [
        Reprint(
            id=row.id,
            by=row.account or row.source or row.platform,
            title=row.title,
            published_at=row.published_at,
            is_text=row.id in same,
        )
        for row in sorted(wanted, key=lambda row: (row.published_at or "9", row.id))
    ]


def _named(archive: Archive, title: str | None) -> list[ArticleRow]:
    if not title:
        return []
    return [*_all(archive, "WHERE title = ? LIMIT ?", [title, MOST])]


def _all(archive: Archive, condition: str, parameters: Sequence[object]) -> Iterator[ArticleRow]:
    for connection in archive.connections:
        yield from select(connection, ArticleRow, condition, parameters)


def text_digest(text: str) -> str | None:
    """The SHA-256 of the letters and digits of a text, without its signature, in one width and
    case; None for a text that is too short to be a reprint's.

    Example:
        >>> text = "全县疫情防控工作会议今天召开。会议要求落实措施确保安全。" * 2
        >>> text_digest(text) == text_digest("来源：云溪发布\\n" + text.replace("。", " 。\\n"))
        True
    """
    letters = "".join(filter(str.isalnum, _plain(text)))
    return hashlib.sha256(letters.encode()).hexdigest() if len(letters) >= LEAST else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", SIGNATURE.sub("", text)).casefold()


def _with_phrases(archive: Archive, text: str) -> list[ArticleRow]:
    """The articles that have three phrases of a text: its first, its middle and its last one."""
    runs = PHRASES.findall(SIGNATURE.sub("", text))
    if not runs:
        return []
    phrases = dict.fromkeys((runs[0], runs[len(runs) // 2], runs[-1]))
    query = " AND ".join(f'"{phrase}"' for phrase in phrases)
    hits = archive.find(query, archive.filters(), limit=MOST, widen=False, within="text")
    places = ", ".join("?" * len(hits))
    ids = [hit.id for hit in hits]
    return [*_all(archive, f"WHERE id IN ({places})", ids)]
