"""Revisits of other programs, which name their original by address and time, by the digest of its payload, or not at all."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import pytest

from archive import Archive
from tests.rigs.history import STORY, URL
from tests.rigs.warc_records import id_of, record
from tests.standin.pages import next_page

ADDRESS = URL.format(STORY.cont_id)
PAGE = next_page(STORY)
DIGEST = f"sha1:{hashlib.sha1(PAGE, usedforsecurity=False).hexdigest()}"
FIRST, SECOND, THIRD = "2031-03-01T00:00:00Z", "2031-04-01T00:00:00Z", "2031-05-01T00:00:00Z"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


def answer(at: str, number: int, *, url: str = ADDRESS, page: bytes = PAGE) -> bytes:
    """A complete answer."""
    digest = f"sha1:{hashlib.sha1(page, usedforsecurity=False).hexdigest()}"
    return record(
        "response",
        HEAD + page,
        number=number,
        WARC_Target_URI=url,
        WARC_Date=at,
        WARC_Payload_Digest=digest,
    )


def revisit(at: str, number: int, block: bytes = HEAD, **fields: str | None) -> bytes:
    """A revisit of the article."""
    given = {"WARC_Target_URI": ADDRESS, "WARC_Date": at, "WARC_Profile": SAME, **fields}
    return record("revisit", block, number=number, **given)


def captures(folder: Path) -> dict[str, tuple[str | None, str | None]]:
    """What each revisit refers to, and how that is known."""
    with Archive(folder) as archive:
        rows = archive.connection.execute(
            "SELECT id, refers_to, refers_by FROM captures WHERE outcome = 'unchanged'"
        )
        return {row[0]: (row[1], row[2]) for row in rows}


def last_seen(folder: Path) -> list[tuple[str, int, str]]:
    """When each article was captured last, and how many versions and which status it has."""
    with Archive(folder) as archive:
        return archive.connection.execute(
            "SELECT last_captured_at, version_count, status FROM articles"
        ).fetchall()


def indexed(folder: Path, **files: bytes) -> Path:
    """An archive to which files are added, one after the other."""
    (folder / "warc").mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / "warc" / f"{name}.warc.gz").write_bytes(data)
        with Archive(folder) as archive:
            archive.index()
    return folder


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        ({"WARC_Refers_To_Target_URI": ADDRESS, "WARC_Refers_To_Date": FIRST}, "address"),
        ({"WARC_Refers_To_Target_URI": f"<{ADDRESS}>", "WARC_Refers_To_Date": FIRST}, "address"),
        ({"WARC_Payload_Digest": DIGEST}, "payload"),
        ({"WARC_Payload_Digest": DIGEST.upper()}, "payload"),
        ({"WARC_Refers_To_Target_URI": ADDRESS, "WARC_Payload_Digest": DIGEST}, "payload"),
        ({"block": b"HTTP/1.1 304 Not Modified\r\n\r\n"}, "before"),
        ({}, "missing"),
    ],
    ids=["address", "brackets", "payload", "spelling", "no time", "not modified", "nothing"],
)
def test_the_original_is_known_by_what_the_revisit_says(
    tmp_path: Path, fields: dict[str, str], way: str
) -> None:
    folder = indexed(tmp_path, a=answer(FIRST, 1) + revisit(SECOND, 2, **fields))

    original = None if way == "missing" else id_of(1)
    assert captures(folder) == {id_of(2): (original, way)}
    assert last_seen(folder) == [(FIRST if way == "missing" else SECOND, 1, "live")]


@pytest.mark.parametrize("order", list(itertools.permutations("abc")), ids="".join)
def test_the_order_of_files_does_not_matter(tmp_path: Path, order: tuple[str, ...]) -> None:
    files = {
        "a": answer(FIRST, 1),
        "b": revisit(THIRD, 2, WARC_Payload_Digest=DIGEST),
        "c": answer(SECOND, 3),
    }

    folder = indexed(tmp_path, **{name: files[name] for name in order})

    assert captures(folder) == {id_of(2): (id_of(3), "payload")}
    assert last_seen(folder) == [(THIRD, 1, "live")]
    with Archive(folder) as archive:
        archive.rebuild()
    assert captures(folder) == {id_of(2): (id_of(3), "payload")}


def test_the_own_address_goes_before_a_nearer_copy(tmp_path: Path) -> None:
    copy = answer(SECOND, 3, url=f"{ADDRESS}?from=copy")

    folder = indexed(
        tmp_path, a=answer(FIRST, 1) + copy + revisit(THIRD, 2, WARC_Payload_Digest=DIGEST)
    )

    assert captures(folder) == {id_of(2): (id_of(1), "payload")}


def test_a_revisit_is_no_original(tmp_path: Path) -> None:
    chain = revisit(SECOND, 2, WARC_Payload_Digest=DIGEST) + revisit(
        THIRD, 3, WARC_Refers_To_Target_URI=ADDRESS, WARC_Refers_To_Date=SECOND
    )

    folder = indexed(tmp_path, a=answer(FIRST, 1) + chain)

    assert captures(folder)[id_of(3)] == (None, "missing")


def test_an_edit_and_its_way_back_are_three_observations(tmp_path: Path) -> None:
    edited = next_page(STORY).replace("会议".encode(), "大会".encode())
    assert edited != PAGE

    folder = indexed(
        tmp_path,
        a=answer(FIRST, 1)
        + answer(SECOND, 2, page=edited)
        + revisit(THIRD, 3, WARC_Payload_Digest=DIGEST),
    )

    assert last_seen(folder) == [(THIRD, 2, "changed")]
    with Archive(folder) as archive:
        article = next(archive.articles())
        assert "大会" not in article.text
