"""What reads the rows of all shards gives of a collection what it gives of one archive with all its articles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.charts.counting import KINDS
from tests.collection.test_collection import change, run
from tests.collection.years import make_both
from tests.rigs.groonga_server import groonga
from tests.rigs.small_disk import only_readable

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("mirror")]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An archive of three years, and the same as a collection."""
    place = make_both(tmp_path_factory.mktemp("both"))
    return place / "archive", place / "collection"


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_the_same_byte_for_byte(
    both: tuple[Path, Path], tmp_path: Path, kind: str
) -> None:
    pictures = []
    for folder in both:
        done = run("--archive", folder, "plot", kind, "-o", tmp_path / "chart.svg")
        assert done.exit_code == 0, done.output
        pictures.append([(tmp_path / name).read_bytes() for name in ("chart.svg", "chart.csv")])
    assert pictures[0] == pictures[1]


def test_a_mirror_answers_as_the_collection_does(both: tuple[Path, Path], tmp_path: Path) -> None:
    archive, collection = both
    with groonga(tmp_path / "data") as server:
        assert run("--archive", collection, "mirror", server.url).exit_code == 0
        for query in ("防汛", "疫情 OR 会议", "群众安全"):
            hits = run("--archive", collection, "search", query, "--mirror", server.url, "--json")
            assert hits.output == run("--archive", archive, "search", query, "--json").output != ""


def test_a_collection_whose_shards_have_grown_is_brought_up_to_date(
    both: tuple[Path, Path], tmp_path: Path
) -> None:
    archive, collection = both
    copy = shutil.copytree(collection, tmp_path / "collection", symlinks=True)
    shutil.rmtree(copy / "joined")
    for folder in (archive, copy):
        done = run("--archive", folder, "plot", "months", "-o", tmp_path / f"{folder.name}.svg")
        assert done.exit_code == 0, done.output
    charts = [(tmp_path / f"{folder.name}.svg").read_bytes() for folder in (archive, copy)]
    assert charts[0] == charts[1]


STATES = {
    "is missing": lambda joined: (joined / "archive.db").unlink(),
    "is not up to date": lambda joined: change(
        joined / "archive.db", "UPDATE producers SET id = 'older'"
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_on_a_disk_that_cannot_be_written_it_is_said_what_is_missing(
    both: tuple[Path, Path], tmp_path: Path, state: str
) -> None:
    copy = shutil.copytree(both[1], tmp_path / "collection", symlinks=True)
    STATES[state](copy / "joined")
    commands = (["export", tmp_path / "package"], ["plot", "months", "-o", tmp_path / "chart.svg"])
    with only_readable(copy):
        for words in commands:
            done = run("--archive", copy, *words)
            assert done.exit_code == 1, done.output
            (line,) = done.stderr.splitlines()
            wrong = f"{copy / 'joined' / 'archive.db'}, which has the rows of all shards, {state},"
            assert wrong in line and "run `zhengwen --archive COPY index`" in line

    writable = shutil.copytree(copy, tmp_path / "copy", symlinks=True)
    assert run("--archive", writable, "index").exit_code == 0
    with only_readable(writable):
        for words in commands:
            assert run("--archive", writable, *words).exit_code == 0


def test_nothing_is_drawn_where_a_shard_is_not_there(
    both: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = shutil.copytree(both[1], tmp_path / "collection", symlinks=True)
    shard = min((copy / "shards").iterdir())
    shard.rename(tmp_path / "away")
    done = run("--archive", copy, "plot", "months", "-o", tmp_path / "chart.svg")
    assert done.exit_code == 1 and shard.name in done.output
    assert not (tmp_path / "chart.svg").exists()
