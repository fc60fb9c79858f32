"""A sealed shard whose WARC files are on S3 alone: read, replayed, checked, indexed and handed over from there, and brought back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from archive import Archive
from archive.collection.description import read
from archive.errors import StorageError
from archive.room import replay
from archive.room.asked import Asked
from archive.verification.package import check_package
from archive.warc.stored import StoredWarc, stored_files, warc_file
from tests.collection.test_collection import digests, run
from tests.conftest import dump
from tests.rigs.cut_off import cut_off
from tests.rigs.dask_cluster import disturbance
from tests.rigs.room_world import Room
from tests.rigs.s3_servers import KEY, S3Server, s3_server
from tests.rigs.small_disk import fill, small_disk
from tests.storage.places import NAME, SHARD, Place, is_sentence, pull, warcs, without_locks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("storage")]


def evict(folder: Path) -> Result:
    return run("--archive", folder, "evict", NAME)


@pytest.fixture
def evicted(place: Place, collection: Path) -> Path:
    """A collection with a shard that is on S3 alone."""
    assert place.push(collection).exit_code == 0
    done = evict(collection)
    assert (done.exit_code, done.output) == (0, "")
    assert warcs(collection) == []
    return collection


def captures(folder: Path) -> list[dict[str, Any]]:
    with Archive(folder / SHARD) as archive:
        rows = archive.connection.execute("SELECT id, warc, offset, length FROM captures")
        return [dict(zip(("id", "warc", "offset", "length"), row, strict=True)) for row in rows]


def shown(folder: Path) -> dict[str, object]:
    """What readers get of a shard: the block of each capture, its pages in the reading room, the
    page as captured, and each note of a crawl."""
    room, pages = Room(folder / SHARD), dict[str, object]()
    paths = []
    with Archive(folder / SHARD) as archive:
        for each in captures(folder):
            name = each["id"]
            pages[name] = archive.capture(name).block
            paths += [f"capture/{name}", f"capture/{name}/record.warc.gz", f"file/{name}"]
            asked = Asked(root="", path=f"/content/{name}", language="en", site="http://room")
            pages[f"replay {name}"] = replay.answer(folder / SHARD, asked).body
        for (name,) in archive.connection.execute("SELECT record FROM coverage").fetchall():
            paths += [f"record/{name}", f"record/{name}/record.warc.gz"]
    for path in paths:
        answer = room.get(path)
        # the original of a revisit may be in another shard
        assert answer.status_code == 200 or path.startswith("file/"), (path, answer.text)
        pages[path] = answer.status_code, answer.content
    return pages


def dumps(folder: Path) -> dict[str, Any]:
    return {
        name: dump(folder / name)
        for name in ("shared", *(shard.given for shard in read(folder).shards))
    }


def apart_from_joined(folder: Path) -> dict[str, str]:
    """All files but the links and markers of `joined`, which is derived, and follows the shards."""
    files = without_locks(folder)
    return {name: digest for name, digest in files.items() if not name.startswith("joined/warc/")}


def findings(folder: Path, *words: str) -> list[dict[str, Any]]:
    done = run("--archive", folder, "verify", *words, "--json")
    assert done.exit_code == 3, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_readers_and_checks_see_no_difference(place: Place, collection: Path) -> None:
    files = digests(collection / SHARD / "warc")
    before = shown(collection)
    assert before
    assert place.push(collection).exit_code == 0
    assert evict(collection).exit_code == 0
    assert warcs(collection) == []
    assert shown(collection) == before
    for words in (["verify"], ["verify", "--quick"], ["index"]):
        done = run("--archive", collection, *words)
        assert (done.exit_code, done.stdout) == (0, ""), done.output
    done = run("--archive", collection, "status")
    assert done.exit_code == 0
    assert f"stored at {place.address}, and not here" in done.stdout
    assert "missing" not in done.stdout
    done = run("--archive", collection / SHARD, "status")
    assert f"stored at {place.address}, and not here" in done.stdout
    assert "missing" not in done.stdout
    assert evict(collection).exit_code == 0  # again, which changes nothing
    assert pull(collection).exit_code == 0
    assert digests(collection / SHARD / "warc") == files
    assert run("--archive", collection, "verify", "--quick").exit_code == 0


@pytest.mark.parametrize("words", [["verify"], ["verify", "--quick"]])
def test_verify_fetches_each_object_once(
    evicted: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []
    fetch = StoredWarc.fetch

    def noted(self: StoredWarc, target: Path, *more: Any) -> None:
        fetched.append(self.name)
        fetch(self, target, *more)

    monkeypatch.setattr(StoredWarc, "fetch", noted)
    assert run("--archive", evicted, *words).exit_code == 0
    assert sorted(fetched) == [file.name for file in stored_files(evicted / SHARD / "warc")]


def test_databases_are_made_again_from_there(evicted: Path, sealed: Path) -> None:
    for words in (["rebuild"], ["rebuild", "--engine", "dask", "--workers", "2"]):
        done = run("--archive", evicted, *words)
        assert done.exit_code == 0, done.output
        assert dumps(evicted) == dumps(sealed)
        assert not list(evicted.rglob(".fetched-*"))
    done = run("--archive", evicted / SHARD, "rebuild")
    assert done.exit_code == 0, done.output
    assert dump(evicted / SHARD) == dump(sealed / SHARD)


def test_a_worker_that_is_killed_while_it_reads_from_there_costs_nothing(
    evicted: Path, sealed: Path, tmp_path: Path
) -> None:
    environ = disturbance(at="reading", how="kill", once=tmp_path / "killed")
    words = ["rebuild", "--engine", "dask", "--workers", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "archive", "--archive", str(evicted), *words],
        check=False, capture_output=True, text=True, timeout=280, env={**os.environ, **environ},
    )  # fmt: skip
    assert (tmp_path / "killed").exists()
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert dumps(evicted) == dumps(sealed)
    assert not list(evicted.rglob(".fetched-*"))


@pytest.mark.parametrize("words", [["--tier", "full"], ["--tier", "full", "--until", "2031-06-01"]])
def test_it_is_handed_over(evicted: Path, sealed: Path, tmp_path: Path, words: list[str]) -> None:
    for name, folder in (("here", sealed), ("there", evicted)):
        done = run("--archive", folder / SHARD, "export", tmp_path / name, *words)
        assert done.exit_code == 0, done.output
    # an original of another shard is missing from both
    assert [*check_package(tmp_path / "here")] == [*check_package(tmp_path / "there")]
    here, there = (digests(tmp_path / name / "data/warc") for name in ("here", "there"))
    assert here
    assert here == there


def test_one_record_is_read_by_itself(place: Place, evicted: Path) -> None:
    """All bytes of the object but those of the record are other ones."""
    capture = captures(evicted)[-1]
    with Archive(evicted / SHARD) as archive:
        block = archive.capture(capture["id"]).block
    name = f"warc/{capture['warc']}"
    data = place.objects()[name]
    begin, end = capture["offset"], capture["offset"] + capture["length"]
    place.replace(name, bytes(begin) + data[begin:end] + bytes(len(data) - end))
    with Archive(evicted / SHARD) as archive:
        assert archive.capture(capture["id"]).block == block


def test_a_flipped_byte_in_the_bucket_is_found_and_placed(place: Place, evicted: Path) -> None:
    for capture in captures(evicted)[::7]:
        name = f"warc/{capture['warc']}"
        sound = place.objects()[name]
        at = capture["offset"] + capture["length"] // 2
        place.replace(name, sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        reported = findings(evicted, "--quick")
        assert any(
            "SHA-256" in each["wrong"] and place.address in each["wrong"] for each in reported
        )
        placed = [each for each in reported if each["offset"] == capture["offset"]]
        assert placed
        assert {each["file"] for each in placed} == {f"{SHARD}/{capture['warc']}"}
        assert capture["id"] in {each["record"] for each in reported}
        done = run("--archive", evicted, "rebuild")  # takes nothing from it
        assert is_sentence(done, 1), done.output
        assert "is not as it was sealed" in done.stderr
        place.replace(name, sound)
    assert run("--archive", evicted, "verify").exit_code == 0


def test_a_file_that_is_nowhere_is_named_as_lost(place: Place, evicted: Path) -> None:
    name = captures(evicted)[0]["warc"]
    place.replace(f"warc/{name}", None)
    reported = [each for each in findings(evicted, "--quick") if "is lost" in each["wrong"]]
    (lost,) = reported
    assert (lost["file"], lost["wrong"]) == (
        f"{SHARD}/{name}",
        f"{name} is lost: it is neither here nor at {place.address}/warc/{name}",
    )
    place.replace("sealed.json", None)
    assert any(
        each["wrong"] == "the manifest is not there" for each in findings(evicted, "--quick")
    )


def test_a_server_that_is_away_costs_what_is_there_alone(collection: Path, tmp_path: Path) -> None:
    with s3_server("rclone", tmp_path / "data") as server:
        place = Place(server, NAME)
        assert place.push(collection).exit_code == 0
        assert evict(collection).exit_code == 0
    before = apart_from_joined(collection)
    reported = [each for each in findings(collection, "--quick") if each["file"].endswith(NAME)]
    (away,) = reported
    assert place.address in away["file"]
    assert "WARC files are stored there, and no record was checked" in away["wrong"]
    done = run("--archive", collection, "rebuild")
    assert is_sentence(done, 1), done.output
    assert "cannot be reached" in done.stderr
    assert run("--archive", collection, "status").exit_code == 0
    assert run("--archive", collection, "search", "云溪").exit_code == 0
    answer = Room(collection / SHARD).get(f"capture/{captures(collection)[0]['id']}/record.warc.gz")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.text
    assert apart_from_joined(collection) == before


def test_without_a_key(place: Place, collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place.push(collection).exit_code == 0
    for name in KEY:
        monkeypatch.delenv(name)
    before = digests(collection)
    done = evict(collection)
    assert is_sentence(done, 1)
    assert "There is no key for" in done.stderr
    assert digests(collection) == before


DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes | None], str]] = {
    "a byte": ("warc/{}", lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:], "nothing was deleted here"),
    "deleted": ("warc/{}", lambda _: None, "nothing was deleted here"),
    "no manifest": ("sealed.json", lambda _: None, "has no manifest"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGES)
def test_nothing_goes_that_is_not_stored(place: Place, collection: Path, kind: str) -> None:
    name, damage, meant = DAMAGES[kind]
    assert place.push(collection).exit_code == 0
    name = name.format(warcs(collection)[-1].name)  # the last: none goes before all were read
    place.replace(name, damage(place.objects()[name]))
    before = digests(collection)
    done = evict(collection)
    assert is_sentence(done, 1)
    assert meant in done.stderr
    assert digests(collection) == before


def test_what_needs_the_files_here_says_so(place: Place, evicted: Path, tmp_path: Path) -> None:
    for words in (
        ["unseal", NAME, "--reason", "more came"],
        ["push", NAME, f"{place.address}-other", "--endpoint", place.server.endpoint],
        ["merge", evicted, tmp_path / "merged"],
    ):
        before = digests(evicted)
        done = run("--archive", evicted, *words)
        assert is_sentence(done, 2), done.output
        assert "zhengwen pull" in done.stderr
        assert digests(evicted) == before
    assert place.push(evicted).exit_code == 0  # compares what is there


def test_only_a_stored_shard_can_be_evicted(collection: Path) -> None:
    before = without_locks(collection)
    done = evict(collection)
    assert is_sentence(done, 2)
    assert "was stored nowhere" in done.stderr
    done = run("--archive", collection, "evict", "gov-2031")
    assert is_sentence(done, 2)
    assert "run `zhengwen seal gov-2031` first" in done.stderr
    assert without_locks(collection) == before


# Ends the process just before the nth file is deleted.
STRUCK = """
import os, signal, sys
left = int(sys.argv.pop(1))
def hook(event, arguments):
    global left
    if event == "os.remove" and str(arguments[0]).endswith(".warc.gz"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
import archive.cli.storage
from archive.cli.main import main
sys.addaudithook(hook)
main()
"""


def test_killed_anywhere_it_loses_nothing(place: Place, collection: Path, sealed: Path) -> None:
    assert place.push(collection).exit_code == 0
    files = digests(sealed / SHARD / "warc")
    number = len(files)
    for nth in (
        1,
        2,
    ):  # after the first of these calls all files are here, after the second one less
        done = subprocess.run(
            [sys.executable, "-c", STRUCK, str(nth), "--archive", str(collection), "evict", NAME],
            check=False, capture_output=True, text=True, timeout=280, env={**os.environ},
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert len(warcs(collection)) == number - nth + 1
        assert len(stored_files(collection / SHARD / "warc")) == nth - 1
        assert run("--archive", collection, "verify", "--quick").exit_code == 0
    assert evict(collection).exit_code == 0
    assert warcs(collection) == []
    assert pull(collection).exit_code == 0
    assert digests(collection / SHARD / "warc") == files


def test_a_full_disk_keeps_what_came(server: S3Server, sealed: Path, tmp_path: Path) -> None:
    place = Place(server, f"full-disk/{NAME}")
    with small_disk(tmp_path / "disk", 8_000_000) as disk:
        folder = Path(shutil.copytree(sealed, disk / "collection"))
        assert place.push(folder).exit_code == 0
        assert evict(folder).exit_code == 0
        before = without_locks(folder)
        ballast = fill(disk)
        for words in (["pull", NAME], ["rebuild"]):
            done = run("--archive", folder, *words)
            assert is_sentence(done, 1), done.output
            assert without_locks(folder) == before
        ballast.unlink()
        assert pull(folder).exit_code == 0
        assert digests(folder / SHARD / "warc") == digests(sealed / SHARD / "warc")


def test_a_package_sends_nobody_anywhere(evicted: Path, tmp_path: Path) -> None:
    """Whoever made it would decide which servers are asked."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package/bagit.txt").write_text("BagIt-Version: 1.0\n", "utf-8")
    folder = Path(shutil.copytree(evicted / SHARD, tmp_path / "package/data"))
    name = captures(evicted)[0]["warc"]
    assert stored_files(folder / "warc") == []
    assert warc_file(folder / "warc", name) == folder / "warc" / name


