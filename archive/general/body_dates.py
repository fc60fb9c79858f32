"""The dates within an article, and that of its signature (落款)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from archive.general.date_candidates import AROUND, YEARS, Candidate, is_byline
from archive.general.date_labels import ANY_DATE, label_of
from archive.general.patterns import IMPRINT
from archive.page.moments import Moment, moments

MOST_IN_TEXT, LONGEST_SIGNATURE = 5, 40
PRINTED = re.compile(r"^\s?印(?:发|制)?")  # 2024年3月5日印发, of the last lines of documents
OPEN_LABEL = re.compile(r"^.{0,12}(?:日期|时间|[：:])$")
EDGE = 4  # lines of an article in which its byline may be


def of_body(body: list[str]) -> Iterator[Candidate]:
    """The dates within an article, those of its signature first: lines of their own, or behind the
    name of a body, that are no sentences."""
    in_text: list[Candidate] = []
    last = ""
    for number, line in enumerate(body):
        before, last = (last if OPEN_LABEL.search(last) else ""), line
        short = len(line) <= LONGEST_SIGNATURE
        if (short or len(in_text) < MOST_IN_TEXT) and YEARS.search(line):
            edge = number < EDGE or number >= len(body) - EDGE
            for candidate in _in_article(
                line, before, edge, early=number < 2 and number < len(body) - 2
            ):
                if candidate.where == "signature":
                    yield candidate
                else:
                    in_text.append(candidate)
    yield from in_text[:MOST_IN_TEXT]


def _in_article(line: str, before: str, edge: bool, early: bool) -> Iterator[Candidate]:
    """The dates of a line of an article; `before`: its label in the line above; `edge`: it is one
    of the first or last."""
    for moment in islice(moments(line), MOST_IN_TEXT):
        label, _ = label_of(
            line[max(0, moment.start - AROUND) : moment.start] or before,
            line[moment.end : moment.end + AROUND],
        )
        signature = label in (None, "written") and _is_signature(line, moment)
        yield Candidate(
            moment.value,
            moment.printed,
            label,
            "signature" if signature and not early else "text",
            byline=edge
            and is_byline(line, moment)
            and (label is not None or (len(moment.value) > 10 and bool(IMPRINT.search(line)))),
            alone=signature and early,
        )


def _is_signature(line: str, moment: Moment) -> bool:
    if len(line) > LONGEST_SIGNATURE:
        return False
    rest = (line[: moment.start] + line[moment.end :]).strip(" \u3000\xa0\t（）()")
    return (
        not re.search(r"[，。；：:、！？《》〔\[]", rest)
        and not re.search(r"[\u4e00-\u9fff]", PRINTED.sub("", line[moment.end :]))
        and not re.match(ANY_DATE, rest)
    )
