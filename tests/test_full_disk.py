"""A disk that is really full: each command fails in one sentence, what was there stays usable, nothing is left over, and with room the
same command succeeds."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli.main import cli
from archive.disk import is_full
from archive.errors import ArchiveError
from archive.warc import chaining
from archive.warc.chain import CHAIN
from archive.warc.recovery import recover
from crawler import report
from crawler.hosts.host_state import HostStates
from tests.conftest import dump
from tests.rigs.history import BEGUN, STORY, History, page
from tests.rigs.keys import pem_key
from tests.rigs.small_disk import fill, small_disk

pytestmark = pytest.mark.e2e
HAN = "云溪县召开疫情防控会议要求落实措施确保安全春耕工作部署全面推进高质量发展人民群众生活水平提高农村道路建设"
MORE = "follow https://www.thepaper.cn/gov_44871"
COMMANDS = [
    "index",
    "rebuild",
    "rebuild --compare",
    "verify",
    "sign --key {key}",
    "export {disk}/package --tier text",
    MORE,
]
STORY_ID = "thepaper-57100"
LEFT = [0, 4096, 400_000]  # bytes that are free
OF_SQLITE = {"archive.db-wal", "archive.db-shm", ".lock"}  # there after any reader or writer


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a crawl, and a WARC file of another that is not indexed yet."""
    folder, rnd = tmp_path_factory.mktemp("sound"), random.Random(3)
    history = History(folder)
    with Archive(folder) as archive:
        archive.extend_chain(run={"id": history.articles(0, _articles(30, 0, rnd))})
        archive.index()
    history.articles(30, _articles(30, 30, rnd))
    return folder


@pytest.fixture(scope="module")
def indexed(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same archive with all of its files indexed."""
    folder = Path(shutil.copytree(sound, tmp_path_factory.mktemp("indexed") / "archive"))
    with Archive(folder) as archive:
        archive.index()
    return folder


def _articles(number: int, first: int, rnd: random.Random) -> list[tuple[int, object]]:
    text = ["".join(rnd.choices(HAN, k=70)) + "。" for _ in range(6)]
    ids = range(5_710_000 + first, 5_710_000 + first + number)
    return [
        (
            serial,
            page(
                replace(STORY, cont_id=serial, title=f"第{serial}次通报", text=[*text, str(serial)])
            ),
        )
        for serial in ids
    ]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pem_key(tmp_path_factory.mktemp("key") / "key.pem")


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of 12 MB, with the folder for temporary files on it too."""
    with small_disk(tmp_path / "disk", 12 * 2**20) as folder:
        (folder / "temporary").mkdir()
        monkeypatch.setenv("SQLITE_TMPDIR", str(folder / "temporary"))
        monkeypatch.setattr(tempfile, "tempdir", str(folder / "temporary"))
        yield folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


def names(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.name not in OF_SQLITE
    }


@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_on_a_full_disk_fails_and_leaves_what_was(
    command: str, left: int, sound: Path, indexed: Path, disk: Path, key: Path
) -> None:
    archive = Path(shutil.copytree(sound, disk / "archive"))
    before, after = dump(archive), dump(indexed)
    words = command.format(key=key, disk=disk).split()
    ballast = fill(disk, left)
    there = names(disk)

    done = run(archive, *words)
    search = run(archive, "search", "通报", "--limit", "1")

    if done.exit_code == 0:  # there was room enough for it
        assert left > 4096 and command.partition(" ")[0] in ("sign", "follow"), done.output
    else:
        message = done.stderr.strip().splitlines()[-1]
        assert done.exit_code == 1 and message.startswith("zhengwen: ") and message.endswith("."), (
            done.output
        )
        assert names(disk) <= {*there, "archive/signatures"}
    assert search.exit_code == 0 and STORY_ID in search.output, search.output

    ballast.unlink()
    assert dump(archive) in (before, after)
    again = run(archive, *words)
    assert again.exit_code == (3 if command == "verify" else 0), again.output
    assert not list((disk / "temporary").iterdir())


@pytest.mark.parametrize("left", [4096, 12_288, 20_480, 36_864, 53_248, 65_536])
@pytest.mark.parametrize("is_new", [False, True], ids=["a database", "no database"])
def test_a_disk_with_some_pages_left_is_called_full(
    left: int, is_new: bool, sound: Path, disk: Path
) -> None:
    archive = Path(shutil.copytree(sound, disk / "archive"))
    for path in archive.glob("archive.db*") if is_new else ():
        path.unlink()
    fill(disk, left)

    for command in ("index", "rebuild"):
        done = run(archive, command)
        assert done.exit_code == 1 and "disk is full" in done.stderr, done.stderr


def test_an_error_of_sqlite_is_of_a_full_disk_where_that_has_no_room(
    disk: Path, tmp_path: Path
) -> None:
    not_written = sqlite3.OperationalError("disk I/O error")
    not_written.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    not_read = sqlite3.OperationalError("disk I/O error")
    not_read.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
    fill(disk, 4096)

    assert is_full(not_written, disk) and is_full(not_written, tmp_path / "none", disk)
    assert not is_full(not_written, tmp_path) and not is_full(not_read, disk)


def test_a_disk_that_takes_no_more_files_is_called_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2**20, files=2) as archive:
        (archive / "warc").mkdir()

        done = run(archive, "index")

    assert done.exit_code == 1 and "The disk is full (No space left" in done.stderr, done.stderr


