"""A fault costs its record, never its file; a faulty file costs that file, never the archive; both are said."""

from __future__ import annotations

import gzip
import json
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from archive.archive import Archive
from archive.cli.main import cli
from archive.index import observing
from archive.index.indexer import index
from archive.index.workers import ENDED
from archive.monitoring.files import faulty_files
from archive.monitoring.status import status
from archive.platforms import Identity, Platforms, load
from tests.conftest import dump, rows
from tests.rigs.warc_records import (
    DATE,
    FIXTURES,
    OURS,
    archive_of,
    id_of,
    note,
    record,
    response,
    rewritten,
)

pytestmark = pytest.mark.slow  # tries many inputs

NEXT = FIXTURES / "thepaper" / "next" / "capture.warc.gz"
SOUND = {"a.warc.gz", "z.warc.gz"}
RUN = {"kind": "run", "id": "r"}
COVERAGE = {"kind": "coverage", "run": "r", "platform": "p", "account_id": "7", "outcome": "new"}
FAILURE = {"kind": "failure", "url": "u", "outcome": "error", "reason": "no-answer"}


def indexed(folder: Path) -> None:
    """Index an archive, and see that the sound files are in it and that a rebuild says the same."""
    with Archive(folder) as archive:
        archive.index()
        live = dump(folder)
        json.dumps(asdict(status(archive)), allow_nan=False)
        archive.rebuild()
    assert dump(folder) == live
    assert rows(folder, "SELECT 1 FROM articles WHERE id = 'thepaper-90000001'")
    names = {row["name"] for row in rows(folder, "SELECT name FROM warcs WHERE damage IS NULL")}
    assert names >= SOUND


def failures(folder: Path, warc: str = "b.warc.gz") -> list[tuple[object, object]]:
    """Reason and detail of the failures of a file, in its order."""
    statement = "SELECT reason, detail FROM failures WHERE warc = ? ORDER BY offset"
    return [(row["reason"], row["detail"]) for row in rows(folder, statement, warc)]


HOSTILE_TEXTS = {
    "\ud83d半个表情": "\ufffd半个表情",
    "半个\ude00表情": "半个\ufffd表情",
    "两半\ude00\ud83d倒置": "两半\ufffd\ufffd倒置",
    "两半\ud83d\ude00相连": "两半😀相连",
    "零\x00字符": "零\ufffd字符",
    "非字符\uffff\ufdd0": "非字符\uffff\ufdd0",
}


