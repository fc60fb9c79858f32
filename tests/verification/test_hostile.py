"""Whatever a package says of itself is a finding and never a traceback."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from archive.verification.tables import check_tables
from archive.verification.wacz import check_wacz

MEMBERS = {
    "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n{"url": "http://a.cn/", "ts": "2031"}\n',
    "indexes/index.cdxj": b'cn,a)/ 2031 {"url": "http://a.cn/", "filename": "a.warc.gz", '
    b'"offset": 0, "length": 9}\n',
    "archive/a.warc.gz": b"",
}


def wacz(path: Path, **changed: bytes) -> Path:
    """A WACZ whose members are described truly, with some of them changed."""
    members = MEMBERS | {name: data for name, data in changed.items() if "/" in name}
    resources = [
        {"path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        for name, data in members.items()
    ]
    text = changed.get("datapackage.json", json.dumps({"resources": resources}).encode())
    digest = {
        "path": "datapackage.json",
        "hash": f"sha256:{hashlib.sha256(text).hexdigest()}",
    }
    members["datapackage.json"] = text
    members["datapackage-digest.json"] = changed.get(
        "datapackage-digest.json", json.dumps(digest).encode()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


HOSTILE = {
    "the digest is a list": ("datapackage-digest.json", b"[]"),
    "the description is a list": ("datapackage.json", b"[]"),
    "a resource is a number": ("datapackage.json", b'{"resources": [1]}'),
    "a resource has no digest": (
        "datapackage.json",
        b'{"resources": [{"path": "archive/a.warc.gz"}]}',
    ),
    "the description is nested deeply": ("datapackage.json", b"[" * 100_000),
    "the header of the pages is a list": ("pages/pages.jsonl", b"[]\n"),
    "a page is a number": ("pages/pages.jsonl", b'{"format": "json-pages-1.0"}\n1\n'),
    "a page has no time": ("pages/pages.jsonl", b'{"format": "json-pages-1.0"}\n{"url": "x"}\n'),
    "a line of the index is short": ("indexes/index.cdxj", b"x\n"),
    "an offset is negative": (
        "indexes/index.cdxj",
        MEMBERS["indexes/index.cdxj"].replace(b'"offset": 0', b'"offset": -1'),
    ),
    "an offset is beyond any file": (
        "indexes/index.cdxj",
        MEMBERS["indexes/index.cdxj"].replace(b'"offset": 0', b'"offset": 1' + b"0" * 30),
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_wacz_is_a_finding(case: str, tmp_path: Path) -> None:
    name, data = HOSTILE[case]
    path = wacz(tmp_path / "a.wacz", **{name: data})

    assert list(check_wacz(path, "a.wacz"))


def test_a_header_line_of_the_index_is_no_entry(tmp_path: Path) -> None:
    index = b"!meta\n" + MEMBERS["indexes/index.cdxj"]
    path = wacz(tmp_path / "a.wacz", **{"indexes/index.cdxj": index})

    (finding,) = check_wacz(path, "a.wacz")

    assert finding.record == "a.warc.gz at 0" and "points at no record" in finding.wrong


def test_an_encrypted_member_is_a_finding(tmp_path: Path) -> None:
    path = wacz(tmp_path / "a.wacz")
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + flags] |= 1
    path.write_bytes(data)

    (finding,) = check_wacz(path, "a.wacz")

    assert "cannot be read (RuntimeError" in finding.wrong


@pytest.mark.parametrize("resources", ["1", '{"a": 1}', "[1]", "[{}]", '[{"path": 1}]', "[null]"])
def test_a_hostile_description_is_a_finding(resources: str, tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text(f'{{"resources": {resources}}}')

    assert [finding.file for finding in check_tables(tmp_path)] == ["datapackage.json"]


def test_a_digest_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    description = {"resources": [{"path": "a.csv", "hash": 1}, {"path": "b.csv"}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(description))

    first, second = check_tables(tmp_path)

    assert "not described as it must be" in first.wrong and "b.csv" in second.wrong
