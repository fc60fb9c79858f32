"""A query as an expression over words: the same words give the question to the index and the exact
check of a text.

Which articles hold it, which hold it in the title, and how densely their text holds it (0 to 3,
see `fulltext.density`): AND takes the lower of its sides, OR the higher, NOT is that of its left
side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Literal

from archive.database import fulltext
from archive.database.terms import CJK, HAS_CJK, LONGEST, comparable, runs, windows

LATIN = f"[^\\W_{CJK}]"
MOST_WINDOWS = 64  # of one word; more would not narrow the question to the index

Level = Literal[1, 2, 3]
Mark = Literal["anywhere", "title"] | Level
"""What the index is asked: articles that hold the words; in their title; at least so densely."""

LEVELS: tuple[Level, ...] = (1, 2, 3)
DENSEST = len(LEVELS)


class Document:
    """The comparable text of an article, made where it is needed."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.length = len(row["text"])

    @cached_property
    def title(self) -> str:
        """The title in comparable form: NFKC and small letters."""
        return comparable(self.row["title"])

    @cached_property
    def text(self) -> str:
        """The text in comparable form."""
        return comparable(self.row["text"])

    @cached_property
    def account(self) -> str:
        """The name of the account."""
        return comparable(self.row["account"] or "")


@dataclass(frozen=True)
class Word:
    """A word or phrase as the reader typed it; `prefix`: its last word in another script than
    Chinese may go on."""

    text: str
    field: Literal["", "title", "account"] = ""
    prefix: bool = False

    @cached_property
    def runs(self) -> list[list[str]]:
        """The unbroken runs of the word, in units."""
        return list(runs(comparable(self.text)))

    @cached_property
    def open_ended(self) -> bool:
        """Whether the last unit may go on; a Chinese character is found inside longer words
        anyway."""
        return self.prefix and not HAS_CJK.match(self.runs[-1][-1])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the word in comparable text: Chinese anywhere, other scripts as complete words,
        phrases over punctuation."""
        pattern = r"[\W_]*".join("".join(map(_unit, units)) for units in self.runs)
        return re.compile(
            pattern.removesuffix(f"(?!{LATIN})") + f"{LATIN}*" if self.open_ended else pattern
        )

    @cached_property
    def overlapping(self) -> re.Pattern[str]:
        """Matches wherever the word begins, as the index counts it."""
        return re.compile(f"(?={self.pattern.pattern})")

    @cached_property
    def exact(self) -> bool:
        """Whether the index alone answers exactly."""
        return len(self.runs) == 1 and len(self.runs[0]) <= LONGEST

    @cached_property
    def _asked(self) -> dict[Mark, str | None]:
        """The questions to the index that were made: several databases are asked the same."""
        return {}

    def fts(self, mark: Mark = "anywhere") -> str | None:
        """The terms that an article with this word has for certain. None where no article can be
        so marked."""
        if mark not in self._asked:
            self._asked[mark] = self._question(mark)
        return self._asked[mark]

    def _question(self, mark: Mark) -> str | None:
        terms = list(dict.fromkeys(window for units in self.runs for window in windows(units)))
        terms = terms[:: len(terms) // MOST_WINDOWS + 1]
        before = {"title": fulltext.TITLE, "account": fulltext.ACCOUNT}.get(
            self.field or str(mark), ""
        )
        after = fulltext.FREQUENT[mark] if isinstance(mark, int) and not self.field else ""
        if after and self.open_ended:
            return None
        star = "*" if self.open_ended else ""
        return " AND ".join(
            [f'"{before}{term}{after}"' for term in terms[:-1]]
            + [f'"{before}{terms[-1]}{after}"{star}']
        )

    def matches(self, document: Document) -> bool:
        """Whether the article holds the word."""
        texts = {"title": ("title",), "account": ("account",), "": ("title", "text")}[self.field]
        return any(self.pattern.search(getattr(document, text)) for text in texts)

    def in_title(self, document: Document) -> bool:
        """Whether the title holds it, or what a field was asked for."""
        return bool(
            self.pattern.search(document.account if self.field == "account" else document.title)
        )

    def density(self, document: Document) -> int:
        """How densely the text holds it. A word of a field is there or not; so is a prefix."""
        if self.field:
            return DENSEST if self.matches(document) else 0
        return (
            0
            if self.open_ended
            else fulltext.density(len(self.overlapping.findall(document.text)), document.length)
        )

    def words(self) -> Iterator[Word]:
        """The words that a hit holds."""
        yield self


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these."""

    parts: tuple[Expression, ...]

    @property
    def exact(self) -> bool:
        """Whether the index alone answers exactly."""
        return all(part.exact for part in self.parts)

    def fts(self, mark: Mark = "anywhere") -> str | None:
        """The same for the index."""
        return " OR ".join(f"({asked})" for part in self.parts if (asked := part.fts(mark))) or None

    def matches(self, document: Document) -> bool:
        """Whether the article satisfies the expression."""
        return any(part.matches(document) for part in self.parts)

    def in_title(self, document: Document) -> bool:
        """Whether the title satisfies it."""
        return any(part.in_title(document) for part in self.parts)

    def density(self, document: Document) -> int:
        """How densely the text holds it."""
        return max(part.density(document) for part in self.parts)

    def words(self) -> Iterator[Word]:
        """The words that a hit may hold."""
        return chain.from_iterable(part.words() for part in self.parts)


@dataclass(frozen=True, slots=True)
class All:
    """All of `parts` and none of `without`, which is looked for in title and text."""

    parts: tuple[Expression, ...]
    without: tuple[Expression, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether the index alone answers exactly."""
        return all(part.exact for part in (*self.parts, *self.without))

    def fts(self, mark: Mark = "anywhere") -> str | None:
        """The same for the index. Only what is certain is taken away: for a long word the index
        may say too much."""
        asked = [part.fts(mark) for part in self.parts]
        if None in asked:
            return None
        wanted = " AND ".join(f"({question})" for question in asked)
        taken = " OR ".join(f"({part.fts()})" for part in self.without if part.exact)
        return f"({wanted}) NOT ({taken})" if taken else wanted

    def matches(self, document: Document) -> bool:
        """Whether the article satisfies the expression."""
        return all(part.matches(document) for part in self.parts) and not self._excluded(document)

    def in_title(self, document: Document) -> bool:
        """Whether the title holds all parts."""
        return all(part.in_title(document) for part in self.parts) and not self._excluded(document)

    def density(self, document: Document) -> int:
        """How densely the text holds it. 0 where this is not why the article is a hit: an
        alternative may be."""
        return 0 if self._excluded(document) else min(part.density(document) for part in self.parts)

    def _excluded(self, document: Document) -> bool:
        return any(part.matches(document) for part in self.without)

    def words(self) -> Iterator[Word]:
        """The words that a hit holds."""
        return chain.from_iterable(part.words() for part in self.parts)


Expression = Word | Either | All


def joined(
    operator: Literal["AND", "OR", "NOT"], left: Expression, right: Expression
) -> Expression:
    """`left operator right`, flat where it can be: FTS5 takes no deep nesting."""
    if operator == "OR":
        return Either((*(left.parts if isinstance(left, Either) else (left,)), right))
    parts, without = (left.parts, left.without) if isinstance(left, All) else ((left,), ())
    return All(parts, (*without, right)) if operator == "NOT" else All((*parts, right), without)


def _unit(unit: str) -> str:
    return unit if HAS_CJK.match(unit) else f"(?<!{LATIN}){re.escape(unit)}(?!{LATIN})"
