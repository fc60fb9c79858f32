"""Every form of web archive is imported with each record's bytes as they were, by readers that are not ours."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner, Result
from fastwarc.stream_io import GzipWriter, ZstdWriter
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.cli.main import cli
from archive.warc import chain
from tests.rigs import web_archives as forms

pytestmark = pytest.mark.slow  # tries many inputs

RAW = forms.records()


def named_member(data: bytes) -> bytes:
    """A gzip member with a name and a time in its head, as the program gzip writes it."""
    out = io.BytesIO()
    with gzip.GzipFile("record.warc", "wb", fileobj=out, mtime=1_456_819_200) as packed:
        packed.write(data)
    return out.getvalue()


FORMS: dict[str, bytes] = {
    "a.warc": b"".join(RAW),
    "a.warc.gz": forms.in_members(RAW),
    "one-member.warc.gz": gzip.compress(b"".join(RAW)),
    "two-members.warc.gz": forms.in_members([b"".join(RAW[:2]), b"".join(RAW[2:])]),
    "slices.warc.gz": forms.in_slices(b"".join(RAW)),
    "mixed.warc.gz": forms.in_members([RAW[0], b"".join(RAW[1:3]), RAW[3]]),
    "empty-members.warc.gz": forms.in_members([b"", RAW[0], b"", *RAW[1:], b""]),
    "zeros-at-the-end.warc.gz": forms.in_members(RAW) + bytes(1000),
    "no-suffix": forms.in_members(RAW),
    "a.warc.zst": b"".join(zstandard.ZstdCompressor().compress(each) for each in RAW),
    "one-frame.warc.zst": zstandard.ZstdCompressor().compress(b"".join(RAW)),
    "dictionary.warc.zst": forms.zst_with_dictionary(RAW),
    "packed-dictionary.warc.zst": forms.zst_with_dictionary(RAW, is_packed=True),
    "data.wacz": forms.usual_wacz(),
    "deflated.wacz": forms.usual_wacz(compression=zipfile.ZIP_DEFLATED),
    "plain-in-it.wacz": forms.wacz({"archive/data.warc": b"".join(RAW)}),
    "several.wacz": forms.wacz(
        {
            "archive/1.warc.gz": forms.in_members(RAW[:3]),
            "archive/2.warc.gz": forms.in_members(RAW[3:]),
        }
    ),
    "multi.wacz": forms.wacz({"a.wacz": forms.usual_wacz()}, profile="multi-wacz-package"),
    "one-line-end.warc": b"".join(each.removesuffix(b"\r\n") for each in RAW),
    "no-end.warc": b"".join(RAW).removesuffix(b"\r\n\r\n"),
    "no-ends.warc.gz": forms.in_members([each.removesuffix(b"\r\n\r\n") for each in RAW]),
    "lf-ends.warc.gz": forms.in_members([each[:-4] + b"\n\n" for each in RAW]),
    "more-ends.warc.gz": forms.in_members([each + b"\r\n\r\n" for each in RAW]),
    "names-in-members.warc.gz": b"".join(named_member(each) for each in RAW),
    "empty-lines.warc": b"\r\n" + b"\r\n\r\n".join(RAW),
}
BLOCKS = [each.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n") for each in RAW]


def run(folder: Path, *words: str, data: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), *words], input=data)


def imported(folder: Path, name: str, data: bytes, *words: str) -> Result:
    source = folder / "given" / name
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(data)
    done = run(folder, "import", str(source), *words)
    assert source.read_bytes() == data
    return done


def article(folder: Path) -> str:
    return run(folder, "show", "thepaper-5700001").stdout


@pytest.mark.parametrize("name", FORMS)
def test_the_blocks_are_the_sources(name: str, tmp_path: Path) -> None:
    done = imported(tmp_path, name, FORMS[name])

    assert done.exit_code == 0, done.output
    data = forms.imported_bytes(tmp_path)
    by_warcio, by_fastwarc = forms.blocks_by_warcio(data), forms.blocks_by_fastwarc(data)
    assert [block for _, _, block in by_warcio][: len(BLOCKS)] == BLOCKS
    assert [block for _, _, block in by_fastwarc][: len(BLOCKS)] == BLOCKS
    assert "外来的通告" in article(tmp_path)
    assert "4 records, 2 exchanges; articles: thepaper 1" in done.stdout


def test_heads_of_lf_alone_are_copied(tmp_path: Path) -> None:
    parts = [each.partition(b"\r\n\r\n") for each in RAW]
    raw = [head.replace(b"\r\n", b"\n") + b"\n\n" + rest for head, _, rest in parts]

    imported(tmp_path, "a.warc", b"".join(raw))

    assert gzip.decompress(forms.imported_bytes(tmp_path)) == b"".join(raw)
    assert "外来的通告" in article(tmp_path)


@pytest.mark.parametrize("name", [name for name in FORMS if name.startswith(("a.", "slices"))])
def test_each_record_is_a_member_of_its_own(name: str, tmp_path: Path) -> None:
    imported(tmp_path, name, FORMS[name])

    data, members = forms.imported_bytes(tmp_path), []
    while data:
        unpacker = zlib.decompressobj(31)
        members.append(unpacker.decompress(data))
        data = unpacker.unused_data
    assert members == RAW


def test_members_that_are_records_are_copied_packed(tmp_path: Path) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])

    assert forms.imported_bytes(tmp_path) == FORMS["a.warc.gz"]


@pytest.mark.parametrize("version", ["0.17", "0.18", "1.0", "1.1"])
def test_the_version_of_a_record_stays(version: str, tmp_path: Path) -> None:
    raw = forms.records(version)

    imported(tmp_path, "a.warc", b"".join(raw))

    assert gzip.decompress(forms.imported_bytes(tmp_path)) == b"".join(raw)


ARCS: dict[str, bytes] = {
    "v1.arc": b"".join(forms.arc_records(1)),
    "v2.arc": b"".join(forms.arc_records(2)),
    "v1.arc.gz": forms.in_members(forms.arc_records(1)),
    "v2.arc.gz": forms.in_members(forms.arc_records(2)),
    "one-member.arc.gz": gzip.compress(b"".join(forms.arc_records(1))),
    "in-a.wacz": forms.wacz({"archive/old.arc.gz": forms.in_members(forms.arc_records(1))}),
}


@pytest.mark.parametrize("name", ARCS)
def test_arc_records_get_a_head_of_warc(name: str, tmp_path: Path) -> None:
    done = imported(tmp_path, name, ARCS[name])

    assert done.exit_code == 0, done.output
    data = forms.imported_bytes(tmp_path)
    read = forms.blocks_by_warcio(data)[:5]
    assert [kind for kind, _, _ in read] == [
        "warcinfo",
        "response",
        "response",
        "resource",
        "resource",
    ]
    assert [block for _, _, block in read][1:3] == forms.ARC_BLOCKS
    assert read == forms.blocks_by_fastwarc(data)[:5]
    assert read[1][1] == forms.URL
    assert read[4][1] == forms.URL + "%20with%20a%20blank"
    assert b"WARC-Date: 2016-03-01T08:00:00Z\r\n" in gzip.decompress(data)
    assert b"WARC-IP-Address: 192.0.2.7\r\n" in gzip.decompress(data)
    assert "外来的通告" in article(tmp_path)


@pytest.mark.parametrize(
    "name", ["slices.warc.gz", "a.warc.zst", "data.wacz", "v1.arc", "v2.arc.gz"]
)
def test_verify_finds_nothing_in_what_was_imported(name: str, tmp_path: Path) -> None:
    imported(tmp_path, name, {**FORMS, **ARCS}[name])

    done = run(tmp_path, "verify")

    assert done.exit_code == 0, done.output


def ids(folder: Path) -> list[bytes]:
    lines = gzip.decompress(forms.imported_bytes(folder)).split(b"\r\n")
    return [line for line in lines if line.startswith(b"WARC-Record-ID")]


def test_ids_of_arc_records_are_made_of_source_and_offset(tmp_path: Path) -> None:
    first, other, third = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    for folder, name in ((first, "v1.arc"), (other, "v1.arc"), (third, "v2.arc")):
        folder.mkdir()
        imported(folder, name, ARCS[name])

    assert ids(first) == ids(other)
    assert len({*ids(first), *ids(third)}) == 10


def test_standard_input_is_imported(tmp_path: Path) -> None:
    for data in (FORMS["a.warc"], FORMS["data.wacz"], ARCS["v1.arc.gz"]):
        done = run(tmp_path, "import", "-", data=data)
        assert done.exit_code == 0, done.output

    assert len(list((tmp_path / "warc").iterdir())) == 4  # the WACZ has page lists too
    assert not (tmp_path / ".import").exists()


def test_a_folder_is_imported_with_all_that_is_in_it(tmp_path: Path) -> None:
    crawls = tmp_path / "crawls"
    for place, data in (("1/data.warc.gz", RAW[:3]), ("2/data.warc.gz", RAW[1:])):
        (crawls / place).parent.mkdir(parents=True)
        (crawls / place).write_bytes(forms.in_members(data))
    (crawls / "notes.txt").write_text("not a web archive")

    done = run(tmp_path, "import", str(crawls), "--json")

    counts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(count["source"], count["records"]) for count in counts] == [("data.warc.gz", 3)] * 2
    assert len(list((tmp_path / "warc").iterdir())) == 2


@pytest.mark.parametrize("name", ["notes.txt", "crawl.cdxj", "a.warc.gz.tmp", "a.warc.bz2", "x/y/.log", "warc"])  # fmt: skip
def test_what_of_a_folder_is_passed_over_is_named(name: str, tmp_path: Path) -> None:
    crawls = tmp_path / "crawls"
    (crawls / name).parent.mkdir(parents=True)
    (crawls / "data.warc.gz").write_bytes(forms.in_members(RAW))
    sentence = "not imported"
    assert sentence not in run(tmp_path, "import", str(crawls)).stderr

    (crawls / name).write_bytes(b"not a web archive")
    done = run(tmp_path, "import", str(crawls))

    assert done.exit_code == 0
    assert "1 file is not imported" in done.stderr and str(crawls / name) in done.stderr


@pytest.mark.parametrize("inner", ["data.warc.gz", "a/data.warc.gz", "z/data.warc", "00.warc.gz", "wacz.d/archive/data.warc.gz"])  # fmt: skip
def test_a_wacz_next_to_its_own_data_brings_each_capture_once(inner: str, tmp_path: Path) -> None:
    crawls = tmp_path / "crawls"
    (crawls / inner).parent.mkdir(parents=True)
    (crawls / inner).write_bytes(FORMS["a.warc.gz" if inner.endswith("gz") else "a.warc"])
    (tmp_path / "alone").mkdir()
    imported(tmp_path / "alone", "data.wacz", FORMS["data.wacz"])
    (crawls / "data.wacz").write_bytes(FORMS["data.wacz"])

    done = run(tmp_path, "import", str(crawls))

    assert done.exit_code == 0, done.output
    captured = "SELECT id, url, captured_at, outcome FROM captures ORDER BY id"
    once, both = (
        sqlite3.connect(folder / "archive.db").execute(captured).fetchall()
        for folder in (tmp_path / "alone", tmp_path)
    )
    assert once and both == once


def test_the_archives_own_files_are_not_imported_with_their_folder(tmp_path: Path) -> None:
    imported(tmp_path, "a.warc.gz", FORMS["a.warc.gz"])
    imported(tmp_path, "b.warc.gz", forms.in_members(RAW[:1]))
    run(tmp_path, "remove", "b.warc.gz", "--reason", "误收")
    (tmp_path / "given" / "b.warc.gz").unlink()

    done = run(tmp_path, "import", str(tmp_path))

    assert done.stdout.startswith("a.warc.gz is in the archive already")
    assert len(done.stdout.splitlines()) == 1


def test_a_package_that_names_wacz_files_is_imported(tmp_path: Path) -> None:
    (tmp_path / "a.wacz").write_bytes(FORMS["data.wacz"])
    package = tmp_path / "datapackage.json"
    package.write_text('{"profile": "multi-wacz-package", "resources": [{"path": "a.wacz"}]}')

    assert run(tmp_path, "import", str(package)).exit_code == 0
    assert "外来的通告" in article(tmp_path)


def test_page_lists_and_titles_of_a_wacz_are_descriptions(tmp_path: Path) -> None:
    imported(tmp_path, "data.wacz", FORMS["data.wacz"])

    descriptions = {
        uri: block
        for kind, uri, block in forms.blocks_by_warcio(forms.imported_bytes(tmp_path))
        if kind == "metadata"
    }
    by_path = {str(uri).rpartition(":")[2]: block for uri, block in descriptions.items()}
    assert by_path["pages/pages.jsonl"] == forms.PAGES
    assert json.loads(by_path["datapackage.json"])["title"] == "防汛专题"
    (line,) = [link.entry for link in chain.links(tmp_path) if link.entry["kind"] == "import"]
    again = json.loads(run(tmp_path, "import", str(tmp_path / "given"), "--json").stdout)
    assert again["unread"] == {"metadata of another program": 2}
    assert line["not_used"] == [
        {
            "reason": "an index or another file without records",
            "count": 1,
            "first": "indexes/index.cdx.gz",
        }
    ]


@contextmanager
def served(files: dict[str, bytes]) -> Iterator[str]:
    """A site on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = files.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("is_packed", [True, False])
