"""What reads the rows of all shards gives of a collection what it gives of one archive with all its articles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.charts.counting import KINDS
from tests.collection.test_collection import run
from tests.collection.years import make_both
from tests.rigs.groonga_server import groonga

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


def test_nothing_is_drawn_where_a_shard_is_not_there(
    both: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = shutil.copytree(both[1], tmp_path / "collection", symlinks=True)
    shard = min((copy / "shards").iterdir())
    shard.rename(tmp_path / "away")
    done = run("--archive", copy, "plot", "months", "-o", tmp_path / "chart.svg")
    assert done.exit_code == 1 and shard.name in done.output
    assert not (tmp_path / "chart.svg").exists()
