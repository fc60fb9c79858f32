"""Files of other programs are sound unless they are damaged: what they lack and need not have is counted by kind."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.cli.main import cli
from archive.index.indexer import index
from archive.platforms import load
from archive.verification.archive import check_archive
from archive.warc.digests import canonical, declared
from tests.warc.test_foreign_forms import ADDRESS, BODY, FORMS, GET, HTTP, member

# warcio leaves files without names to the garbage collector
pytestmark = [
    pytest.mark.slow,  # tries many inputs
    pytest.mark.filterwarnings(
        "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
    ),
]


def checked(folder: Path, data: bytes) -> tuple[list[str], Counter[str]]:
    """The findings about an archive of one file, and what is only absent."""
    (folder / "warc").mkdir()
    (folder / "warc" / "b.warc.gz").write_bytes(data)
    index(folder / "warc", folder / "archive.db", load())
    absent: Counter[str] = Counter()
    findings = check_archive(folder, load(), quick=True, absent=absent)
    return [str(each) for each in findings if each.file != "chain.jsonl"], absent


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_sound_form_has_no_findings(tmp_path: Path, form: bytes) -> None:
    findings, absent = checked(tmp_path, member(number=1, WARC_Date="2026-01-01T00:00:00Z") + form)

    assert findings == []
    assert absent["the record has no block digest"] >= 2


def named(algorithm: str, data: bytes) -> bytes:
    return hashlib.new(algorithm, data).digest()


SPELLINGS: dict[str, Callable[[bytes], str]] = {
    "sha1 base32": lambda data: "sha1:" + base64.b32encode(named("sha1", data)).decode(),
    "sha1 base32 small": lambda data: "sha1:" + base64.b32encode(named("sha1", data)).decode().lower(),
    "sha1 hex": lambda data: "sha1:" + named("sha1", data).hex(),
    "SHA-1 hex": lambda data: "SHA-1:" + named("sha1", data).hex().upper(),
    "sha1 base64": lambda data: "sha1:" + base64.b64encode(named("sha1", data)).decode(),
    "sha1 no label": lambda data: base64.b32encode(named("sha1", data)).decode(),
    "sha256 hex": lambda data: "sha256:" + named("sha256", data).hex(),
    "sha-256 base32": lambda data: "sha-256:" + base64.b32encode(named("sha256", data)).decode(),
    "sha256 base32 bare": lambda data: "sha256:" + base64.b32encode(named("sha256", data)).decode().rstrip("="),
    "sha256 base64": lambda data: "sha-256=" + base64.b64encode(named("sha256", data)).decode(),
    "sha384": lambda data: "sha384:" + named("sha384", data).hex(),
    "sha512": lambda data: "sha512:" + named("sha512", data).hex(),
    "sha512 base64url": lambda data: "sha512:" + base64.urlsafe_b64encode(named("sha512", data)).decode(),
    "md5": lambda data: "md5:" + named("md5", data).hex(),
    "md5 base32": lambda data: "MD5:" + base64.b32encode(named("md5", data)).decode(),
    "blake2b": lambda data: "blake2b:" + named("blake2b", data).hex(),
    "blake2s": lambda data: "blake2s:" + named("blake2s", data).hex(),
    "blake2 short": lambda data: "blake2:" + hashlib.blake2b(data, digest_size=32).hexdigest(),
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_digest_is_checked_in_any_spelling(
    tmp_path: Path, spelling: Callable[[bytes], str]
) -> None:
    true = member(WARC_Block_Digest=spelling(HTTP), WARC_Payload_Digest=spelling(BODY))
    false = member(number=5, WARC_Block_Digest=spelling(b"other"))

    findings, _ = checked(tmp_path, true + false)

    assert len(findings) == 1 and "the block's digest is" in findings[0]
    assert declared(spelling(BODY)) and canonical(canonical(spelling(BODY))) == canonical(
        spelling(BODY)
    )


@pytest.mark.parametrize(
    "text", ["xxh3:0123456789abcdef", "crc32:00000000", "sha1:", "nothing", "sha1:zzzz", "blake3:" + "0" * 64]
)  # fmt: skip
def test_a_digest_of_no_known_form_is_counted(tmp_path: Path, text: str) -> None:
    findings, absent = checked(tmp_path, member(WARC_Block_Digest=text))

    assert findings == [] and canonical(text) == text
    assert absent["the digest is of an algorithm that is not known"] == 1


def written_by_warcio(*, version: str = "WARC/1.0", request: bool = True) -> bytes:
    """What warcio itself writes."""
    target = io.BytesIO()
    writer = WARCWriter(target, gzip=True, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "another"}))
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], "HTTP/1.1")
    answer = writer.create_warc_record(
        ADDRESS, "response", payload=io.BytesIO(BODY), http_headers=head
    )
    asked = StatusAndHeaders(f"GET {ADDRESS} HTTP/1.1", [], is_http_request=True)
    question = writer.create_warc_record(ADDRESS, "request", http_headers=asked)
    if request:
        writer.write_request_response_pair(question, answer)
    else:
        writer.write_record(answer)
    revisit = writer.create_revisit_record(
        ADDRESS,
        answer.rec_headers.get_header("WARC-Payload-Digest"),
        ADDRESS,
        answer.rec_headers.get_header("WARC-Date"),
        http_headers=head,
    )
    writer.write_record(revisit)
    return target.getvalue()


def rewritten_by_fastwarc(data: bytes) -> bytes:
    """The same records as fastwarc writes them."""
    target = io.BytesIO()
    for record in FastIterator(io.BytesIO(data), parse_http=False):
        member_of = io.BytesIO()
        record.write(member_of, checksum_data=True)
        target.write(gzip.compress(member_of.getvalue()))
    return target.getvalue()


PROGRAMS = {
    "warcio 1.0": written_by_warcio,
    "warcio 1.1": lambda: written_by_warcio(version="WARC/1.1"),
    "warcio without requests": lambda: written_by_warcio(request=False),
    "fastwarc": lambda: rewritten_by_fastwarc(written_by_warcio()),
    "fastwarc from 1.1": lambda: rewritten_by_fastwarc(written_by_warcio(version="WARC/1.1")),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_what_real_programs_write_is_sound(tmp_path: Path, program: Callable[[], bytes]) -> None:
    findings, absent = checked(tmp_path, program())

    assert findings == []
    assert absent["the revisit does not say of what"] == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-9],
        lambda data: data[: len(data) // 2],
        lambda data: data[:400] + b"\0" + data[401:],
        lambda data: data + b"junk",
        lambda data: b"",
    ],
    ids=["no end", "half", "a byte", "junk behind", "nothing"],
)
def test_what_is_damaged_is_reported(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    findings, _ = checked(tmp_path, damage(written_by_warcio()))

    assert findings and not any("warcio recompress" in each for each in findings)


def test_what_is_absent_is_a_line_a_kind_and_no_finding(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / "b.warc.gz").write_bytes(
        member() + member("request", GET, 3) + member(number=4, WARC_Date="2026-01-03")
    )
    (tmp_path / "accounts.csv").write_text("platform,account_id\n")
    run = CliRunner().invoke(cli, ["--archive", str(tmp_path), "index"])
    assert run.exit_code == 0, run.output

    done = CliRunner().invoke(cli, ["--archive", str(tmp_path), "verify"])

    assert done.exit_code == 0, done.output
    assert done.output.count("the record has no block digest (3 times") == 1
