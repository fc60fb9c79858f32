"""The examples in docstrings that need no archive are run."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    "disk",
    "escaping",
    "general.headline",
    "general.official",
    "general.refusals",
    "page.dates",
    "page.decoding",
    "page.fields",
    "page.letters",
    "page.page",
    "page.paragraphs",
    "platforms.kit.json_lists",
    "platforms.kit.links",
    "platforms.kit.selectors",
    "warc.digests",
    "warc.http",
    "warc.signing",
    "handover.formats",
    "handover.markdown",
    "handover.phrases",
    "handover.pwid",
    "handover.request",
    "handover.withheld",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_right(name: str) -> None:
    module = importlib.import_module(f"archive.{name}")

    results = doctest.testmod(module, optionflags=doctest.ELLIPSIS)

    assert results.attempted and not results.failed
