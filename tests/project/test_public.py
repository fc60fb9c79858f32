"""The Python surface: what is public, that importing it is free, and that callers see its types."""

from __future__ import annotations

import subprocess
import sys

import pytest

import archive
from tests.conftest import ROOT


def test_the_public_names_are_listed_and_there() -> None:
    assert dir(archive) == archive.__all__ == ["Archive", "extract", "platforms"]
    for name in archive.__all__:
        assert getattr(archive, name) is not None
    with pytest.raises(AttributeError, match="'nothing'"):
        archive.nothing  # noqa: B018  # the access is what is tested


def test_importing_the_package_imports_nothing_of_weight() -> None:
    code = "import sys, archive; print(*sorted(set(sys.modules) & {'lxml', 'sqlite_utils', 'trafilatura', 'click', 'scrapy', 'archive.archive', 'archive.platforms'}))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )

    assert done.stdout == "\n"
