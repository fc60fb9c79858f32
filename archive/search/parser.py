"""What a reader types becomes an expression.

Words stand side by side for AND; OR, NOT and parentheses work, quotes hold a phrase together,
`title:` and `account:` look there, a star ends a prefix. Everything else (hyphens, colons, middle
dots, a stray quote or parenthesis) is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from archive.database.terms import HAS_CJK, RUN, comparable
from archive.errors import UsageError
from archive.search.expression import Expression, Word, joined
from archive.search.spellings import variants

# Input methods for Chinese type “ ” and 「 」 for quotes, （ ） for parentheses, ： for a colon.
CHUNK = re.compile(
    r"""(?P<field>(?<!\S)[(（]*(?:title|account)[:：](?=[^\s:：]))"""
    r"""|(?P<bare>[^\s"＂“「]+|["＂“「])""",
)
QUOTES = {'"': '"', "“": "”", "「": "」"}  # the mark that opens a quotation: the one that ends it
OPENING, CLOSING = "(（", ")）"
# An operator that touches a parenthesis, as in 疫情 NOT(口罩 OR 消毒) or (疫情 OR 口罩)NOT 演练.
TOUCHING = re.compile(r"(?<=[)）])(?:AND|OR|NOT)(?=[\s(（]|$)|(?<![^\s(（])(?:AND|OR|NOT)(?=[(（])")
DEEPEST = 20  # parentheses
MOST_WORDS = 200
LONGEST = 5000  # characters


@dataclass(frozen=True, slots=True)
class Sign:
    """AND, OR, NOT, a parenthesis, or a field that the next operand is looked for in."""

    text: str


def parse(query: str, *, widen: bool = True) -> Expression:
    """Read what a reader typed.

    Args:
        query: words, operators, quotes and fields.
        widen: take Traditional and Simplified spellings of the words too, if OpenCC is installed.

    Raises:
        UsageError: nothing in it can be searched, or it is too long.

    Example:
        >>> parse("疫情 title:防控").fts()
        '("疫情") AND ("\ue000防控")'
    """
    # No NUL, and no half characters, which stand for bytes that are no text.
    query = query.replace("\0", " ").encode("utf-8", "ignore").decode()
    if len(query) > LONGEST:
        raise UsageError(
            f"The query has {len(query)} characters; at most {LONGEST} can be searched for at once."
        )
    expression = _Parser(list(_tokens(TOUCHING.sub(r" \g<0> ", query))), widen).expression()
    if expression is None:
        raise UsageError(
            f"There is no word to search for in {query!r}; type one or more words, such as 疫情 "
            "防控."
        )
    return expression


def fts_query(query: str) -> str:
    """The query for the index itself (`articles_fts MATCH ?`): every true hit, and none too many
    up to four characters."""
    return parse(query).fts() or ""


def phrase(text: str) -> str:
    """A query that takes all of the text as words, operators and quotes included."""
    return " ".join(f'"{word}"' for word in re.split(r'[\s"＂]+', text) if word)


def _tokens(query: str) -> Iterator[Sign | Word]:
    """Words and signs; what holds no letter or digit falls away."""
    words = 0
    for chunk in _chunks(query):
        for token in _chunk(chunk):
            if isinstance(token, Sign):
                yield token
            elif RUN.search(comparable(token.text)):
                words += 1
                if words > MOST_WORDS:
                    raise UsageError(
                        f"The query has more than {MOST_WORDS} words; search for fewer at once."
                    )
                yield token


def _chunks(query: str) -> Iterator[re.Match[str] | Word]:
    """The pieces of a query. A mark that opens a quotation without an end is a piece."""
    query = query.replace("＂", '"')
    last = {mark: query.rfind(closing) for mark, closing in QUOTES.items()}
    place = 0
    while place < len(query):
        if last.get(query[place], -1) > place:
            start, end = place + 1, query.index(QUOTES[query[place]], place + 1)
            place = end + query.startswith(("*", "＊"), end + 1) + 1
            yield Word(query[start:end], prefix=place > end + 1)
            continue
        match = CHUNK.match(query, place)
        place = match.end() if match else place + 1
        if match:
            yield match


def _chunk(chunk: re.Match[str] | Word) -> Iterator[Sign | Word]:
    if isinstance(chunk, Word):
        yield chunk
        return
    if chunk["field"]:
        opened = chunk["field"].lstrip(OPENING)
        yield from [Sign("(")] * (len(chunk["field"]) - len(opened))
        yield Sign(opened[:-1] + ":")
        return
    yield from _bare(chunk["bare"].strip())


def _bare(text: str) -> Iterator[Sign | Word]:
    """An unquoted word with the parentheses around it; one inside it, as in 国发(2020)1号, is
    text."""
    more = sum(map(text.count, OPENING)) - sum(map(text.count, CLOSING))
    while more > 0 and text[:1] and text[0] in OPENING:
        yield Sign("(")
        text, more = text[1:], more - 1
    closed = 0
    while more < 0 and text[-1:] and text[-1] in CLOSING:
        text, more, closed = text[:-1], more + 1, closed + 1
    if text in ("AND", "OR", "NOT"):
        yield Sign(text)
    else:
        yield Word(text, prefix=text.rstrip(CLOSING).endswith(("*", "＊")))
    yield from [Sign(")")] * closed


class _Parser:
    """Recursive descent: OR binds weakest, then AND and NOT from left to right. A stray sign is
    passed over."""

    def __init__(self, tokens: list[Sign | Word], widen: bool) -> None:
        self.tokens = tokens
        self.widen = widen
        self.place = 0
        self.depth = 0
        self.field: Literal["", "title", "account"] = ""

    def sign(self, *wanted: str) -> str | None:
        """Take the next token if it is one of these signs."""
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        if isinstance(token, Sign) and token.text in wanted:
            self.place += 1
            return token.text
        return None

    def expression(self) -> Expression | None:
        """Read alternatives, until the tokens end."""
        left = self.conjunction()
        while self.place < len(self.tokens):
            if self.depth and self.tokens[self.place] == Sign(")"):
                break
            if not self.sign("OR"):
                self.place += 1
            left = _joined("OR", left, self.conjunction())
        return left

    def conjunction(self) -> Expression | None:
        """Read words side by side, AND, NOT."""
        left = self.operand()
        while self.place < len(self.tokens):
            operator = self.sign("AND", "NOT")
            right = self.operand()
            if right is None and operator is None:
                break
            left = _joined("NOT" if operator == "NOT" else "AND", left, right)
        return left

    def operand(self) -> Expression | None:
        """Read a word, an expression in parentheses, or either with a field before it."""
        outer = self.field
        if (field := self.sign("title:", "account:")) is not None:
            self.field = "title" if field == "title:" else "account"
        inner = self.word() or self.group()
        self.field = outer
        return inner

    def word(self) -> Expression | None:
        """Read a word, with its other spellings."""
        word = self.tokens[self.place] if self.place < len(self.tokens) else None
        if not isinstance(word, Word):
            return None
        self.place += 1
        widened: Expression = Word(word.text, self.field, word.prefix)
        if self.widen and HAS_CJK.search(word.text):
            for text in variants(word.text):
                widened = joined("OR", widened, Word(text, self.field, word.prefix))
        return widened

    def group(self) -> Expression | None:
        """Read an expression in parentheses."""
        if not self.sign("("):
            return None
        if self.depth == DEEPEST:
            raise UsageError(
                f"The query has more than {DEEPEST} nested parentheses; write it more simply."
            )
        self.depth += 1
        inner = self.expression()
        self.depth -= 1
        self.sign(")")
        return inner


def _joined(
    operator: Literal["AND", "OR", "NOT"], left: Expression | None, right: Expression | None
) -> Expression | None:
    if left is None and operator == "NOT" and right is not None:
        raise UsageError("NOT has no word before it to take from; write it as 疫情 NOT 香港.")
    return joined(operator, left, right) if left and right else left or right
