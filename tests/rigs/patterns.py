"""Every regular expression of the program, and texts that would make each of them slow.

Patterns are those that can be reached from a module (its values, the attributes of its classes, and
what lies in tuples, mappings and dataclasses), and those that a call such as `re.sub("…", …)` has
in its arguments.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
SEARCHING = {"split", "findall", "sub", "subn"}  # these go on after a match, as `finditer` does
AnyPattern = re.Pattern[str] | re.Pattern[bytes]


@dataclass(slots=True)
class Used:
    """A pattern, where it is, and the methods that the program calls on it."""

    pattern: AnyPattern
    place: str
    methods: set[str]


def used_patterns(*packages: str) -> list[Used]:
    """The patterns of packages; one whose calls cannot be seen counts as called in every way."""
    modules = list(_modules(packages))
    places: dict[AnyPattern, str] = {}
    methods: dict[AnyPattern, set[str]] = defaultdict(set)
    for module in modules:
        for place, pattern in _reachable(module, packages):
            places.setdefault(pattern, place)
    for module in modules:
        for place, pattern, method in _calls(module):
            places.setdefault(pattern, place)
            methods[pattern].add("finditer" if method in SEARCHING else method)
    every = {"search", "match", "fullmatch", "finditer"}
    return [Used(pattern, place, methods[pattern] or every) for pattern, place in places.items()]


def _modules(packages: tuple[str, ...]) -> Iterator[ModuleType]:
    for name in packages:
        package = importlib.import_module(name)
        yield package
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not info.name.endswith("__main__"):
                yield importlib.import_module(info.name)


def _reachable(module: ModuleType, packages: tuple[str, ...]) -> Iterator[tuple[str, AnyPattern]]:
    known: set[int] = set()
    waiting = [(f"{module.__name__}.{name}", value) for name, value in vars(module).items()]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, re.Pattern):
            yield place, value
        elif id(value) not in known:
            known.add(id(value))
            waiting += [(f"{place}.{name}", part) for name, part in _parts(value, packages)]


def _parts(value: object, packages: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from ((str(name), part) for name, part in [*value.items()])
    elif isinstance(value, list | tuple | set | frozenset):
        yield from ((str(number), part) for number, part in enumerate(value))
    elif isinstance(value, functools.partial):
        yield from (
            ("partial", part) for part in (value.func, *value.args, *value.keywords.values())
        )
    elif isinstance(value, FunctionType) and value.__module__.split(".")[0] in packages:
        closure = inspect.getclosurevars(value).nonlocals
        defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
        yield from closure.items()
        yield from (("default", part) for part in defaults)
    elif isinstance(value, type) and value.__module__.split(".")[0] in packages:
        yield from list(vars(value).items())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))


def unseen_patterns(*packages: str) -> set[str]:
    """The modules in which a function compiles a pattern that only the running program knows."""
    return {
        module.__name__
        for module in _modules(packages)
        for function in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(function, ast.FunctionDef)
        for node in _calls_of(function)
        if _value(node.func.value, module) is re
        and node.func.attr in (*METHODS, "compile")
        and not isinstance(_value(node.args[0], module), str | bytes)
    }


def _calls_of(tree: ast.AST) -> Iterator[Any]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


def _calls(module: ModuleType) -> Iterator[tuple[str, AnyPattern, str]]:
    """The calls of a module on a pattern that can be found before it runs, or with a literal one."""
    for node in _calls_of(ast.parse(inspect.getsource(module))):
        method, place = node.func.attr, f"{module.__name__}:{node.lineno}"
        subject = _value(node.func.value, module)
        if isinstance(subject, re.Pattern) and method in METHODS:
            yield place, subject, method
        elif subject is re and method in METHODS:
            source = _value(node.args[0], module)
            if isinstance(source, str | bytes):
                yield place, re.compile(source, _flags(node, module)), method


def _flags(call: ast.Call, module: ModuleType) -> int:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    words = [named["flags"]] if "flags" in named else call.args[1:]
    values = [_value(word, module) for word in words]
    return next((value for value in values if isinstance(value, re.RegexFlag)), re.NOFLAG)


def _value(expression: ast.expr, module: ModuleType) -> object:
    """The value of an expression that holds nothing but the names of its module."""
    plain = (ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.JoinedStr, ast.FormattedValue)
    parts = (ast.operator, ast.expr_context)
    if not all(isinstance(part, plain + parts) for part in ast.walk(expression)):
        return None
    try:
        return eval(compile(ast.Expression(expression), "", "eval"), vars(module))
    except (NameError, AttributeError, TypeError):
        return None
