"""The fields of an article: what the rules read, and where they read nothing, what a paragraph of
the body says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from archive.general.headline import CUT
from archive.general.official import document_number
from archive.general.other_values import other_dates, other_values
from archive.model import ArticleFields
from archive.model.columns import field_values, fields_by_rule
from archive.platform import Reading

REPRINT = re.compile(
    r"^(?:本文来源|文章来源|内容来源|稿件来源|信息来源|来源|转载自|转自)"
    r"\s*+[：:丨|｜/]\s*+(?P<value>\S.{0,80})$"
)
ORIGINAL = re.compile(
    r"^[（(]?(?:本文)?原(?:标题|题)(?:为)?\s*+[：:]?\s*+《(?P<value>.+)》\s*+[）)]?$"
)
# where an account writes its own source line; between them the text is the article's
HEAD_LINES, TAIL_LINES = 3, 25
# What the rules did not read, and a paragraph of the body says: how `found_by` names it.
IN_BODY = {
    "original_title": "line-in-body",
    "reprinted_from": "line-in-body",
    "document_number": "first-lines",
}


def fields_of(reading: Reading, lines: list[str], page_title: str | None) -> dict[str, Any]:
    """The fields of an article by name, with what else its page says for them.

    Args:
        reading: what the rules read.
        lines: the paragraphs of the article.
        page_title: the `<title>` of its page.
    """
    fields = field_values(reading, ArticleFields)
    fields["original_title"] = original = reading.original_title or _first(ORIGINAL, lines)
    fields["title"] = _full_title(reading.title, original)
    edges = lines[:HEAD_LINES] + lines[HEAD_LINES:][-TAIL_LINES:]
    fields["reprinted_from"] = reading.reprinted_from or _first(REPRINT, edges)
    fields["document_number"] = reading.document_number or document_number(lines)
    fields["published_candidates"] = other_dates(reading, lines)
    fields["field_candidates"] = other_values(reading, fields, page_title)
    return fields


def rule_of_each(fields: Mapping[str, Any], reading: Reading, rules: str) -> dict[str, str]:
    """The rule of each field that has a value: the reading's own, else where it was looked for,
    else the rules' name.

    Args:
        fields: of the article, by name.
        reading: what the rules read.
        rules: their name.
    """
    names = [name for name in fields_by_rule() if fields[name] is not None]
    in_body = {name: rule for name, rule in IN_BODY.items() if getattr(reading, name) is None}
    return {name: reading.found_by.get(name) or in_body.get(name) or rules for name in names}


def _first(pattern: re.Pattern[str], lines: list[str]) -> str | None:
    matches = (match["value"].strip() for line in lines if (match := pattern.match(line)))
    return next(matches, None)


def _full_title(title: str, original: str | None) -> str:
    """The full title where the page cut it with dots and gives it in its 原标题 line."""
    stem = CUT.sub("", title)
    return original if original and stem != title and original.startswith(stem) else title
