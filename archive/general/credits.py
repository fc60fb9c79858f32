"""The credits that a line prints: labels such as 来源, 撰稿 or 摄影 with the names after or before
them.

One table says what each label means, and one scanner reads every order and every sign between them:
in one line or in the cells of a table, with colons, bars, slashes, tabs or blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.general.credit_labels import (
    AUTHOR,
    GIVEN,
    NOTHING,
    OTHER,
    PAPER,
    PART,
    PUBLISHER,
    REPORTER,
    SOURCE,
)
from archive.general.credit_patterns import (
    AFTER,
    BEFORE_REPORTER,
    BLANK,
    BY_REPORTER,
    EDGES,
    END,
    GAP,
    LABEL,
    LATIN,
    LONGEST_SIGNATURE,
    NAMES_ALONE,
    PARENTHESIS,
    PHOTOGRAPHED,
    SENTENCE,
    SIGN,
    WIDE_NAME,
)
from archive.general.names import is_nobody, is_organisation, is_person

SIGNED = re.compile(rf"{SIGN}|\t")
LONGEST = 300  # characters of a line that are read


@dataclass(frozen=True, slots=True)
class Credit:
    """Names that a line gives a part in an article: `source`, `author` or `other`."""

    part: str
    name: str


def is_label(line: str) -> bool:
    """Whether a line is a label alone, whose names are in the line or cell after it.

    Example:
        >>> is_label("来　源："), is_label("作者"), is_label("市水务局")
        (True, True, False)
    """
    if len(line) > 20:
        return False
    printed = re.sub(rf"{GAP}|[：:【\[]", "", line)
    return PART.get(printed, NOTHING if line.endswith(("：", ":")) else None) is not None


def credits_of(line: str) -> tuple[Credit, ...]:
    """Reads the credits of one line.

    Args:
        line: as it is shown, cells of a row with tabs between them.

    Returns:
        In the order of the line; `other` are photographers, editors and their like.

    Example:
        >>> [(credit.part, credit.name) for credit in credits_of("来源：水务局 供稿：王英 图/李四")]
        [('source', '水务局'), ('author', '王英'), ('other', '李四')]
    """
    return tuple(_credits(line[:LONGEST]))


def _credits(line: str) -> Iterator[Credit]:
    labels = list(LABEL.finditer(line))
    if not labels:
        yield from _signed_after(line)
        return
    if before := line[: labels[0].start()].strip():
        yield from _signed_after(before)
    for number, label in enumerate(labels):
        printed = re.sub(r"[ \u3000\xa0]", "", label[label.lastgroup or 0])
        part = _part(label, printed)
        stop = labels[number + 1].start() if number + 1 < len(labels) else len(line)
        value = line[label.end() : stop]
        if part in (AUTHOR, REPORTER) and PHOTOGRAPHED.search(value):
            part = OTHER
        if label["reporter"] or printed.endswith(("记者", "記者")):
            yield from _paper_before(line[: label.start()])
        if part != NOTHING:
            yield from _named(part, value, loose=_is_loose(label, value))


def _is_loose(label: re.Match[str], value: str) -> bool:
    """Whether what follows 记者 may be prose: not where it is names alone, with a blank between."""
    if label.lastgroup != "reporter":
        return False
    return not (label[0][-1:].isspace() and NAMES_ALONE.fullmatch(value.strip()))


def _part(label: re.Match[str], printed: str) -> str:
    if label.lastgroup == "start":
        return SOURCE
    if printed.endswith(("记者", "記者", "通讯员", "通訊員")) and PART.get(printed) != OTHER:
        return AUTHOR if SIGNED.search(label[0]) else REPORTER
    return PART[printed]


def _paper_before(before: str) -> Iterator[Credit]:
    """新华社记者: the paper of a reporter, where it is named without a label."""
    match = None if re.search("[：:]", before) else BEFORE_REPORTER.search(before)
    if match and is_organisation(match["name"]):
        yield Credit(PAPER, match["name"])


def _named(part: str, value: str, *, loose: bool) -> Iterator[Credit]:
    """The names of a label's value, each with its part."""
    value = (
        value.lstrip(EDGES)
        if part not in (SOURCE, PUBLISHER)
        else value.lstrip(' \u3000\xa0\t:：|｜丨/／[【“"')
    )
    end = END.search(value)
    inner = value[: end.start()] if end else value
    inner = WIDE_NAME.sub(
        r"\1\2", inner.strip(EDGES) if part not in (SOURCE, PUBLISHER) else inner.strip()
    )
    if not inner:
        return
    if part in (SOURCE, PUBLISHER):
        yield from _source(part, inner)
        return
    yield from _people(part, inner, loose=loose)


