"""One page of The Paper as many programs would store it: the same article, or a reason by name; never nothing."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest

from archive.index.indexer import index
from archive.platforms import load
from tests.rigs.history import STORY, URL, page

pytestmark = pytest.mark.slow  # tries many inputs

ADDRESS = URL.format(STORY.cont_id)
BODY = page(STORY).body
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + BODY
GET = b"GET /newsDetail_forward_5700001 HTTP/1.1\r\nHost: www.thepaper.cn\r\n\r\n"
FIRST, DAY = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def member(
    kind: str = "response",
    block: bytes = HTTP,
    number: int = 2,
    *,
    version: str = "WARC/1.0",
    line: str = "\r\n",
    end: bytes = b"\r\n\r\n",
    extra: str = "",
    **fields: str | None,
) -> bytes:
    """A record in a gzip member, a day after our own capture of the page. A field that is None is left out."""
    given: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{UUID(int=number)}>",
        "WARC-Date": DAY,
        "WARC-Target-URI": ADDRESS,
        "Content-Type": f"application/http; msgtype={kind}",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}{line}" for name, value in given.items() if value is not None)
    head = f"{version}{line}{extra}{lines}{line}".encode()
    return gzip.compress(head + block + end, 1, mtime=0)


def status(text: str) -> bytes:
    return HTTP.replace(b"HTTP/1.1 200 OK", text.encode())


FORMS = {
    "WARC 0.17": member(version="WARC/0.17"),
    "WARC 0.18": member(version="WARC/0.18"),
    "WARC 1.1": member(version="WARC/1.1"),
    "line feeds alone": member(line="\n", end=b"\n\n"),
    "line feeds in the head": member(line="\n"),
    "a folded field": member(WARC_Target_URI=f"\r\n  {ADDRESS}"),
    "a field folded by a tab": member(Content_Type="application/http;\r\n\tmsgtype=response"),
    "fields in small letters": member(
        WARC_Date=None, WARC_Target_URI=None, extra=f"warc-date: {DAY}\r\nwarc-target-uri:{ADDRESS}\r\n"
    ),
    "a type in capitals": member(WARC_Type="Response"),
    "Application/HTTP": member(Content_Type="Application/HTTP; msgtype=response"),
    "application/http alone": member(Content_Type="application/http"),
    "no content type": member(Content_Type=None),
    "message/http": member(Content_Type="message/http"),
    "an address in angle brackets": member(WARC_Target_URI=f"<{ADDRESS}>"),
    "a resource": member("resource", BODY, Content_Type="text/html; charset=utf-8"),
    "a resource of no charset": member("resource", BODY, Content_Type="text/html"),
    "a response without a head": member(block=BODY, Content_Type="text/html"),
    "HTTP/2": member(block=status("HTTP/2 200")),
    "HTTP/2.0": member(block=status("HTTP/2.0 200 OK")),
    "HTTP/3": member(block=status("HTTP/3 200 ")),
    "h2": member(block=status("h2 200"), Content_Type="application/http"),
    "a pseudo field": member(block=status(":status: 200")),
    "no reason phrase": member(block=status("HTTP/1.1 200")),
    "a reason in Chinese": member(block=status("HTTP/1.0 200 正常")),
    "line feeds in the answer": member(block=HTTP.replace(b"\r\n", b"\n", 3)),
    "no record id": member(WARC_Record_ID=None),
    "an id without brackets": member(WARC_Record_ID="urn:uuid:7"),
    "an id that is no UUID": member(WARC_Record_ID="<https://archive.example/1>"),
    "the id of another record": member(number=1),
    "unknown fields": member(WARC_Source_URI="x", WARC_JSON_Metadata="{}", X_Crawler="y"),
    "a page id": member(WARC_Page_ID="1", WARC_Resource_Type="document"),
    "a digest in hexadecimal": member(WARC_Payload_Digest="sha256:" + hashlib.sha256(BODY).hexdigest()),
    "a date with nine digits": member(WARC_Date="2026-01-02T00:00:00.000000000Z"),
    "a date with a zone": member(WARC_Date="2026-01-02T08:00:00+08:00"),
    "a date without a zone": member(WARC_Date="2026-01-02T00:00:00"),
    "a day": member(WARC_Date="2026-01-02"),
    "a date of ARC": member(WARC_Date="20260102000000"),
    "a date in small letters": member(WARC_Date="2026-01-02t00:00:00z"),
    "a revisit with the payload in it": member(
        "revisit", WARC_Profile="http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    ),
    "a request before it": member("request", GET, 3) + member(),
    "a request behind it": member() + member("request", GET, 3),
    "the answer names the request": member("request", GET, 3)
    + member(WARC_Concurrent_To=f"<urn:uuid:{UUID(int=3)}>"),
    "the request names the answer": member("request", GET, 3, WARC_Concurrent_To=f"<urn:uuid:{UUID(int=2)}>")
    + member(),
    "named twice": member()
    + member(
        "request", GET, 3,
        extra=f"WARC-Concurrent-To: <urn:uuid:{UUID(int=2)}>\r\nWARC-Concurrent-To: <urn:uuid:9>\r\n",
    ),
    "notes of another program": member()
    + member("metadata", b'{"kind": "coverage", "role": "listing"}', 3, Content_Type="application/json"),
    "a run of another program": member("metadata", b'{"kind": "run", "id": 5}', 3, Content_Type="application/json")
    + member(),
    "facts of another program": member()
    + member(
        "metadata", b'{"role": ["x"], "platform": 7}', 3, Content_Type="application/json",
        WARC_Concurrent_To=f"<urn:uuid:{UUID(int=2)}>",
    ),
}  # fmt: skip

# What is not read, and the word by which it is counted or stored.
REASONS = {
    "a converted copy": (member("conversion", BODY, Content_Type="text/html"), "converted copy"),
    "a continuation": (member("continuation", BODY), "continuation"),
    "a page dump": (
        member("resource", BODY, WARC_Target_URI=f"urn:text:{ADDRESS}", Content_Type="text/html"),
        "no address of the web",
    ),
    "an address of a name": (
        member(block=b"20260101\nexample", WARC_Target_URI="dns:x", Content_Type="text/dns"),
        "no address of the web",
    ),
    "a type that is none": (member("screenshot"), "type that WARC does not have"),
    "a request alone": (member("request", GET), "request without its answer"),
    "no date": (member(WARC_Date=None), "no-date"),
    "a date that is none": (member(WARC_Date="yesterday"), "no-date"),
    "a first segment": (member(WARC_Segment_Number="1"), "truncated-segments"),
    "WARC 0.9": (member(version="WARC/0.9"), "this is WARC/0.9"),
    "two records in a member": (
        gzip.compress(gzip.decompress(member()) * 2),
        "several records are compressed as one",
    ),
    "no length": (member(Content_Length=None), "the record has no Content-Length"),
}


def indexed(folder: Path, *members: bytes) -> sqlite3.Connection:
    """The database of our own capture of the page, and of a file of another program."""
    (folder / "warc").mkdir()
    (folder / "warc" / "a.warc.gz").write_bytes(member(number=1, WARC_Date=FIRST))
    (folder / "warc" / "b.warc.gz").write_bytes(b"".join(members))
    index(folder / "warc", folder / "archive.db", load())
    db = sqlite3.connect(folder / "archive.db")
    assert not db.execute("SELECT id FROM runs").fetchall()
    return db


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_foreign_form_is_the_same_article(tmp_path: Path, form: bytes) -> None:
    db = indexed(tmp_path, form)

    rows = db.execute("SELECT title, status, version_count, last_captured_at FROM articles")
    ((title, state, versions, last),) = rows.fetchall()
    assert (title, state, versions, last[:19]) == (STORY.title, "live", 1, DAY[:19])
    assert db.execute("SELECT count(*) FROM captures").fetchone() == (2,)
    assert not db.execute("SELECT reason, detail FROM failures").fetchall()


@pytest.mark.parametrize(("form", "reason"), REASONS.values(), ids=REASONS)
def test_what_is_not_read_has_a_reason(tmp_path: Path, form: bytes, reason: str) -> None:
    db = indexed(tmp_path, form)

    words = db.execute(
        "SELECT coalesce(damage, '') || coalesce(unused, '') FROM warcs WHERE name = 'b.warc.gz'"
        " UNION ALL SELECT reason FROM failures"
    ).fetchall()
    assert any(reason in word for (word,) in words), words
    assert db.execute("SELECT status, version_count FROM articles").fetchall() == [("live", 1)]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_request_is_joined_whoever_names_whom(tmp_path: Path, method: str) -> None:
    asked = member("request", GET.replace(b"GET", method.encode()), 3)
    db = indexed(tmp_path, asked, member())

    assert db.execute("SELECT method FROM captures ORDER BY captured_at").fetchall()[1] == (method,)


def segments(*parts: bytes, numbers: list[int], total: int | None = None) -> list[bytes]:
    """A response in several parts."""
    origin = f"<urn:uuid:{UUID(int=2)}>"
    whose = {"WARC_Segment_Origin_ID": origin, "Content_Type": None}
    last = str(len(HTTP) if total is None else total)
    rest = [
        member(
            "continuation",
            part,
            10 + number,
            WARC_Segment_Number=str(number),
            WARC_Segment_Total_Length=last if part is parts[-1] else None,
            **whose,
        )
        for number, part in zip(numbers, parts[1:], strict=True)
    ]
    return [member(block=parts[0], WARC_Segment_Number="1"), *rest]


@pytest.mark.parametrize("cuts", [[300], [20, 300], [1, 2, 3], [len(HTTP) - 1], [300, 301]])
@pytest.mark.parametrize("is_reversed", [False, True])
def test_segments_are_joined(tmp_path: Path, cuts: list[int], is_reversed: bool) -> None:
    ends = [*cuts, len(HTTP)]
    parts = [HTTP[start:end] for start, end in zip([0, *cuts], ends, strict=True)]
    first, *rest = segments(*parts, numbers=list(range(2, len(parts) + 1)))
    db = indexed(tmp_path, first, *(reversed(rest) if is_reversed else rest))

    assert db.execute("SELECT version_count, last_captured_at FROM articles").fetchall() == [
        (1, DAY)
    ]
    assert not db.execute("SELECT reason FROM failures").fetchall()


@pytest.mark.parametrize(
    "members",
    [
        segments(HTTP[:300], numbers=[]),
        segments(HTTP[:300], HTTP[300:], numbers=[3]),
        segments(HTTP[:300], HTTP[300:], numbers=[2], total=5),
        segments(HTTP[:300], HTTP[300:400], HTTP[400:], numbers=[2, 3])[:2],
        segments(HTTP[:300], HTTP[300:-9], numbers=[2]),
    ],
)
def test_segments_that_are_not_all_there_prove_nothing(
    tmp_path: Path, members: list[bytes]
) -> None:
    db = indexed(tmp_path, *members)

    assert db.execute("SELECT reason FROM failures").fetchall() == [("truncated-segments",)]
    assert db.execute("SELECT version_count FROM articles").fetchall() == [(1,)]
