"""An exchange is joined from its records, taken apart once, and read into rows."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from archive.index.content_digest import content_digest
from archive.index.exchanges import Exchanges, Note
from archive.index.notes import NoteRows, of_note
from archive.index.observing import observe
from archive.index.parsing import parse
from archive.index.recorded import Recorded
from archive.index.workers import WORTH_WORKERS, count_for
from archive.model import Article
from archive.platforms import load
from archive.warc import http

ARTICLE = "https://www.thepaper.cn/newsDetail_forward_5701234"
PLATFORMS = load()


def answer(body: bytes = b"hello", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body


def recorded(url: str = ARTICLE, block: bytes = answer(), **more: object) -> Recorded:
    exchange = Recorded(
        record_id="urn:uuid:1",
        url=url,
        date="2026-01-01T00:00:00Z",
        warc="a.warc.gz",
        offset=7,
        length=9,
        block=block,
    )
    return replace(exchange, **more)  # type: ignore[arg-type]  # fields of Recorded


@pytest.mark.parametrize(
    ("exchange", "role", "platform", "address"),
    [
        (recorded(), "article", "thepaper", "5701234"),
        (recorded("https://www.thepaper.cn/gov_44871"), "account", "thepaper", "44871"),
        (recorded("https://www.thepaper.cn/robots.txt"), "robots", "thepaper", None),
        (recorded("https://www.nobody.example/x"), None, None, None),
        (recorded("https://x.example/1", is_file=True), "media", None, None),
        (recorded("https://x.example/1", facts={"platform": "sina"}), None, "sina", None),
        (recorded(facts={"role": "listing"}), "listing", "thepaper", None),
        (recorded(facts={"role": "article"}), "article", "thepaper", "5701234"),
        (recorded("https://[x/", facts={"role": "article"}), "article", None, None),
    ],
)
def test_the_platform_the_address_and_the_role_of_an_exchange(
    exchange: Recorded, role: str | None, platform: str | None, address: str | None
) -> None:
    parsed = parse(exchange, PLATFORMS)

    assert parsed.role == role
    assert getattr(parsed.platform, "name", None) == platform
    assert getattr(parsed.address, "id", None) == address


def test_a_page_is_without_frames_and_coding_and_a_file_as_it_came() -> None:
    packed = gzip.compress(b"hello")
    framed = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    block = answer(framed, Transfer_Encoding="chunked", Content_Encoding="gzip")
    request = b"POST /x HTTP/1.1\r\nHost: x\r\n\r\nquestion"

    page = parse(recorded(block=block, request=request), PLATFORMS).page
    file = parse(recorded(block=block, facts={"role": "media"}), PLATFORMS).page

    assert (page.body, page.request_body, page.status) == (b"hello", b"question", 200)
    assert file.body == packed


def test_a_capture_names_its_record_and_has_the_facts_of_the_crawl() -> None:
    facts = {"role": "article", "run": "r", "account_id": "44871", "account": ["no text"]}
    rows = observe(recorded(block=answer(ETag='"1"'), facts=facts), PLATFORMS, "producer")

    capture = rows.capture
    assert (capture.warc, capture.offset, capture.length) == ("a.warc.gz", 7, 9)
    assert (capture.run, capture.account_id, capture.account) == ("r", "44871", None)
    assert (capture.article_id, capture.etag, capture.status) == ("thepaper-5701234", '"1"', 200)
    assert rows.failure and rows.failure.outcome == capture.outcome == "unreadable"
    assert rows.failure.id == capture.id and rows.version is None and rows.links == ()


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({"is_revisit": True}, "unchanged"),
        ({"truncated": "length"}, "error"),
        ({"block": b"HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\n"}, "redirect"),
        ({"block": b"HTTP/1.1 404 Not Found\r\n\r\n"}, "not-found"),
        ({"block": b"HTTP/1.1 500 Oh\r\n\r\n", "url": "https://x.example/1"}, "error"),
        ({"url": "https://x.example/1"}, "other"),
        ({"block": b""}, "unreadable"),
    ],
)
def test_the_outcome_of_an_answer(more: dict[str, object], outcome: str) -> None:
    assert observe(replace(recorded(), **more), PLATFORMS, "x").capture.outcome == outcome  # type: ignore[arg-type]


def test_white_space_and_pictures_make_no_version() -> None:
    article = Article(
        platform="x", native_id="1", url="u", title="标题", text="第一段。\n第二段。", author="张"
    )

    same = replace(article, text="第一段。第二 段。\u200b", account="other", rules="other")
    other = replace(article, text="第一段。第二段！")

    assert content_digest(same) == content_digest(article) != content_digest(other)


def test_requests_and_facts_join_their_response_in_either_order(tmp_path: Path) -> None:
    def record(kind: str, block: bytes, target: str = ARTICLE, **headers: str) -> bytes:
        fields = {
            "WARC-Type": kind,
            "WARC-Record-ID": f"<urn:uuid:{uuid4()}>",
            "WARC-Date": "2026-01-01T00:00:00Z",
            "WARC-Target-URI": target,
            "Content-Type": "application/http" if kind != "metadata" else "application/json",
            "Content-Length": str(len(block)),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return gzip.compress(f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n")

    ours, theirs = "<urn:uuid:ours>", "https://other.example/"
    file = tmp_path / "a.warc.gz"
    file.write_bytes(
        record("warcinfo", b"software: Zhengwen/0\r\n", WARC_Record_ID="<urn:uuid:info>")
        + record("response", answer(), WARC_Record_ID=ours)
        + record("request", b"GET /ours HTTP/1.1\r\n\r\n", WARC_Concurrent_To=ours)
        + record("metadata", b'{"role": "article"}', WARC_Concurrent_To=ours)
        + record("metadata", b'{"kind": "run", "id": "r"}')
        + record("request", b"GET /theirs HTTP/1.1\r\n\r\n", theirs)
        + record("response", answer(), theirs)
    )

    exchanges = Exchanges(file)
    taken = list(exchanges)
    first, second = (each for each in taken if isinstance(each, Recorded))

    assert (first.record_id, first.facts) == ("urn:uuid:ours", {"role": "article"})
    assert first.request.startswith(b"GET /ours") and second.request.startswith(b"GET /theirs")
    assert http.split(first.block)[1] == b"hello" and first.length > 0
    assert exchanges.count == 7
    notes = [of_note(each) for each in taken if isinstance(each, Note)]
    assert [note.run for note in notes if note.run] == [{"id": "r"}]
    assert exchanges.damage_in_words is None


def test_a_note_gives_the_row_of_its_kind() -> None:
    note = Note(record_id="urn:uuid:2", date="2026-01-01T00:00:00Z", warc="a", offset=3)
    coverage = {"run": "r", "platform": "p", "account_id": "7", "outcome": "new"}
    failure = {"kind": "failure", "url": "u", "outcome": "error", "reason": "no-answer"}

    facts = coverage | {"kind": "coverage", "colour": "red"}
    assert of_note(replace(note, facts=facts)) == NoteRows(
        coverage={**coverage, "at": note.date, "record": note.record_id}  # type: ignore[typeddict-item]  # its words are text here
    )
    row = of_note(replace(note, facts=failure)).failure
    assert row and (row.id, row.failed_at, row.offset, row.detail) == (
        "urn:uuid:2",
        note.date,
        3,
        None,
    )
    assert of_note(note) == of_note(replace(note, facts={"kind": "colour"})) == NoteRows()


@pytest.mark.parametrize(
    ("facts", "detail"),
    [
        ({"kind": "run"}, "id: no value that can be stored"),
        ({"kind": "run", "id": {"a": 1}}, "id: no value that can be stored"),
        ({"kind": "coverage", "run": "r"}, "platform, account_id, outcome: no value that can be stored"),
        ({"kind": "coverage", "run": ["r"], "platform": "p", "account_id": "", "outcome": "new"}, "run, account_id: no value that can be stored"),
        ({"kind": "failure", "url": 1, "outcome": "error", "reason": "x"}, "url, outcome or reason is no text"),
        ({"kind": ["run"]}, "kind is no text"),
        ({"kind": {"run": 1}, "id": "x"}, "kind is no text"),
    ],
)  # fmt: skip
def test_a_note_without_what_must_be_there_is_a_failure(
    facts: dict[str, object], detail: str
) -> None:
    note = Note(record_id="urn:uuid:2", date="2026-01-01T00:00:00Z", warc="a", offset=3)

    rows = of_note(replace(note, facts=facts))

    assert (rows.run, rows.coverage) == (None, None)
    assert rows.failure and (rows.failure.reason, rows.failure.detail) == (
        "unreadable-note",
        detail,
    )


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ([1], "a list"), ({"a": 1}, "an object"), (2**63, "a number beyond 64 bits"), (-(10**400), "a number beyond 64 bits"),
        (float("inf"), "inf"), (float("nan"), "nan"), (1.5, "1.5"), ("many", "'many'"), ("\ud83d", "'\ufffd'"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_stored_is_null_and_its_note_a_failure(
    value: object, wrong: str
) -> None:
    note = Note(record_id="urn:uuid:2", date="2026-01-01T00:00:00Z", warc="a", offset=3)
    facts = {"kind": "coverage", "run": "r", "platform": "p", "account_id": "7", "outcome": "new"}

    rows = of_note(replace(note, facts=facts | {"listed": value}))

    assert rows.coverage and rows.failure
    assert (rows.failure.reason, rows.failure.detail) == ("unreadable-note", f"listed is {wrong}")


def test_processes_are_started_where_there_is_enough_to_read() -> None:
    assert count_for(WORTH_WORKERS - 1, None) == 1
    assert count_for(WORTH_WORKERS, None) >= 1
    assert (count_for(0, 3), count_for(10**12, 0)) == (3, 1)
