"""A shard is sealed: checked, with a manifest and a line of its chain, and takes nothing in any more."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli.main import cli
from archive.collection.description import read
from archive.disk import sha256
from archive.warc.chain import links
from crawler.cli import cli as crawler_cli
from tests.collection.test_collection import digests, flip, run
from tests.collection.years import make_both
from tests.conftest import dump

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sealing")]
NAME = "gov-2031"
SHARD = f"shards/{NAME}"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection whose shards are all open."""
    return make_both(tmp_path_factory.mktemp("sealing")) / "collection"


@pytest.fixture(scope="module")
def sealed(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one sealed shard."""
    folder = Path(shutil.copytree(opened, tmp_path_factory.mktemp("sealed") / "collection"))
    done = run("--archive", folder, "seal", NAME)
    assert (done.exit_code, done.output) == (0, "")
    return folder


@pytest.fixture
def collection(sealed: Path, tmp_path: Path) -> Path:
    """One that a test may change."""
    return Path(shutil.copytree(sealed, tmp_path / "collection"))


def seals(folder: Path) -> list[str]:
    kinds = [str(link.entry.get("kind")) for link in links(folder / SHARD)]
    return [kind for kind in kinds if kind in ("seal", "unseal")]


def test_the_manifest_has_every_file_and_the_chain_has_the_manifest(
    opened: Path, sealed: Path
) -> None:
    shard = sealed / SHARD
    manifest = json.loads((shard / "sealed.json").read_bytes())
    there = {
        path.relative_to(shard).as_posix()
        for path in shard.rglob("*")
        if path.is_file() and not path.relative_to(shard).as_posix().startswith((".", "archive.db"))
    }
    assert set(manifest["files"]) == there - {"chain.jsonl", "sealed.json"}
    for path, file in [*manifest["files"].items(), ("archive.db", manifest["database"])]:
        assert file == {"size": (shard / path).stat().st_size, "sha256": sha256(shard / path)}
    *before, last = links(shard)
    assert manifest["chain"] == {"lines": len(before), "head": before[-1].digest}
    assert last.entry["kind"] == "seal"
    assert last.entry["manifest"] == sha256(shard / "sealed.json")
    assert dump(shard) == dump(opened / SHARD)
    assert {each.name: each.state for each in read(sealed).shards if each.state == "sealed"} == {
        NAME: "sealed"
    }


def test_a_sealed_shard_is_read_as_before(opened: Path, sealed: Path) -> None:
    for words in (["search", "云溪", "--json"], ["status"], ["verify"]):
        before, after = (run("--archive", folder, *words) for folder in (opened, sealed))
        assert (before.exit_code, after.exit_code) == (0, 0)
        if words[0] == "search":
            assert after.stdout == before.stdout != ""
    assert "sealed" in run("--archive", sealed, "status").stdout


REFUSED = {
    "crawl": ["crawl"],
    "index": ["index"],
    "follow": ["follow", "https://www.thepaper.cn/user_44871"],
    "import": ["import", "{}/../thepaper-2031/warc"],
    "remove": ["remove", "x", "--reason", "y"],
    "read-pictures": ["read-pictures"],
    "split": ["split", "{}", "{}.again"],
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_sealed_shard_takes_nothing_in(sealed: Path, kind: str) -> None:
    shard = sealed / SHARD
    before = digests(sealed)
    words = ["--archive", str(shard), *(word.format(shard) for word in REFUSED[kind])]
    done = CliRunner().invoke(
        crawler_cli, words, env={"ZHENGWEN_CONTACT": "a@example.org"}, catch_exceptions=False
    )
    assert done.exit_code == 2, done.output
    assert f"{shard} is sealed" in done.stderr
    assert f"unseal {NAME}" in done.stderr
    assert done.stderr.count("\n") == 1
    assert digests(sealed) == before


def test_index_and_rebuild_of_the_collection_leave_the_seal_as_it_is(collection: Path) -> None:
    manifest = (collection / SHARD / "sealed.json").read_bytes()
    for command in ("index", "rebuild"):
        assert run("--archive", collection, command).exit_code == 0
        assert run("--archive", collection, "verify").exit_code == 0
    assert run("--archive", collection / SHARD, "rebuild").exit_code == 0
    assert (collection / SHARD / "sealed.json").read_bytes() == manifest
    assert seals(collection) == ["seal"]


def test_sealing_again_changes_nothing(collection: Path) -> None:
    before = digests(collection)
    assert run("--archive", collection, "seal", NAME).exit_code == 0
    assert digests(collection) == before


def test_a_shard_is_opened_again_by_a_line_that_says_why(collection: Path) -> None:
    done = run("--archive", collection, "unseal", NAME, "--reason", " ")
    assert (done.exit_code, "--reason" in done.stderr) == (2, True)
    assert run("--archive", collection, "unseal", NAME, "--reason", "late files").exit_code == 0
    assert run("--archive", collection, "verify").exit_code == 0
    last = list(links(collection / SHARD))[-1].entry
    assert (last["kind"], last["reason"]) == ("unseal", "late files")
    assert {each.state for each in read(collection).shards} == {"open"}
    assert run("--archive", collection / SHARD, "index").exit_code == 0
    done = run("--archive", collection, "unseal", NAME, "--reason", "late files")
    assert (done.exit_code, "is open already" in done.stderr) == (2, True)
    assert run("--archive", collection, "seal", NAME, "--quick").exit_code == 0
    assert seals(collection) == ["seal", "unseal", "seal"]


def first_file(folder: Path) -> Path:
    return next((folder / SHARD / "warc").glob("*.warc.gz"))


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte of a file": (lambda folder: flip(first_file(folder)), f"{SHARD}/"),
    "no manifest": (lambda folder: (folder / SHARD / "sealed.json").unlink(), "sealed.json: the chain says that the archive is sealed"),
    "another manifest": (lambda folder: flip(folder / SHARD / "sealed.json"), "sealed.json: it is not the manifest that the chain names"),
    "a late file": (lambda folder: shutil.copy(first_file(folder), first_file(folder).with_name("z.warc.gz")), "z.warc.gz: the file came after the archive was sealed"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGES)
def test_verify_finds_what_is_not_as_it_was_sealed(collection: Path, kind: str) -> None:
    damage, meant = DAMAGES[kind]
    damage(collection)
    done = run("--archive", collection, "verify")
    assert done.exit_code == 3
    assert meant in done.stdout


def test_a_state_without_a_manifest_is_found(opened: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(opened, tmp_path / "collection"))
    text = (folder / "collection.toml").read_text("utf-8")
    (folder / "collection.toml").write_text(text.replace('"open"', '"sealed"', 1), "utf-8")
    done = run("--archive", folder, "verify", "--quick")
    assert done.exit_code == 3
    assert "says that the shard is sealed, and it has no sealed.json" in done.stdout


def test_a_shard_with_damage_stays_open(opened: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(opened, tmp_path / "collection"))
    flip(first_file(folder))
    before = digests(folder / SHARD / "warc")
    done = run("--archive", folder, "seal", NAME)
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert f"The shard {NAME} stays open" in done.stderr
    assert first_file(folder).name in done.stderr
    assert not (folder / SHARD / "sealed.json").exists()
    assert (digests(folder / SHARD / "warc"), seals(folder)) == (before, [])
    assert {each.state for each in read(folder).shards} == {"open"}


WRONG = {
    "no collection": ("", ["seal", "x"], 2, "is no collection"),
    "no such shard": (
        "",
        ["seal", "gov-2013"],
        2,
        "has no shard gov-2013; did you mean gov-2031 or gov-2032?",
    ),
    "a crawl is running": ("x.warc.gz.open", ["seal", NAME], 2, "is not finished"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_sealed_is_refused(opened: Path, tmp_path: Path, kind: str) -> None:
    file, words, code, meant = WRONG[kind]
    folder = Path(shutil.copytree(opened, tmp_path / "collection"))
    if file:
        (folder / SHARD / "warc" / file).write_bytes(b"")
    done = CliRunner().invoke(
        cli, ["--archive", str(folder / SHARD if kind == "no collection" else folder), *words]
    )
    assert done.exit_code == code
    assert meant in done.stderr
    assert done.stderr.count("\n") == 1


# Ends the program by SIGKILL just before it changes one of the files of the seal for the nth time.
KILLED = """
import os, signal, sys
left = int(sys.argv.pop(1))
FILES = ("sealed.json", "chain.jsonl", "collection.toml")
def hook(event, arguments):
    global left
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & 3
    if writes or event in ("os.rename", "os.remove"):
        if str(arguments[0]).rpartition("/")[2].startswith(FILES):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
import archive.cli.seal
from archive.cli.main import main
sys.addaudithook(hook)
main()
"""


@pytest.mark.parametrize("command", ["seal", "unseal"])
def test_killed_at_any_change_it_goes_on(
    opened: Path, sealed: Path, tmp_path: Path, command: str
) -> None:
    begin, words = (opened, ["--quick"]) if command == "seal" else (sealed, ["--reason", "x"])
    for change in range(1, 20):
        folder = Path(shutil.copytree(begin, tmp_path / str(change)))
        typed = ["--archive", str(folder), command, NAME, *words]
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(change), *typed],
            check=False, capture_output=True, timeout=200, env={**os.environ},
        )  # fmt: skip
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        lines = run("--archive", folder, "verify", "--quick").stdout.splitlines()
        assert all("run `zhengwen seal" in line for line in lines), lines
        assert run(*typed).exit_code == 0
        assert run("--archive", folder, "verify", "--quick").exit_code == 0
        assert seals(folder) == {"seal": ["seal"], "unseal": ["seal", "unseal"]}[command]
        assert len({path.name for path in (folder / SHARD).glob("sealed.json*")}) == (
            command == "seal"
        )
    assert change > 3, "it was never killed"
