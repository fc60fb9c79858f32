"""A sealed shard on two real servers of S3: stored, read back, broken off, damaged there, and brought back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.collection.description import read
from archive.warc.chain import links
from tests.collection.test_collection import digests, flip, run
from tests.rigs.s3_servers import KEY, S3Server, s3_server
from tests.rigs.serving import free_port
from tests.storage.places import NAME, SHARD, Place, is_sentence, pull, warcs, without_locks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("storage")]


def test_what_is_stored_comes_back(place: Place, collection: Path) -> None:
    before = digests(collection / SHARD)
    done = place.push(collection)
    assert (done.exit_code, done.output) == (0, "")
    assert digests(collection / SHARD) == before
    assert place.objects() == {
        "sealed.json": (collection / SHARD / "sealed.json").read_bytes(),
        **{f"warc/{path.name}": path.read_bytes() for path in warcs(collection)},
    }
    shard = read(collection).shard(NAME)
    assert (shard.remote, shard.endpoint) == (place.address, place.server.endpoint)
    assert KEY["AWS_SECRET_ACCESS_KEY"] not in (collection / "collection.toml").read_text("utf-8")
    first, second, *_ = warcs(collection)
    first.unlink()
    flip(second)
    assert pull(collection).exit_code == 0
    assert digests(collection / SHARD) == before
    assert run("--archive", collection, "verify", "--quick").exit_code == 0


def test_storing_again_changes_nothing(place: Place, collection: Path) -> None:
    assert place.push(collection).exit_code == 0
    here, there = digests(collection), place.written_at()
    assert place.push(collection).exit_code == 0
    assert pull(collection).exit_code == 0
    assert (digests(collection), place.written_at()) == (here, there)


def flipped(data: bytes) -> bytes:
    return data[:-100] + bytes([data[-100] ^ 1]) + data[-99:]


DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes | None], str]] = {
    "a byte": ("warc/{}", flipped, "is missing or is not as it was sealed"),
    "cut short": ("warc/{}", lambda data: data[: len(data) // 2], "is missing or is not as it was sealed"),
    "empty": ("warc/{}", lambda _: b"", "is missing or is not as it was sealed"),
    "deleted": ("warc/{}", lambda _: None, "is missing or is not as it was sealed"),
    "no manifest": ("sealed.json", lambda _: None, "has no manifest"),
    "an older manifest": ("sealed.json", lambda data: data.replace(b'"lines": ', b'"lines": 1'), "has another manifest"),
    "no JSON": ("sealed.json", lambda _: b"{", "has another manifest"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_in_the_bucket_replaces_nothing_here_and_is_mended_from_here(
    place: Place, collection: Path, tmp_path: Path, kind: str
) -> None:
    name, damage, meant = DAMAGES[kind]
    assert place.push(collection).exit_code == 0
    stored = place.objects()
    complete = Path(shutil.copytree(collection, tmp_path / "complete"))
    file = warcs(collection)[0]
    file.write_bytes(b"what is here")
    name = name.format(file.name)
    place.replace(name, damage(stored[name]))
    before = digests(collection)
    done = pull(collection)
    assert done.exit_code == 1, done.output
    assert is_sentence(done, 1)
    assert place.address in done.stderr
    assert meant in done.stderr
    assert digests(collection) == before
    done = place.push(collection)  # a file that is not as it was sealed is never stored
    assert done.exit_code in (0, 1)
    assert place.push(complete).exit_code == 0
    assert place.objects() == stored
    assert pull(collection).exit_code == 0
    assert digests(collection / SHARD / "warc") == digests(complete / SHARD / "warc")


def test_a_file_that_is_not_as_it_was_sealed_is_not_stored(place: Place, collection: Path) -> None:
    flip(warcs(collection)[1])
    done = place.push(collection)
    assert is_sentence(done, 1)
    assert f"{warcs(collection)[1]} is missing or is not as it was sealed" in done.stderr
    assert "sealed.json" not in place.objects()
    assert read(collection).shard(NAME).remote is None


def test_a_shard_is_not_stored_over_another(place: Place, collection: Path) -> None:
    assert place.push(collection).exit_code == 0
    stored = place.objects()
    assert run("--archive", collection, "seal", "gov-2032", "--quick").exit_code == 0
    words = ["push", "gov-2032", place.address, "--endpoint", place.server.endpoint]
    done = run("--archive", collection, *words)
    assert is_sentence(done, 2)
    assert f"The shard {NAME} is stored at" in done.stderr
    assert place.objects() == stored


# Strikes a process just before a file of the shard is opened for the nth time.
STRUCK = """
import os, signal, sys
left, process = int(sys.argv.pop(1)), int(sys.argv.pop(1)) or os.getpid()
def hook(event, arguments):
    global left
    name = str(arguments[0]).rpartition("/")[2] if event == "open" else ""
    if name == "sealed.json" or name.endswith(".warc.gz"):
        left -= 1
        if left == 0:
            os.kill(process, signal.SIGKILL)
