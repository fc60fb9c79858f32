"""Columns as the code declares them: the annotations of a class, read as names, SQL types and
meanings.

A class declares a column by an annotation such as `Annotated[str | None, Meaning(…)]`. Its type
says the column's type and whether it may be NULL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from archive.model.article import ArticleFields, StoredFields
from archive.model.meaning import Meaning, Stored
from archive.model.words import MEANINGS, Word

SqlType = Literal["TEXT", "INTEGER", "REAL"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its SQL type, whether it may be NULL, its meaning, and where it has one
    of some fixed words, the meaning of each."""

    name: str
    type: SqlType
    nullable: bool
    meaning: Meaning
    words: Mapping[str, Word] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """What the column holds, in a sentence, each of its words explained."""
        words = "; ".join(f"{word} ({meaning.english})" for word, meaning in self.words.items())
        return f"{self.meaning.english}: {words}" if words else self.meaning.english


def columns_of(declaration: type) -> tuple[Column, ...]:
    """The columns that a class declares, in the order of its table.

    Args:
        declaration: a dataclass or a TypedDict; attributes without a `Meaning` are no columns.
            Where it has the fields of an article, its attribute `FIELDS_AFTER` names the column
            that they follow; the long ones are last, so that a row's other columns are read
            without the pages that its text fills.

    Raises:
        TypeError: an annotation that is neither text nor a number.
        KeyError: fixed words whose meanings `archive.model.words` does not give.

    Example:
        >>> [column.name for column in columns_of(StoredFields)][:3]
        ['kind', 'title', 'summary']
    """
    return _declared(declaration)


@cache
def _declared(declaration: type) -> tuple[Column, ...]:
    hints = get_type_hints(declaration, include_extras=True)
    columns = tuple(
        _column(name, *get_args(hint))
        for name, hint in hints.items()
        if get_origin(hint) is Annotated
    )
    after = getattr(declaration, "FIELDS_AFTER", None)
    return columns if after is None else tuple(_in_table_order(columns, after))


def field_values(article: ArticleFields, declaration: type = StoredFields) -> dict[str, Any]:
    """The fields that `declaration` declares, with the values that `article` has for them."""
    return {column.name: getattr(article, column.name) for column in columns_of(declaration)}


def digest_fields(declaration: type = StoredFields) -> tuple[str, ...]:
    """The fields that make a version, in the order in which the content digest takes them. A diff
    shows the same."""
    return _digest_fields(declaration)


def fields_by_rule(declaration: type = StoredFields) -> tuple[str, ...]:
    """The fields for which `found_by` names a rule."""
    return _fields_by_rule(declaration)


@cache
def _digest_fields(declaration: type) -> tuple[str, ...]:
    places = {
        column.meaning.digest: column.name
        for column in columns_of(declaration)
        if isinstance(column.meaning, Stored) and column.meaning.digest
    }
    return tuple(places[place] for place in sorted(places))


@cache
def _fields_by_rule(declaration: type) -> tuple[str, ...]:
    return tuple(
        column.name
        for column in columns_of(declaration)
        if isinstance(column.meaning, Stored) and column.meaning.by_rule
    )


def _column(name: str, annotated: object, meaning: Meaning) -> Column:
    alternatives = _alternatives(annotated)
    types = [alternative for alternative in alternatives if alternative is not NoneType]
    if len(types) != 1:
        raise TypeError(f"{name} is declared as {annotated}; a column has one type")
    nullable = NoneType in alternatives
    if get_origin(types[0]) is Literal:
        return Column(name, "TEXT", nullable, meaning, MEANINGS[get_args(types[0])])
    return Column(name, _sql_type(name, types[0]), nullable, meaning)


def _in_table_order(columns: tuple[Column, ...], after: str) -> Iterator[Column]:
    short: list[Column] = []
    long: list[Column] = []
    for column in columns:
        if isinstance(column.meaning, Stored):
            (long if column.meaning.long else short).append(column)
    for column in columns:
        if not isinstance(column.meaning, Stored):
            yield column
        if column.name == after:
            yield from short
    yield from long


def _alternatives(annotated: object) -> tuple[object, ...]:
    is_union = get_origin(annotated) in (Union, UnionType)
    return get_args(annotated) if is_union else (annotated,)


def _sql_type(name: str, alternative: object) -> SqlType:
    if alternative is str:
        return "TEXT"
    if alternative is int:
        return "INTEGER"
    if alternative is float:
        return "REAL"
    raise TypeError(f"{name} is declared as {alternative}; a column is text or a number")
