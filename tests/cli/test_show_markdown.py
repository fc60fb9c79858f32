"""`show --markdown`: the body with its structure, and the captures of its files."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from archive.archive import Archive
from archive.cli.main import cli
from archive.index.indexer import index
from archive.platforms import load
from tests.rigs.history import STORY, History, page
from tests.standin.web import Reply

PLATFORMS = Path(__file__).parents[1] / "platforms"


def run(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(cli, ["--archive", str(folder), *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_pictures_name_their_captures(tmp_path: Path) -> None:
    index(PLATFORMS / "thepaper" / "next", tmp_path / "archive.db", load())

    with Archive(tmp_path) as archive:
        (file,) = archive.connection.execute(
            "SELECT article_id, url, capture FROM media WHERE capture IS NOT NULL"
        ).fetchall()
        shown = run(tmp_path, "show", file[0], "--markdown")
        as_json = json.loads(run(tmp_path, "show", file[0], "--markdown", "--json"))

        assert f'({file[1]} "{file[2]}")' in shown
        assert as_json == {"id": file[0], "markdown": archive.markdown(file[0])}
        stored = archive.article(file[0]).markdown
        assert stored and file[2] not in stored and f"]({file[1]})" in stored


def test_another_address_of_a_link_makes_no_version(tmp_path: Path) -> None:
    history = History(tmp_path)
    number = STORY.cont_id
    for hour, address in enumerate(("a.html", "b.html")):
        linked = f"今天<a href='/{address}'>召开</a>。".encode()
        body = page(STORY).body.replace("今天召开。".encode(), linked)
        history.articles(24 * hour, [(number, Reply(body=body))])
    history.index()

    with Archive(tmp_path) as archive:
        (version,) = archive.versions(f"thepaper-{number}")

    assert "今天[召开](https://www.thepaper.cn/a.html)。" in (version.markdown or "")
