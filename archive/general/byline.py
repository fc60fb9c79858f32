"""When, from where and by whom: the line under the headline and the meta data, on a page of
unknown make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from lxml.html import HtmlElement

from archive.general.patterns import (
    ACCOUNTS,
    AGENCY,
    AUTHOR,
    DATED,
    DAY_ALONE,
    IMPRINT,
    IN_ADDRESS,
    IN_SHORT,
    LABEL_ALONE,
    LABELLED,
    LINK,
    MONTH_ALONE,
    NAMED,
    NEXT_WORD,
    NOISE,
    OTHER_DAY,
    OUTLET,
    PROSE,
    RECENT,
    REPORTER,
    ROW_OF_HEAD,
    SCRIPT_AUTHOR,
    SCRIPT_TIME,
    SENTENCE,
    SERVICE,
    SIGNED,
    SOURCE,
    SPACED,
    TIME,
    TIMED,
)
from archive.page.fields import from_local, from_milliseconds, from_zoned, text_of, words
from archive.page.page import Page

HEAD_CHARACTERS = 600  # around the headline, where sites print time and source
UNDER = 4  # lines
HEADING = 8  # lines of a body that may still be its headline and imprint


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a page says of its article's origin; None for what it does not say."""

    published_at: str | None = None
    published_raw: str | None = None
    account: str | None = None
    source: str | None = None
    author: str | None = None
    found_by: dict[str, str] = field(default_factory=dict)  # field: the rule that found it


