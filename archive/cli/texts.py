"""What the archive has, as text for a person: hits, articles with their versions, changes, other
ids and attachments, and counts. `archive.cli.output` prints it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archive.escaping import for_terminal

if TYPE_CHECKING:
    from archive.history.diff import Edit, Piece
    from archive.reader.attachments import Attachment
    from archive.search.pictures import PictureHit
    from archive.search.search import Hit

HEADS = (
    "account",
    "published_at",
    "updated_at",
    "published_candidates",
    "document_number",
    "issued_by",
    "source",
    "reprinted_from",
    "author",
    "editor",
    "original_title",
    "status",
    "pages",
    "url",
)
"""The columns that are printed above an article's text, where they have a value."""

MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


def hit_text(hit: Hit) -> str:
    """A hit of a search: id, day and account, then title and snippet, with the page of the
    attachment that it is of."""
    lines = (
        f"{hit.id}  {day(hit.published_at)}  {hit.account or '-'}",
        f"  {hit.title}",
        f"  {_place(hit)}{hit.snippet}",
    )
    return "\n".join(map(for_terminal, lines))


def _place(hit: Hit) -> str:
    if hit.attachment is None:
        return ""
    place = f"in {hit.attachment}"
    if hit.attachment_unit in ("page", "sheet", "slide", "file"):
        label = f" ({hit.attachment_label})" if hit.attachment_label else ""
        place += f", {hit.attachment_unit} {hit.attachment_page}{label}"
    return f"{place}: "


def picture_hit_text(hit: PictureHit) -> str:
    """A hit in a picture: as that of an article, marked, then where in the picture it is."""
    boxes = "; ".join("{}×{} at {}, {}".format(*box[2:], *box[:2]) for box in hit.boxes)
    lines = (
        f"{hit.id}  {day(hit.published_at)}  {hit.account or '-'}",
        f"  {hit.title}",
        f"  in a picture: {hit.snippet}",
        f"  {hit.picture} ({hit.width}×{hit.height}), box {boxes}, "
        f"read with confidence {hit.confidence:.2f}",
    )
    return "\n".join(map(for_terminal, lines))


def day(published_at: str | None) -> str:
    """The day of a time, or dashes of the same width.

    Example:
        >>> day("2020-02-02T20:52:00+08:00"), day(None)
        ('2020-02-02', '----------')
    """
    return (published_at or "----------")[:10]


def article_text(row: Mapping[str, Any]) -> str:
    """An article or one of its versions: title, what is known about it, text."""
    values = {
        **row,
        "status": _proved_status(row),
        "published_candidates": _other_dates(row.get("published_candidates")),
    }
    values["pages"] = _pages(row)
    heads = [row["title"], *(f"{name}: {values[name]}" for name in HEADS if values.get(name))]
    return "\n".join([*map(for_terminal, heads), "", row["text"], ""])


def _other_dates(candidates: str | None) -> str:
    """The other dates of a page on one line: each with what it is the date of, and where it is."""
    return "; ".join(
        f"{date['value']} ({', '.join(filter(None, (date['label'], date['where'])))})"
        for date in json.loads(candidates or "[]")
    )


def _pages(row: Mapping[str, Any]) -> str | None:
    """On how many pages an article is, where it is on several or some of them are missing."""
    if row.get("complete") == 0:
        return f"{row['pages']}, not all of which were captured"
    pages = row.get("pages")
    return str(pages) if pages and pages > 1 else None


def _proved_status(row: Mapping[str, Any]) -> str | None:
    """The status of an article with its last proof; None for a version, which has none."""
    if not row.get("status"):
        return None
    missing = f", missing since {row['missing_since']}" if row.get("missing_since") else ""
    return f"{row['status']}, last seen online {row['last_captured_at']}{missing}"


def version_text(row: Mapping[str, Any], number: int, versions: int) -> str:
    """A version: which one it is and when it was captured, then as `article_text`."""
    first, last = row["first_captured_at"], row["last_captured_at"]
    times = f"captured {first}" if first == last else f"captured from {first} to {last}"
    return f"version {number} of {versions}, {times}\n{article_text(row)}"


def edit_text(edit: Edit) -> str:
    """A change of an article: between which times it was made, and each field with its marks."""
    fields = [f"{name}:\n{marked(pieces)}" for name, pieces in edit.fields.items()]
    return "\n".join([f"changed between {edit.seen_at} and {edit.found_at}", *fields, ""])


def marked(pieces: Iterable[Piece]) -> str:
    """The lines of a text that changed, as `[-removed-]` and `{+added+}`."""
    text = "".join(MARKS[piece.kind][0] + piece.text + MARKS[piece.kind][1] for piece in pieces)
    return "\n".join(_changed_lines(text))


def _changed_lines(text: str) -> Iterator[str]:
    inside = False
    for line in text.splitlines():
        opened = line.count("[-") + line.count("{+") - line.count("-]") - line.count("+}")
        if inside or "[-" in line or "{+" in line:
            yield line
        inside = inside if not opened else opened > 0


def absence_text(row: Mapping[str, Any]) -> str:
    """A time in which an article was missing: a row of `withdrawals`."""
    proof = f"proved {row['confirmed_at']}" if row["confirmed_at"] else "not proved"
    by = f", by the {row['withdrawn_by']}" if row["withdrawn_by"] else ""
    back = f"; seen again {row['reinstated_at']}" if row["reinstated_at"] else ""
    return (
        f"missing: went between {row['last_seen_at']} and {row['first_missing_at']} "
        f"({proof}{by}: {row['reason']}){back}"
    )


def alias_text(row: Mapping[str, Any]) -> str:
    """Another id of an article: a row of `aliases`."""
    return for_terminal(f"also {row['alias']} ({row['reason']}): {row['url']}")


def attachment_text(file: Attachment) -> str:
    """An attachment of an article: its name, how it was read, its first words."""
    state = file.state or ("not read" if file.capture else "not fetched")
    pages = f", {file.pages} pages" if file.pages and file.pages > 1 else ""
    detail = f": {file.detail}" if file.detail else ""
    lines = [
        f"attachment {file.caption or file.file_name or '-'} ({state}{pages}{detail}): {file.url}"
    ]
    if file.beginning:
        lines.append(f"  {file.beginning}")
    return "\n".join(map(for_terminal, lines))


def link_change_text(row: Mapping[str, Any]) -> str:
    """How an entry of a listing changed: a row of `link_changes`."""
    values = "" if row["old"] is None else f": {row['old']} → {row['new']}"
    times = f"between {row['seen_at']} and {row['changed_at']}"
    return for_terminal(f"in the list: {row['change']} {times}{values}")


def count_rows(counts: Mapping[str | None, int], by: str) -> Iterator[dict[str, object]]:
    """A JSON value for each value that articles were counted by."""
    for value, number in _counts(counts, by).items():
        yield {by: value, "articles": number}


def count_table(counts: Mapping[str | None, int], by: str) -> Iterator[str]:
    """A table of the values that articles were counted by; the number alone where all were."""
    if by == "all":
        yield from map(str, _counts(counts, by).values())
    elif counts:
        from archive.cli.table import table

        yield table([[value or "-", number] for value, number in counts.items()], [by, "articles"])


def _counts(counts: Mapping[str | None, int], by: str) -> Mapping[str | None, int]:
    """No article at all is a number too."""
    return counts or ({None: 0} if by == "all" else {})
