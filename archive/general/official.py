"""What only official documents print: 文号 and 发文机关.

The labels are those of the head table that the State Council's site and the sites of ministries
and provinces put over a document (GB/T 9704-2012 names the parts of the document itself).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.general.patterns import COLON_OR_TAB
from archive.page.page import Page

ISSUED_BY = re.compile(
    r"(?:^|[\s|｜])(?:发\s*+文\s*+(?:机\s*+关|单\s*+位)|制\s*+[发定]\s*+机\s*+关|印\s*+发\s*+机\s*+关|发\s*+布\s*+机\s*+构)"
    rf"{COLON_OR_TAB}\s*+(?P<value>[^\t\n：:]{{2,60}})"
)
# 国办发〔2023〕12号
YEARLY = r"[\u4e00-\u9fff]{1,15}\s?[〔\[［（(](?:19|20)\d{2}[〕\]］）)]\s?(?:第\s?)?\d{1,5}\s?号"
NUMBERED = re.compile(
    r"(?:^|[\s|｜])(?:发\s*+文\s*+字\s*+号|发\s*+文\s*+文\s*+号|文\s*+件\s*+编\s*+号|文\s*+号)"
    rf"{COLON_OR_TAB}\s*+"
    rf"(?P<value>{YEARLY}|[\u4e00-\u9fff]{{1,20}}\s?(?:\d{{4}}年)?第\s?\d{{1,5}}\s?号)"
)
ALONE = re.compile(rf"[（(]?(?P<value>{YEARLY})[）)]?")
NEXT_LABEL = re.compile(r"(?<!\s)\s+[\u4e00-\u9fff\s]{2,8}[：:].*|[;；|｜].*", re.S)
HEAD, TOP = 60, 4  # lines of a page, and of a body, where these stand


@dataclass(frozen=True, slots=True)
class Official:
    """What an official document prints of itself; None for what it does not.

    `found_by` names the rule of each field that has a value.
    """

    document_number: str | None = None
    issued_by: str | None = None
    found_by: dict[str, str] = field(default_factory=dict)


def official(page: Page, body: list[str]) -> Official:
    """Reads the head table of a document, and the first lines of its body.

    Args:
        page: the page.
        body: the lines of the article.
    """
    rules: dict[str, str] = {}
    lines = page.lines[:HEAD] if len(page.lines) <= 2 * HEAD else _around(page.lines, body)
    issued = _labelled(ISSUED_BY, lines)
    number = _labelled(NUMBERED, lines)
    if issued:
        rules["issued_by"] = "label"
    if number:
        rules["document_number"] = "label"
    elif number := document_number(body):
        rules["document_number"] = "first-lines"
    return Official(number, issued, rules)


def document_number(body: list[str]) -> str | None:
    """Finds a document number (文号) that has one of the first lines of a body for itself.

    Example:
        >>> document_number(["国务院办公厅", "国办发〔2023〕12号"])
        '国办发〔2023〕12号'
    """
    return next(
        (_tidy(match["value"]) for line in body[:TOP] if (match := ALONE.fullmatch(line.strip()))),
        None,
    )


def _around(lines: list[str], body: list[str]) -> list[str]:
    """The lines before the body, where the head table is, and the first lines of the body."""
    start = lines.index(body[0]) if body and body[0] in lines else HEAD
    return lines[max(0, start - HEAD) : start + TOP]


def _labelled(pattern: re.Pattern[str], lines: list[str]) -> str | None:
    for line in lines:
        has_label = "：" in line or ":" in line or "\t" in line
        if has_label and (match := pattern.search(line)):
            return _tidy(NEXT_LABEL.sub("", match["value"]))
    return None


def _tidy(value: str) -> str:
    return re.sub(r"\s+", "", value)
