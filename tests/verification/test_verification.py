"""A sound archive has no finding; every kind of damage is detected, and located."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.database import fulltext
from archive.errors import UsageError
from archive.platforms import load
from archive.verification.archive import check_archive
from archive.verification.chain import check_chain
from archive.verification.finding import Finding
from archive.verification.rebuild import check_rebuild
from archive.verification.record_table import RecordTable
from archive.verification.records import check_files
from archive.warc import chaining, signing
from archive.warc.chain import links
from archive.warc.directory import warc_files
from archive.warc.reader import records
from archive.warc.recovery import recover
from archive.warc.writer import WarcWriter
from tests.conftest import ROOT
from tests.rigs.history import History, played

RUNS = ["0h ok listed", "1h ok", "1d edit", "2d tombstone", "3d tombstone", "9d ok"]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of six runs, with revisits, an edit and a withdrawal, in its chain."""
    folder = tmp_path_factory.mktemp("sound")
    played(folder, RUNS)
    chaining.extend(folder)
    return folder


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(sound, folder)
    return folder


def quick_findings(folder: Path) -> list[Finding]:
    return list(check_archive(folder, load(), quick=True))


def test_a_sound_archive_has_no_finding(sound: Path) -> None:
    assert list(check_archive(sound, load())) == []
    assert len(warc_files(sound / "warc")) == 6