@pytest.mark.parametrize("value", HOSTILE_TEXTS, ids=ascii)
@pytest.mark.parametrize(
    ("url", "old", "column"),
    [
        ("gov", "云溪县召开会议", "SELECT title AS value FROM links WHERE native_id = '90000001'"),
        ("homePage", "云溪发布（虚构）", "SELECT name AS value FROM accounts WHERE name LIKE '云溪发布%{}'"),
        ("forward_90000001", "云溪县召开会议", "SELECT title AS value FROM versions"),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_stored_has_a_sign_in_its_place(
    tmp_path: Path, url: str, old: str, column: str, value: str
) -> None:
    def change(kind: str, address: str, block: bytes) -> bytes:
        hostile = json.dumps(old + value)[1:-1].encode()
        is_meant = (kind == "response" and address.endswith(url)) or url in address
        return block.replace(old.encode(), hostile) if is_meant else block

    folder = tmp_path / "archive"
    (folder / "warc").mkdir(parents=True)
    (folder / "warc" / "b.warc.gz").write_bytes(rewritten(NEXT, change))
    with Archive(folder) as archive:
        archive.index()
        live = dump(folder)
        archive.rebuild()

    stored = old + HOSTILE_TEXTS[value]
    statement = column.format(HOSTILE_TEXTS[value])
    values = [row["value"] for row in rows(folder, statement)]
    assert stored in values
    assert dump(folder) == live and failures(folder) == []


VALUES = ['["a"]', '{"a": {"b": 1}}', str(2**70), "-9223372036854775809", "1e999", "NaN", "[]", "null"]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", ["contId", "name", "contType"])
def test_an_entry_of_a_listing_with_a_value_of_another_kind_costs_no_more_than_the_listing(
    tmp_path: Path, name: str, value: str
) -> None:
    def change(kind: str, address: str, block: bytes) -> bytes:
        if kind != "response" or not address.endswith("/gov"):
            return block
        head, _, body = block.partition(b"\r\n\r\n")
        data = json.loads(body)
        data["data"]["list"].append(data["data"]["list"][0] | {"contId": "90000002"} | {name: "@"})
        text = json.dumps(data).replace('"@"', value)
        return head + b"\r\n\r\n" + text.encode()

    folder = archive_of(tmp_path, rewritten(NEXT, change))

    indexed(folder)

    assert "90000001" in {row["native_id"] for row in rows(folder, "SELECT native_id FROM links")}


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (record("metadata", b"{"), "unreadable-note"),
        (record("metadata", b""), "unreadable-note"),
        (record("metadata", b"\xff\xfe"), "unreadable-note"),
        (record("metadata", b"[1]"), "unreadable-note"),
        (record("metadata", b"null"), "unreadable-note"),
        (record("metadata", b'"run"'), "unreadable-note"),
        (record("metadata", b"[" * 100_000), "unreadable-note"),
        (record("metadata", b'{"a":' * 100_000), "unreadable-note"),
        (record("metadata", b'{"kind":"run","id":"r","counts":' + b"[" * 900 + b"]" * 900 + b"}"), "unreadable-note"),
        (record("metadata", b'{"kind":"run","id":' + b"9" * 5000 + b"}"), "unreadable-note"),
        (record("metadata", b'{"kind":"run"' + b" " * 2**22 + b"}"), "too-large-record"),
        (note(RUN | {"id": None}), "unreadable-note"),
        (note(RUN | {"id": ["r"]}), "unreadable-note"),
        (note(RUN | {"started_at": {"at": 1}}), "unreadable-note"),
        (note(RUN | {"counts": [1]}), "unreadable-note"),
        (note(COVERAGE | {"outcome": ["new"]}), "unreadable-note"),
        (note(COVERAGE | {"listed": 2**70}), "unreadable-note"),
        (note(COVERAGE | {"pages": float("nan")}), "unreadable-note"),
        (note(COVERAGE | {"account": {"name": "x"}}), "unreadable-note"),
        (note({"kind": "coverage"}), "unreadable-note"),
        (note(FAILURE | {"url": ["u"]}), "unreadable-note"),
        (note({"kind": "failure"}), "unreadable-note"),
        (note({"kind": [[]]}), "unreadable-note"),
        (note(RUN, WARC_Date="yesterday"), "no-date"),
    ],
)  # fmt: skip
def test_a_note_that_cannot_be_read_is_a_failure(
    tmp_path: Path, member: bytes, reason: str
) -> None:
    folder = archive_of(tmp_path, member, note(RUN | {"id": "after"}, 2))

    indexed(folder)

    assert [failed for failed, _ in failures(folder)] == [reason]
    assert rows(folder, "SELECT id FROM runs WHERE id = 'after'")
    with Archive(folder) as archive:
        (file,) = faulty_files(archive)
        assert file.name == "b.warc.gz" and f"({reason}: " in file.wrong
        assert not [each for each in archive.verify() if each.file == "archive.db"]


@pytest.mark.parametrize(
    "member",
    [
        note({"kind": "colour", "id": [1]}),
        note({}),
        note({"seed": "http://x.example/", "depth": 3}),
        record("metadata", b"via: http://x.example/\r\n", Content_Type="application/warc-fields"),
        record("metadata", b"\xff" * 5_000_000, Content_Type="application/octet-stream"),
        record("metadata", b"{", Content_Type=None),
    ],
)
def test_a_note_of_another_program_is_none_of_our_business(tmp_path: Path, member: bytes) -> None:
    folder = archive_of(tmp_path, member)

    indexed(folder)

    assert failures(folder) == []


