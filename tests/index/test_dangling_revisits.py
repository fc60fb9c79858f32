"""Revisits whose original is not under the id that they name, and answers "not modified" that no revisit record holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from tests.index.test_revisits import (
    ADDRESS,
    DIGEST,
    FIRST,
    HEAD,
    PAGE,
    SECOND,
    THIRD,
    answer,
    captures,
    indexed,
    last_seen,
    revisit,
)
from tests.rigs.warc_records import id_of, record

pytestmark = pytest.mark.slow
ABSENT = id_of(77)
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\n\r\n"
EMPTY = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
URI, DATE = "WARC_Refers_To_Target_URI", "WARC_Refers_To_Date"
DANGLING = {
    "address": ({URI: ADDRESS, DATE: FIRST}, HEAD, "address"),
    "address without seconds": ({URI: f"<{ADDRESS}>", DATE: "2031-03-01T00:00Z"}, HEAD, "address"),
    "payload": ({"WARC_Payload_Digest": DIGEST}, HEAD, "payload"),
    "other time": (
        {URI: ADDRESS, DATE: "2001-01-01T00:00:00Z", "WARC_Payload_Digest": DIGEST},
        HEAD,
        "payload",
    ),
    "not modified": ({}, NOT_MODIFIED, "before"),
    "nothing": ({}, HEAD, None),
    "other payload": ({"WARC_Payload_Digest": "sha1:" + "A" * 32}, HEAD, None),
}  # fmt: skip
PLAIN = {
    "bare": (NOT_MODIFIED, {}),
    "entity tag": (b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nDate: x\r\n\r\n', {}),
    "length of the page": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7000\r\n\r\n", {}),
    "chunked": (b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", {}),
    "location": (b"HTTP/1.1 304 Not Modified\r\nLocation: /elsewhere\r\n\r\n", {}),
    "digest of nothing": (NOT_MODIFIED, {"WARC_Payload_Digest": EMPTY}),
    "HTTP/2": (b"HTTP/2 304\r\netag: 1\r\n\r\n", {}),
}


def rows(folder: Path) -> list[tuple[object, ...]]:
    with Archive(folder) as archive:
        return archive.connection.execute(
            "SELECT id, outcome, refers_to, refers_by, refers_to_id FROM captures ORDER BY id"
        ).fetchall()


def failures(folder: Path) -> int:
    with Archive(folder) as archive:
        count: int = archive.connection.execute("SELECT count(*) FROM failures").fetchone()[0]
        return count


@pytest.mark.parametrize("is_first", [True, False], ids=["original first", "revisit first"])
@pytest.mark.parametrize(("fields", "block", "way"), DANGLING.values(), ids=DANGLING)
def test_an_id_that_is_not_there_is_known_otherwise(
    tmp_path: Path, fields: dict[str, str], block: bytes, way: str | None, is_first: bool
) -> None:
    other = revisit(SECOND, 2, block, WARC_Refers_To=f"<{ABSENT}>", **fields)
    files = {"a": answer(FIRST, 1), "b": other}
    folder = indexed(tmp_path, **(files if is_first else dict(reversed(files.items()))))

    assert captures(folder) == {id_of(2): (id_of(1) if way else ABSENT, way)}
    assert last_seen(folder) == [(SECOND if way else FIRST, 1, "live")]
    live = rows(folder)
    with Archive(folder) as archive:
        archive.rebuild()
    assert rows(folder) == live


def test_the_record_that_is_named_goes_before_what_was_known_otherwise(tmp_path: Path) -> None:
    other = revisit(THIRD, 2, WARC_Refers_To=f"<{ABSENT}>", WARC_Payload_Digest=DIGEST)
    folder = indexed(tmp_path, a=other, b=answer(SECOND, 1))
    assert captures(folder) == {id_of(2): (id_of(1), "payload")}

    indexed(tmp_path, c=answer(FIRST, 77))

    live = rows(folder)
    assert (id_of(2), "unchanged", ABSENT, None, None) in live
    with Archive(folder) as archive:
        archive.rebuild()
    assert rows(folder) == live


def test_a_copy_of_a_revisit_is_no_second_capture(tmp_path: Path) -> None:
    """Its original is known by the time the copy comes."""
    named = revisit(SECOND, 2, WARC_Refers_To=f"<{ABSENT}>", WARC_Payload_Digest=DIGEST)
    nameless = revisit(THIRD, 3, WARC_Payload_Digest=DIGEST)
    folder = indexed(tmp_path, a=answer(FIRST, 1), b=named + nameless, c=named + nameless)

    assert captures(folder) == {id_of(2): (id_of(1), "payload"), id_of(3): (id_of(1), "payload")}


@pytest.mark.parametrize(("block", "fields"), PLAIN.values(), ids=PLAIN)
def test_a_plain_answer_not_modified_is_evidence_of_what_was_sent_last(
    tmp_path: Path, block: bytes, fields: dict[str, str]
) -> None:
    plain = record("response", block, number=2, WARC_Target_URI=ADDRESS, WARC_Date=SECOND, **fields)
    folder = indexed(tmp_path, a=answer(FIRST, 1), b=plain)

    assert captures(folder) == {id_of(2): (id_of(1), "before")}
    assert last_seen(folder) == [(SECOND, 1, "live")]
    assert not failures(folder)


def test_one_without_a_page_before_it_proves_nothing(tmp_path: Path) -> None:
    plain = record("response", NOT_MODIFIED, number=2, WARC_Target_URI=ADDRESS, WARC_Date=FIRST)
    folder = indexed(tmp_path, a=plain, b=answer(SECOND, 1))

    assert captures(folder) == {id_of(2): (None, "missing")}
    assert last_seen(folder) == [(SECOND, 1, "live")]
    assert not failures(folder)


def test_one_behind_an_edit_is_of_the_edited_page(tmp_path: Path) -> None:
    edited = PAGE.replace("会议".encode(), "大会".encode())
    plain = record("response", NOT_MODIFIED, number=3, WARC_Target_URI=ADDRESS, WARC_Date=THIRD)
    folder = indexed(tmp_path, a=answer(FIRST, 1) + answer(SECOND, 2, page=edited) + plain)

    assert captures(folder) == {id_of(3): (id_of(2), "before")}
    assert last_seen(folder) == [(THIRD, 2, "changed")]
