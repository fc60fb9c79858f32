"""What files brought is counted to the last record, and what is not read is named."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import brotlicffi
import pytest
from click.testing import CliRunner, Result

from archive.cli.main import cli
from tests.warc.test_foreign_forms import BODY, GET, member

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
BROTLI = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n" + brotlicffi.compress(BODY)  # fmt: skip


def run(folder: Path, *members: bytes, command: str = "index") -> Result:
    """A command on an archive of these records."""
    (folder / "warc").mkdir(exist_ok=True)
    (folder / "accounts.csv").write_text("platform,account_id,name,url,state,reason\n")
    if members:
        (folder / "warc" / "b.warc.gz").write_bytes(b"".join(members))
    return CliRunner().invoke(cli, ["--archive", str(folder), command])


def test_index_counts_everything_that_is_new(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        member(),
        member("request", GET, 3),
        member(number=4, WARC_Target_URI="https://nobody.example/1"),
        member("conversion", b"text", 5, Content_Type="text/plain"),
        member("metadata", b"via: x", 6, Content_Type="application/warc-fields"),
        member("revisit", HEAD, 7, WARC_Date="2026-01-05"),
    )

    assert done.exit_code == 0, done.output
    assert "6 records, 3 exchanges; articles: thepaper 1; of no platform: 1" in done.output
    assert "without an article: missing 1" in done.output
    assert "converted copy 1, metadata of another program 1" in done.output
    assert "New:" not in run(tmp_path).output


UNUSED = {
    "converted copy": member("conversion", b"text", 5, Content_Type="text/plain"),
    "metadata of another program": member("metadata", b"via: x", 6, Content_Type="text/plain"),
    "request without its answer": member("request", GET, 7, WARC_Concurrent_To="<urn:uuid:9>"),
    "record of the type 'odd'": member("odd", b"x", 8, Content_Type="text/plain"),
    "part of another record": member("continuation", b"x", 9, WARC_Segment_Number="2"),
}  # fmt: skip


def test_status_says_what_is_not_used_as_index_does(tmp_path: Path) -> None:
    twice = [*UNUSED.values(), member("conversion", b"t", 15, Content_Type="text/plain")]
    index = run(tmp_path, member(), *twice)
    (sentence,) = re.findall("records not used: ([^.]*)", " ".join(index.output.split()))
    assert sentence.count(",") == len(UNUSED) - 1 and "converted copy 2" in sentence

    (tmp_path / "warc" / "c.warc.gz").write_bytes(member("conversion", b"t", 25))
    run(tmp_path)

    status = run(tmp_path, command="status")
    assert sentence.replace("copy 2", "copy 3") in " ".join(status.output.split())
    as_json = CliRunner().invoke(cli, ["--archive", str(tmp_path), "status", "--json"])
    counts = json.loads(as_json.output)["unused"]
    assert sum(counts.values()) == len(twice) + 1 and counts["converted copy"] == 3


def test_status_has_no_line_where_all_is_used(tmp_path: Path) -> None:
    run(tmp_path, member(), member("request", GET, 3))

    assert "not used" not in run(tmp_path, command="status").output


def test_a_library_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "brotlicffi", None)
    done = run(tmp_path, member(block=BROTLI), member(number=3, block=BROTLI))

    assert done.exit_code == 3
    assert "without an article: content-coding 2" in done.output
    for command in ("index", "status"):
        again = run(tmp_path, command=command)
        assert again.exit_code == 3 and "b.warc.gz has 2 answers" in again.output
        assert 'pip install "zhengwen[imports]"' in again.output.replace("\n", " ")


@pytest.mark.parametrize("name", ["b.cdxj", "README", "b.warc.gz.tmp", "pages", "b.warc.bz2"])
def test_whatever_is_in_the_folder_and_is_not_read_is_named(tmp_path: Path, name: str) -> None:
    run(tmp_path, member())
    (tmp_path / "warc" / name).mkdir() if name == "pages" else (tmp_path / "warc" / name).touch()

    for command in ("index", "status", "verify"):
        done = run(tmp_path, command=command)
        assert done.exit_code == 3 and name in done.output, done.output
