"""A reader's query as an expression over words: the same words give the index query and the exact check of the text.

Words stand side by side for AND; OR, NOT and parentheses work; quotes hold a phrase together. Everything else a reader
types (hyphens, colons, middle dots, a stray quote) is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from archive.errors import UsageError
from archive.terms import CJK, HAS_CJK, folded, runs, windows

TOKEN = re.compile(r'"(?P<phrase>[^"]*)"|(?P<paren>[()])|(?P<word>[^\s"()]+)')
LATIN = f"[^\\W_{CJK}]"
DEEPEST = 50  # parentheses


@dataclass(frozen=True)
class Word:
    """A word or phrase as the reader typed it."""

    text: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the word in folded, lower-cased text: Chinese anywhere, other scripts as whole words."""
        return re.compile(r"[\W_]+".join("".join(map(_unit, units)) for units in runs(self.text.lower())))

    def fts(self) -> str:
        """The terms that an article with this word has for certain."""
        return " AND ".join(f'"{term}"' for term in dict.fromkeys(windows(self.text)))

    def matches(self, text: str) -> bool:
        """Whether folded, lower-cased text holds the word."""
        return self.pattern.search(text) is not None

    def words(self) -> Iterator[Word]:
        """The words that a hit holds."""
        yield self


@dataclass(frozen=True, slots=True)
class Joined:
    """`left operator right`, the operator one of AND, OR, NOT; NOT means left without right."""

    operator: str
    left: Expression
    right: Expression

    def fts(self) -> str:
        """The same for the index. What NOT takes away is left to the exact check: index terms may say too much."""
        if self.operator == "NOT":
            return self.left.fts()
        return f"({self.left.fts()}) {self.operator} ({self.right.fts()})"

    def matches(self, text: str) -> bool:
        """Whether folded, lower-cased text satisfies the expression."""
        left = self.left.matches(text)
        if self.operator == "OR":
            return left or self.right.matches(text)
        return left and self.right.matches(text) == (self.operator == "AND")

    def words(self) -> Iterator[Word]:
        """The words that a hit may hold."""
        yield from self.left.words()
        if self.operator != "NOT":
            yield from self.right.words()


Expression = Word | Joined


def parse(query: str) -> Expression:
    """The expression of a query. Raises UsageError where nothing in it can be searched."""
    tokens = [token for token in _tokens(query) if token]
    expression = _Parser(tokens).expression()
    if expression is None:
        raise UsageError(f"There is no word to search for in {query!r}; type one or more words, such as 疫情 防控.")
    return expression


def comparable(text: str) -> str:
    """Text in the form that `matches` takes."""
    return folded(text).lower()


def _unit(unit: str) -> str:
    return unit if HAS_CJK.match(unit) else f"(?<!{LATIN}){re.escape(unit)}(?!{LATIN})"


def _tokens(query: str) -> Iterator[str | Word]:
    """Words, and `AND`, `OR`, `NOT`, `(`, `)` as plain strings; what holds no letter or digit falls away."""
    for found in TOKEN.finditer(query):
        if found["paren"] or found["word"] in ("AND", "OR", "NOT"):
            yield found[0]
        elif any(runs(text := found["phrase"] or found["word"] or "")):
            yield Word(text)


class _Parser:
    """Recursive descent: OR binds weakest, then AND and NOT from left to right. What does not fit is passed over."""

    def __init__(self, tokens: list[str | Word]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    def next(self, *wanted: str) -> str | None:
        """Take the next token if it is one of these."""
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        if isinstance(token, str) and token in wanted:
            self.place += 1
            return token
        return None

    def expression(self) -> Expression | None:
        """alternatives, until the tokens end."""
        left = self.conjunction()
        while self.place < len(self.tokens):
            if self.tokens[self.place] == ")" and self.depth:
                break
            if not self.next("OR"):
                self.place += 1  # a stray parenthesis or operator
            left = _joined("OR", left, self.conjunction())
        return left

    def conjunction(self) -> Expression | None:
        """words side by side, AND, NOT."""
        left = self.operand()
        while self.place < len(self.tokens):
            operator = self.next("AND", "NOT")
            right = self.operand()
            if right is None and operator is None:
                break
            left = _joined(operator or "AND", left, right)
        return left

    def operand(self) -> Expression | None:
        """a word, or an expression in parentheses."""
        if self.place < len(self.tokens) and isinstance(word := self.tokens[self.place], Word):
            self.place += 1
            return word
        if not self.next("("):
            return None
        if self.depth == DEEPEST:
            raise UsageError(f"The query has more than {DEEPEST} nested parentheses; write it more simply.")
        self.depth += 1
        inner = self.expression()
        self.depth -= 1
        self.next(")")
        return inner


def _joined(operator: str, left: Expression | None, right: Expression | None) -> Expression | None:
    if left is None or right is None:
        return left if right is None else None if operator == "NOT" else right
    return Joined(operator, left, right)