@pytest.mark.parametrize(
    ("facts", "is_article"),
    [
        ({"role": {"a": 1}}, True),
        ({"role": ["article"], "platform": [1]}, True),
        ({"role": "article", "account": {"name": "x"}}, True),
        ({"role": "article", "run": 2**70}, True),
        ({"role": "article", "account_id": float("inf")}, True),
        ({"role": "\ud83d"}, False),
        ({"role": "x" * 100_000}, False),
    ],
)
def test_facts_of_another_kind_leave_the_exchange_to_be_read(
    tmp_path: Path, facts: dict[str, object], is_article: bool
) -> None:
    folder = archive_of(
        tmp_path, response(), note(facts, 2, WARC_Concurrent_To=f"<{id_of(1)}>"), response(number=3)
    )

    indexed(folder)

    captures = rows(folder, "SELECT role FROM captures WHERE warc = 'b.warc.gz' ORDER BY offset")
    assert len(captures) == 2 and (captures[0]["role"] == "article") is is_article
    reasons = [reason for reason, _ in failures(folder)]
    assert ("unreadable-note" in reasons) is is_article


@pytest.mark.parametrize(
    ("date", "stored"),
    [
        (DATE, DATE),
        ("2016-03-01T08:00:00.123456789Z", "2016-03-01T08:00:00.123456789Z"),
        ("2016", "2016-01-01T00:00:00Z"),
        ("2016-03", "2016-03-01T00:00:00Z"),
        ("2016-03-05", "2016-03-05T00:00:00Z"),
        ("2016-03-05T08:30Z", "2016-03-05T08:30:00Z"),
        ("2016-03-05T08:30:01+08:00", "2016-03-05T00:30:01Z"),
        ("2016-03-05 00:30:01.5-0800", "2016-03-05T08:30:01.5Z"),
        ("0999-01-01T00:00:00Z", "0999-01-01T00:00:00Z"),
        ("", ""), ("yesterday", ""), ("2016-3", ""), ("2016-02-30T00:00:00Z", ""), ("0000-01-01T00:00:00Z", ""),
        ("9999-12-31T23:59:59Z", ""), ("0001-01-01T00:00:00Z", ""), ("２０１６-03-01T00:00:00Z", ""),
        ("2016-03-01T24:00:00Z", ""), ("2016-03-01T00:00:00+99:99", ""), ("20160301000000", "2016-03-01T00:00:00Z"), (None, ""),
    ],
)  # fmt: skip
def test_a_date_is_read_as_the_standard_allows_or_is_a_failure(
    tmp_path: Path, date: str | None, stored: str
) -> None:
    folder = archive_of(tmp_path, response(WARC_Date=date), response(number=2))

    indexed(folder)

    captures = rows(folder, "SELECT captured_at FROM captures WHERE warc = 'b.warc.gz' ORDER BY id")
    assert [row["captured_at"] for row in captures] == [stored, DATE]
    assert ("no-date" in [reason for reason, _ in failures(folder)]) is not stored
    with Archive(folder) as archive:
        assert not [each for each in archive.verify() if "row" in each.wrong]


class Killing(Platforms):
    """Platforms that end the process, or raise, for an address that says so."""

    def __reduce__(self) -> tuple[type[Platforms], tuple[()]]:
        return type(self), ()

    def identify(self, url: str, *, platform: str, role: str) -> Identity:
        if url.endswith("/kill"):
            os._exit(9)
        if url.endswith("/memory"):
            raise MemoryError
        return super().identify(url, platform=platform, role=role)


@pytest.mark.e2e
def test_a_process_that_is_killed_costs_its_record(tmp_path: Path) -> None:
    kill, memory = "https://x.example/kill", "https://x.example/memory"
    members = [
        response(number=n, WARC_Target_URI={30: kill, 41: kill, 42: memory}.get(n)) if n in (30, 41, 42) else response(number=n)
        for n in range(1, 100)
    ]  # fmt: skip
    folder = archive_of(tmp_path, *members)

    index(folder / "warc", folder / "archive.db", Killing(), workers=2)

    captures = rows(
        folder, "SELECT id, reason, detail FROM captures WHERE warc = 'b.warc.gz' ORDER BY id"
    )
    assert [row["id"] for row in captures] == [id_of(n) for n in range(1, 100)]
    lost = [row for row in captures if row["reason"] in ("ended-process", "unexpected-error")]
    assert [(row["id"], row["reason"], row["detail"]) for row in lost] == [
        (id_of(30), "ended-process", ENDED.detail),
        (id_of(41), "ended-process", ENDED.detail),
        (id_of(42), "unexpected-error", "MemoryError"),
    ]