def test_a_large_file_goes_in_parts(server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from archive import bucket

    monkeypatch.setattr(bucket, "UPLOADED", 5 * 2**20)  # the least that S3 takes
    file = tmp_path / "large.warc.gz"
    file.write_bytes(os.urandom(12 * 2**20))
    place = Place(server, "parts")
    there = bucket.Bucket(place.address, server.endpoint)
    there.upload(file, "warc/large.warc.gz")
    assert b"".join(there.pieces("warc/large.warc.gz")) == file.read_bytes()
    assert there.part("warc/large.warc.gz", 6 * 2**20, 100) == file.read_bytes()[6 * 2**20 :][:100]
    if server.PROGRAM == "moto_server":  # which says of how many parts an object was made
        assert server.files().info(place.address + "/warc/large.warc.gz")["ETag"].endswith('-3"')


def test_a_large_file_that_breaks_off_is_not_stored(server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from archive import bucket

    monkeypatch.setattr(bucket, "UPLOADED", 5 * 2**20)
    file = tmp_path / "large.warc.gz"
    file.write_bytes(os.urandom(17 * 2**20))
    place = Place(server, "broken")
    with cut_off(server.port, 8 * 2**20) as network:  # one part has come, and another has begun
        there = bucket.Bucket(place.address, network.endpoint)
        with pytest.raises(StorageError, match="run this again"):
            there.upload(file, "warc/large.warc.gz")
        assert network.left < 0
    again = bucket.Bucket(place.address, server.endpoint)
    assert again.size("warc/large.warc.gz") is None
    again.upload(file, "warc/large.warc.gz")
    assert b"".join(again.pieces("warc/large.warc.gz")) == file.read_bytes()
