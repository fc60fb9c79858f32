"""Addresses that a page keeps in its scripts: behind `onclick`, in `javascript:` links, in
functions of its own that join an address from pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from archive.page.page import Page

LITERAL = r"'(?:[^'\\\n]|\\.)*+'|\"(?:[^\"\\\n]|\\.)*+\""
NAME = r"[A-Za-z_$][\w$.]*+"
CALL = re.compile(rf"(?<![\w.$])({NAME})\s*+\(((?:{LITERAL}|[^()'\"]){{0,60}}+)\)")
ARGUMENT = re.compile(rf"(?<![^,])\s*+({LITERAL}|[^,'\"\s]++)\s*+(?:,|$)")
OPERAND = re.compile(
    rf"\s*+(?:({LITERAL})|\(\s*+(\w++)\s*+([-+])\s*+(\d{{1,9}}+)\s*+\)|(\d{{1,9}}+)|({NAME}))"
)
PLUS = re.compile(r"\s*+\+(?!\+)")
LOCATION = re.compile(
    r"\blocation(?:\.href)?\s*+=(?!=)|\blocation\.(?:assign|replace)\s*+\(|\bopen\s*+\("
)
LIKE_ADDRESS = re.compile(
    r"(?:https?:)?//|\.{0,2}/|[\w./-]++\.(?:s?html?|jspx?|aspx?|php|do)\b|[\w./-]*+\?"
)
NO_ADDRESS = re.compile(r"\s*+(?:#|javascript:|about:|$)", re.I)
ESCAPE = re.compile(r"\\(.)")
FUNCTIONS = (
    re.compile(r"\bfunction\s++(\w++)\s*+\(([^()]{0,200}+)\)"),
    re.compile(r"(?<![\w$])(\w++)\s*+[:=]\s*+function\s*+\(([^()]{0,200}+)\)"),
)
FUNCTION_END = re.compile(r"\bfunction\s+\w+\s*\(|</script", re.I)
IDLE = re.compile(r"(?<!:)//|function\s+$")
LONGEST_FUNCTION, LONGEST_LINE = 2000, 200  # characters


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function in a script, with simple values.

    Attributes:
        name: of the function.
        values: its arguments, without quotes.
        texts: which of them were in quotes.
        start: where in the script it begins.
    """

    name: str
    values: tuple[str, ...]
    texts: tuple[bool, ...]
    start: int


def calls(script: str) -> Iterator[Call]:
    """The calls in a script whose arguments are simple values, without those in comments.

    Example:
        >>> [(call.name, call.values) for call in calls("goPage(2, 'list')")]
        [('goPage', ('2', 'list'))]
    """
    for match in CALL.finditer(script):
        if not is_idle(script, match.start()):
            written = [argument[1] for argument in ARGUMENT.finditer(match[2])]
            texts = tuple(value[0] in "'\"" for value in written)
            yield Call(match[1], tuple(map(_unquoted, written)), texts, match.start())


def is_idle(script: str, place: int) -> bool:
    """Whether what is at this place of a script does nothing: in a comment to the end of the line,
    or the head of a function.

    Example:
        >>> is_idle("// go(1)", 3), is_idle("function go(n)", 9), is_idle("go(1)", 0)
        (True, True, False)
    """
    line = script.rfind("\n", 0, place) + 1
    return IDLE.search(script[max(line, place - LONGEST_LINE) : place]) is not None


def address_behind(element: HtmlElement, page: Page) -> str | None:
    """The absolute address to which a link or an element with `onclick` leads; None where none is
    written that can be read.

    Args:
        element: such as `<a onclick="go(7)">`.
        page: the page that it is on, whose functions are looked up.
    """
    href = element.get("href") or ""
    if not NO_ADDRESS.match(href):
        return page.link(href) or None
    code = f"{element.get('onclick') or ''};{href.partition(':')[2]}"
    address = address_in(code, page.text) if len(code) > 1 else None
    return page.link(address) or None if address else None


def address_in(code: str, text: str) -> str | None:
    """The address that a piece of script leads to.

    Args:
        code: such as `go(7)` or `location.href='/news/7.html'`.
        text: the page, where functions are looked up.

    Example:
        >>> address_in("go(7)", "function go(n) { location.href = '/news/' + n + '.html'; }")
        '/news/7.html'
    """
    if direct := location(code, {}):
        return direct
    for call in calls(code):
        for value, is_text in zip(call.values, call.texts, strict=True):
            if is_text and LIKE_ADDRESS.match(value):
                return value
        if address := _by_function(call, text):
            return address
    return None


def _by_function(call: Call, text: str) -> str | None:
    names, body = function_body(call.name, text)
    return location(body, dict(zip(names, call.values, strict=False)))


def function_body(name: str, text: str) -> tuple[list[str], str]:
    """The parameters of a function that a page defines, and what follows them until the next
    function; nothing where it defines none of this name.

    Example:
        >>> function_body("go", "function go(n) { open(n); }")
        (['n'], ' { open(n); }')
    """
    last = name.rpartition(".")[2]
    heads = (head for pattern in FUNCTIONS for head in pattern.finditer(text) if head[1] == last)
    head = next(heads, None)
    if head is None:
        return [], ""
    names = [name.strip() for name in head[2].split(",")]
    body = text[head.end() : head.end() + LONGEST_FUNCTION]
    return names, FUNCTION_END.split(body, maxsplit=1)[0]


def location(code: str, values: Mapping[str, str]) -> str | None:
    """The address that a piece of script goes to or opens; None where it names none.

    Args:
        code: the script.
        values: of the names in it.
    """
    for match in LOCATION.finditer(code):
        address = joined(code, match.end(), values)
        if address and not NO_ADDRESS.match(address):
            return address
    return None


def joined(code: str, place: int, values: Mapping[str, str]) -> str | None:
    """The value of an expression that joins texts, numbers and names with `+`.

    Args:
        code: the script.
        place: where the expression begins.
        values: of the names.

    Returns:
        None where it has a part that is none of these.

    Example:
        >>> joined("'list_' + (n - 1) + '.html';", 0, {"n": "3"})
        'list_2.html'
    """
    parts = []
    while operand := OPERAND.match(code, place):
        part = _part(operand, values)
        if part is None:
            return None
        parts.append(part)
        plus = PLUS.match(code, operand.end())
        if plus is None:
            return "".join(parts)
        place = plus.end()
    return None


def _part(operand: re.Match[str], values: Mapping[str, str]) -> str | None:
    literal, name, sign, number, alone, variable = operand.groups()
    if literal:
        return _unquoted(literal)
    if alone:
        return str(alone)
    if variable:
        return values.get(variable)
    value = values.get(name, "")
    if not value.isascii() or not value.isdigit():
        return None
    return str(int(value) + int(number) * (1 if sign == "+" else -1))


def _unquoted(value: str) -> str:
    return ESCAPE.sub(r"\1", value[1:-1]) if value[0] in "'\"" else value
