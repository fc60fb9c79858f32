"""`verify` ends with a finding or a sentence, whatever is where a file of the archive should be."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli.main import cli
from archive.warc import chaining
from archive.warc.directory import warc_files
from tests.rigs.history import played

pytestmark = pytest.mark.slow  # tries many inputs


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    played(folder, ["0h ok listed"])
    chaining.extend(folder)
    (folder / "signatures").mkdir()
    (folder / "signatures" / "chain-000001.sig").write_bytes(bytes(64))
    (folder / "signatures" / "key.pub").write_bytes(b"x")
    return folder


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def zeros(path: Path) -> None:
    path.write_bytes(bytes(100_000))


def deep_json(path: Path) -> None:
    path.write_bytes(b"[" * 200_000 + b"\n")


def a_dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def half(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


WAYS: list[Callable[[Path], None]] = [
    a_pipe,
    a_folder,
    nothing,
    zeros,
    deep_json,
    a_dangling_link,
    half,
]
NAMES = ["archive.db", "chain.jsonl", "warc", "signatures/chain-000001.sig", "signatures/key.pub"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_verify_ends_and_says_something(
    name: str, way: Callable[[Path], None], sound: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "copy"))
    way(warc_files(folder / "warc")[0] if name == "warc" else folder / name)

    done = CliRunner().invoke(cli, ["--archive", str(folder), "verify"])

    assert done.exit_code in (1, 3) and isinstance(done.exception, SystemExit), done.output
    assert done.output.strip()


def test_a_damaged_page_under_a_command_is_a_sentence(sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "copy"))
    db = sqlite3.connect(folder / "archive.db")
    db.execute("UPDATE articles_fts_data SET block = x'ffff' WHERE id > 1000")
    db.commit()
    db.close()

    done = CliRunner().invoke(cli, ["--archive", str(folder), "search", "会议"])

    assert done.exit_code == 1 and "rebuild" in done.output and done.output.count("\n") == 1


def test_many_wrong_rows_are_some_findings_and_a_number(sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "copy"))
    db = sqlite3.connect(folder / "archive.db")
    columns = [row[1] for row in db.execute("PRAGMA table_info(captures)") if row[1] != "id"]
    for number in range(60):
        db.execute(
            f"INSERT INTO captures (id, {', '.join(columns)}) SELECT 'x{number}', {', '.join(columns)} FROM captures LIMIT 1"
        )
    db.commit()
    db.close()

    done = CliRunner().invoke(cli, ["--archive", str(folder), "verify", "--quick"])

    assert done.exit_code == 3 and "the row points at no record, 40 times more" in done.output