def test_a_full_disk_makes_no_database_that_looks_finished(sound: Path, disk: Path) -> None:
    archive = Path(shutil.copytree(sound, disk / "archive"))
    for path in archive.glob("archive.db*"):
        path.unlink()
    ballast = fill(disk, 60_000)

    for command in ("index", "rebuild"):
        assert run(archive, command).exit_code == 1
        assert run(archive, "search", "通报").exit_code in (0, 2)

    ballast.unlink()
    assert run(archive, "index").exit_code == 0
    assert STORY_ID in run(archive, "search", "通报").output


def test_a_line_of_the_chain_is_written_or_not(sound: Path, disk: Path) -> None:
    archive = Path(shutil.copytree(sound, disk / "archive"))
    page_size = 4096
    lines = (archive / CHAIN).read_bytes()
    filler = b"".join(lines.splitlines(keepends=True)[:1])
    padded = lines + filler * ((page_size - len(lines) % page_size) // len(filler))
    (archive / CHAIN).write_bytes(padded)  # the next line crosses the page
    fill(disk)

    with pytest.raises(OSError, match="No space"):
        chaining.extend(archive, run={"id": "x"})

    assert (archive / CHAIN).read_bytes() == padded


def test_small_files_stay_as_they_were(sound: Path, disk: Path, tmp_path: Path) -> None:
    archive = Path(shutil.copytree(sound, disk / "archive"))
    hosts = HostStates(disk / "hosts")
    hosts.close("a.example", 60)
    with Archive(archive) as opened:
        report.write(opened, BEGUN, [], 0, None, [], [])
        latest = (archive / "reports" / "latest.json").read_bytes()
        there = names(archive)
        fill(disk)

        with pytest.raises(OSError, match="No space"):
            report.write(opened, BEGUN.replace(year=2032), [], 1, "x" * 5000, [], [])

    assert (archive / "reports" / "latest.json").read_bytes() == latest
    assert names(archive) == there
    with pytest.raises(ArchiveError, match="HOST_STATE_DIR"):
        hosts.close("b.example", 60)
    assert hosts.closed_for("a.example") > 50


def test_what_follows_damage_is_copied_aside_or_stays(sound: Path, disk: Path) -> None:
    archive = Path(shutil.copytree(sound, disk / "archive"))
    path = sorted((archive / "warc").iterdir())[-1]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.unlink()
    torn = path.with_name(path.name + ".open")
    torn.write_bytes(data)
    ballast = fill(disk)

    with pytest.raises(OSError, match="No space"):
        recover(archive / "warc")
    assert torn.read_bytes() == data and not list((archive / "warc").glob("*.damaged"))

    ballast.unlink()
    assert recover(archive / "warc")[0].aside
