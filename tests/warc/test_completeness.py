"""An answer is complete or cut by its own bytes: one that is cut proves nothing, and one that a tool stored without frames or coding is not taken for cut."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from pathlib import Path

import brotlicffi
import pytest
import zstandard

from archive.index.indexer import index
from archive.platforms import load
from tests.rigs.history import STORY, URL, page
from tests.rigs.warc_records import record

pytestmark = pytest.mark.slow  # tries many inputs

ADDRESS = URL.format(STORY.cont_id)
BODY = page(STORY).body
GZIP, BROTLI = gzip.compress(BODY, mtime=0), brotlicffi.compress(BODY)
ZLIB, ZSTD = zlib.compress(BODY), zstandard.ZstdCompressor().compress(BODY)
RAW = ZLIB[2:-4]  # what some servers call deflate
GET = b"GET / HTTP/1.1\r\nHost: www.thepaper.cn\r\n\r\n"


def message(
    body: bytes, *fields: str, length: int | None = None, status: str = "200 OK", end: str = "\r\n"
) -> bytes:
    """An answer with these header fields, and a Content-Length where one is given."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *fields]
    lines += [] if length is None else [f"Content-Length: {length}"]
    return "".join(f"{line}\r\n" for line in lines).encode() + end.encode() + body


def chunked(body: bytes, size: int = 700, last: bytes = b"0\r\n\r\n") -> bytes:
    """A body in chunk frames."""
    pieces = [body[place : place + size] for place in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + last


def half(body: bytes) -> bytes:
    """What a lost connection leaves."""
    return body[: len(body) // 2]


FRAMES = "Transfer-Encoding: chunked"
CUT = {
    "shorter than its length": (message(half(BODY), length=len(BODY)), "content-length"),
    "nothing of its length": (message(b"", length=len(BODY)), "content-length"),
    "one byte is missing": (message(BODY[:-1], length=len(BODY)), "content-length"),
    "a length that is repeated": (
        message(half(BODY), f"content-length:{len(BODY)}, {len(BODY)}", length=len(BODY)),
        "content-length",
    ),
    "a lone line feed": (
        b"HTTP/1.1 200 OK\nContent-Length: %d\n\n" % len(BODY) + half(BODY),
        "content-length",
    ),
    "no last chunk": (message(chunked(BODY, last=b""), FRAMES), "chunks"),
    "within a chunk": (message(half(chunked(BODY)), FRAMES), "chunks"),
    "within the size of the first chunk": (message(b"2b", FRAMES), "chunks"),
    "behind the size of the first chunk": (message(b"2bc\r\n", FRAMES), "chunks"),
    "no chunk at all": (message(b"", FRAMES), "chunks"),
    "a chunk size that is none": (message(chunked(BODY, last=b"xyz\r\n\r\n"), FRAMES), "chunks"),
    "gzip that ends early": (message(half(GZIP), "Content-Encoding: gzip"), "coding"),
    "gzip without its last bytes": (message(GZIP[:-4], "Content-Encoding: x-gzip"), "coding"),
    "gzip of a shorter length": (
        message(half(GZIP), "Content-Encoding: gzip", length=len(GZIP)),
        "coding",
    ),
    "gzip in complete chunks": (
        message(chunked(half(GZIP)), FRAMES, "Content-Encoding: gzip"),
        "coding",
    ),
    "gzip that is damaged": (
        message(half(GZIP) + b"\0" * 9 + half(GZIP), "Content-Encoding: gzip"),
        "coding",
    ),
    "gzip that no field declares": (message(half(GZIP)), "coding"),
    "deflate that ends early": (message(half(ZLIB), "Content-Encoding: deflate"), "coding"),
    "bare deflate that ends early": (message(half(RAW), "Content-Encoding: deflate"), "coding"),
    "br that ends early": (message(half(BROTLI), "Content-Encoding: br"), "coding"),
    "zstd that ends early": (message(half(ZSTD), "Content-Encoding: zstd"), "coding"),
    "undone, and shorter than when it was coded": (
        message(BODY[:200], "Content-Encoding: gzip", length=len(GZIP)),
        "content-length",
    ),
    "a head without its end": (message(b"", end=""), "head"),
    "a part": (
        message(half(BODY), "Content-Range: bytes 0-99/5000", status="206 Partial Content"),
        "range",
    ),
    "parts of no known place": (message(half(BODY), status="206 Partial Content"), "range"),
}
COMPLETE = {
    "of its length": message(BODY, length=len(BODY)),
    "of no length": message(BODY),
    "in chunks": message(chunked(BODY), FRAMES),
    "chunks, frames undone": message(BODY, FRAMES),
    "chunks of gzip, frames undone": message(GZIP, FRAMES, "Content-Encoding: gzip"),
    "chunks of gzip, both undone": message(BODY, FRAMES, "Content-Encoding: gzip"),
    "chunks, and a length that does not count": message(chunked(BODY), FRAMES, length=10**6),
    "gzip": message(GZIP, "Content-Encoding: gzip", length=len(GZIP)),
    "gzip, undone": message(BODY, "Content-Encoding: gzip", length=len(GZIP)),
    "gzip, undone, of no length": message(BODY, "Content-Encoding: gzip"),
    "gzip, with the length of the page": message(
        GZIP, "Content-Encoding: gzip", length=len(BODY)
    ),
    "gzip, undone and no longer declared": message(BODY, length=len(GZIP)),
    "gzip that no field declares": message(GZIP, length=len(GZIP)),
    "gzip, declared twice": message(GZIP, "Content-Encoding: gzip, gzip"),
    "gzip of gzip": message(gzip.compress(GZIP), "Content-Encoding: gzip, gzip"),
    "deflate": message(ZLIB, "Content-Encoding: deflate"),
    "bare deflate": message(RAW, "Content-Encoding: deflate"),
    "deflate, undone": message(BODY, "Content-Encoding: deflate", length=len(ZLIB)),
    "br": message(BROTLI, "Content-Encoding: br", length=len(BROTLI)),
    "br, undone": message(BODY, "Content-Encoding: br", length=len(BROTLI)),
    "zstd": message(ZSTD, "Content-Encoding: zstd"),
    "zstd, undone": message(BODY, "Content-Encoding: zstd", length=len(ZSTD)),
    "longer than its length": message(BODY + b"\n", length=len(BODY)),
    "lengths that contradict": message(BODY, "Content-Length: 5", length=10**6),
    "a length that is no number": message(BODY, "Content-Length: -1"),
    "a part that is all": message(
        BODY,
        f"Content-Range: bytes 0-{len(BODY) - 1}/{len(BODY)}",
        status="206 Partial Content",
    ),
}  # fmt: skip


def indexed(folder: Path, *members: bytes) -> sqlite3.Connection:
    """The database of an archive of these records."""
    (folder / "warc").mkdir()
    (folder / "warc" / "a.warc.gz").write_bytes(b"".join(members))
    index(folder / "warc", folder / "archive.db", load())
    return sqlite3.connect(folder / "archive.db")


def twice(second: bytes, **fields: str) -> list[bytes]:
    """The page, and a day later another answer."""
    sound = record("response", COMPLETE["of its length"], WARC_Target_URI=ADDRESS)
    later = {"WARC_Date": "2026-01-02T00:00:00Z", "WARC_Target_URI": ADDRESS} | fields
    return [sound, record("response", second, number=2, **later)]


@pytest.mark.parametrize(("block", "kind"), CUT.values(), ids=CUT)
def test_what_is_cut_is_no_version_and_no_absence(tmp_path: Path, block: bytes, kind: str) -> None:
    db = indexed(tmp_path, *twice(block))

    assert db.execute("SELECT status, version_count FROM articles").fetchall() == [("live", 1)]
    assert db.execute("SELECT outcome, reason FROM failures").fetchall() == [
        ("error", f"truncated-{kind}")
    ]
    assert db.execute("SELECT detail, truncated FROM captures WHERE reason NOT NULL").fetchone()[1]
    assert not db.execute("SELECT * FROM withdrawals").fetchall()


@pytest.mark.parametrize("block", COMPLETE.values(), ids=COMPLETE)
def test_what_is_complete_is_the_same_version(tmp_path: Path, block: bytes) -> None:
    db = indexed(tmp_path, *twice(block))

    assert not db.execute("SELECT reason, detail FROM failures").fetchall()
    assert db.execute(
        "SELECT status, version_count, last_captured_at FROM articles"
    ).fetchall() == [("live", 1, "2026-01-02T00:00:00Z")]


@pytest.mark.parametrize("word", ["length", "time", "disconnect", "unspecified", "Mine", ""])
def test_what_its_record_says_was_cut_proves_nothing(tmp_path: Path, word: str) -> None:
    db = indexed(tmp_path, *twice(message(half(BODY)), WARC_Truncated=word))

    assert db.execute("SELECT status, version_count FROM articles").fetchall() == [("live", 1)]
    assert db.execute("SELECT reason FROM failures").fetchall() == [
        (f"truncated-{word or 'unspecified'}",)
    ]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "TRACE", "CONNECT"])