def test_what_warcio_writes_is_imported_completely(is_packed: bool, tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=is_packed)
    writer.write_record(writer.create_warcinfo_record("w.warc", {"software": "warcio"}))
    for url, body, media_type in (
        (forms.URL, forms.PAGE, "text/html; charset=utf-8"),
        (forms.PICTURE_URL, forms.PICTURE, "image/png"),
    ):
        head = StatusAndHeaders("200 OK", [("Content-Type", media_type)], "HTTP/1.1")
        record = writer.create_warc_record(
            url, "response", io.BytesIO(body), length=len(body), http_headers=head
        )
        writer.write_record(record)

    done = imported(tmp_path, "w.warc", out.getvalue())

    assert done.exit_code == 0, done.output
    copied = forms.imported_bytes(tmp_path)
    assert forms.blocks_by_fastwarc(copied) == forms.blocks_by_fastwarc(out.getvalue())
    assert len(forms.blocks_by_fastwarc(copied)) == 3
    assert "外来的通告" in article(tmp_path)


@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_what_fastwarc_writes_is_imported_completely(compression: str, tmp_path: Path) -> None:
    out = io.BytesIO()
    writers = {"gzip": GzipWriter, "zstd": ZstdWriter}
    packed = writers[compression](out) if compression in writers else out
    for record in FastIterator(io.BytesIO(FORMS["a.warc"]), parse_http=False):
        record.write(packed)
    if compression != "none":
        packed.close()
    data = out.getvalue()

    done = imported(tmp_path, "f.warc", data)

    assert done.exit_code == 0, done.output
    assert [
        block for _, _, block in forms.blocks_by_warcio(forms.imported_bytes(tmp_path))
    ] == BLOCKS
    assert "外来的通告" in article(tmp_path)


