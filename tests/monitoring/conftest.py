"""An archive of one article with a history, and the command that prints its news."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Archive
from archive.cli.main import cli
from tests.rigs.history import STORY, History


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published, edited, withdrawn, and online again."""
    folder = tmp_path_factory.mktemp("news")
    history = History(folder)
    for hours, answer in [(0, "ok"), (30, "edit"), (60, "404"), (100, "404"), (150, "ok")]:
        history.run(hours, answer, walk=[STORY])
    with Archive(folder) as archive:
        archive.index()
    return folder


def run(folder: Path, *words: str) -> Result:
    """`zhengwen news` with these words, in this process."""
    return CliRunner().invoke(cli, ["--archive", str(folder), "news", *words])
