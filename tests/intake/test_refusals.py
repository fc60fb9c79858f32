"""What cannot be imported gets one sentence and its exit code, and nothing of it stays."""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from archive.verification.chain import check_chain
from archive.warc import chain
from tests.intake.test_forms import FORMS, RAW, article, imported, run
from tests.rigs import web_archives as forms

pytestmark = pytest.mark.slow  # tries many inputs


def encrypted() -> bytes:
    """A WACZ whose entries say that they are encrypted."""
    data = bytearray(forms.usual_wacz())
    place = -1
    while (place := data.find(b"PK\x01\x02", place + 1)) >= 0:
        data[place + 8] |= 1
    return bytes(data)


def zipped(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as target:
        for path, data in entries:
            target.writestr(path, data)
    return out.getvalue()


def overlapping() -> bytes:
    """A zip file of which many entries share the same bytes."""
    data = zipped(("archive/a.warc.gz", forms.in_members(RAW)))
    start = data.find(b"PK\x01\x02")
    end = data.find(b"PK\x05\x06")
    entry = data[start:end]
    copies = b"".join(
        entry.replace(b"archive/a.", b"archive/%c." % letter)
        for letter in b"bcdefghijklmnopqrstuvwxyz"
    )
    many = 26
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, many, many, len(entry) + len(copies), start, 0
    )
    return data[:start] + entry + copies + tail


def damaged_in_it() -> bytes:
    data = bytearray(forms.usual_wacz())
    data[data.find(b"archive/data.warc.gz") + 120] ^= 0xFF
    return bytes(data)


def bomb() -> bytes:
    """A WACZ of little that unpacks to much; it takes seconds, so that its test alone makes it."""
    entry = "archive/a.warc", bytes(600 * 2**20)
    return zipped(entry, compression=zipfile.ZIP_DEFLATED)


def with_other_digest(package: dict[str, object]) -> None:
    package["resources"] = [{"path": "archive/data.warc.gz", "hash": "sha256:" + "0" * 64}]