def test_what_is_made_to_compare_rows_has_no_full_text_index(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody searches it, and it is a third of the work."""

    taken_in = []
    document = fulltext.document

    def noted(article: fulltext.Indexed) -> tuple[str, str]:
        taken_in.append(article.title)
        return document(article)

    monkeypatch.setattr(fulltext, "document", noted)
    assert list(check_rebuild(copy / "archive.db", copy / "warc", load())) == []
    with Archive(copy) as archive:
        assert archive.compare() == []
        assert not taken_in
        archive.rebuild()
    assert taken_in


def test_an_archive_that_is_not_searched_is_a_finding(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "archive.db")) as db, db:
        db.execute("INSERT INTO about VALUES (?, ?)", fulltext.LEFT_OUT)
    (finding,) = check_rebuild(copy / "archive.db", copy / "warc", load())
    assert finding.record == f"about {fulltext.LEFT_OUT[0]}"


def spans(path: Path) -> list[tuple[int, int]]:
    """Offset and length of each record."""
    starts = [record.offset for record in records(path)]
    return [
        (start, end - start)
        for start, end in zip(starts, [*starts[1:], path.stat().st_size], strict=True)
    ]


def rewritten(path: Path, change: Callable[[bytes], bytes], number: int) -> int:
    """Pack one record of a file anew after a change; returns its offset."""
    place = spans(path)[number]
    data = path.read_bytes()
    member = gzip.compress(change(gzip.decompress(data[place[0] : sum(place)])), mtime=0)
    path.write_bytes(data[: place[0]] + member + data[sum(place) :])
    return place[0]


def record_of(path: Path, kind: str) -> int:
    return next(
        number
        for number, record in enumerate(records(path))
        if record.type == kind and record.is_http | (kind == "metadata")
    )


def without(field: bytes) -> Callable[[bytes], bytes]:
    return lambda data: b"\r\n".join(
        line for line in data.split(b"\r\n") if not line.startswith(field + b":")
    )


CHANGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "the block's digest is": ("response", lambda data: data.replace("会议".encode(), "会談".encode(), 1)),
    "no block digest": ("response", without(b"WARC-Block-Digest")),
    "no id of the form": ("response", lambda data: data.replace(b"<urn:uuid:", b"<urn:xxxx:", 1)),
    "the date is": ("response", lambda data: data.replace(b"WARC-Date: 20", b"WARC-Date: 99-", 1)),
    "the record type is": ("response", lambda data: data.replace(b"WARC-Type: response", b"WARC-Type: answer", 1)),
    "this is no WARC record": ("response", lambda data: b"X" + data[1:]),
    "does not end as it must": ("response", lambda data: data + b"more"),
    "shorter than its Content-Length": ("response", lambda data: data[:-40]),
    "the revisit does not say of what": ("revisit", without(b"WARC-Refers-To")),
    "revisit refers to is another one": ("revisit", lambda data: data.replace(b"WARC-Refers-To-Date: 2031", b"WARC-Refers-To-Date: 2030")),
    "the request belongs to no answer": ("request", lambda data: data.replace(b"WARC-Concurrent-To: <urn:uuid:0", b"WARC-Concurrent-To: <urn:uuid:f")),
}  # fmt: skip


@pytest.mark.parametrize("complaint", CHANGES)
def test_a_changed_record_is_reported_at_its_offset(complaint: str, copy: Path) -> None:
    kind, change = CHANGES[complaint]
    path = next(
        file
        for file in warc_files(copy / "warc")
        if kind in {record.type for record in records(file) if record.is_http}
    )
    offset = rewritten(path, change, record_of(path, kind))

    findings = quick_findings(copy)

    assert any(
        finding.file == path.name and finding.offset == offset and complaint in finding.wrong
        for finding in findings
    ), list(map(str, findings))
    assert any(finding.file == path.name and "SHA-256" in finding.wrong for finding in findings)
    assert all(finding.todo and str(finding).endswith(".") for finding in findings)


def test_torn_gapped_doubled_and_lost_files_are_reported(copy: Path) -> None:
    first, second, third, fourth, *_ = warc_files(copy / "warc")
    torn = first.read_bytes()
    first.write_bytes(torn[:-20])
    second.write_bytes(second.read_bytes() + b"\0" * 7)
    places = spans(third)
    data = third.read_bytes()
    third.write_bytes(data[: places[3][0]] + data[places[5][0] :])
    fourth.unlink()
    (copy / "warc" / "zzz.warc.gz.open").write_bytes(b"")

    complaints = {(finding.file, finding.wrong) for finding in quick_findings(copy)}

    for path, part in (
        (first, "Content-Length"),
        (second, "no WARC header"),
        (third, "points at no record"),
        (fourth, "it is missing"),
    ):
        assert any(name == path.name and part in wrong for name, wrong in complaints), (
            part,
            complaints,
        )
    assert any(name.endswith(".open") for name, _ in complaints)


def test_a_record_that_the_database_does_not_know_is_reported(copy: Path) -> None:
    history = History(copy, runs=90, records=9000)
    history.run(500, "ok")

    findings = [str(finding) for finding in quick_findings(copy)]

    assert any("is not in the database" in finding for finding in findings) and any(
        "the file is not in the chain" in finding for finding in findings
    )
    assert any("the file is not indexed" in finding for finding in findings)


ROWS = {
    "UPDATE captures SET url = 'https://x.example/' WHERE role = 'article' AND status = 200": "something else than the row",
    "UPDATE captures SET offset = offset + 1 WHERE role = 'listing'": "points at no record",
    "UPDATE articles SET title = title || '。'": "no such version",
    "DELETE FROM captures WHERE role = 'article' AND refers_to IS NULL AND outcome = 'article'": "the version's capture is missing",
    "UPDATE versions SET producer = 'x'": "the producer of the row is not known",
    "UPDATE warcs SET records = records + 1": "not as it was indexed",
    "UPDATE withdrawals SET proofs = '[\"urn:uuid:1\"]'": "a proof of the withdrawal is missing",
    "UPDATE coverage SET record = 'urn:uuid:1'": "the note that the row of coverage names is missing",
}


@pytest.mark.parametrize("statement", ROWS)
def test_a_changed_row_is_reported(statement: str, copy: Path) -> None:
    db = sqlite3.connect(copy / "archive.db")
    assert db.execute(statement).rowcount
    db.commit()
    db.close()

    findings = [str(finding) for finding in quick_findings(copy)]

    assert any(ROWS[statement] in finding for finding in findings), findings


@pytest.mark.e2e
def test_a_rebuild_shows_rows_that_the_warc_files_do_not_give(copy: Path) -> None:
    db = sqlite3.connect(copy / "archive.db")
    db.execute("UPDATE links SET title = '别的标题'")
    db.execute("DELETE FROM accounts")
    db.commit()
    db.close()

    findings = [str(finding) for finding in check_archive(copy, load())]

    assert any(
        "links thepaper" in finding and "not what the WARC files say" in finding
        for finding in findings
    )
    assert quick_findings(copy) == []  # --quick does not see it, and says so
    done = subprocess.run(
        [sys.executable, "-m", "archive", "--archive", str(copy), "verify", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "not compared" in done.stderr


def test_rows_of_an_older_version_are_a_single_finding(copy: Path) -> None:
    """After an update nothing is wrong, but `index` wants a rebuild, and so does this."""
    db = sqlite3.connect(copy / "archive.db")
    for statement in (
        "UPDATE producers SET id = 'older'",
        "UPDATE articles SET producer = 'older'",
        "UPDATE versions SET producer = 'older'",
    ):
        assert db.execute(statement).rowcount
    db.commit()
    db.close()

    (only,) = check_archive(copy, load())

    assert (
        only.record == "producers older"
        and "another version" in only.wrong
        and "rebuild" in only.todo
    )


def test_a_database_without_a_table_is_a_finding(copy: Path) -> None:
    with sqlite3.connect(copy / "archive.db") as db:
        db.execute("DROP TABLE producers")
    db.close()

    findings = [str(finding) for finding in check_archive(copy, load())]

    assert any("cannot be read (no such table" in finding for finding in findings) and any(
        "cannot be compared" in finding for finding in findings
    ), findings


# --- the chain ---


def test_a_chain_is_complete_and_goes_on(sound: Path) -> None:
    chained = list(links(sound))

    assert [link.entry["kind"] for link in chained] == ["warc"] * 6
    assert [link.entry["previous"] for link in chained[1:]] == [
        link.digest for link in chained[:-1]
    ]
    before = (sound / "chain.jsonl").read_bytes()
    chaining.extend(sound)
    assert (sound / "chain.jsonl").read_bytes() == before


def test_a_changed_chain_is_reported(copy: Path) -> None:
    path = copy / "chain.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)

    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert any(
        "line 3 does not follow" in finding.wrong for finding in check_chain(copy, copy / "warc")
    )
    path.write_bytes(b"".join([lines[0].replace(b'"size": ', b'"size": 1'), *lines[1:]]))
    assert {"line 2"} <= {finding.record for finding in check_chain(copy, copy / "warc")}
    path.write_bytes(b"".join(lines[:-1]))
    assert any("not in the chain" in finding.wrong for finding in check_chain(copy, copy / "warc"))
    path.write_bytes(b"".join(lines) + b'{"kind": "wa')
    chaining.extend(copy)
    assert path.read_bytes() == b"".join(lines)


@pytest.mark.e2e
def test_a_signature_is_valid_and_an_old_signature_is_valid_for_its_lines(
    copy: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)],
        check=True,
        capture_output=True,
    )
    signature = signing.sign(copy, key)
    History(copy, runs=90, records=9000).run(500, "ok")
    chaining.extend(copy, run={"id": "run-091"})

    assert list(check_chain(copy, copy / "warc")) == []
    head = tmp_path / "lines"
    head.write_bytes(
        b"".join(link.line for link in links(copy))[
            : sum(len(link.line) for link in list(links(copy))[:6])
        ]
    )
    by_hand = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        str(copy / "signatures" / "key.pub"),
        "-rawin",
        "-in",
        str(head),
    ]
    subprocess.run([*by_hand, "-sigfile", str(signature)], check=True, capture_output=True)
    path = copy / "chain.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"size": ', b'"size": 1', 1))
    assert any("does not sign" in finding.wrong for finding in check_chain(copy, copy / "warc"))


@pytest.mark.e2e
def test_a_damaged_key_and_an_odd_name_are_reported_and_nothing_breaks(
    copy: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)],
        check=True,
        capture_output=True,
    )
    signature = signing.sign(copy, key)
    public = copy / "signatures" / "key.pub"
    pem = public.read_bytes()
    inside = range(pem.index(b"\n") + 1, pem.index(b"=") - 1)
    for place in inside:
        for bit in range(7):
            public.write_bytes(pem[:place] + bytes([pem[place] ^ 1 << bit]) + pem[place + 1 :])
            assert any(
                finding.file == f"signatures/{signature.name}"
                for finding in check_chain(copy, copy / "warc")
            ), (place, bit)
    public.write_bytes(pem)
    signature.rename(signature.with_name("chain-old.sig"))

    assert [finding.file for finding in check_chain(copy, copy / "warc")] == [
        "signatures/chain-old.sig"
    ]


def rsa_key_next_to_the_chain(folder: Path) -> Path:
    """Sign the chain, then put the public half of an RSA key where the Ed25519 key was."""
    key = folder.parent / "key.pem"
    openssl = ["openssl", "genpkey", "-algorithm"]
    subprocess.run([*openssl, "ed25519", "-out", str(key)], check=True, capture_output=True)
    signature = signing.sign(folder, key)
    subprocess.run([*openssl, "RSA", "-out", str(key)], check=True, capture_output=True)
    public = ["openssl", "pkey", "-in", str(key), "-pubout", "-out"]
    subprocess.run([*public, str(signature.with_name("key.pub"))], check=True, capture_output=True)
    return signature


@pytest.mark.e2e
def test_a_key_of_another_algorithm_is_a_finding(copy: Path) -> None:
    signature = rsa_key_next_to_the_chain(copy)

    (finding,) = check_chain(copy, copy / "warc")

    assert finding.file == f"signatures/{signature.name}"
    assert finding.wrong == "its key key.pub is no Ed25519 key"


@pytest.mark.e2e
@pytest.mark.parametrize("optimize", ["", "1", "2"])
def test_a_key_of_another_algorithm_is_a_finding_whatever_python_optimizes(
    optimize: str, copy: Path
) -> None:
    rsa_key_next_to_the_chain(copy)

    run = subprocess.run(
        [sys.executable, "-m", "archive", "--archive", str(copy), "verify", "--quick"],
        env={**os.environ, "PYTHONOPTIMIZE": optimize},
        capture_output=True,
        text=True,
    )

    assert run.returncode == 3 and "no Ed25519 key" in run.stdout, run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.e2e
def test_a_key_of_another_algorithm_signs_nothing(copy: Path, tmp_path: Path) -> None:
    rsa_key_next_to_the_chain(copy)

    with pytest.raises(UsageError, match="is no Ed25519 key; make one"):
        signing.sign(copy, copy.parent / "key.pem")


# --- any byte ---


@pytest.mark.slow
def test_any_changed_byte_and_any_cut_is_detected_and_located(sound: Path, tmp_path: Path) -> None:
    rnd = random.Random(11)
    files = [
        path.relative_to(sound) for path in [*warc_files(sound / "warc"), sound / "chain.jsonl"]
    ]
    folder = tmp_path / "trial"
    shutil.copytree(sound, folder)
    unlocated = 0
    for trial in range(200):
        name = rnd.choice(files)
        data = bytearray((sound / name).read_bytes())
        place = rnd.randrange(len(data))
        if trial % 4:
            data[place] ^= 1 << rnd.randrange(8)
        else:
            del data[place:]
        (folder / name).write_bytes(data)
        findings = check_without_database(folder)
        assert any(finding.file == name.name for finding in findings), (
            trial,
            name,
            place,
            list(map(str, findings)),
        )
        if name.suffix == ".gz":
            holder = next(
                begin for begin, length in spans(sound / name) if begin <= place < begin + length
            )
            unlocated += not any(finding.offset == holder for finding in findings)
        shutil.copy(sound / name, folder / name)
    # A member's own header holds bytes that mean nothing (its time, its system): there the file is reported, not the record.
    assert unlocated <= 10, unlocated


def check_without_database(folder: Path) -> list[Finding]:
    """The checks that need no database."""
    with RecordTable() as table:
        return [
            *check_chain(folder, folder / "warc"),
            *check_files(warc_files(folder / "warc"), table),
        ]


def test_a_killed_run_leaves_nothing_to_find_after_the_next_start(copy: Path) -> None:
    writer = WarcWriter(copy / "warc", prefix="killed", info={"isPartOf": "x"})
    writer.write_metadata(
        {"kind": "run", "id": "x", "platform": "thepaper", "started_at": "2031-04-01T00:00:00Z"}
    )
    path = next((copy / "warc").glob("*.open"))
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")
    assert any(finding.file == path.name for finding in quick_findings(copy))

    recover(copy / "warc")
    chaining.extend(copy)
    with Archive(copy) as archive:
        archive.index()

    assert quick_findings(copy) == []


@pytest.mark.e2e
def test_the_command_prints_findings_as_json(copy: Path) -> None:
    path = warc_files(copy / "warc")[0]
    path.write_bytes(path.read_bytes()[:-20])
    done = subprocess.run(
        [sys.executable, "-m", "archive", "--archive", str(copy), "verify", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(
        {"file", "offset", "record", "wrong", "todo"} == set(finding) for finding in findings
    )
    assert any(
        finding["file"] == path.name and isinstance(finding["offset"], int) for finding in findings
    )
