"""A package with an article on several pages: all pages are in it, and no text of theirs in one of metadata."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli.main import cli
from archive.warc import chaining
from tests.rigs.paged import FORMS, PagedArchive, text_of


@pytest.mark.parametrize("tier", ["full", "metadata"])
def test_a_package_has_all_pages(tmp_path: Path, tier: str) -> None:
    paged = PagedArchive(tmp_path, FORMS["numbers"])
    paged.run(0)
    chaining.extend(tmp_path)
    paged.index().close()
    package = tmp_path / "package"

    for words in (["export", str(package), "--tier", tier], ["verify", "--package", str(package)]):
        result = CliRunner().invoke(cli, ["--archive", str(tmp_path), *words])
        assert result.exit_code == 0, result.output

    database = package / "data" / "archive.db"
    with closing(sqlite3.connect(database)) as db:
        pages = db.execute(
            "SELECT count(*) FROM article_pages JOIN captures ON capture = captures.id"
        )
        assert pages.fetchone() == (3,)
    has_text = text_of(3)[0].encode() in database.read_bytes()
    assert has_text == (tier == "full")
