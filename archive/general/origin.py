"""From where and by whom: source and author on a page of unknown make.

All that the page says is collected as candidates, each with its place on the page; one that a
second place confirms outranks one alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.general.credit_patterns import LABEL
from archive.general.credits import Credit, credits_of, signatures
from archive.general.names import is_nobody, is_organisation, is_person
from archive.general.patterns import (
    AGENCY,
    LINK,
    NAMED,
    OUTLET,
    PROSE,
    RECENT,
    SCRIPT_AUTHOR,
    SERVICE,
    SIGNED,
    TIME,
)
from archive.model.other_values import Mention
from archive.page.letters import letters

SOURCE_LABEL = re.compile(r"^\s*(?:来源|本文来源于|文章来源|本文来源)\s*[：:]?")
REST_OF_TIME = re.compile(r"^:\d\d\s*+|(?:(?<!\s)\s++)?发[表布]于$")
LONE = re.compile(
    r"[（(](?P<names>[\u4e00-\u9fff]{2,3}(?:[ \u3000、]{1,2}[\u4e00-\u9fff]{2,3}){0,3})[）)]"
)
# How far each place is believed, and what a second place that says the same adds.
WEIGHTS = {
    "source": {
        "meta contentsource": 60,
        "label": 50,
        "publisher": 45,
        "beside-the-time": 40,
        "label-in-body": 30,
        "meta": 25,
        "reporter": 20,
        "dateline": 10,
    },
    "author": {
        "label": 50,
        "reporter": 45,
        "label-in-body": 40,
        "reporter-in-body": 35,
        "meta": 30,
        "json-ld": 25,
        "beside-the-time": 20,
    },
}
CONFIRMED = 15


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be the source or author, and the place that says so."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Source and author, each with the place that names it; None and '' where the page has none.
    `sources` and `authors` are all that may be it, what was believed most first."""

    source: str | None
    source_place: str
    author: str | None
    author_place: str
    sources: tuple[Mention, ...] = ()
    authors: tuple[Mention, ...] = ()


def origin(
    meta: dict[str, str], lines: list[str], ends: list[str], markup: str, title: str | None
) -> Origin:
    """Reads where an article comes from and who wrote it.

    Args:
        meta: the page's meta data, values by name.
        lines: those around the headline.
        ends: first and last lines of the body, and those under it.
        markup: the text of the page, for its JSON-LD.
        title: the headline, which is no name.
    """
    around = [credit for line in lines for credit in credits_of(line)]
    at_ends = [credit for line in ends for part in signatures(line) for credit in credits_of(part)]
    source, author = unlabelled(lines, title)
    if source is author is None:
        source, author = unlabelled(ends[:3], title)  # the head may be inside the body
    others = {
        name
        for credit in around + at_ends
        if credit.part == "other"
        for name in _words(credit.name)
    }
    sources = [
        *_of_meta("meta contentsource", meta, NAMED[:1]),
        *_of_part("source", "label", around),
        *_of_part("publisher", "publisher", around),
        *_candidates("beside-the-time", [source]),
        *_of_part("source", "label-in-body", at_ends),
        *_of_meta("meta", meta, NAMED[1:]),
        *_of_part("paper", "reporter", around + at_ends),
        *_candidates(
            "dateline", (match["value"] for line in ends if (match := AGENCY.search(line)))
        ),
    ]
    authors = [
        *_of_part("author", "label", around),
        *_of_part("reporter", "reporter", around),
        *_of_part("author", "label-in-body", at_ends),
        *_of_part("reporter", "reporter-in-body", at_ends),
        *_candidates("label-in-body", _lone(ends)),
        *_of_meta("meta", meta, SIGNED),
        *_candidates("json-ld", _signed_in_script(markup)),
        *_candidates("beside-the-time", [author]),
    ]
    believed = _ranked(
        [candidate for candidate in sources if not _did_something_else(candidate, others)], "source"
    )
    source, source_place = _first(believed)
    authors = [candidate for candidate in authors if candidate.name != source]
    # A site's editor is also printed as author; who signs the text is asked first.
    signed = [candidate for candidate in authors if not _did_something_else(candidate, others)]
    labelled = [
        candidate
        for candidate in authors
        if "label" in candidate.place or "reporter" in candidate.place
    ]
    by = _ranked(signed or labelled, "author")
    author, author_place = _first(by)
    return Origin(
        source,
        source_place,
        author,
        author_place,
        tuple(map(_mention, [*believed, *sources])),
        tuple(map(_mention, [*by, *authors])),
    )


