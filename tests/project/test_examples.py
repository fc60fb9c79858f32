"""The examples in docstrings are run, but for those that speak of an archive or a platform that a reader has at hand."""

from __future__ import annotations

import builtins
import doctest
import importlib
import symtable
from collections.abc import Iterator
from pkgutil import walk_packages

import pytest

import archive
import crawler

ELSEWHERE = "my-archive", 'Path("'  # examples with these open files that a reader has


def modules() -> Iterator[str]:
    for package in (archive, crawler):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                yield module.name


def stands_alone(test: doctest.DocTest) -> bool:
    """Whether an example has every name that it uses."""
    source = "".join(example.source for example in test.examples)
    table = symtable.symtable(source, test.name, "exec")
    assigned = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    assigned |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_imported()}
    used = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    known = assigned | test.globs.keys() | vars(builtins).keys()
    return used <= known and not any(mark in source for mark in ELSEWHERE)


def examples() -> Iterator[doctest.DocTest]:
    for name in modules():
        for test in doctest.DocTestFinder().find(importlib.import_module(name)):
            if test.examples and stands_alone(test):
                yield test


EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_examples_are_right(example: doctest.DocTest) -> None:
    results = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example)

    assert results.attempted and not results.failed


def test_examples_are_found() -> None:
    names = {example.name for example in EXAMPLES}

    assert len(names) > 60
    assert {"archive.page.decoding.decode", "crawler.units.parse_size"} <= names