def _deep(depth: int = 0) -> int:
    return _deep(depth + 1)


class Odd(Exception):
    def __repr__(self) -> str:
        return "<Odd>"


def _raise(error: Exception) -> None:
    raise error


ERRORS: dict[str, tuple[Callable[[], object], str]] = {
    "recursion": (_deep, "RecursionError"),
    "memory": (lambda: _raise(MemoryError("at 0x7f00")), "MemoryError"),
    "encoding": (lambda: "\ud83d".encode(), "UnicodeEncodeError in test_faults.<lambda>: 'utf-8' codec can't encode"),
    "key": (lambda: {}["x"], "KeyError in test_faults.<lambda>: 'x'"),
    "object": (lambda: _raise(Odd(object())), "Odd in test_faults._raise: <object object at 0x…>"),
    "stop": (lambda: _raise(StopIteration(1)), "StopIteration in test_faults._raise: 1"),
    "not implemented": (lambda: _raise(NotImplementedError()), "NotImplementedError in test_faults._raise: "),
    "end of file": (lambda: _raise(EOFError("x" * 1000)), "EOFError in test_faults._raise: xxxx"),
}  # fmt: skip


@pytest.mark.parametrize("stage", ["parse", "content_of"])
@pytest.mark.parametrize(("error", "detail"), ERRORS.values(), ids=ERRORS)
def test_whatever_is_raised_for_an_exchange_is_its_failure(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    error: Callable[[], object],
    detail: str,
) -> None:
    original = getattr(observing, stage)

    def raising(exchange: object, *more: object) -> object:
        recorded = getattr(exchange, "recorded", exchange)
        if recorded.record_id == id_of(1):
            error()
        return original(exchange, *more)

    monkeypatch.setattr(observing, stage, raising)
    folder = archive_of(tmp_path, response(), response(number=2))

    indexed(folder)

    (failed, text), *_ = failures(folder)
    assert failed == "unexpected-error" and str(text).startswith(detail) and len(str(text)) <= 300


