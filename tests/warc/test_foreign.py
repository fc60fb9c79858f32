"""WARC files of other programs, put into the archive's folder by hand: read, searched, checked and handed over like our own."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from archive.warc import chain, chaining
from tests.conftest import ACCOUNT, FAST, ROOT, Program, check, dump, installed, rows
from tests.rigs.warc_records import FIXTURES, OURS, response
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

URL = "https://www.thepaper.cn/newsDetail_forward_57001"
PICTURES = [f"https://imgpai.thepaper.cn/newpai/image/{number}.png" for number in range(3)]


@pytest.fixture
def wget(web: LoopbackWeb, thepaper: ThePaper, archive_dir: Path, tmp_path: Path) -> Path:
    """What `wget --warc-file` leaves of three articles and their pictures: each request before its answer, which names it."""
    if shutil.which("wget") is None:
        pytest.skip("wget is not here (apt-get install wget)")
    for number, picture in enumerate(PICTURES):
        thepaper.add(
            Story(
                5_700_100 + number,
                f"外来的第{number}号通告",
                ["全县防汛工作会议召开。"],
                pictures=[picture],
            )
        )
    (archive_dir / "warc").mkdir()
    file = archive_dir / "warc" / "a-wget"
    urls = [*(f"{URL}0{number}" for number in range(3)), *PICTURES]
    command = [
        "wget",
        "-q",
        "--ca-certificate",
        str(web.certificate),
        f"--warc-file={file}",
        "-P",
        str(tmp_path / "out"),
        *urls,
    ]
    check("env", *(f"{name}={value}" for name, value in web.environ().items()), *command)
    return file.with_suffix(".warc.gz")


def test_a_file_of_wget_is_read_searched_and_sound(
    wget: Path, zhengwen: Program, archive_dir: Path
) -> None:
    zhengwen("index")

    assert "外来的第2号通告" in zhengwen("search", "防汛工作").stdout
    pictures = rows(
        archive_dir,
        "SELECT url, status, content_type, capture IS NOT NULL AS stored FROM media ORDER BY url",
    )
    assert pictures == [
        {"url": url, "status": 200, "content_type": "image/png", "stored": 1} for url in PICTURES
    ]
    assert zhengwen("verify").stdout == ""


def test_it_is_rebuilt_along_with_the_files_of_a_crawl(
    wget: Path, zhengwen: Program, archive_dir: Path
) -> None:
    zhengwen("crawl", ACCOUNT, *FAST)
    live = dump(archive_dir)
    assert len(live["versions"]) == 3 and len(live["articles"]) == 3

    zhengwen("rebuild")

    assert dump(archive_dir) == live
    assert zhengwen("verify").stdout == ""


def test_a_part_of_it_is_handed_over_with_request_and_picture(
    wget: Path, zhengwen: Program, tmp_path: Path
) -> None:
    zhengwen("index")
    package = tmp_path / "package"

    zhengwen("export", str(package), "--query", "外来的第1号通告")

    assert zhengwen("verify", "--package", str(package)).stdout == ""
    (part,) = (package / "data" / "warc").iterdir()
    with part.open("rb") as file:
        handed_over = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
            for record in ArchiveIterator(file)
        ]
    both = [(kind, url) for url in (f"{URL}01", PICTURES[1]) for kind in ("request", "response")]
    assert handed_over == [("warcinfo", None), *both]
    check(installed("warcio"), "check", str(part))


def without_requests(path: Path, lost: str | None = None) -> None:
    """Write a file again without the request for an address; without any request, nor word of one, where none is given."""
    with path.open("rb") as file, (new := path.with_name("new")).open("wb") as other:
        writer = WARCWriter(other, gzip=True)
        for record in ArchiveIterator(file):
            if lost is None:
                record.rec_headers.remove_header("WARC-Concurrent-To")
            if record.rec_type != "request" or (
                lost and record.rec_headers.get_header("WARC-Target-URI") != lost
            ):
                writer.write_record(record)
    new.replace(path)


def test_a_lost_request_of_wget_is_reported(wget: Path, zhengwen: Program) -> None:
    without_requests(wget, f"{URL}01")

    findings = zhengwen("verify", "--quick", check=3).stdout

    assert findings.count("no request belongs to the answer") == 1, findings


def test_a_file_that_never_had_requests_is_sound(wget: Path, zhengwen: Program) -> None:
    """As converted ARC files are."""
    without_requests(wget)
    zhengwen("index")

    assert "外来的第2号通告" in zhengwen("search", "防汛工作").stdout
    assert zhengwen("verify").stdout == ""


def test_files_of_kinds_that_are_not_read_are_named(
    wget: Path, zhengwen: Program, tmp_path: Path
) -> None:
    plain = wget.with_name("plain.warc")
    plain.write_bytes(gzip.decompress(wget.read_bytes()))
    wget.unlink()

    warning = zhengwen("index", check=3).stderr
    assert "plain.warc was left out" in warning and "zhengwen import" in warning
    assert "plain.warc: only .warc.gz files are read" in zhengwen("verify", check=3).stdout

    zhengwen("import", str(plain.rename(tmp_path / "plain.warc")))
    assert zhengwen("index").stderr == ""
    assert zhengwen("verify").stdout == ""


def test_a_file_compressed_in_a_single_member_says_how_it_is_mended(
    wget: Path, zhengwen: Program, tmp_path: Path
) -> None:
    wget.write_bytes(gzip.compress(gzip.decompress(wget.read_bytes())))

    message = zhengwen("index", check=3).stderr
    assert "several records are compressed as one" in message and "zhengwen import" in message
    assert "several records are compressed as one" in zhengwen("verify", check=3).stdout

    zhengwen("import", str(wget.rename(tmp_path / "single.warc.gz")))
    assert "外来" in zhengwen("search", "外来的第").stdout
    assert zhengwen("verify").stdout == ""


@pytest.mark.e2e
def test_an_answer_too_large_for_a_page_is_named_and_takes_little_memory(archive_dir: Path) -> None:
    """A film, an attachment and a page of 200 MB each, as a crawl without limits may bring them; compressed they are small."""
    (archive_dir / "warc").mkdir()
    kinds = {
        "1.mp4": "video/mp4",
        "2.pdf": "application/pdf",
        "newsDetail_forward_5700100": "text/html",
    }
    with (archive_dir / "warc" / "large.warc.gz").open("wb") as file:
        for path, kind in kinds.items():
            block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + bytes(200_000_000)
            head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
            head += f"WARC-Target-URI: https://www.thepaper.cn/{path}\r\nContent-Type: application/http\r\n"
            file.write(
                gzip.compress(
                    f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n", 1
                )
            )

    code = (
        "import re, sys\nfrom pathlib import Path\nfrom archive import Archive\nArchive(sys.argv[1]).index()\n"
        # The peak of this program alone: ru_maxrss begins with that of the process which started it.
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, archive_dir],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) < 400_000  # KB
    captures = {
        str(row["url"]).rpartition("/")[2]: (row["role"], row["outcome"], row["reason"])
        for row in rows(archive_dir, "SELECT * FROM captures")
    }
    assert captures == {
        "1.mp4": ("media", "media", None),
        "2.pdf": ("media", "media", None),
        "newsDetail_forward_5700100": ("article", "error", "truncated-length"),
    }


@pytest.mark.parametrize("odd", [b"", bytes(900), b"\x1f\x8b\x08junk", b"WARC/1.0\r\n", b"<html>"])
def test_what_cannot_be_read_is_not_taken_into_the_chain(odd: bytes, tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    sound = (FIXTURES / "thepaper" / "next" / "capture.warc.gz").read_bytes()
    (tmp_path / "warc" / "a.warc.gz").write_bytes(sound)
    (tmp_path / "warc" / "b.warc.gz").write_bytes(odd)
    (tmp_path / "warc" / "c.warc.gz").write_bytes(OURS + response()[:-5])

    for _ in range(2):  # the files stay there
        chaining.extend(tmp_path, run={"id": "r"})

    links = list(chain.links(tmp_path))
    assert [link.file_name for link in links if link.file_name] == ["a.warc.gz"]
    assert len(links) == 3
