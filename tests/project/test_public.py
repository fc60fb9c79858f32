"""The Python surface: what is public, that importing it is free, and that callers see its types."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import archive
from tests.conftest import ROOT

# One after the other: what mypy has read of the packages serves the next that asks it.
pytestmark = pytest.mark.xdist_group("mypy")

CALLER = """
import archive
from archive import Archive, extract

reveal_type(Archive)
reveal_type(extract)
with Archive("x") as opened:
    reveal_type(opened)
    reveal_type(opened.search("疫情"))
    reveal_type(opened.article("thepaper-1"))
    reveal_type(opened.article("thepaper-1").published_at)
    reveal_type(opened.versions("thepaper-1"))
    reveal_type(opened.withdrawals("thepaper-1"))
    reveal_type(opened.capture("urn:uuid:1").row.status)
    reveal_type(opened.export("y"))
    reveal_type(opened.platforms)
reveal_type(extract(b"", ""))
reveal_type(archive.platforms.load())
"""
TYPES = [
    "def (path: str | os.PathLike[str], *, platforms: archive.platforms.Platforms | None =) -> archive.archive.Archive",
    "def (html: bytes, url: str, *, captured_at: datetime.datetime | None =, headers: typing.Mapping[str, str] | None =, platforms: archive.platforms.Platforms | None =) -> archive.model.article.Article | archive.model.values.Failure",
    "archive.archive.Archive",
    "list[archive.search.search.Hit]",
    "archive.database.rows.articles.ArticleRow",
    "str | None",
    "list[archive.database.rows.articles.VersionRow]",
    "list[archive.database.rows.articles.WithdrawalRow]",
    "int | None",
    "None",
    "archive.platforms.Platforms",
    "archive.model.article.Article | archive.model.values.Failure",
    "archive.platforms.Platforms",
]


@pytest.mark.e2e
def test_a_caller_sees_real_types(tmp_path: Path) -> None:
    path = tmp_path / "caller.py"
    path.write_text(CALLER, "utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(path)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert "error" not in done.stdout, done.stdout
    revealed = re.findall(r'Revealed type is "(.*)"', done.stdout)
    assert [name.replace("builtins.", "") for name in revealed] == TYPES


def test_the_public_names_are_listed_and_there() -> None:
    assert dir(archive) == archive.__all__ == ["Archive", "extract", "platforms"]
    for name in archive.__all__:
        assert getattr(archive, name) is not None
    with pytest.raises(AttributeError, match="'nothing'"):
        archive.nothing  # noqa: B018  # the access is what is tested


@pytest.mark.e2e
def test_importing_the_package_imports_nothing_of_weight() -> None:
    code = "import sys, archive; print(*sorted(set(sys.modules) & {'lxml', 'sqlite_utils', 'trafilatura', 'click', 'scrapy', 'archive.archive', 'archive.platforms'}))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )

    assert done.stdout == "\n"
