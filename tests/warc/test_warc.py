"""WARC files are written so that nothing tears, read so that nothing is passed over, and mended after a kill."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from archive.errors import CaptureError, WarcError
from archive.warc.directory import warc_files
from archive.warc.exchange import Exchange
from archive.warc.reader import read_record, records
from archive.warc.recovery import recover, scan
from archive.warc.writer import WarcWriter
from tests.conftest import check, installed

START = datetime(2031, 3, 1, tzinfo=UTC)
BODY = "疫情就是命令。".encode() * 100


def exchange(number: int, body: bytes = BODY, **more: object) -> Exchange:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
    url = f"https://www.example.org/{number}"
    request = f"GET /{number} HTTP/1.1\r\nHost: www.example.org\r\n\r\n".encode()
    started = START + timedelta(seconds=number)
    return Exchange(
        url=url, started=started, request=request, response=BytesIO(head + body), **more
    )  # type: ignore[arg-type]


def writer(folder: Path, **more: object) -> WarcWriter:
    return WarcWriter(folder, prefix="TEST", info={"software": "test"}, **more)  # type: ignore[arg-type]


def fixed_ids() -> Callable[[], str]:
    """Record ids that are the same in each run, so that compressed records have the same sizes."""
    source = random.Random(0)
    return lambda: f"urn:uuid:{UUID(int=source.getrandbits(128))}"


def test_files_that_begin_in_one_millisecond_have_two_names(tmp_path: Path) -> None:
    for _ in range(2):
        out = writer(tmp_path, now=lambda: START)
        out.write_exchange(exchange(1), {})
        out.close()
    first, second = warc_files(tmp_path)
    assert first.name.startswith("TEST-20310301000000000-00000-")
    assert first.name[:-16] == second.name[:-16]
    for file in (first, second):
        warcinfo = next(iter(records(file)))
        assert warcinfo.id.rstrip(">")[-8:] == file.name.removesuffix(".warc.gz")[-8:]


def test_a_file_is_open_until_it_is_complete(tmp_path: Path) -> None:
    out = writer(tmp_path)
    assert list(tmp_path.iterdir()) == []
    out.write_exchange(exchange(1), {"role": "article"})
    assert [path.suffix for path in tmp_path.iterdir()] == [".open"]
    out.close()

    (file,) = warc_files(tmp_path)
    assert [record.type for record in records(file)] == [
        "warcinfo",
        "response",
        "request",
        "metadata",
    ]
    with pytest.raises(CaptureError, match="finished"):
        out.write_exchange(exchange(2), {})


def test_records_are_where_they_say(tmp_path: Path) -> None:
    out = writer(tmp_path)
    written = [out.write_exchange(exchange(n, BODY + bytes([n])), {"n": n}) for n in range(20)]
    out.close()

    (file,) = warc_files(tmp_path)
    for place in written:
        record = read_record(file, place.offset)
        assert (record.id, record.type) == (place.record_id, "response")
    ends = [(record.offset, record) for record in records(file)]
    assert sum(record.length for _, record in ends) == file.stat().st_size


def test_a_record_larger_than_what_is_read_at_once_is_read_to_its_end(tmp_path: Path) -> None:
    out, noise = writer(tmp_path), random.Random(1).randbytes(300_000)
    places = [out.write_exchange(exchange(n, BODY + noise), {"n": n}) for n in range(2)]
    out.close()

    (file,) = warc_files(tmp_path)
    for place in places:
        assert read_record(file, place.offset).read().endswith(noise)
        read_record(file, place.offset).finish()


@pytest.mark.e2e
def test_the_second_same_answer_is_a_revisit_that_names_the_first(tmp_path: Path) -> None:
    out = writer(tmp_path)
    first = out.write_exchange(exchange(1), {})
    again = exchange(1)
    again.started += timedelta(days=1)
    second = out.write_exchange(again, {})
    other_address = out.write_exchange(exchange(2), {})
    picture = [out.write_exchange(exchange(n, BODY * 2), {"role": "media"}) for n in (3, 4)]
    out.close()

    (file,) = warc_files(tmp_path)
    record = read_record(file, second.offset)
    assert record.type == "revisit"
    assert record.headers.get("WARC-Refers-To") == f"<{first.record_id}>"
    assert record.headers.get("WARC-Refers-To-Target-URI") == "https://www.example.org/1"
    assert record.headers.get("WARC-Refers-To-Date") == "2031-03-01T00:00:01.000000Z"
    assert not other_address.revisit and [place.revisit for place in picture] == [False, True]
    check(installed("warcio"), "check", str(file))


def test_an_answer_cut_short_is_never_an_original(tmp_path: Path) -> None:
    out = writer(tmp_path)
    out.write_exchange(exchange(1, truncated="disconnect"), {})
    assert not out.write_exchange(exchange(1), {}).revisit
    out.close()

    truncations = [
        record.headers.get("WARC-Truncated") for record in records(warc_files(tmp_path)[0])
    ]
    assert truncations.count("disconnect") == 1


def test_files_are_rotated_and_each_begins_with_warcinfo(tmp_path: Path) -> None:
    out = writer(tmp_path, max_size=2000)
    for n in range(10):
        out.write_exchange(exchange(n, bytes([n]) * 1000), {})
    out.close()

    files = warc_files(tmp_path)
    assert len(files) > 2
    assert {next(records(file)).type for file in files} == {"warcinfo"}
    assert sum(record.type == "response" for file in files for record in records(file)) == 10


def test_notes_name_no_address_that_a_replay_would_show_them_for(tmp_path: Path) -> None:
    out = writer(tmp_path)
    out.write_exchange(exchange(1), {"role": "article"})
    out.write_metadata({"kind": "failure", "url": "https://www.example.org/1"})
    out.close()

    notes = [record for record in records(warc_files(tmp_path)[0]) if record.type == "metadata"]
    assert len(notes) == 2 and not [note for note in notes if note.headers.get("WARC-Target-URI")]


def test_facts_are_json_next_to_the_exchange(tmp_path: Path) -> None:
    out = writer(tmp_path)
    place = out.write_exchange(
        exchange(1, excess=b"more"), {"role": "article", "account": "云溪发布"}
    )
    out.close()

    notes = [
        (record.concurrent_to, json.loads(record.read()))
        for record in records(warc_files(tmp_path)[0])
        if record.type == "metadata"
    ]
    assert notes == [
        (
            place.record_id,
            {"role": "article", "account": "云溪发布", "excess": "bW9yZQ==", "excess_bytes": "4"},
        )
    ]


@pytest.mark.e2e
@pytest.mark.parametrize("cut", [1, 2, 7, 50, 300, 700])
def test_a_torn_end_is_cut_and_nothing_else(cut: int, tmp_path: Path) -> None:
    out = writer(tmp_path, new_id=fixed_ids())  # a cut between two records is no tear
    places = [out.write_exchange(exchange(n), {}).offset for n in range(5)]
    (file,) = tmp_path.glob("*.open")
    data = file.read_bytes()
    if len(data) - cut in {record.offset for record in records(file)}:
        cut += 1  # between two records nothing is torn
    file.write_bytes(data[:-cut])
    with pytest.raises(WarcError, match="offset"):
        list(records(file))

    (mended,) = recover(tmp_path)

    assert mended.cut > 0 and not list(tmp_path.glob("*.open"))
    remaining = list(records(mended.path))
    assert len(remaining) == mended.records and scan(mended.path).error is None
    assert {places[0], places[3]} <= {record.offset for record in remaining}
    check("gzip", "-t", str(mended.path))
    check(installed("fastwarc"), "check", str(mended.path))


@pytest.mark.parametrize("lost", [1, 2])
def test_an_answer_without_its_request_or_facts_is_cut(lost: int, tmp_path: Path) -> None:
    out = writer(tmp_path)
    for n in range(3):
        out.write_exchange(exchange(n, os.urandom(2**21)), {"role": "media"})
    (file,) = tmp_path.glob("*.open")
    ends = [record.offset for record in records(file)]
    os.truncate(file, ends[-lost])

    (mended,) = recover(tmp_path)

    remaining = list(records(mended.path))
    assert [record.type for record in remaining] == [
        "warcinfo",
        *("response", "request", "metadata") * 2,
    ]
    assert mended.records == 7 and mended.cut > 2**21


def test_records_behind_damage_in_the_middle_are_put_aside(tmp_path: Path) -> None:
    out = writer(tmp_path)
    places = [out.write_exchange(exchange(n), {}).offset for n in range(5)]
    (file,) = tmp_path.glob("*.open")
    data = bytearray(file.read_bytes())
    data[places[2] + 30 : places[2] + 60] = bytes(30)
    file.write_bytes(data)

    (mended,) = recover(tmp_path)

    assert (
        mended.aside
        and mended.aside.read_bytes() == data[places[2] :]
        and mended.aside.name in str(mended)
    )
    assert mended.path.read_bytes() == data[: places[2]] and warc_files(tmp_path) == [mended.path]


@pytest.mark.parametrize("damage", [b"", b"not gzip at all", b"\x1f\x8b\x08\x00"])
def test_a_file_without_a_complete_record_goes(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "X.warc.gz.open").write_bytes(damage)

    (mended,) = recover(tmp_path)

    assert (mended.records, mended.cut) == (0, len(damage))
    assert list(tmp_path.iterdir()) == []


def test_a_flipped_byte_is_detected(tmp_path: Path) -> None:
    out = writer(tmp_path)
    for n in range(3):
        out.write_exchange(exchange(n), {})
    out.close()
    (file,) = warc_files(tmp_path)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x55
    file.write_bytes(data)

    with pytest.raises(WarcError, match=file.name):
        list(records(file))