def _source(part: str, value: str) -> Iterator[Credit]:
    """A source is one word, or several Latin ones; a person after it is the author."""
    first, rest = _first_word(value)
    name = _stripped(first)
    if len(name) < 2 or len(name) > 40 or is_nobody(name):
        return
    yield Credit(part, name)
    if is_organisation(name) and rest:
        people = [word for word in BLANK.split(rest) if word]
        if people and all(is_person(word) for word in people):
            yield Credit(AUTHOR, " ".join(people))


def _stripped(name: str) -> str:
    """A name without signs around it; the second of a pair stays where the first is inside."""
    bare = name.strip(EDGES)
    for first, second in ("《》", "（）", "()"):
        if bare.count(first) > bare.count(second) and second in name[name.find(bare) + len(bare) :]:
            bare += second
    return bare


def _first_word(value: str) -> tuple[str, str]:
    latin = LATIN.match(value)
    if latin and value[latin.end() : latin.end() + 1] not in ("=", "@", "_"):
        return latin[0], value[latin.end() :].strip()
    first, _, rest = value.replace("\u3000", " ").replace("\xa0", " ").partition(" ")
    following = LATIN.match(rest)
    if following and not rest.startswith(("http", "www")):
        return f"{first} {following[0]}", rest[following.end() :].strip()
    return first, rest.strip()


def _people(part: str, value: str, *, loose: bool) -> Iterator[Credit]:
    """The people of a value: its first word, and those after it that are people as well."""
    if latin := LATIN.match(value):
        words = [latin[0]]
        if latin.end() < len(value) and value[latin.end()] not in " \u3000\xa0、，,":
            words = [BLANK.split(value)[0]]
    else:
        words = [word for word in BLANK.split(value) if word]
    offices = [word for word in words[:-1] if is_organisation(word)]
    people: list[str] = []
    for number, word in enumerate(words):
        bare = word.strip(EDGES)
        if number == 0 and not offices:
            bare = _without_tail(bare, loose=loose)
            if bare:
                people.append(bare)
            if bare != word.strip(EDGES):
                break
        elif is_person(bare) or (people and 2 <= len(bare) <= 4 and not is_organisation(bare)):
            people.append(bare)
        elif bare not in offices:
            break
    if part == GIVEN:
        yield from _given(people, offices)
        return
    name = " ".join(people)
    if 2 <= len(name) <= 40 and not is_nobody(name):
        yield Credit(part, name)
    if offices and part in (AUTHOR, REPORTER) and people:
        yield Credit(SOURCE, offices[0])


def _given(people: list[str], offices: list[str]) -> Iterator[Credit]:
    """Who gave an article: an office is its source, a person its author."""
    persons = [name for name in people if is_person(name)]
    for office in offices[:1] or [name for name in people if name not in persons][:1]:
        if len(office) > 1 and not is_nobody(office):
            yield Credit(SOURCE, office)
    if persons:
        yield Credit(AUTHOR, " ".join(persons))


def _without_tail(word: str, *, loose: bool) -> str:
    """A name without what is printed at its end: 王秀英报道, 王秀英摄."""
    bare = re.sub(
        r"(?:摄影报道|综合报道|报道|文[/／、]?[图摄]|发自\S*|[摄文图]|整理|编辑)$", "", word
    )
    bare = bare if len(bare) >= 2 else word
    if loose and not (is_person(bare) or (bare != word and 2 <= len(bare) <= 4)):
        return ""
    return bare if len(bare) <= 30 else ""


def _signed_after(text: str) -> Iterator[Credit]:
    for match in AFTER.finditer(text):
        words = [word for word in BLANK.split(match["names"]) if word]
        did = match["did"]
        part = OTHER if did in ("摄", "图", "摄影", "供图", "编辑", "图片") else AUTHOR
        persons = [word for word in words if is_person(word)]
        if persons and part == OTHER:
            yield Credit(OTHER, " ".join(persons))
        elif persons:
            yield Credit(AUTHOR, " ".join(persons))
        if part == AUTHOR and did in ("供稿", "提供", "文", "文图", "文/图"):
            yield from (Credit(SOURCE, word) for word in words[:1] if is_organisation(word))


def signatures(line: str) -> list[str]:
    """The parts of a paragraph that can be a signature: what is in brackets at its end and near
    its beginning, or all of a short one.

    Example:
        >>> signatures("新华社北京3月5日电（记者王英）" + 9 * "供水保障全面展开。")
        ['记者王英']
    """
    if len(line) <= LONGEST_SIGNATURE and not SENTENCE.search(line, 0, len(line) - 1):
        return [line]
    start = [match[0]] if (match := BY_REPORTER.match(line)) else []
    return start + [
        match[1]
        for match in PARENTHESIS.finditer(line)
        if match.start() < 50 or match.end() > len(line) - 3
    ]