def _words(names: str) -> list[str]:
    return [names, *re.split(r"[\s、]+", names)]


def _did_something_else(candidate: Candidate, others: set[str]) -> bool:
    """Whether a name is that of a photographer or editor, and so is no source."""
    return candidate.name in others and not is_organisation(candidate.name)


def _of_part(part: str, place: str, credits: Iterable[Credit]) -> Iterator[Candidate]:
    return _candidates(place, (credit.name for credit in credits if credit.part == part))


def _of_meta(place: str, meta: dict[str, str], names: list[str]) -> Iterator[Candidate]:
    return _candidates(place, (meta[name].strip() for name in names if name in meta))


def _candidates(place: str, names: Iterable[str | None]) -> Iterator[Candidate]:
    return (Candidate(name, place) for name in names if name and not is_nobody(name))


def _ranked(candidates: list[Candidate], field: str) -> list[Candidate]:
    """The names, the most believed first; of equal ones the first."""
    return sorted(candidates, key=lambda candidate: -_weight(candidate, candidates, field))


def _first(ranked: list[Candidate]) -> tuple[str | None, str]:
    return _mention(ranked[0]) if ranked else (None, "")


def _mention(candidate: Candidate) -> Mention:
    return candidate.name, "label" if candidate.place == "publisher" else candidate.place


def _weight(candidate: Candidate, candidates: list[Candidate], field: str) -> int:
    parts = {
        _part_of_page(other.place)
        for other in candidates
        if letters(other.name) == letters(candidate.name)
    }
    return WEIGHTS[field][candidate.place] + CONFIRMED * (len(parts) - 1)


def _part_of_page(place: str) -> str:
    """Where a place is: what two rules read in the same line is said once."""
    if place.endswith("in-body"):
        return "body"
    return place if place.startswith(("meta", "json")) else "head"


def _lone(ends: list[str]) -> Iterator[str]:
    """Names alone in brackets, as newspapers sign."""
    for line in ends:
        match = LONE.fullmatch(line)
        if match and all(map(is_person, re.split(r"[ \u3000、]+", match["names"]))):
            yield match["names"]


def _signed_in_script(markup: str) -> Iterator[str]:
    if '"author"' in markup and (match := SCRIPT_AUTHOR.search(markup)):
        yield match["value"]


def unlabelled(lines: list[str], title: str | None) -> tuple[str | None, str | None]:
    """Source and author as many sites print them, without a label: in the line of the time or the
    one before it."""
    for number, line in enumerate(lines):
        if len(line) > 60 or not (TIME.search(line) or RECENT.search(line)):
            continue
        before = lines[number - 1] if number and not TIME.search(lines[number - 1]) else ""
        for piece in (LINK.sub("", RECENT.sub("", TIME.sub("\t", line))), before):
            if name := _name(piece, title):
                first, slash, second = name.partition("/")
                if slash:
                    return second, first
                return (None, name) if is_person(name) and len(name) < 4 else (name, None)
            if outlet := _outlet(piece):
                return outlet, None
    return None, None


def _name(piece: str, title: str | None) -> str | None:
    """What is left of a line without its time and labels, where it can be a name."""
    name = SOURCE_LABEL.sub("", piece.strip(" \u3000\xa0\t|｜丨-—·")).strip(" \u3000\xa0\t|｜丨-—·")
    name = REST_OF_TIME.sub("", name)
    is_name = (
        2 <= len(name) <= 16
        and not is_nobody(name)
        and not SERVICE.search(name)
        and "\t" not in name
        and (letters(name) not in letters(title) or is_organisation(name))
        and letters(name) != letters(title)
        and not PROSE.search(name)
        and not LABEL.search(name)
    )
    return name if is_name else None


def _outlet(piece: str) -> str | None:
    words = re.split(r"[\s|｜·]+", piece)
    return next(
        (
            word
            for word in words
            if OUTLET.match(word) and not SERVICE.search(word) and not is_nobody(word)
        ),
        None,
    )
