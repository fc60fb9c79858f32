"""From where and by whom: source and author on a page of unknown make."""

from __future__ import annotations

import re
from collections.abc import Callable

from archive.general.patterns import (
    AGENCY,
    AUTHOR,
    LINK,
    NAMED,
    NEXT_WORD,
    NOISE,
    OUTLET,
    PROSE,
    RECENT,
    REPORTER,
    SCRIPT_AUTHOR,
    SERVICE,
    SIGNED,
    SOURCE,
    TIME,
)
from archive.page.letters import letters

SOURCE_LABEL = re.compile(r"^\s*(?:来源|本文来源于|文章来源|本文来源)\s*[：:]?")
REST_OF_TIME = re.compile(r"^:\d\d\s*+|(?:(?<!\s)\s++)?发[表布]于$")


def source(
    meta: dict[str, str], lines: list[str], ends: list[str], unlabelled_source: str | None
) -> tuple[str | None, str]:
    """Reads where an article comes from.

    Args:
        meta: the page's meta data, values by name.
        lines: those around the headline.
        ends: first and last lines of the body, and those under it.
        unlabelled_source: what `unlabelled` found.

    Returns:
        The source and the rule that found it; `(None, "")` where the page names none.
    """
    return _surest(
        ("meta contentsource", lambda: _named(meta, NAMED[:1])),
        ("label", lambda: _first_match(SOURCE, lines)),
        ("beside-the-time", lambda: unlabelled_source),
        ("label-in-body", lambda: _first_match(SOURCE, [line for line in ends if len(line) < 60])),
        ("meta", lambda: _named(meta, NAMED[1:])),
        ("dateline", lambda: _first_match(AGENCY, ends)),
    )


def author(
    meta: dict[str, str], lines: list[str], ends: list[str], markup: str
) -> tuple[str | None, str]:
    """Reads who wrote an article.

    Args:
        meta: the page's meta data, values by name.
        lines: those around the headline.
        ends: first and last lines of the body, and those under it.
        markup: the text of the page, for its JSON-LD.

    Returns:
        The author and the rule that found it; `(None, "")` where the page names none.
    """
    return _surest(
        ("label", lambda: _first_match(AUTHOR, lines) or _first_match(REPORTER, lines)),
        ("label-in-body", lambda: _first_match(AUTHOR, ends) or _first_match(REPORTER, ends)),
        ("meta", lambda: _named(meta, SIGNED)),
        ("json-ld", lambda: _first_match(SCRIPT_AUTHOR, [markup])),
    )


def unlabelled(lines: list[str], title: str | None) -> tuple[str | None, str | None]:
    """Source and author as many sites print them, without a label: in the line of the time or the
    one before it."""
    for number, line in enumerate(lines):
        if len(line) > 60 or not (TIME.search(line) or RECENT.search(line)):
            continue
        before = lines[number - 1] if number and not TIME.search(lines[number - 1]) else ""
        for piece in (LINK.sub("", RECENT.sub("", TIME.sub("", line))), before):
            if name := _name(piece, title):
                first, slash, second = name.partition("/")
                return (second, first) if slash else (name, None)
            if outlet := _outlet(piece):
                return outlet, None
    return None, None


def _name(piece: str, title: str | None) -> str | None:
    """What is left of a line without its time and labels, where it can be a name."""
    name = SOURCE_LABEL.sub("", piece).strip(" \u3000\xa0\t|｜丨-—·")
    name = REST_OF_TIME.sub("", name)
    is_name = (
        2 <= len(name) <= 16
        and not NOISE.match(name)
        and not SERVICE.search(name)
        and letters(name) != letters(title)
        and not PROSE.search(name)
    )
    return name if is_name else None


def _outlet(piece: str) -> str | None:
    words = re.split(r"[\s|｜·]+", piece)
    return next((word for word in words if OUTLET.match(word) and not SERVICE.search(word)), None)


def _named(meta: dict[str, str], names: list[str]) -> str | None:
    return next(
        (value for name in names if (value := meta.get(name)) and not NOISE.match(value)), None
    )


def _surest(*ways: tuple[str, Callable[[], str | None]]) -> tuple[str | None, str]:
    """The first value that one of the rules finds, and the rule."""
    return next(((value, rule) for rule, find in ways if (value := find())), (None, ""))


def _first_match(pattern: re.Pattern[str], lines: list[str]) -> str | None:
    for line in lines:
        for match in pattern.finditer(line):
            name = match["value"] or match.groupdict().get("lone") or ""
            value = NEXT_WORD.sub("", name).strip(" \u3000|｜丨()（）[]【】《》“”\"'、，,。.;；:：")
            if value and not NOISE.match(value):
                return value
    return None
