"""What a stylesheet names: others that it imports, pictures, fonts (CSS Syntax 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import (
    AtKeywordToken,
    CurlyBracketsBlock,
    FunctionBlock,
    LiteralToken,
    Node,
    ParenthesesBlock,
    SquareBracketsBlock,
    StringToken,
    URLToken,
    WhitespaceToken,
)

# functions in which a string is an address, without url() around it (CSS Images 4)
IMAGE_SETS = frozenset({"image-set", "-webkit-image-set"})
DIGITS = re.compile(r"(?<!\d)\d{1000,}+")  # of a number that Python's `int` refuses
# characters of a stylesheet that are read: a second of work, and larger ones are made of data: URLs
LONGEST_STYLESHEET = 2**20


def parsed(text: str) -> list[Node]:
    """The nodes of a stylesheet, or of a style attribute; of what cannot be read those before it.
    Comments are left out.

    Args:
        text: of which `LONGEST_STYLESHEET` characters are read.
    """
    css = DIGITS.sub("0", text[:LONGEST_STYLESHEET])
    nodes: list[Node] = tinycss2.parse_component_value_list(css, skip_comments=True)
    return nodes


@dataclass(slots=True)
class _Level:
    """One level of nested blocks: the nodes that are left, the name of the function that they are
    the arguments of, and that of the at-rule that is being read."""

    nodes: Iterator[Node]
    function: str = ""
    at_rule: str = ""


def addresses(nodes: Iterable[Node]) -> Iterator[StringToken | URLToken]:
    """Every node that is an address, in the order of the stylesheet: of others that it imports, of
    pictures, of fonts. Without recursion, as anyone may nest brackets deeply.

    Args:
        nodes: as `parsed` gives them.
    """
    levels = [_Level(iter(nodes))]
    while levels:
        level = levels[-1]
        node = next(level.nodes, None)
        if node is None:
            levels.pop()
        elif isinstance(node, FunctionBlock) and node.lower_name == "url":
            if level.at_rule != "namespace":
                yield from _quoted_url(node)
        elif isinstance(node, FunctionBlock):
            levels.append(_Level(iter(node.arguments), node.lower_name, level.at_rule))
        elif isinstance(node, CurlyBracketsBlock):
            level.at_rule = ""
            levels.append(_Level(iter(node.content)))
        elif isinstance(node, SquareBracketsBlock | ParenthesesBlock):
            levels.append(_Level(iter(node.content)))
        elif isinstance(node, AtKeywordToken):
            level.at_rule = node.lower_value
        elif isinstance(node, LiteralToken) and node.value == ";":
            level.at_rule = ""
        elif isinstance(node, URLToken | StringToken) and _is_address(node, level):
            yield node


def _quoted_url(function: FunctionBlock) -> Iterator[StringToken]:
    """The string of a url() that has one; other arguments make it invalid."""
    arguments = [node for node in function.arguments if not isinstance(node, WhitespaceToken)]
    if arguments and isinstance(arguments[0], StringToken):
        yield arguments[0]


def _is_address(node: URLToken | StringToken, level: _Level) -> bool:
    """Whether a url() or string says where something is. A namespace is a name and no address."""
    if level.at_rule == "namespace":
        return False
    in_import = level.at_rule == "import" and not level.function
    return isinstance(node, URLToken) or in_import or level.function in IMAGE_SETS
