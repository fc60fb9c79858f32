"""What the commands print: values as lines for a person, or as JSON on one line for a machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archive.history.diff import Edit, marked
from archive.search.search import Hit


def hit_lines(hit: Hit) -> str:
    """A hit for a person to read."""
    return (
        f"{hit.id}  {day(hit.published_at)}  {hit.account or '-'}\n  {hit.title}\n  {hit.snippet}"
    )


def written(row: dict[str, Any]) -> str:
    """An article for a person to read."""
    heads = [
        "account",
        "published_at",
        "updated_at",
        "document_number",
        "issued_by",
        "source",
        "reprinted_from",
    ]
    heads += ["author", "editor", "original_title", "status", "url"]
    lines = [f"{name}: {row[name]}" for name in heads if row.get(name)]
    return "\n".join([row["title"], *lines, "", row["text"], ""])


def changed(edit: Edit) -> str:
    """A change for a person to read."""
    lines = [f"changed between {edit.seen_at} and {edit.found_at}"]
    return "\n".join(
        [*lines, *(f"{name}:\n{marked(pieces)}" for name, pieces in edit.fields.items()), ""]
    )


def absent(row: dict[str, Any]) -> str:
    """A time of absence for a person to read."""
    proof = f"proved {row['confirmed_at']}" if row["confirmed_at"] else "not proved"
    by = f", by the {row['withdrawn_by']}" if row["withdrawn_by"] else ""
    back = f"; seen again {row['reinstated_at']}" if row["reinstated_at"] else ""
    return f"missing: went between {row['last_seen_at']} and {row['first_missing_at']} ({proof}{by}: {row['reason']}){back}"


def day(published_at: str | None) -> str:
    """The day of a time, or dashes of the same width."""
    return (published_at or "----------")[:10]


def dumped(value: Any) -> str:
    """JSON on one line, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False)


def count_lines(counts: dict[str | None, int], by: str, json_: bool) -> Iterator[str]:
    """A line for each value that articles were counted by."""
    for value, number in (counts or ({None: 0} if by == "all" else {})).items():
        shown = value or ("" if by == "all" else "-")
        yield dumped({by: value, "articles": number}) if json_ else f"{number:8}  {shown}".rstrip()


def status_lines(state: dict[str, Any]) -> Iterator[str]:
    """What is held, and what the last crawl saw of each account."""
    last = state["last_run"]
    yield f"{state['articles']} articles, {state['captures']} captures; last run {last['started_at'] if last else 'never'}"
    for row in state["accounts"]:
        said = (
            f"{row['outcome'] or 'not crawled yet'}{': ' + row['reason'] if row['reason'] else ''}"
        )
        whose = f"{row['platform']} {row['account_id']} {row['name'] or row['url']}"
        yield f"{whose}: {row['articles']} articles; last crawl: {said}"
        if row["silent"]:
            yield f"  silent: {row['silent']}"
    yield from (f"drift: {sentence}" for sentence in state["drift"])
