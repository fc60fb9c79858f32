"""The text in pictures of a collection is read into its shards, and found as in one archive with all its articles."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.collection.description import read
from archive.collection.indexing import index, locked
from archive.collection.joined import path_of
from archive.ocr.answers import FILE, answers
from tests.collection.test_collection import digests, run
from tests.conftest import ROOT, rows
from tests.rigs.long_pictures import draw
from tests.rigs.picture_archive import picture_archive
from tests.rigs.room_world import Room
from tests.rigs.serving import until
from tests.rigs.signals import kill_all
from tests.room.test_collection import shown

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
YEARS = (2031, 2032, 2033)
DRAWN = [draw("fonts-arphic-ukai", width=750, height=500, seed=seed) for seed in range(1, 5)]
NOTICES = [each.data for each in DRAWN]
RARE, FREQUENT = DRAWN[0].text[:2], DRAWN[3].text[:2]
WORDS = (FREQUENT, RARE, f"{RARE} OR {FREQUENT}", "没有这个词")


def begun(year: int) -> datetime:
    return datetime(year, 3, 1, tzinfo=UTC)


def both(folder: Path) -> tuple[Path, Path]:
    """An archive of three years, one picture of which comes in each, and the same as a collection."""
    for place, year in enumerate(YEARS):
        pictures = [NOTICES[3], NOTICES[place]]
        picture_archive(folder / "archive", pictures, begun=begun(year), first=3 * place)
    done = run("split", folder / "archive", folder / "collection")
    assert done.exit_code == 0, done.output
    assert len(read(folder / "collection").shards) == len(YEARS)
    return folder / "archive", folder / "collection"


def pictures_of(folder: Path) -> list[str]:
    """What is found, as it is printed."""
    printed = []
    for word in WORDS:
        for more in (("--limit", "2"), ("--offset", "1"), ("--since", "2019-01-02")):
            done = run("--archive", folder, "search", "--pictures", word, "--json", *more)
            assert done.exit_code == 0, done.output
            printed.append(done.output)
    return printed


def texts(folder: Path) -> list[dict[str, object]]:
    return rows(folder, "SELECT payload_digest, text, state FROM media_text ORDER BY 1")


def test_what_is_read_is_found_as_in_one_archive(tmp_path: Path) -> None:
    archive, collection = both(tmp_path)
    unread = pictures_of(collection)
    assert unread == pictures_of(archive)
    assert "0 of 4 were tried" in unread[-1]
    for folder in (archive, collection):
        done = run("--archive", folder, "read-pictures", "--limit", "1")
        assert done.exit_code == 0, done.output
    assert pictures_of(collection) == pictures_of(archive)
    assert len(texts(path_of(collection))) == len(texts(archive)) == 1
    for folder in (archive, collection):
        done = run("--archive", folder, "read-pictures")
        assert done.exit_code == 0, done.output
    answer = pictures_of(collection)
    assert answer == pictures_of(archive)
    hits = [json.loads(line) for line in answer[0].splitlines() if line.startswith("{")]
    assert hits and all(hit["boxes"] for hit in hits)
    assert texts(path_of(collection)) == texts(archive)
    shards = [shard.path for shard in read(collection).shards]
    assert [len(answers(shard / FILE)) for shard in shards] == [2, 2, 2]
    assert [len(texts(shard)) for shard in shards] == [2, 2, 2]
    rooms = (Room(archive), Room(collection))
    for path in (
        f"search?q={FREQUENT}&in=pictures",
        f"hits.json?q={RARE}&in=pictures&order=relevance",
    ):
        page = shown(rooms[0], path)
        assert page == shown(rooms[1], path)
        assert page[0] == 200 and (FREQUENT in str(page[1]) or RARE.encode() in page[1])
    before = digests(collection)
    assert run("--archive", collection, "read-pictures").exit_code == 0
    after = digests(collection)
    assert [after[name] for name in after if name.endswith(FILE)] == [
        before[name] for name in before if name.endswith(FILE)
    ]
    assert run("--archive", collection, "verify").exit_code == 0
    assert run("--archive", collection, "rebuild").exit_code == 0
    assert pictures_of(collection) == answer
    assert run("merge", collection, tmp_path / "merged").exit_code == 0
    assert pictures_of(tmp_path / "merged") == answer


def test_a_kill_costs_one_picture(tmp_path: Path) -> None:
    _, collection = both(tmp_path)
    shards = [shard.path for shard in read(collection).shards]
    command = [sys.executable, "-m", "archive", "--archive", str(collection), "read-pictures"]
    program = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    stored = lambda: {digest for shard in shards for digest in answers(shard / FILE)}  # noqa: E731
    until(lambda: bool(stored()), lambda: "no picture was read", seconds=300)
    kill_all(program)
    before = stored()
    index(collection)
    assert {row["payload_digest"] for row in texts(path_of(collection))} == before
    assert run("--archive", collection, "verify").exit_code == 0
    assert run("--archive", collection, "read-pictures").exit_code == 0
    assert len(texts(path_of(collection))) == 4


def test_sealed_shards_stay_as_they_are(tmp_path: Path) -> None:
    """A picture that an open shard has too is read; the one that only the sealed one has is counted."""
    _, collection = both(tmp_path)
    (first, *_) = read(collection).shards
    assert run("--archive", collection, "seal", first.name).exit_code == 0
    before = digests(first.path)
    done = run("--archive", collection, "read-pictures")
    assert done.exit_code == 0, done.output
    assert len(texts(path_of(collection))) == 3
    assert "1 picture is in sealed shards alone" in done.output
    assert digests(first.path) == before
    assert run("--archive", collection, "verify").exit_code == 0
    assert run("--archive", collection, "unseal", first.name, "--reason", "图").exit_code == 0
    assert run("--archive", collection, "read-pictures").output == ""
    assert len(texts(path_of(collection))) == 4


def test_reading_goes_on_while_the_collection_is_written(tmp_path: Path) -> None:
    archive, collection = both(tmp_path)
    with locked(collection):
        done = run("--archive", collection, "read-pictures")
        assert done.exit_code == 0, done.output
        assert texts(path_of(collection)) == []
    index(collection)
    assert run("--archive", archive, "read-pictures").exit_code == 0
    assert pictures_of(collection) == pictures_of(archive)