@pytest.mark.e2e
@pytest.mark.parametrize("options", [(), ("--no-warc-compression",)])
def test_what_wget_writes_is_imported_completely(options: tuple[str, ...], tmp_path: Path) -> None:
    if shutil.which("wget") is None:
        pytest.skip("wget is not here (apt-get install wget)")
    file = tmp_path / "w"
    command = ["wget", "-q", *options, f"--warc-file={file}", "-P", str(tmp_path / "out")]
    with served({"/a.html": b"<p>a</p>", "/b.png": forms.PICTURE}) as site:
        subprocess.run([*command, f"{site}/a.html", f"{site}/b.png"], check=True)
    source = next(tmp_path.glob("w.warc*"))

    done = imported(tmp_path, source.name, source.read_bytes())

    assert done.exit_code == 0, done.output
    copied, given = forms.imported_bytes(tmp_path), source.read_bytes()
    assert forms.blocks_by_warcio(copied) == forms.blocks_by_warcio(given)
    assert forms.blocks_by_fastwarc(copied) == forms.blocks_by_fastwarc(given)
    assert any(forms.PICTURE in block for _, _, block in forms.blocks_by_warcio(copied))
    assert len(forms.blocks_by_warcio(copied)) >= 5


@pytest.mark.e2e
def test_what_py_wacz_writes_is_imported_completely(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(FORMS["a.warc.gz"])
    program = [sys.executable, "-m", "wacz.main", "create", "-o", "py.wacz", "a.warc.gz"]
    subprocess.run(program, check=True, cwd=tmp_path, capture_output=True)

    done = imported(tmp_path, "py.wacz", (tmp_path / "py.wacz").read_bytes())

    assert done.exit_code == 0, done.output
    assert [block for _, _, block in forms.blocks_by_warcio(forms.imported_bytes(tmp_path))][
        :4
    ] == BLOCKS
    assert "外来的通告" in article(tmp_path)