def split_head(
    paragraphs: list[tuple[str, str]], title: str | None
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """A body that begins with headline and imprint, taken apart."""
    bare = _bare(title)
    place = next(
        (n + 1 for n, (_, text) in enumerate(paragraphs[:HEADING]) if bare and _bare(text) == bare),
        0,
    )
    while place < min(len(paragraphs) - 1, HEADING + 4) and _is_imprint(paragraphs[place][1]):
        place += 1
    return paragraphs[:place], paragraphs[place:]


def leading(paragraphs: list[tuple[str, str]]) -> str | None:
    """The first line of a body where it can only be the headline: short, no sentence, and the
    imprint under it."""
    if len(paragraphs) < 3 or not _is_imprint(paragraphs[1][1]):
        return None
    text = paragraphs[0][1]
    return (
        text
        if 6 <= len(text) <= 60 and not SENTENCE.search(text) and not _is_imprint(text)
        else None
    )


def _is_imprint(text: str) -> bool:
    printed = TIME.search(text)
    rest = TIME.sub("", text)
    if printed and len(rest) < 40 and not SENTENCE.search(rest):
        return True
    if (ROW_OF_HEAD.match(text) and len(text) < 120) or (
        RECENT.search(text) and len(text) < 30 and not SENTENCE.search(text)
    ):
        return True
    return len(text) < 40 and bool(IMPRINT.match(text))


def imprint(page: Page, title: str | None, above: list[str], body: list[str]) -> Imprint:
    """Meta data first, then the lines around the headline, then the ends of the body; the address
    last."""
    meta = dict(_metas(page.tree))
    lines = [
        SPACED.sub(r"\1\2", line) for line in _labels_joined(above + _head(page.lines, title, body))
    ]
    at, raw, dated = _published(meta, page, lines, body)
    ends = [*body[:3], *body[-4:], *_under(page.lines, body)]
    beside = _beside_the_time(lines, title)
    source, sourced = _source(meta, lines, ends, beside)
    author, signed = _author(meta, lines, ends, page.text)
    if author is None and beside[1] != source:
        author, signed = beside[1], "beside-the-time"
    account = _account(page)
    author = None if author == source else author
    rules = {
        "published_at": (at, dated),
        "source": (source, sourced),
        "author": (author, signed),
        "account": (account, "mark"),
    }
    return Imprint(
        at,
        raw,
        account,
        source,
        author,
        {name: rule for name, (value, rule) in rules.items() if value},
    )


def _account(page: Page) -> str | None:
    marks = [
        mark for words, mark in ACCOUNTS.items() if any(word in page.text for word in words.split())
    ]
    account = next(
        (
            value
            for mark in marks
            for element in page.tree.xpath(mark)[:1]
            if (value := text_of(element))
        ),
        None,
    )
    return account if account and len(account) < 30 else None


def _labels_joined(lines: list[str]) -> list[str]:
    """A label that has a line for itself, with the line that it labels."""
    joined: list[str] = []
    for line in lines:
        if joined and LABEL_ALONE.fullmatch(joined[-1]) and not LABEL_ALONE.fullmatch(line):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _bare(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", text or "")


def _beside_the_time(lines: list[str], title: str | None) -> tuple[str | None, str | None]:
    """Source and author as many sites print them, without a label: beside the time or in the line
    before it."""
    for number, line in enumerate(lines):
        if len(line) > 60 or not (TIME.search(line) or RECENT.search(line)):
            continue
        for piece in (
            LINK.sub("", RECENT.sub("", TIME.sub("", line))),
            lines[number - 1] if number and not TIME.search(lines[number - 1]) else "",
        ):
            name = re.sub(r"^\s*(?:来源|本文来源于|文章来源|本文来源)\s*[：:]?", "", piece).strip(
                " \u3000\xa0\t|｜丨-—·"
            )
            name = re.sub(r"^:\d\d\s*|\s*发[表布]于$", "", name)
            if (
                2 <= len(name) <= 16
                and not NOISE.match(name)
                and not SERVICE.search(name)
                and _bare(name) != _bare(title)
                and not PROSE.search(name)
            ):
                first, slash, second = name.partition("/")
                return (second, first) if slash else (name, None)
            if outlet := next(
                (
                    word
                    for word in re.split(r"[\s|｜·]+", piece)
                    if OUTLET.match(word) and not SERVICE.search(word)
                ),
                None,
            ):
                return outlet, None
    return None, None


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for element in reversed(list(tree.iter("meta"))):  # of several with one name the first counts
        name = element.get("name") or element.get("property") or element.get("itemprop")
        value = words(element.get("content"))
        if name and value:
            yield name.strip().lower(), value


def _named(meta: dict[str, str], names: list[str]) -> str | None:
    return next(
        (value for name in names if (value := meta.get(name)) and not NOISE.match(value)), None
    )


def _head(lines: list[str], title: str | None, body: list[str]) -> list[str]:
    """The lines between the headline and the body, then a few before the headline."""
    start = next((n for n, line in enumerate(lines) if body and line == body[0]), None)
    bare = _bare(title)
    shown = [n for n, line in enumerate(lines) if bare and _bare(line).startswith(bare)]
    before = [n for n in shown if start is None or n < start]
    place = before[-1] if before else shown[0] if shown else None
    if place is None:
        end = len(lines[:40]) if start is None else start
        return lines[max(0, end - 12) : end]
    under_headline: list[str] = []
    for line in lines[place + 1 : start if start and start > place else place + 20]:
        if sum(map(len, under_headline)) > HEAD_CHARACTERS:
            break
        under_headline.append(line)
    rest = lines[place][len(title or "") :]
    return ([rest] if rest.strip() else []) + under_headline + lines[max(0, place - 4) : place]


def _under(lines: list[str], body: list[str]) -> list[str]:
    """The lines right behind the body, where some sites name source and author."""
    end = next((n + 1 for n, line in enumerate(lines) if body and line == body[-1]), len(lines))
    return [
        line for line in lines[end : end + UNDER] if len(line) < 60 and re.search("[：:]", line)
    ]


def _published(
    meta: dict[str, str], page: Page, lines: list[str], body: list[str]
) -> tuple[str | None, str | None, str]:
    """The time as ISO 8601, as printed, and the rule that found it."""
    return next(_times(meta, page, lines, body), (None, None, ""))


def _times(
    meta: dict[str, str], page: Page, lines: list[str], body: list[str]
) -> Iterator[tuple[str, str | None, str]]:
    """What could be the time of publication, the surest first."""
    for name in DATED:
        if (value := meta.get(name)) and (at := from_zoned(value, lines) or moment(value)):
            yield at, value, f"meta {name}"
    for line in lines:
        if (match := LABELLED.search(line)) and (at := moment(match["value"])):
            yield at, match["value"], "label"
    for line in lines:
        if (
            (match := TIME.search(line))
            and (at := moment(match[1]))
            and len(line) < 200
            and not OTHER_DAY.search(line)
        ):
            yield at, match[1], "near-headline"
    if at := _split_day(lines):
        yield at, None, "day-over-month"
    for line in page.lines:
        if TIMED.match(line) and (at := moment(line)):
            yield at, None, "label-anywhere"
    if (match := SCRIPT_TIME.search(page.text)) and (at := moment(match["value"])):
        yield at, match["value"], "script"
    for line in [*body[-3:], *body[:2]]:
        if (match := TIME.search(line)) and (at := moment(match[1])) and len(line) < 60:
            yield at, match[1], "ends-of-body"
    if (match := IN_ADDRESS.search(page.url) or IN_SHORT.search(page.url)) and (
        at := moment("-".join(match.groups()))
    ):
        yield at, None, "address"


def _split_day(lines: list[str]) -> str | None:
    """A day set in large figures over its month: `21` and `2024年02月`."""
    for first, second in pairwise(lines):
        if DAY_ALONE.fullmatch(first) and (month := MONTH_ALONE.fullmatch(second)):
            return moment(f"{month[1]}-{month[2]}-{first}")
    return None


def moment(value: str) -> str | None:
    """ISO 8601 of a printed time, an ISO time or epoch seconds or milliseconds."""
    value = value.strip()
    if re.match(r"\d{2}-", value):
        value = f"20{value}"
    if re.fullmatch(r"\d{10}|\d{13}", value):
        return from_milliseconds(int(value.ljust(13, "0")))
    tidy = re.sub(r"\s?([-/年.月日:：时分])\s?", r"\1", value).replace("时", ":").replace("T", " ")
    tidy = re.sub(r"(\d日?)\s*[^\d\s:：]{1,4}\s*(?=\d{1,2}[:：])", r"\1 ", tidy)
    return from_local(tidy)


def _source(
    meta: dict[str, str], lines: list[str], ends: list[str], beside: tuple[str | None, str | None]
) -> tuple[str | None, str]:
    return _surest(
        ("meta contentsource", lambda: _named(meta, NAMED[:1])),
        ("label", lambda: _found(SOURCE, lines)),
        ("beside-the-time", lambda: beside[0]),
        ("label-in-body", lambda: _found(SOURCE, [line for line in ends if len(line) < 60])),
        ("meta", lambda: _named(meta, NAMED[1:])),
        ("dateline", lambda: _found(AGENCY, ends)),
    )


def _author(
    meta: dict[str, str], lines: list[str], ends: list[str], markup: str
) -> tuple[str | None, str]:
    return _surest(
        ("label", lambda: _found(AUTHOR, lines) or _found(REPORTER, lines)),
        ("label-in-body", lambda: _found(AUTHOR, ends) or _found(REPORTER, ends)),
        ("meta", lambda: _named(meta, SIGNED)),
        ("json-ld", lambda: _found(SCRIPT_AUTHOR, [markup])),
    )


def _surest(*ways: tuple[str, Callable[[], str | None]]) -> tuple[str | None, str]:
    """The first value that one of the rules finds, and the rule."""
    return next(((value, rule) for rule, find in ways if (value := find())), (None, ""))


def _found(pattern: re.Pattern[str], lines: list[str]) -> str | None:
    for line in lines:
        for match in pattern.finditer(line):
            name = match["value"] or match.groupdict().get("lone") or ""
            value = NEXT_WORD.sub("", name).strip(" \u3000|｜丨()（）[]【】《》“”\"'、，,。.;；:：")
            if value and not NOISE.match(value):
                return value
    return None