def test_an_answer_to_no_question_for_the_page_proves_nothing(tmp_path: Path, method: str) -> None:
    request = record(
        "request",
        GET.replace(b"GET", method.encode()),
        number=3,
        WARC_Target_URI=ADDRESS,
        WARC_Concurrent_To="<urn:uuid:00000000-0000-0000-0000-000000000002>",
    )
    db = indexed(tmp_path, *twice(message(b"", length=9000), WARC_Type="response"), request)

    reasons = {row[0] for row in db.execute("SELECT outcome FROM captures WHERE method NOT NULL")}
    assert reasons == ({"other"} if method == "HEAD" else {"error"})
    assert db.execute("SELECT status, version_count FROM articles").fetchall() == [("live", 1)]


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_a_cut_refusal_is_no_withdrawal(tmp_path: Path, status: str) -> None:
    refusals = [
        record(
            "response",
            message(b"<html>gone", length=5000, status=status),
            number=day,
            WARC_Date=f"2026-01-{day:02d}T00:00:00Z",
            WARC_Target_URI=ADDRESS,
        )
        for day in range(3, 9)
    ]
    db = indexed(tmp_path, *twice(COMPLETE["gzip"]), *refusals)

    assert db.execute("SELECT status FROM articles").fetchall() == [("live",)]


@pytest.mark.parametrize(
    ("body", "fields", "is_stored"),
    [
        (b"\x89PNG" + bytes(200_000), ["Content-Length: 200004"], True),
        (b"\x89PNG" + bytes(200_000), ["Content-Length: 300000"], False),
        (chunked(b"\x89PNG" + bytes(200_000)), [FRAMES], True),
        (chunked(b"\x89PNG" + bytes(200_000), last=b""), [FRAMES], False),
        (b"\x89PNG" + bytes(200_000), [FRAMES], True),
        (b"\x89PNG" + bytes(200), ["Content-Length: 205"], False),
    ],
)
def test_a_picture_is_complete_or_not_by_all_of_its_bytes(
    tmp_path: Path, body: bytes, fields: list[str], is_stored: bool
) -> None:
    block = message(body, *fields).replace(b"text/html; charset=utf-8", b"image/png")
    db = indexed(
        tmp_path, record("response", block, WARC_Target_URI="https://imgpai.thepaper.cn/1.png")
    )

    (row,) = db.execute("SELECT outcome, truncated IS NULL FROM captures").fetchall()
    assert row == (("media", 1) if is_stored else ("error", 0))