import archive.cli.storage
from archive.cli.main import main
sys.addaudithook(hook)
main()
"""


def strike(folder: Path, place: Place, opening: int, process: int) -> tuple[int, str]:
    """Store a shard, and strike meanwhile; the exit code and what standard error has."""
    words = ["--archive", str(folder), "push", NAME, place.address]
    words += ["--endpoint", place.server.endpoint]
    done = subprocess.run(
        [sys.executable, "-c", STRUCK, str(opening), str(process), *words],
        check=False, capture_output=True, text=True, timeout=280, env={**os.environ},
    )  # fmt: skip
    return done.returncode, done.stderr


def counts_as_stored(place: Place, folder: Path) -> bool:
    """Whether there is a manifest; then all is there that it names."""
    objects = place.objects()
    if "sealed.json" not in objects:
        return False
    assert {name: len(data) for name, data in objects.items() if name != "sealed.json"} == {
        f"warc/{path.name}": path.stat().st_size for path in warcs(folder)
    }
    return True


def test_killed_anywhere_it_leaves_nothing_that_counts_and_goes_on(
    server: S3Server, sealed: Path, tmp_path: Path
) -> None:
    last = 2 * len(warcs(sealed))  # each file is compared here, then sent
    for opening in (3, last, last + 2, last + 4, last + 5):
        folder = Path(shutil.copytree(sealed, tmp_path / str(opening)))
        place = Place(server, f"killed-{opening}/{NAME}")
        code, printed = strike(folder, place, opening, 0)
        assert code == -signal.SIGKILL, (opening, printed)
        is_stored = counts_as_stored(place, folder)
        assert opening > last or not is_stored
        assert read(folder).shard(NAME).remote is None
        assert place.push(folder).exit_code == 0
        assert counts_as_stored(place, folder)
        warcs(folder)[0].unlink()
        assert pull(folder).exit_code == 0
        assert digests(folder / SHARD) == digests(sealed / SHARD)


@pytest.mark.parametrize("opening", [4, 7])
def test_a_server_that_goes_is_one_sentence_and_storing_goes_on(
    collection: Path, tmp_path: Path, opening: int
) -> None:
    with s3_server("rclone", tmp_path / "data") as server:
        place = Place(server, NAME)
        code, printed = strike(collection, place, opening, server.running.process.pid)
        assert code == 1, printed
        assert printed.count("\n") == 1
        assert f"{place.address}/warc/" in printed
        assert "run this again" in printed
        server.running.process.wait()
        server.start()
        assert not counts_as_stored(place, collection)
        assert place.push(collection).exit_code == 0
        assert counts_as_stored(place, collection)


def test_a_key_that_is_refused(collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    with s3_server("rclone", tmp_path / "data") as server:
        place = Place(server, NAME)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        done = place.push(collection)
        assert is_sentence(done, 1)
        assert "refuses this key" in done.stderr
        for name in KEY:
            monkeypatch.delenv(name)
        done = place.push(collection)
        assert is_sentence(done, 1)
        assert "There is no key for" in done.stderr


def test_no_bucket_and_no_server(place: Place, collection: Path) -> None:
    words = ["push", NAME, f"s3://nowhere/{NAME}", "--endpoint", place.server.endpoint]
    done = run("--archive", collection, *words)
    assert is_sentence(done, 1)
    assert "There is no bucket nowhere" in done.stderr
    words = ["push", NAME, place.address, "--endpoint", f"http://127.0.0.1:{free_port()}"]
    done = run("--archive", collection, *words)
    assert is_sentence(done, 1)
    assert "cannot be reached" in done.stderr
    assert read(collection).shard(NAME).remote is None


REFUSED = {
    "another scheme": (["push", NAME, "https://x/y"], "write it as s3://BUCKET/PREFIX"),
    "no prefix": (["push", NAME, "s3://library"], "write it as s3://BUCKET/PREFIX"),
    "a way out": (["push", NAME, "s3://library/a/../b"], "write it as s3://BUCKET/PREFIX"),
    "a key in the endpoint": (["push", NAME, "s3://library/a", "--endpoint", "http://a:b@c"], "without a key"),
    "an open shard": (["push", "gov-2031", "s3://library/a"], "run `zhengwen seal gov-2031` first"),
    "stored nowhere": (["pull", NAME], "was stored nowhere"),
    "no such shard": (["push", "gov", "s3://library/a"], "has no shard gov"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_is_refused_before_anything_is_asked(sealed: Path, kind: str) -> None:
    words, meant = REFUSED[kind]
    before = without_locks(sealed)
    done = run("--archive", sealed, *words)
    assert is_sentence(done, 2), done.output
    assert meant in done.stderr
    assert without_locks(sealed) == before


def test_without_the_extra_it_says_what_to_install(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    done = run("--archive", sealed, "push", NAME, f"s3://library/{NAME}")
    assert is_sentence(done, 2)
    assert "pip install 'zhengwen[s3]'" in done.stderr


def test_nothing_of_s3_is_imported_where_nothing_is_stored(sealed: Path) -> None:
    program = f"""
import sys
import archive.cli.storage
from archive.collection.collection import Collection
with Collection({str(sealed)!r}) as collection:
    assert collection.search("云溪")
sys.exit(len({{"fsspec", "s3fs", "botocore", "aiohttp"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_chain_is_as_it_was(place: Place, collection: Path) -> None:
    before = [link.line for link in links(collection / SHARD)]
    assert place.push(collection).exit_code == 0
    assert [link.line for link in links(collection / SHARD)] == before
