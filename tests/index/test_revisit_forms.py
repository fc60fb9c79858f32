"""A revisit has its original, by whatever a program says of it, in any file of the archive and any order of the files."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from pathlib import Path

import pytest

from archive.index.indexer import index
from archive.platforms import load
from tests.warc.test_foreign_forms import ADDRESS, BODY, FIRST, HTTP, member

pytestmark = pytest.mark.slow  # tries many inputs

HEAD = HTTP[: -len(BODY)]
SHA1 = hashlib.sha1(BODY).digest()
DIGEST = "sha1:" + base64.b32encode(SHA1).decode()
SAME = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
ORIGINAL = member(number=1, WARC_Date=FIRST, WARC_Payload_Digest=DIGEST)
URI, DATE = "WARC_Refers_To_Target_URI", "WARC_Refers_To_Date"

REVISITS = {
    "by address and date": ({URI: ADDRESS, DATE: FIRST}, HEAD, "address"),
    "by a date of ARC": ({URI: ADDRESS, DATE: "20260101000000"}, HEAD, "address"),
    "by an address in brackets": ({URI: f"<{ADDRESS}>", DATE: FIRST}, HEAD, "address"),
    "by digest": ({"WARC_Payload_Digest": DIGEST}, HEAD, "payload"),
    "by digest in hexadecimal": ({"WARC_Payload_Digest": "SHA1:" + SHA1.hex()}, HEAD, "payload"),
    "by digest, of another date": (
        {"WARC_Payload_Digest": DIGEST, URI: ADDRESS, DATE: "2001-01-01T00:00:00Z"},
        HEAD,
        "payload",
    ),
    "without a block": ({"WARC_Payload_Digest": DIGEST, "Content_Type": None}, b"", "payload"),
    "not modified": (
        {"WARC_Profile": NOT_MODIFIED},
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        "before",
    ),
    "not modified, by address": (
        {"WARC_Profile": NOT_MODIFIED, URI: ADDRESS, DATE: FIRST},
        b"HTTP/1.1 304 Not Modified\r\nETag: 1\r\n\r\n",
        "address",
    ),
    "with the length of the page": (
        {"WARC_Payload_Digest": DIGEST},
        HEAD[:-2] + b"Content-Length: %d\r\n\r\n" % len(BODY),
        "payload",
    ),
    "with WARC-Truncated": (
        {"WARC_Payload_Digest": DIGEST, "WARC_Truncated": "length"},
        HEAD,
        "payload",
    ),
}


def archived(folder: Path, files: dict[str, bytes]) -> sqlite3.Connection:
    """The database of these files, each indexed before the next is there."""
    (folder / "warc").mkdir(parents=True)
    for name, data in files.items():
        (folder / "warc" / name).write_bytes(data)
        index(folder / "warc", folder / "archive.db", load())
    return sqlite3.connect(folder / "archive.db")


@pytest.mark.parametrize("is_first", [True, False], ids=["original first", "revisit first"])
@pytest.mark.parametrize(("fields", "block", "way"), REVISITS.values(), ids=REVISITS)
def test_a_revisit_has_its_original(
    tmp_path: Path, fields: dict[str, str | None], block: bytes, way: str, is_first: bool
) -> None:
    revisit = member("revisit", block, 5, **({"WARC_Profile": SAME} | fields))
    files = {"a.warc.gz": ORIGINAL, "b.warc.gz": revisit}
    db = archived(tmp_path, files if is_first else dict(reversed(files.items())))

    (row,) = db.execute("SELECT refers_to, refers_by FROM captures WHERE outcome = 'unchanged'")
    assert row == ("urn:uuid:00000000-0000-0000-0000-000000000001", way)
    assert db.execute("SELECT version_count, last_captured_at FROM articles").fetchall() == [
        (1, "2026-01-02T00:00:00Z")
    ]
    assert not db.execute("SELECT * FROM failures").fetchall()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {URI: ADDRESS, DATE: "2001-01-01T00:00:00Z"},
        {"WARC_Payload_Digest": "sha1:" + "A" * 32},
        {URI: "https://other.example/", DATE: FIRST},
        {"WARC_Payload_Digest": "md5:" + "0" * 32},
    ],
)
def test_one_without_an_original_says_so_and_proves_nothing(
    tmp_path: Path, fields: dict[str, str | None]
) -> None:
    revisit = member("revisit", HEAD, 5, **({"WARC_Profile": SAME} | fields))
    db = archived(tmp_path, {"a.warc.gz": ORIGINAL, "b.warc.gz": revisit})

    assert db.execute(
        "SELECT refers_to, refers_by FROM captures WHERE outcome = 'unchanged'"
    ).fetchall() == [(None, "missing")]
    assert db.execute(
        "SELECT status, version_count, last_captured_at FROM articles"
    ).fetchall() == [("live", 1, FIRST)]


def test_a_cut_answer_is_no_original(tmp_path: Path) -> None:
    cut = member(
        number=7,
        block=HTTP[:-300],
        WARC_Truncated="disconnect",
        WARC_Payload_Digest=DIGEST,
        WARC_Date="2026-01-01T12:00:00Z",
    )
    revisit = member("revisit", HEAD, 5, WARC_Profile=SAME, WARC_Payload_Digest=DIGEST)
    db = archived(tmp_path, {"a.warc.gz": ORIGINAL, "b.warc.gz": cut + revisit})

    (row,) = db.execute("SELECT refers_to FROM captures WHERE outcome = 'unchanged'")
    assert row[0].endswith("1")


@pytest.mark.parametrize("at", [FIRST, "2025-12-31T00:00:00Z", "2026-01-01"])
def test_a_version_is_proved_by_the_capture_with_the_payload(tmp_path: Path, at: str) -> None:
    revisit = member(
        "revisit", HEAD, 0, WARC_Date=at, WARC_Profile=SAME, WARC_Payload_Digest=DIGEST
    )
    db = archived(tmp_path, {"a.warc.gz": revisit, "b.warc.gz": ORIGINAL})

    (row,) = db.execute("SELECT capture FROM versions")
    assert row[0].endswith("1")