HTML = b"<!DOCTYPE html><html><body>404 Not Found</body></html>"
REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "empty.warc": (b"", "it is empty"),
    "empty.warc.gz": (gzip.compress(b""), "no web archive"),
    "page.warc": (HTML, "an HTML page"),
    "page.warc.gz": (gzip.compress(HTML), "an HTML page"),
    "page.wacz": (HTML, "an HTML page"),
    "page.arc": (HTML, "an HTML page"),
    "words.warc": ("没有网页".encode(), "something else"),
    "zeros.warc": (bytes(5000), "nothing but zeros"),
    "list.warc": (b'{"files": []}', "JSON"),
    "index.warc": (b" CDX N b a m s k r M S V g\n", "an index"),
    "lfs.warc.gz": (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
    "a.warc.xz": (b"\xfd7zXZ\x00" + bytes(40), "xz"),
    "a.warc.bz2": (b"BZh91AY&SY", "bzip2"),
    "cut-at-once.warc.gz": (gzip.compress(RAW[0])[:30], "cut short"),
    "head.warc": (RAW[0][:60], "cut short"),
    "no-length.warc": (RAW[0].replace(b"Content-Length", b"Content-Lengt"), "no Content-Length"),
    "two-lengths.warc": (
        RAW[0].replace(b"Content-Length", b"Content-Length: 3\r\nContent-Length"),
        "more than one",
    ),
    "damaged.warc.gz": (b"\x1f\x8b\x08\x00" + b"\xff" * 400, "damaged"),
    "damaged.warc.zst": (b"\x28\xb5\x2f\xfd" + b"\xff" * 400, "damaged"),
    "dictionary.warc.zst": (struct.pack("<4sI", b"\x5d\x2a\x4d\x18", 2**31) + b"x", "dictionary"),
    "page.warc.zst": (zstandard.ZstdCompressor().compress(HTML), "an HTML page"),
    "cut.wacz": (forms.usual_wacz()[:-200], "damaged or cut short"),
    "encrypted.wacz": (encrypted(), "encrypted"),
    "empty.wacz": (zipped(), "no folder archive"),
    "any.zip": (zipped(("report.docx", b"x")), "no folder archive"),
    "up.wacz": (zipped(("../archive/a.warc.gz", forms.in_members(RAW))), "outside"),
    "deep-up.wacz": (zipped(("archive/../../a.warc.gz", forms.in_members(RAW))), "outside"),
    "root.wacz": (zipped(("/archive/a.warc.gz", forms.in_members(RAW))), "outside"),
    "drive.wacz": (zipped(("C:\\a.warc.gz", forms.in_members(RAW))), "outside"),
    "back.wacz": (zipped(("archive\\..\\..\\a.warc.gz", forms.in_members(RAW))), "outside"),
    "bomb.wacz": (bomb, "far more"),
    "overlap.wacz": (overlapping(), "far more"),
    "lzma.wacz": (
        zipped(("archive/a.warc", RAW[0]), compression=zipfile.ZIP_LZMA),
        "another method",
    ),
    "damaged.wacz": (damaged_in_it(), "damaged"),
    "changed.wacz": (forms.usual_wacz(change=with_other_digest), "not what datapackage.json says"),
    "only-html.wacz": (zipped(("archive/a.warc.gz", HTML)), "an HTML page"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_web_archive_is_refused(name: str, tmp_path: Path) -> None:
    data, words = REFUSED[name]

    done = imported(tmp_path, name, data if isinstance(data, bytes) else data())

    assert done.exit_code == 1, done.output
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(f"zhengwen: {name} was not imported: ")
    assert words in sentence
    assert done.stdout == ""
    assert nothing_of_it(tmp_path)


def nothing_of_it(folder: Path) -> bool:
    return not {path.name for path in folder.iterdir()} - {".lock", "given"}


DAMAGED: dict[str, tuple[bytes, str, int]] = {
    "cut.warc": (FORMS["a.warc"][:-400], "the record is cut short", 3),
    "cut.warc.gz": (FORMS["a.warc.gz"][:-400], "the compressed data are cut short", 3),
    "cut-in-one.warc.gz": (
        FORMS["one-member.warc.gz"][:-400],
        "the compressed data are cut short",
        3,
    ),
    "cut.warc.zst": (FORMS["a.warc.zst"][:-400], "the compressed data are cut short", 3),
    "garbage-after.warc.gz": (
        FORMS["a.warc.gz"] + b"garbage",
        "what follows a gzip member is none",
        4,
    ),
    "garbage-between.warc": (b"garbage\r\n".join(RAW[:2]) + RAW[2], "does not begin with WARC/", 2),
    "short-length.warc": (
        RAW[0].replace(b"Content-Length: ", b"Content-Length: 1 \r\nX: ", 1) + b"".join(RAW[1:]),
        "its Content-Length is wrong",
        3,
    ),
    "long-length.warc": (
        RAW[0].replace(b"Content-Length: ", b"Content-Length: 9", 1) + b"".join(RAW[1:]),
        "its Content-Length is wrong",
        3,
    ),
    "page-in-it.warc.gz": (
        forms.in_members([RAW[0], HTML, *RAW[1:]]),
        "does not begin with WARC/",
        4,
    ),
    "flipped.warc.gz": (
        forms.in_members(RAW[:1])
        + bytes(gzip.compress(RAW[1])[:200])
        + bytes(300)
        + forms.in_members(RAW[2:]),
        "the compressed data are damaged",
        3,
    ),
    "one-of-two.wacz": (
        zipped(("archive/a.warc.gz", FORMS["a.warc.gz"]), ("archive/b.warc.gz", HTML)),
        "an HTML page",
        4,
    ),
    "cut.arc": (b"".join(forms.arc_records())[:-20], "the record is cut short", 4),
    "garbage.arc": (
        b"garbage\n".join(forms.arc_records()),
        "what should be a record does not begin as one of ARC",
        0,
    ),
}
DAMAGED.pop("garbage.arc")  # nothing of it is sound: each record is followed by what is none


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_sound_is_taken_and_the_rest_is_said(name: str, tmp_path: Path) -> None:
    data, words, records = DAMAGED[name]

    done = imported(tmp_path, name, data)

    assert done.exit_code == 3, done.output
    assert f": {records} records" in done.stdout
    assert words in done.stdout
    (line,) = [link.entry for link in chain.links(tmp_path) if link.entry["kind"] == "import"]
    assert words in str(line["not_used"])
    assert line["records"] == records
    assert list(check_chain(tmp_path, tmp_path / "warc")) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nothing.warc"], "There is no nothing.warc"),
        (["empty"], "holds no web archive"),
        ([], "is missing"),
        (["notes.json"], "no `datapackage.json` that names WACZ files"),
        (["away.json"], "fetch that first"),
        (["pipe"], "is no file"),
        (["warc"], "is in the folder warc of the archive"),
    ],
)
def test_wrong_usage_changes_nothing(
    words: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("warc").mkdir()
    Path("notes.json").write_text("{}")
    Path("away.json").write_text(
        '{"profile": "multi-wacz-package", "resources": [{"path": "https://a.example/b.wacz"}]}'
    )
    os.mkfifo("pipe")
    before = sorted(path.name for path in Path().iterdir())

    done = run(Path(), "import", *words)

    assert done.exit_code == 2
    assert sentence in done.stderr
    assert sorted(path.name for path in Path().iterdir()) == before


def test_one_that_is_refused_keeps_no_other_out(tmp_path: Path) -> None:
    (tmp_path / "page.warc").write_bytes(HTML)
    (tmp_path / "a.warc").write_bytes(FORMS["a.warc"])

    done = run(tmp_path, "import", str(tmp_path / "page.warc"), str(tmp_path / "a.warc"))

    assert done.exit_code == 3
    assert "page.warc was not imported" in done.stderr
    assert "外来的通告" in article(tmp_path)
