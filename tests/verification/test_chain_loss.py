"""A chain that lost lines, and a WARC file that it names and that is gone, are reported by `index`, `rebuild` and `verify`."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli.main import cli
from archive.database.chain_state import known_state
from archive.disk import sha256
from archive.platforms import load
from archive.verification.archive import check_archive
from archive.verification.finding import Finding
from archive.warc.chain import CHAIN, line_of, links
from archive.warc.chain_state import START, ChainState, state_at_begin
from archive.warc.directory import warc_files
from archive.warc.writer import WarcWriter
from tests.conftest import dump
from tests.rigs.history import History

pytestmark = pytest.mark.slow  # tries many inputs


def crawled(folder: Path, runs: int) -> History:
    """An archive after some crawls, each with its lines in the chain and its index, as the program does it."""
    history = History(folder)
    for number in range(runs):
        crawl(history, 24 * number)
    return history


def crawl(history: History, hours: float) -> None:
    run = history.run(hours, "ok")
    with Archive(history.folder) as archive:
        archive.extend_chain(run={"id": run})
        archive.index()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    crawled(folder, 3)
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another archive, whose files have names of their own."""
    folder = tmp_path_factory.mktemp("other")
    history = History(folder, runs=50, records=50_000)
    for number in range(5):
        crawl(history, 1000 + 24 * number)
    return folder


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "copy"))


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


def findings(folder: Path) -> list[Finding]:
    return list(check_archive(folder, load(), quick=True))


def of_chain(folder: Path) -> list[Finding]:
    return [finding for finding in findings(folder) if finding.file == CHAIN]


def test_the_database_and_each_new_file_know_the_chain(sound: Path) -> None:
    chain = list(links(sound))

    assert [link.entry["kind"] for link in chain] == ["warc", "run"] * 3
    assert known_state(sound / "archive.db") == ChainState(6, chain[-1].digest, chain[0].digest)
    assert [state_at_begin(path) for path in warc_files(sound / "warc")] == [
        ChainState(),
        ChainState(2, chain[1].digest, chain[0].digest),
        ChainState(4, chain[3].digest, chain[0].digest),
    ]
    assert findings(sound) == [] and run(sound, "verify").exit_code == 0


def empty(folder: Path, other: Path) -> None:
    (folder / CHAIN).write_bytes(b"")


def delete(folder: Path, other: Path) -> None:
    (folder / CHAIN).unlink()


def keep(lines: slice) -> Callable[[Path, Path], None]:
    def cut(folder: Path, other: Path) -> None:
        rest = (folder / CHAIN).read_bytes().splitlines(keepends=True)[lines]
        (folder / CHAIN).write_bytes(b"".join(rest))

    return cut


def tear(folder: Path, other: Path) -> None:
    (folder / CHAIN).write_bytes((folder / CHAIN).read_bytes()[:-7])


def replace_by_that_of_another(folder: Path, other: Path) -> None:
    shutil.copy(other / CHAIN, folder / CHAIN)


def replace_by_another(folder: Path, other: Path) -> None:
    """What an earlier version of the program did with an emptied chain: it began another that looks sound."""
    lines, previous = b"", START
    for path in warc_files(folder / "warc"):
        entry = {
            "kind": "warc",
            "name": path.name,
            "size": path.stat().st_size,
            "sha256": sha256(path),
        }
        line = line_of({**entry, "previous": previous})
        lines, previous = lines + line, hashlib.sha256(line).hexdigest()
    (folder / CHAIN).write_bytes(lines)


