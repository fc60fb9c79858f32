"""Imports and removals are lines of the chain: repeated, killed at any moment and taken back, they leave nothing that counts and is not said."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.intake import importing, removal
from archive.intake.target import Target
from archive.verification.chain import check_chain
from archive.warc import chain, chaining
from archive.warc.imports import WORK
from tests.intake.test_forms import FORMS, RAW, article, imported, run
from tests.rigs import web_archives as forms

pytestmark = pytest.mark.slow  # tries many inputs


def kinds(folder: Path) -> list[object]:
    return [link.entry["kind"] for link in chain.links(folder)]


def tree(folder: Path) -> dict[str, bytes]:
    """The files that count: the chain and the WARC files."""
    names = [folder / "chain.jsonl", *sorted((folder / "warc").iterdir())]
    return {path.name: path.read_bytes() for path in names}


def test_a_line_says_what_was_imported_and_by_whom(tmp_path: Path) -> None:
    imported(tmp_path, "data.warc.gz", FORMS["a.warc.gz"], "--operator", "某图书馆")

    line = next(chain.links(tmp_path)).entry
    digest = line["sha256"]
    assert {name: line[name] for name in ("kind", "source", "operator", "records", "size")} == {
        "kind": "import",
        "source": "data.warc.gz",
        "operator": "某图书馆",
        "records": 4,
        "size": len(FORMS["a.warc.gz"]),
    }
    assert [path.name for path in (tmp_path / "warc").iterdir()] == [
        f"import-{digest}-00000.warc.gz"
    ]
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []


def test_the_operator_is_the_one_of_the_datasheet(tmp_path: Path) -> None:
    (tmp_path / "datasheet.toml").write_text('[package]\noperator = "某档案馆"\n')

    imported(tmp_path, "data.warc.gz", FORMS["a.warc.gz"])

    assert next(chain.links(tmp_path)).entry["operator"] == "某档案馆"


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "data.wacz", "a.warc.zst"])
def test_a_repeated_import_changes_nothing(name: str, tmp_path: Path) -> None:
    imported(tmp_path, name, FORMS[name])
    before = tree(tmp_path)

    done = imported(tmp_path, "another-name-" + name, FORMS[name])

    assert done.exit_code == 0
    assert "is in the archive already" in done.stdout
    assert tree(tmp_path) == before


def test_a_file_of_the_archive_itself_is_not_imported_again(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / "own.warc.gz").write_bytes(FORMS["a.warc.gz"])
    run(tmp_path, "index")

    done = imported(tmp_path, "copy.warc.gz", FORMS["a.warc.gz"])

    assert "is in the archive already (own.warc.gz)" in done.stdout
    assert kinds(tmp_path) == ["warc"]


def test_a_chain_that_was_begun_anew_knows_what_was_imported(tmp_path: Path) -> None:
    imported(tmp_path, "data.wacz", FORMS["data.wacz"])
    (tmp_path / "chain.jsonl").unlink()
    run(tmp_path, "index", "--new-chain")

    done = imported(tmp_path, "data.wacz", FORMS["data.wacz"])

    assert done.exit_code == 0, done.output
    assert "is in the archive already" in done.stdout
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []


class Killed(BaseException):
    """A kill, which nobody handles."""


@pytest.mark.parametrize("moment", ["copying", "before the line", "after the line"])
def test_a_killed_import_starts_anew_or_goes_on(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)  # a kill removes nothing
        if moment == "copying":
            patch.setattr(Target, "finish", killed)
        elif moment == "before the line":
            patch.setattr(chaining, "append", killed)
        else:
            settled = importing.settle
            calls = iter([settled, killed])
            patch.setattr(importing, "settle", lambda *words: next(calls)(*words))
        with pytest.raises(Killed):
            imported_or_raised(tmp_path)
    assert (tmp_path / WORK).exists()

    run(tmp_path, "index")
    is_there = moment == "after the line"
    assert ("import" in kinds(tmp_path)) == is_there
    assert bool(list(tmp_path.glob("warc/*"))) == is_there

    done = imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    assert done.exit_code == 0, done.output
    assert kinds(tmp_path) == ["import", "warc"]
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []
    assert not (tmp_path / WORK).exists()
    assert "外来的通告" in article(tmp_path)


def imported_or_raised(folder: Path) -> None:
    done = imported(folder, "a.warc.gz", FORMS["a.warc.gz"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception


def test_a_torn_line_is_no_import(tmp_path: Path) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    line = (tmp_path / "chain.jsonl").read_bytes().splitlines(keepends=True)[0]
    name = next((tmp_path / "warc").iterdir()).name
    (tmp_path / WORK).mkdir()
    (tmp_path / "warc" / name).rename(tmp_path / WORK / name)
    (tmp_path / "chain.jsonl").write_bytes(line[:-10])
    (tmp_path / "archive.db").unlink()

    done = imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])

    assert done.exit_code == 0, done.output
    assert kinds(tmp_path) == ["import", "warc"]
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []


@pytest.mark.parametrize(
    "name", ["a.warc", "a.warc.gz", "data.wacz", "a.warc.zst", "slices.warc.gz"]
)
def test_a_full_disk_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Target, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Target, "write", full)

    done = imported(tmp_path, name, FORMS[name])

    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "given"}


def test_too_little_room_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.disk.free_bytes", lambda folder: 1000)

    done = imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])

    assert done.exit_code == 1
    assert "needs about" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "given"}


def test_a_source_that_changes_meanwhile_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = iter(["a" * 64, "b" * 64])
    monkeypatch.setattr(importing, "sha256", lambda path: next(digests))

    done = imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])

    assert done.exit_code == 1
    assert "changed while it was read" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {".lock", "given"}


def test_nothing_is_imported_where_the_chain_lost_lines(tmp_path: Path) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    lines = (tmp_path / "chain.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "chain.jsonl").write_bytes(lines[0])

    done = imported(tmp_path, "b.warc.gz", forms.in_members(RAW[:2]))

    assert done.exit_code == 1
    assert "are lost" in done.stderr
    assert len(list((tmp_path / "warc").iterdir())) == 1


def names_of(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return [row[0] for row in db.execute("SELECT name FROM warcs")]


@pytest.mark.parametrize("by", ["name", "digest", "begin", "file"])
def test_an_import_is_taken_out_by_a_line(by: str, tmp_path: Path) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    digest = str(next(chain.links(tmp_path)).entry["sha256"])
    file = f"import-{digest}-00000.warc.gz"
    source = {"name": "a.warc.gz", "digest": digest, "begin": digest[:8], "file": file}[by]

    done = run(tmp_path, "remove", source, "--reason", "误收", "--operator", "某人")

    assert done.exit_code == 0, done.output
    line = list(chain.links(tmp_path))[-1].entry
    assert (line["kind"], line["reason"], line["operator"]) == ("removal", "误收", "某人")
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []
    assert names_of(tmp_path) == []
    assert run(tmp_path, "show", "thepaper-5700001").exit_code == 2
    assert run(tmp_path, "verify").exit_code == 0
    assert [path.name for path in (tmp_path / "removed").iterdir()] == [file]


def test_what_was_taken_out_already_is_said(tmp_path: Path) -> None:
    """As where the disk got full before the database was made again."""
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    words = ["remove", "a.warc.gz", "--reason", "误收", "--operator", "某人"]
    assert run(tmp_path, *words).exit_code == 0
    done = run(tmp_path, *words)
    assert done.exit_code == 2
    assert "a.warc.gz was taken out already, at " in done.output and "by 某人;" in done.output
    assert len([link for link in chain.links(tmp_path) if link.entry["kind"] == "removal"]) == 1


def test_what_others_imported_stays(tmp_path: Path) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    imported(tmp_path, "b.warc.gz", forms.in_members(RAW[:1]))

    run(tmp_path, "remove", "b.warc.gz", "--reason", "误收")

    assert len(names_of(tmp_path)) == 1
    assert "外来的通告" in article(tmp_path)


def test_what_was_taken_out_can_be_imported_again(tmp_path: Path) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    run(tmp_path, "remove", "a.warc.gz", "--reason", "误收")

    done = imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])

    assert done.exit_code == 0, done.output
    assert kinds(tmp_path) == ["import", "warc", "removal", "import", "warc"]
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []
    assert "外来的通告" in article(tmp_path)


def test_a_killed_removal_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        settled = removal.settle
        calls = iter([settled, killed])
        patch.setattr(removal, "settle", lambda *words: next(calls)(*words))
        with pytest.raises(Killed):
            run(tmp_path, "remove", "a.warc.gz", "--reason", "误收")
    assert list((tmp_path / "warc").iterdir()) != []

    run(tmp_path, "index")

    assert list((tmp_path / "warc").iterdir()) == []
    assert names_of(tmp_path) == []
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("b.warc.gz", "There is no import b.warc.gz"),
        ("warc/own.warc.gz", "imports are: data.warc.gz"),
        ("data.warc.gz", "2 imports are called data.warc.gz; give the begin of a SHA-256"),
        ("ab", "There is no import ab"),
    ],
)
def test_only_an_import_can_be_taken_out(source: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / "own.warc.gz").write_bytes(forms.in_members(RAW[:3]))
    imported(tmp_path, "data.warc.gz", FORMS["a.warc.gz"])
    imported(tmp_path, "data.warc.gz", forms.in_members(RAW[1:]))
    before = tree(tmp_path)

    done = run(tmp_path, "remove", source, "--reason", "误收")

    assert done.exit_code == 2
    assert sentence in done.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_that_no_import_made_is_taken_out_too(is_there: bool, tmp_path: Path) -> None:
    own = tmp_path / "warc" / "own.warc.gz"
    own.parent.mkdir()
    own.write_bytes(FORMS["a.warc.gz"])
    run(tmp_path, "index")
    if not is_there:
        own.unlink()

    done = run(tmp_path, "remove", "own.warc.gz", "--reason", "误收")

    assert done.exit_code == 0, done.output
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []
    assert names_of(tmp_path) == []


def test_another_file_of_the_name_of_what_was_taken_out_is_read(tmp_path: Path) -> None:
    own = tmp_path / "warc" / "own.warc.gz"
    own.parent.mkdir()
    own.write_bytes(forms.in_members(RAW[:1]))
    run(tmp_path, "index")
    run(tmp_path, "remove", "own.warc.gz", "--reason", "误收")
    own.write_bytes(FORMS["a.warc.gz"])

    run(tmp_path, "index")

    assert names_of(tmp_path) == ["own.warc.gz"]
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []
    assert "外来的通告" in article(tmp_path)


def test_a_file_that_was_taken_out_in_silence_is_noticed(tmp_path: Path) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    next((tmp_path / "warc").iterdir()).unlink()

    (finding,) = check_chain(tmp_path, tmp_path / "warc")

    assert finding.wrong == "the chain names the file and it is missing"