@pytest.mark.parametrize("stage", ["parse", "content_of"])
def test_an_order_to_stop_is_no_fault_of_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    def stop(*values: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(observing, stage, stop)
    folder = archive_of(tmp_path, response())

    with pytest.raises(KeyboardInterrupt):
        index(folder / "warc", folder / "archive.db", load())

    assert rows(folder, "SELECT * FROM captures") == []


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda data: b"", "the file is empty"),
    "garbage": (lambda data: b"garbage" * 1000, "the compressed data are damaged"),
    "plain": (gzip.decompress, "the compressed data are damaged"),
    "gzip of nothing": (lambda data: gzip.compress(b""), "there is no WARC header"),
    "gzip of garbage": (lambda data: gzip.compress(b"garbage\r\n\r\n"), "this is no WARC record"),
    "WARC/2.0": (lambda data: record("response", version=b"WARC/2.0"), "this is WARC/2.0"),
    "ARC": (lambda data: gzip.compress(b"filedesc://x 0.0.0.0 20260101000000 text/plain 0\r\n\r\n"), "this is no WARC record"),
    "all in one member": (lambda data: gzip.compress(gzip.decompress(data)), "several records are compressed as one"),
    "cut in the first record": (lambda data: data[:100], "there is no WARC header"),
    "zeros": (lambda data: bytes(100_000), "the compressed data are damaged"),
    "no length": (lambda data: record("response", Content_Length=None), "the record has no Content-Length"),
    "a negative length": (lambda data: record("response", Content_Length="-5"), "the record has no Content-Length"),
    "a length in words": (lambda data: record("response", Content_Length="1_0"), "the record has no Content-Length"),
    "a length too long": (lambda data: record("response", b"x", Content_Length="9" * 18), "shorter than its Content-Length"),
    "a length too short": (lambda data: record("response", b"xxx", Content_Length="1"), "does not end as it must"),
    "a head without end": (lambda data: gzip.compress(b"WARC/1.1\r\n" + b"A: b\r\n" * 400_000), "there is no WARC header"),
    "only begins of members": (lambda data: b"\x1f\x8b\x08" * 20_000, "there is no WARC header"),
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Runs a command on the archive, and gives what it prints."""

    def invoke(*words: str, code: int) -> str:
        done = CliRunner().invoke(cli, ["--archive", str(tmp_path), *words], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    yield invoke


@pytest.mark.parametrize(("damage", "wrong"), DAMAGED.values(), ids=DAMAGED)
def test_a_file_that_is_no_warc_file_costs_itself(
    tmp_path: Path, run: Callable[..., str], damage: Callable[[bytes], bytes], wrong: str
) -> None:
    archive_of(tmp_path)
    (tmp_path / "warc" / "b.warc.gz").write_bytes(damage(NEXT.read_bytes()))

    printed = run("index", code=3)

    (line,) = printed.splitlines()
    assert line.startswith("zhengwen: b.warc.gz could not be read") and wrong in line
    assert line.endswith(".") and str(tmp_path) not in line
    assert run("index", code=3) == printed, "it is said as long as it is so"
    assert wrong in run("status", code=3)
    (file,) = json.loads(run("status", "--json", code=3))["files"]
    assert file["name"] == "b.warc.gz" and wrong in file["wrong"]
    assert wrong in run("verify", code=3)
    indexed(tmp_path)
    assert rows(tmp_path, "SELECT records FROM warcs WHERE damage IS NOT NULL") == [{"records": 0}]

    (tmp_path / "warc" / "b.warc.gz").write_bytes(OURS + note(RUN))
    assert run("index", code=0) == "" and rows(tmp_path, "SELECT 1 FROM runs WHERE id = 'r'")


@pytest.mark.parametrize("place", ["response", "request", "metadata"])
@pytest.mark.parametrize("damage", ["cut", "flip", "checksum", "end"])
def test_damage_within_a_file_costs_its_record(
    tmp_path: Path, run: Callable[..., str], place: str, damage: str
) -> None:
    facts = {"role": "article", "platform": "thepaper"}
    belongs = {"WARC_Concurrent_To": f"<{id_of(1)}>"}
    members = {
        "response": response(),
        "request": record("request", b"GET / HTTP/1.1\r\n\r\n", number=2, **belongs),
        "metadata": note(facts, 3, **belongs),
    }
    bad = bytearray(members[place])
    if damage == "cut":
        del bad[-20:]
    else:
        bad[{"flip": 30, "checksum": -7, "end": -1}[damage]] ^= 0x11
    members[place] = bytes(bad)
    archive_of(tmp_path, note(RUN, 9), *members.values(), response(number=4))

    printed = run("index", code=3)

    assert (
        f"at {len(OURS + note(RUN, 9)) if place == 'response' else ''}" in printed
        and "restore" in printed
    )
    captures = rows(tmp_path, "SELECT id FROM captures WHERE warc = 'b.warc.gz' ORDER BY id")
    expected = [id_of(4)] if place == "response" else [id_of(1), id_of(4)]
    assert [row["id"] for row in captures] == expected
    run("verify", code=3)
    indexed(tmp_path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path.relative_to(Path.cwd())))


ODD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "folder": (lambda warcs: (warcs / "c.warc.gz").mkdir(), "it is a folder"),
    "named pipe": (lambda warcs: os.mkfifo(warcs / "c.warc.gz"), "it is a named pipe"),
    "socket": (lambda warcs: _socket(warcs / "c.warc.gz"), "it is a socket"),
    "device": (lambda warcs: (warcs / "c.warc.gz").symlink_to("/dev/zero"), "it is a device"),
    "dangling link": (lambda warcs: (warcs / "c.warc.gz").symlink_to("nowhere"), "it is a link that leads nowhere"),
    "link to itself": (lambda warcs: (warcs / "c.warc.gz").symlink_to("c.warc.gz"), "it is a link that leads nowhere"),
    "link to a pipe": (lambda warcs: (os.mkfifo(warcs.parent / "pipe"), (warcs / "c.warc.gz").symlink_to("../pipe")), "it is a named pipe"),
    "open folder": (lambda warcs: (warcs / "c.warc.gz.open").mkdir(), "it is a folder"),
    "open pipe": (lambda warcs: os.mkfifo(warcs / "c.warc.gz.open"), "it is a named pipe"),
    "name that is not UTF-8": (lambda warcs: Path(os.fsdecode(bytes(warcs) + b"/\xd6\xd0.warc.gz")).write_bytes(note(RUN)), "its name is not UTF-8"),
    "capitals": (lambda warcs: (warcs / "C.WARC.GZ").write_bytes(note(RUN)), "in small letters"),
    "not compressed": (lambda warcs: (warcs / "c.warc").write_bytes(b"WARC/1.1"), "only .warc.gz files are read"),
    "WACZ": (lambda warcs: (warcs / "c.WACZ").write_bytes(b"PK"), "only .warc.gz files are read"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "wrong"), ODD_FILES.values(), ids=ODD_FILES)
def test_what_is_no_warc_file_is_left_out_and_named(
    tmp_path: Path,
    run: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path], object],
    wrong: str,
) -> None:
    archive_of(tmp_path, note(RUN))
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "warc")

    printed = run("index", code=3)

    (line,) = printed.splitlines()
    assert "was left out: " in line and wrong in line and "; " in line
    assert wrong in run("status", code=3) and wrong in run("rebuild", code=3)
    (file,) = json.loads(run("status", "--json", code=3))["files"]
    assert wrong in file["wrong"]
    assert wrong in run("verify", code=3)
    indexed(tmp_path)


def test_a_file_that_shrinks_or_goes_while_it_is_read_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., str]
) -> None:
    original = observing.read
    for name, act in {
        "b.warc.gz": lambda path: path.write_bytes(b""),
        "c.warc.gz": lambda path: os.truncate(path, 150_000),
        "d.warc.gz": lambda path: path.unlink(),
    }.items():
        block = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + Random(7).randbytes(100_000)
        members = (
            record("response", block, number=n, WARC_Target_URI="https://x.example/1.png")
            for n in range(1, 9)
        )
        archive_of(tmp_path, *members, name=name)

        def reading(each: object, *more: object, name: str = name, act: object = act) -> object:
            path = tmp_path / "warc" / name
            if (
                getattr(each, "warc", "") == name
                and path.exists()
                and path.stat().st_size > 200_000
            ):
                act(path)  # type: ignore[operator]  # a function of a path
            return original(each, *more)  # type: ignore[arg-type]

        monkeypatch.setattr("archive.index.workers.read", reading)
        run("index", code=3)

    damaged = rows(tmp_path, "SELECT name FROM warcs WHERE damage IS NOT NULL ORDER BY name")
    assert {"b.warc.gz", "c.warc.gz"} <= {row["name"] for row in damaged}
    assert {row["name"] for row in rows(tmp_path, "SELECT name FROM warcs")} >= SOUND


def test_a_rebuild_keeps_what_a_damaged_file_lost(tmp_path: Path, run: Callable[..., str]) -> None:
    members = [response(), note(RUN, 2), note(RUN | {"id": "lost"}, 3)]
    archive_of(tmp_path, *members)
    run("index", code=0)
    archive_of(tmp_path, *members[:2], members[2][:-9])

    printed = run("rebuild", code=3)

    assert "archive.before-damage.db is the database before a rebuild" in printed
    assert not rows(tmp_path, "SELECT 1 FROM runs WHERE id = 'lost'")
    copy = tmp_path / "archive.before-damage.db"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT id FROM runs WHERE id = 'lost'").fetchall() == [("lost",)]
    before = copy.read_bytes()
    archive_of(tmp_path, members[0][:-9])
    run("rebuild", code=3)
    assert copy.read_bytes() == before
    archive_of(tmp_path, *members)
    copy.unlink()
    run("rebuild", code=0)
    assert not copy.exists() and rows(tmp_path, "SELECT 1 FROM runs WHERE id = 'lost'")