LOSSES = {
    "emptied": empty,
    "deleted": delete,
    "without its last line": keep(slice(5)),
    "without its last half": keep(slice(3)),
    "with its first line alone": keep(slice(1)),
    "without its first line": keep(slice(1, None)),
    "torn": tear,
    "that of another archive": replace_by_that_of_another,
    "begun anew without a word": replace_by_another,
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_chain_that_lost_lines_is_reported_until_it_is_restored(
    loss: str, copy: Path, other: Path
) -> None:
    complete = (copy / CHAIN).read_bytes()
    LOSSES[loss](copy, other)
    left = (copy / CHAIN).read_bytes() if (copy / CHAIN).exists() else None
    assert of_chain(copy)

    for command in ("index", "rebuild", "index"):
        done = run(copy, command)
        assert done.exit_code == 3 and CHAIN in done.output, (command, done.output)
        assert "restore" in done.output
        assert of_chain(copy), command
    assert run(copy, "verify").exit_code == 3
    assert ((copy / CHAIN).read_bytes() if (copy / CHAIN).exists() else None) == left

    (copy / CHAIN).write_bytes(complete)
    assert run(copy, "index").exit_code == 0
    assert findings(copy) == [] and (copy / CHAIN).read_bytes() == complete


@pytest.mark.parametrize(
    "loss", ["emptied", "deleted", "without its last half", "with its first line alone"]
)
def test_what_the_database_knew_is_in_the_files_too(loss: str, copy: Path, other: Path) -> None:
    """`rebuild` of a lost database: the last lines, of the last crawl, are in no file; all before them are."""
    LOSSES[loss](copy, other)
    (copy / "archive.db").unlink()

    done = run(copy, "rebuild")

    assert done.exit_code == 3 and CHAIN in done.output
    assert of_chain(copy)
    assert run(copy, "index").exit_code == 3 and of_chain(copy)


@pytest.mark.parametrize("loss", ["emptied", "deleted", "without its last half", "torn"])
def test_a_chain_without_a_copy_is_begun_anew_and_says_so(
    loss: str, copy: Path, other: Path
) -> None:
    LOSSES[loss](copy, other)

    done = run(copy, "index", "--new-chain")

    assert done.exit_code == 0, done.output
    first, *others = links(copy)
    assert first.entry["kind"] == "restart" and first.entry["lines"] == 6
    assert [link.file_name for link in others] == [path.name for path in warc_files(copy / "warc")]
    assert findings(copy) == [] and run(copy, "rebuild").exit_code == 0
    history = History(copy, runs=80, records=80_000)
    crawl(history, 3000)
    assert findings(copy) == []
    LOSSES["emptied"](copy, other)
    assert of_chain(copy)


def test_a_sound_chain_is_not_begun_anew(copy: Path) -> None:
    before = (copy / CHAIN).read_bytes()

    done = run(copy, "index", "--new-chain")

    assert done.exit_code == 2 and "lost" in done.output and (copy / CHAIN).read_bytes() == before


def test_a_crawl_over_a_shortened_chain_takes_its_place_once_the_chain_is_back(
    copy: Path, other: Path
) -> None:
    complete = (copy / CHAIN).read_bytes()
    LOSSES["without its last half"](copy, other)
    history = History(copy, runs=80, records=80_000)
    crawl(history, 3000)
    assert of_chain(copy) and len(list(links(copy))) == 3

    (copy / CHAIN).write_bytes(complete)
    assert run(copy, "index").exit_code == 0

    assert findings(copy) == [] and len(list(links(copy))) == 7


def test_a_file_of_another_archive_is_no_loss(copy: Path, other: Path) -> None:
    theirs = warc_files(other / "warc")[-1]
    assert state_at_begin(theirs) not in (None, ChainState())
    shutil.copy(theirs, copy / "warc")

    assert run(copy, "index").exit_code == 0

    assert [finding for finding in findings(copy) if finding.file == CHAIN] == []
    entry = next(link.entry for link in links(copy) if link.file_name == theirs.name)
    assert entry["chain"] == "another"
    assert run(copy, "rebuild").exit_code == 0 and of_chain(copy) == []


def test_an_archive_of_an_earlier_version_is_no_alarm(tmp_path: Path) -> None:
    """Neither its database nor its files say how the chain stood."""
    writer = WarcWriter(tmp_path / "warc", prefix="old", info={"isPartOf": "x"})
    writer.write_metadata(
        {"kind": "run", "id": "x", "platform": "thepaper", "started_at": "2031-04-01T00:00:00Z"}
    )
    writer.close()
    assert run(tmp_path, "index").exit_code == 0
    db = sqlite3.connect(tmp_path / "archive.db")
    db.execute("DELETE FROM about WHERE topic = 'chain'")
    db.commit()
    db.close()

    done = run(tmp_path, "verify")

    assert done.exit_code == 0 and "does not say how long" in done.output
    assert run(tmp_path, "index").exit_code == 0
    assert "does not say" not in run(tmp_path, "verify").output


def test_a_kill_between_a_file_and_its_line_is_no_loss(copy: Path) -> None:
    history = History(copy, runs=80, records=80_000)
    history.run(3000, "ok")  # closed, and killed before the chain and the index

    assert of_chain(copy) == []
    assert run(copy, "index").exit_code == 0 and findings(copy) == []


def test_rebuild_gives_what_live_indexing_gave(copy: Path) -> None:
    before, known = dump(copy), known_state(copy / "archive.db")

    assert run(copy, "rebuild").exit_code == 0

    assert dump(copy) == before and known_state(copy / "archive.db") == known is not None


# --- a file that is gone ---


def lose(number: slice) -> Callable[[Path], None]:
    def remove(folder: Path) -> None:
        for path in warc_files(folder / "warc")[number]:
            path.unlink()

    return remove


def rename(folder: Path) -> None:
    path = warc_files(folder / "warc")[0]
    path.rename(path.with_name("other.warc.gz"))


def move_away(folder: Path) -> None:
    (folder / "warc" / "deeper").mkdir()
    path = warc_files(folder / "warc")[0]
    path.rename(folder / "warc" / "deeper" / path.name)


GONE = {
    "the first": lose(slice(1)),
    "the last": lose(slice(2, 3)),
    "all but one": lose(slice(2)),
    "renamed": rename,
    "in another folder": move_away,
}


@pytest.mark.parametrize("way", GONE)
def test_a_file_that_the_chain_names_is_missed_by_every_command(way: str, copy: Path) -> None:
    names = {path.name for path in warc_files(copy / "warc")}
    GONE[way](copy)
    gone = names - {path.name for path in warc_files(copy / "warc")}

    for command in ("index", "rebuild", "verify"):
        done = run(copy, command)
        assert done.exit_code == 3, (command, done.output)
        assert all(name in done.output for name in gone), (command, done.output)


@pytest.mark.parametrize("command", ["index", "rebuild"])
@pytest.mark.parametrize("has_database", [True, False])
def test_nothing_is_made_of_nothing(command: str, has_database: bool, copy: Path) -> None:
    """All files are gone: the old database stays, and no empty one looks like an archive."""
    lose(slice(None))(copy)
    before = dump(copy)
    if not has_database:
        (copy / "archive.db").unlink()

    done = run(copy, command)

    if has_database:
        assert done.exit_code == (3 if command == "index" else 1) and dump(copy) == before
    else:
        assert done.exit_code == 1 and not (copy / "archive.db").exists()
    assert "missing" in done.output and not list(copy.glob("*.rebuilding*"))


def test_status_says_it_too(copy: Path) -> None:
    lose(slice(1))(copy)

    done = run(copy, "status", "--json")

    assert done.exit_code == 3 and "is missing" in json.dumps(json.loads(done.stdout))
