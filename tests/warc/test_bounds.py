"""Whatever a WARC file holds, it is read in bounded memory and time."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import WarcError
from archive.warc import http
from archive.warc.answers import answer
from archive.warc.fields import moment
from archive.warc.reader import records
from archive.warc.recovery import recover
from archive.warc.resuming import FALSE_STARTS, next_record
from tests.conftest import ROOT, rows
from tests.rigs.warc_records import ARTICLE, DATE, archive_of, id_of, note, record, response, vast

VAST = 704 * 2**20  # bytes, more than the process below may have
MEMORY = 640 * 2**20
SCRIPT = """
import sys
from archive import Archive
with Archive(sys.argv[1]) as archive:
    archive.index()
    findings = archive.verify(quick=True)
print(*findings, sep="\\n")
"""
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % VAST
URL = {"WARC_Target_URI": ARTICLE}


@pytest.mark.e2e
def test_vast_records_take_little_memory(tmp_path: Path) -> None:
    """Of each kind, one that grows a thousandfold: the process may have less memory than any of them takes."""
    members = [
        vast(b"", VAST, b"[", kind="metadata", Content_Type="application/json"),
        vast(b"GET / HTTP/1.1\r\n\r\n", VAST, b"x", kind="request", **URL),
        response(number=2),
        vast(HTML, VAST, b"x", WARC_Record_ID=f"<{id_of(3)}>"),
        vast(CHUNKED, VAST, b"x", WARC_Record_ID=f"<{id_of(4)}>"),
        vast(HTML[:17], VAST, b"A", WARC_Record_ID=f"<{id_of(5)}>"),
        vast(HTML, 0, b"", end=b"\r\n\r\n" + b"\0" * VAST, WARC_Record_ID=f"<{id_of(6)}>"),
        note({"kind": "run", "id": "after"}, 7),
    ]
    folder = archive_of(tmp_path, *members)

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )

    assert done.returncode == 0, done.stderr
    failures = rows(folder, "SELECT id, reason FROM failures WHERE warc = 'b.warc.gz' ORDER BY id")
    assert [(row["id"], row["reason"]) for row in failures] == [
        (id_of(1), "too-large-record"),
        (id_of(2), "too-large-record"),
        (id_of(3), "truncated-length"),
        (id_of(4), "truncated-length"),
        (id_of(5), "truncated-length"),
    ]
    (damage,) = rows(folder, "SELECT damage FROM warcs WHERE damage IS NOT NULL")
    assert "the record does not end as it must" in str(damage["damage"])
    assert rows(folder, "SELECT 1 FROM runs WHERE id = 'after'")
    assert "the record does not end as it must" in done.stdout and "MemoryError" not in done.stdout


@pytest.mark.parametrize(
    "length", ["-5", "+5", "5.0", "0x5", "1_0", "５", "", " ", "five", "5 5", "9" * 400]
)
def test_a_length_that_is_no_number_is_damage(tmp_path: Path, length: str) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(record("response", b"hello", Content_Length=length))

    with pytest.raises(WarcError, match="no Content-Length"):
        list(records(path))


@pytest.mark.parametrize(
    "junk",
    [b"", b"x", b"\x1f\x8b", b"\x1f\x8b\x08", b"\x1f\x8b\x08" * 900, b"\0" * 200_000, os.urandom(65_535)],
    ids=len,
)  # fmt: skip
def test_the_next_record_is_found_behind_any_junk(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    for lead in (0, 1, 65_534, 65_536):
        path.write_bytes(b"\0" * lead + junk + note({}))

        assert next_record(path, 0) == lead + len(junk)


def test_the_search_for_a_record_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"\x1f\x8b\x08" * (FALSE_STARTS + 1) + note({}))

    assert next_record(path, 0) is None
    assert next_record(tmp_path / "nowhere", 0) is None


def test_a_date_is_the_same_when_it_is_read_again() -> None:
    for date in (DATE, "2016", "2016-03-05T08:30+08:00", "0999-12", "2016-03-01T00:00:00.5Z", "x"):
        assert moment(moment(date)) == moment(date)


def _pieces(data: bytes, choice: random.Random) -> Iterator[bytes]:
    while data:
        size = choice.randint(1, 30)
        yield data[:size]
        data = data[size:]


@pytest.mark.parametrize("seed", range(5))
def test_chunk_frames_are_removed_piece_by_piece_as_they_are_at_once(seed: int) -> None:
    choice = random.Random(seed)
    for _ in range(500):
        frames = bytearray()
        for _ in range(choice.randint(0, 4)):
            data = choice.randbytes(choice.randint(1, 40))
            frames += b"%x\r\n" % len(data) + data + b"\r\n"
        frames += b"0\r\n\r\n"
        for _ in range(choice.randint(0, 3)):
            place = choice.randrange(len(frames) + 1)
            frames[place : place + choice.randint(0, 3)] = choice.choice(
                [b"", b"\n", b"\r\n", b"a;", b"0"]
            )
        at_once = http.dechunk(bytes(frames))
        chunks = http.Dechunking()
        plain = b"".join(map(chunks.add, _pieces(bytes(frames), choice)))

        body = plain if plain or chunks.complete else bytes(frames)
        assert (body, chunks.complete) == (at_once.body, at_once.complete), bytes(frames)


def test_a_body_of_endless_chunks_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_CHUNKS", 10)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for count, fault in ((9, None), (10, "too-large"), (1000, "too-large")):
        body = b"1\r\nx\r\n" * count + b"0\r\n\r\n"
        chunks = http.Dechunking()
        chunks.add(body)

        taken = answer(head + body)

        assert getattr(taken.fault, "reason", None) == fault
        assert (chunks.is_endless, chunks.complete) == (fault is not None, fault is None)


@pytest.mark.parametrize(
    "behind", [b"", b"x" * 10_000, b"\x1f\x8b\x08" * 20_000, b"\0" * 100_000, note({})[:-9]]
)
def test_an_open_file_is_mended_whatever_is_behind_its_last_record(
    tmp_path: Path, behind: bytes
) -> None:
    path = tmp_path / "a.warc.gz.open"
    path.write_bytes(note({}) + behind)

    (recovered,) = recover(tmp_path)

    assert (recovered.records, recovered.cut, recovered.aside) == (1, len(behind), None)
    assert recovered.path.read_bytes() == note({})
