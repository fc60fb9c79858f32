"""The page of an article: its text, what is known of it, its versions, its observations."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from archive.archive import Archive
from archive.database.reading import select
from archive.database.rows import ArticleRow, MediaRow, VersionRow, WithdrawalRow
from archive.errors import UsageError
from archive.room import memento, signposting
from archive.room.answer import Answer, NotHere
from archive.room.asked import Asked
from archive.room.body import Body
from archive.room.citing import citations, coins, highwire
from archive.room.files import read_files
from archive.room.language import Speaker
from archive.room.rendering import page
from archive.room.reprints import reprints
from archive.room.timeline import timeline
from archive.search.expression import Expression
from archive.search.parser import parse

FIELDS = (
    "kind",
    "published_at",
    "updated_at",
    "source",
    "author",
    "editor",
    "reprinted_from",
    "original_title",
    "document_number",
    "issued_by",
    "summary",
)
"""The columns that are shown next to the text, where they have a value."""


def article(archive: Archive, asked: Asked, name: str) -> Answer:
    """The page of an article, or of one of its versions."""
    row = article_of(archive, name)
    versions, number, shown = _shown(archive, asked, row)
    files = list(
        select(archive.connection, MediaRow, "WHERE article_id = ? ORDER BY position", [row.id])
    )
    has_record = archive.warc_dir.is_dir()
    signs = signposting.signs_of(archive, asked, row, shown)
    captures = [memento.links(asked, row.url)] if row.url.startswith("http") else []
    return page(
        asked,
        "article.html",
        headers={"Link": ", ".join([*captures, signposting.header_of(asked, row, signs)])},
        signs=[*signs, signposting.set_of(asked, row)],
        article=row,
        shown=shown,
        number=number,
        versions=versions,
        text=_text(archive, asked, shown, files),
        fields=_fields(shown),
        candidates=_candidates(shown),
        others=_others(shown),
        files=read_files(archive, files),
        withdrawals=[(row, _proofs(archive, row)) for row in archive.withdrawals(row.id)],
        timeline=timeline(archive, row.id, versions),
        link_changes=archive.link_changes(row.id),
        proofs_of=lambda change: [str(proof) for proof in _json(change.proofs, [])],
        aliases=archive.aliases(row.id),
        citations=citations(archive, row, shown),
        highwire=highwire(row, shown),
        coins=coins(row, shown),
        reprints=reprints(archive, row, shown),
        capture=versions[number - 1].capture if versions and has_record else None,
        has_record=has_record,
    )


def linkset(archive: Archive, asked: Asked, name: str) -> Answer:
    """All links of an article, as one of its versions shows it, as a link set."""
    row = article_of(archive, name)
    _, _, shown = _shown(archive, asked, row)
    body = signposting.linkset(archive, asked, row, shown)
    return Answer(body=body, content_type=signposting.LINKSET)


def _shown(
    archive: Archive, asked: Asked, row: ArticleRow
) -> tuple[list[VersionRow], int, ArticleRow | VersionRow]:
    """The versions of an article, the number of the one that is asked for, else of the one that it
    has now, and that one; the article itself where it has none."""
    versions = archive.versions(row.id)
    number = asked.number("version", _number_of(versions, row.digest), most=max(len(versions), 1))
    return versions, number, versions[number - 1] if versions else row


def article_of(archive: Archive, name: str) -> ArticleRow:
    """The article that a name in an address means. Raises NotHere where there is none."""
    try:
        return archive.article(archive.id_of(name))
    except UsageError as error:
        raise NotHere(str(error)) from error


def _number_of(versions: list[VersionRow], digest: str) -> int:
    """The number of the version that the article has now; of the last where it has none."""
    numbers = [number for number, row in enumerate(versions, 1) if row.digest == digest]
    return numbers[0] if numbers else max(len(versions), 1)


def _text(
    archive: Archive, asked: Asked, shown: ArticleRow | VersionRow, files: list[MediaRow]
) -> Markup:
    speaker = Speaker(asked.language)
    words = [str(speaker.phrase(words)) for words in ("picture, not captured", "picture")]
    body = Body(asked, files, _expression(asked.values.get("q")), *words)
    return body.of_markdown(shown.markdown) if shown.markdown else body.of_text(shown.text)


def _expression(query: str | None) -> Expression | None:
    """What is marked in the text; a query that cannot be asked marks nothing."""
    try:
        return parse(query) if query else None
    except UsageError:
        return None


def _fields(shown: ArticleRow | VersionRow) -> list[tuple[str, str, str]]:
    """Name, value and rule of each field that has a value."""
    rules = _json(getattr(shown, "found_by", None), {})
    return [
        (name, str(value), str(rules.get(name, "")))
        for name in FIELDS
        if (value := getattr(shown, name))
    ]


def _candidates(shown: ArticleRow | VersionRow) -> list[dict[str, Any]]:
    """The other dates of the page, which are not taken for its date of publication. One that is
    printed as seconds since 1970 is shown as what it means."""
    candidates = _json(shown.published_candidates, [])
    return [
        {**candidate, "shown": (printed.isdigit() and candidate.get("value")) or printed}
        for candidate in candidates
        if isinstance(candidate, dict)
        for printed in [str(candidate.get("printed") or candidate.get("value"))]
    ]


def _others(shown: ArticleRow | VersionRow) -> dict[str, list[dict[str, Any]]]:
    """What else the page says for a field, by the name of the field."""
    return {
        str(name): [each for each in values if isinstance(each, dict)]
        for name, values in _json(shown.field_candidates, {}).items()
        if isinstance(values, list)
    }


def _json(text: str | None, default: Any) -> Any:
    """JSON of a column; the default where it is empty, or is of another kind."""
    try:
        value = json.loads(text) if text else default
    except ValueError:
        return default  # `zhengwen verify` reports it
    return value if isinstance(value, type(default)) else default


def _proofs(archive: Archive, row: WithdrawalRow) -> list[tuple[str, bool]]:
    """The records that prove an absence, and whether each is a capture, which has a page."""
    known = "SELECT 1 FROM captures WHERE id = ?"
    return [
        (str(proof), archive.connection.execute(known, [str(proof)]).fetchone() is not None)
        for proof in _json(row.proofs, [])
    ]
