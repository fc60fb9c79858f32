"""Packages that were made to block, fill the memory, run without end or open what lies outside end with findings."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.verification import tree as package_tree
from archive.verification.finding import Finding
from archive.verification.package import check_package
from archive.warc import chaining
from tests.conftest import ROOT
from tests.rigs.history import OTHER, STORY, History
from tests.rigs.warc_records import OURS

pytestmark = pytest.mark.slow  # tries many inputs

SECRET = Path("/etc/passwd")
CPU_SECONDS = 20  # that no package of this file may take
OXUM = re.compile(r"Payload-Oxum: .*")
opened: list[str] = []  # every path that was opened since the test began


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("open", "sqlite3.connect"):
        opened.append(os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else "")


sys.addaudithook(_note)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of an archive of two runs, as the program exports it."""
    folder = tmp_path_factory.mktemp("sound")
    history = History(folder / "archive")
    history.run(0, "ok", walk=[STORY, OTHER])
    history.run(24, "edit", walk=[STORY, OTHER])
    chaining.extend(folder / "archive")
    with Archive(folder / "archive") as archive:
        archive.index()
        archive.export(folder / "package")
    return folder / "package"


@pytest.fixture
def package(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "package")
    return tmp_path / "package"


def checked(package: Path) -> list[Finding]:
    """The findings, which come in time and without anything outside having been opened."""
    opened.clear()
    started = time.process_time()
    findings = list(check_package(package))
    assert time.process_time() - started < CPU_SECONDS
    outside = [path for path in opened if path.startswith(("/etc/", "/dev/"))]
    own = ("/dev/urandom", str(package.parent))  # which may be in memory, below /dev/shm
    assert [path for path in outside if not path.startswith(own)] == []
    assert all(finding.wrong and str(finding) for finding in findings)
    return findings


def reseal(package: Path) -> None:
    """Make every digest and size true again, so that only what is hostile is wrong."""
    digests = {}
    for path in sorted(package.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                digests[path.relative_to(package).as_posix()] = hashlib.file_digest(
                    file, "sha256"
                ).hexdigest()
    _redescribe(package, digests)
    payload = {name: digest for name, digest in digests.items() if name.startswith("data/")}
    size = sum((package / name).stat().st_size for name in payload)
    information = package / "bag-info.txt"
    information.write_text(
        OXUM.sub(f"Payload-Oxum: {size}.{len(payload)}", information.read_text("utf-8")), "utf-8"
    )
    _write_manifest(package / "manifest-sha256.txt", payload)
    tags = {
        name: hashlib.sha256((package / name).read_bytes()).hexdigest()
        for name in digests
        if name not in payload and name != "tagmanifest-sha256.txt"
    }
    _write_manifest(package / "tagmanifest-sha256.txt", tags)


def _redescribe(package: Path, digests: dict[str, str]) -> None:
    for name, key, path_key, hash_key, size_key in (
        ("datapackage.json", "resources", "path", "hash", "bytes"),
        ("ro-crate-metadata.json", "@graph", "@id", "sha256", "contentSize"),
    ):
        try:
            text = (package / name).read_text("utf-8")
            document = json.loads(text)
            for entry in document[key]:
                path = entry.get(path_key)
                if (
                    isinstance(path, str)
                    and hash_key in entry
                    and path in digests
                    and (path != name)
                ):
                    size = (package / path).stat().st_size
                    prefix = "sha256:" if entry[hash_key].startswith("sha256:") else ""
                    entry[hash_key] = (
                        prefix + hashlib.sha256((package / path).read_bytes()).hexdigest()
                    )
                    if size_key in entry:
                        entry[size_key] = str(size) if isinstance(entry[size_key], str) else size
            if document != json.loads(text):
                (package / name).write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        except (ValueError, OSError, KeyError, TypeError, RecursionError, AttributeError):
            pass  # it is what the test made hostile


def _write_manifest(path: Path, digests: dict[str, str]) -> None:
    lines = [f"{digest}  {name}\n" for name, digest in sorted(digests.items())]
    path.write_bytes(os.fsencode("".join(lines)))


def test_a_sound_package_has_no_finding_before_and_after_it_is_sealed_again(package: Path) -> None:
    assert checked(package) == []
    reseal(package)
    assert checked(package) == []


@dataclass(frozen=True)
class Case:
    """What is done to a package, part of what must be found, and whether its digests are made true again."""

    make: Callable[[Path], object]
    wrong: str
    seal: bool = True


def replaced(name: str, make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Put something else in the place of a file."""

    def change(package: Path) -> None:
        path = package / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        make(path)

    return change


def linked(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


def a_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # its address may not be long
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


NO_FILES = {
    "named pipe among the data": Case(replaced("data/pipe", os.mkfifo), "named pipe"),
    "named pipe as database": Case(replaced("data/archive.db", os.mkfifo), "named pipe"),
    "named pipe as WARC": Case(replaced("data/warc/a.warc.gz", os.mkfifo), "named pipe"),
    "named pipe as journal of the database": Case(replaced("data/archive.db-journal", os.mkfifo), "named pipe"),
    "named pipe as bagit.txt": Case(replaced("bagit.txt", os.mkfifo), "named pipe"),
    "named pipe as WACZ": Case(replaced("data/archive.wacz", os.mkfifo), "named pipe"),
    "named pipe as chain": Case(replaced("data/chain.jsonl", os.mkfifo), "named pipe"),
    "named pipe as signature": Case(replaced("data/signatures/chain-000001.sig", os.mkfifo), "named pipe"),
    "socket": Case(replaced("data/socket", a_socket), "socket"),
    "link to a file outside": Case(replaced("README.md", linked("/etc/passwd")), "is a link"),
    "link as database": Case(replaced("data/archive.db", linked("/etc/passwd")), "is a link"),
    "link to an endless device": Case(replaced("data/articles.csv", linked("/dev/zero")), "is a link"),
    "link to a folder outside": Case(replaced("data/warc", linked("/etc")), "is a link"),
    "link to nothing": Case(replaced("data/articles.jsonl", linked("/nowhere")), "is a link"),
    "link to itself": Case(replaced("data/loop", linked("loop")), "is a link"),
    "link to the package": Case(replaced("data/up", linked("..")), "is a link"),
    "folder as database": Case(replaced("data/archive.db", os.mkdir), "it is missing"),
    "folder as WACZ": Case(replaced("data/archive.wacz", os.mkdir), "archive.wacz, which is missing"),
    "folder as manifest": Case(replaced("manifest-sha256.txt", os.mkdir), "cannot be read", seal=False),
    "folder as description": Case(replaced("datapackage.json", os.mkdir), "cannot be read"),
    "a terabyte of holes": Case(lambda package: _holes(package / "data" / "holes.csv", 2**40), "are holes", seal=False),
    "a gigabyte of holes as manifest": Case(lambda package: _holes(package / "manifest-sha256.txt", 2**30), "are holes", seal=False),
    "folders without end": Case(lambda package: (package / "data" / "/".join("d" * 100)).mkdir(parents=True), "folders are within"),
}  # fmt: skip


def _holes(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def described(path: object, **more: object) -> Callable[[Path], object]:
    """Add a resource to datapackage.json."""

    def change(package: Path) -> None:
        file = package / "datapackage.json"
        document = json.loads(file.read_text("utf-8"))
        digest = "sha256:" + hashlib.sha256(SECRET.read_bytes()).hexdigest()
        document["resources"].append({"name": "x", "path": path, "hash": digest, **more})
        file.write_text(json.dumps(document), "utf-8")

    return change


def in_crate(path: object) -> Callable[[Path], object]:
    """Add a file to ro-crate-metadata.json."""

    def change(package: Path) -> None:
        file = package / "ro-crate-metadata.json"
        document = json.loads(file.read_text("utf-8"))
        document["@graph"].append({"@id": path, "@type": "File", "sha256": "0" * 64})
        file.write_text(json.dumps(document), "utf-8")

    return change


def written(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda package: (package / name).write_bytes(data)


def appended(name: str, data: bytes) -> Callable[[Path], object]:
    def change(package: Path) -> None:
        with (package / name).open("ab") as file:
            file.write(data)

    return change


LINE = b"0" * 64 + b"  "
OUTSIDE = {
    **{
        f"resource {path}": Case(described(path), "which is missing")
        for path in (
            "/etc/passwd",
            "../../../../../../../../etc/passwd",
            "data/../../../../../../../../../etc/passwd",
            "C:\\Windows\\win.ini",
            "\\\\server\\share\\file",
            "//server/share/file",
            "%2e%2e/%2e%2e/etc/passwd",
            "%2Fetc%2Fpasswd",
            "file:///etc/passwd",
            "http://127.0.0.1:1/x",
            "data/./articles.csv",
            "~/.ssh/id_ed25519",
            "data/articles.csv\x00",
            "",
            ".",
            "data",
        )
    },
    "resource of many paths": Case(described(["data/articles.csv", "/etc/passwd"]), "which is missing"),
    "resource whose path is a number": Case(described(1), "not described as it must be"),
    "crate with a path outside": Case(in_crate("../../../../../../../etc/passwd"), "which is missing"),
    "crate with an absolute path": Case(in_crate("/etc/passwd"), "which is missing"),
    "crate with a URL": Case(in_crate("file:///etc/passwd"), "which is missing"),
    **{
        f"manifest with {path.decode()}": Case(appended("manifest-sha256.txt", LINE + path + b"\n"), "it is missing", seal=False)
        for path in (b"/etc/passwd", b"data/../../../../../../../../etc/passwd", b"..\\..\\x", b"%2Fetc%2Fpasswd", b"file:///etc/passwd")
    },
    **{
        f"fetch.txt with {url.decode()}": Case(written("fetch.txt", url + b" - data/x.csv\n"), "nothing is fetched")
        for url in (b"file:///etc/passwd", b"http://127.0.0.1:1/x", b"ftp://127.0.0.1:1/x", b"/etc/passwd")
    },
}  # fmt: skip
DEEP = b'{"resources": ' + b"[" * 200_000
DOCUMENTS = {
    "deep JSON": Case(written("datapackage.json", DEEP), "cannot be read"),
    "deep and complete JSON": Case(written("datapackage.json", DEEP + b"]" * 200_000 + b"}"), "cannot be read"),
    "deep crate": Case(written("ro-crate-metadata.json", b"[" * 100_000), "cannot be read"),
    "a number of 100,000 digits": Case(written("datapackage.json", b'{"resources": [{"path": "a", "bytes": ' + b"9" * 100_000 + b"}]}"), "cannot be read"),
    "an exponent without end": Case(described("data/articles.csv", bytes=1e308), "is not what", seal=False),
    "NaN": Case(written("datapackage.json", b'{"resources": [{"path": "a", "bytes": NaN}]}'), "cannot be read"),
    "infinity": Case(written("datapackage.json", b'{"resources": [], "x": -Infinity}'), "cannot be read"),
    "a key twice": Case(written("datapackage.json", b'{"resources": [], "resources": []}'), "cannot be read"),
    "20 MB of JSON": Case(written("datapackage.json", b'{"resources": [' + b" " * 20_000_000 + b"]}"), "cannot be read"),
    "50,000 resources": Case(written("datapackage.json", b'{"resources": [' + b"[]," * 50_000 + b"[]]}"), "many more than"),
    "JSON that is not UTF-8": Case(written("datapackage.json", b'{"resources": ["\xff"]}'), "cannot be read"),
    "JSON in UTF-16": Case(written("datapackage.json", '{"resources": []}'.encode("utf-16")), "cannot be read"),
    "an empty description": Case(written("datapackage.json", b""), "cannot be read"),
    "a manifest of 200,000 lines": Case(written("manifest-sha256.txt", b"".join(LINE + b"data/%d\n" % n for n in range(200_000))), "more lines than", seal=False),
    "a manifest of one line": Case(written("manifest-sha256.txt", LINE + b"x" * 50_000_000), "what follows it was not read", seal=False),
    "a manifest of nothing but line ends": Case(written("manifest-sha256.txt", b"\n" * 10_000_000), "times more", seal=False),
    "a manifest with two digests of a file": Case(appended("manifest-sha256.txt", LINE + b"data/articles.csv\n"), "another line", seal=False),
    "a manifest that is not UTF-8": Case(appended("manifest-sha256.txt", LINE + b"data/\xff\n"), "cannot be read", seal=False),
    "an oxum without end": Case(written("bag-info.txt", b"Payload-Oxum: " + b"9" * 1_000_000 + b".1\n"), "Payload-Oxum", seal=False),
    "bagit.txt of 20 MB": Case(written("bagit.txt", b"BagIt-Version: 1.0\n" * 1_000_000), "declare a bag"),
    "a cell without end": Case(appended("data/articles.csv", b'"' + b"x" * 5_000_000), "does not end"),
    "a table of one line": Case(written("data/articles.jsonl", b"x" * 5_000_000), "0 rows"),
    "Parquet that is none": Case(written("data/articles.parquet", b"PAR1" + b"\xff" * 1_000 + b"\xff\xff\xff\x7fPAR1"), "cannot be counted"),
}  # fmt: skip


def named(name: bytes) -> Callable[[Path], object]:
    def change(package: Path) -> None:
        Path(os.fsdecode(os.fsencode(package / "data") + b"/" + name)).write_bytes(b"x")

    return change


NAMES = {
    "a name that is not UTF-8": Case(named(b"\xff\xfe.csv"), "not UTF-8"),
    "names that differ in case": Case(named(b"ARTICLES.CSV"), "the same as that of"),
    "names that differ in composition": Case(lambda package: (named("é.csv".encode())(package), named("e\u0301.csv".encode())(package)), "the same as that of"),
    "a line end in a name": Case(named(b"a\nb.csv"), "is not in manifest", seal=False),
    "an escape sequence in a name": Case(named(b"\x1b[2J.csv"), "is not in manifest", seal=False),
}  # fmt: skip


def sql(script: str, *, writable: bool = False) -> Callable[[Path], object]:
    """Change the database of the package."""

    def change(package: Path) -> None:
        with closing(sqlite3.connect(package / "data" / "archive.db")) as db:
            if writable:
                db.execute("PRAGMA writable_schema = ON")
            db.executescript(script)
            db.commit()

    return change


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"


def endless(table: str) -> str:
    """A view in the place of a table that has no end."""
    return f"""ALTER TABLE {table} RENAME TO old; CREATE VIEW {table} AS {ENDLESS} SELECT old.* FROM n, old;"""


DATABASES = {
    **{f"endless view {table}": Case(sql(endless(table)), f"({table}): no package has a view") for table in ("articles", "captures", "versions", "coverage", "about")},
    "trigger": Case(sql(f"CREATE TRIGGER t AFTER INSERT ON articles BEGIN INSERT INTO about {ENDLESS} SELECT x, x FROM n; END"), "no package has a trigger"),
    "another virtual table": Case(sql("CREATE VIRTUAL TABLE x USING fts4(a)"), "no package has a table"),
    "a virtual table as table": Case(sql("DROP TABLE media; CREATE VIRTUAL TABLE media USING rtree(id, a, b)"), "no package has a table"),
    "a table of another program": Case(sql("CREATE TABLE passwords (a)"), "no package has a table"),
    "computed column": Case(sql("ALTER TABLE media ADD COLUMN x TEXT AS (hex(zeroblob(60000000)))"), "is computed"),
    "index on an expression": Case(sql("CREATE INDEX x ON articles (hex(zeroblob(1000000)))"), "computes what it holds"),
    "full-text index of another module": Case(sql("DROP TABLE articles_fts; CREATE VIRTUAL TABLE articles_fts USING fts4(title, text)"), "no package has a table"),
    "no full-text index": Case(sql("DROP TABLE articles_fts"), "no full-text index"),
    "no table of captures": Case(sql("DROP TABLE captures"), "cannot be read"),
    "numbers for texts": Case(sql("UPDATE articles SET title = 1, text = x'00ff'; UPDATE captures SET url = 7"), ""),
    "values of 10 MB": Case(sql("UPDATE articles SET text = hex(zeroblob(5000000)); UPDATE versions SET text = hex(zeroblob(5000000))"), ""),
    "proofs that are no JSON": Case(sql(f"INSERT INTO withdrawals SELECT * FROM withdrawals; UPDATE captures SET content_digest = '{'[' * 50_000}'"), ""),
    "no database": Case(written("data/archive.db", b"SQLite format 4\n" * 1_000), "cannot be opened"),
    "a head without a body": Case(lambda package: os.truncate(package / "data" / "archive.db", 100), "cannot be"),
    "half a database": Case(lambda package: os.truncate(package / "data" / "archive.db", 100_000), "cannot be"),
    "a database of 0 bytes": Case(written("data/archive.db", b""), "it is missing"),
    "a schema that lies": Case(sql("UPDATE sqlite_master SET sql = 'CREATE TABLE articles AS SELECT 1' WHERE name = 'articles'", writable=True), "cannot be opened"),
    "a page that is its own child": Case(lambda package: _overwrite(package / "data" / "archive.db", 4096, b"\x05" + b"\0" * 3000), ""),
}  # fmt: skip


def _overwrite(path: Path, place: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(data)


def zipped(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path], object]:
    """Write the WACZ anew with other members, truly described."""

    def make(package: Path) -> None:
        path = package / "data" / "archive.wacz"
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        description = json.loads(members.pop("datapackage.json"))
        del members["datapackage-digest.json"]
        change(members)
        description["resources"] = [
            {
                "name": name,
                "path": name,
                "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
                "bytes": len(data),
            }
            for name, data in members.items()
        ]
        text = json.dumps(description).encode()
        digest = {"path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(text).hexdigest()}
        members |= {
            "datapackage.json": text,
            "datapackage-digest.json": json.dumps(digest).encode(),
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)

    return make


def patched(change: Callable[[bytearray], object]) -> Callable[[Path], object]:
    def make(package: Path) -> None:
        path = package / "data" / "archive.wacz"
        data = bytearray(path.read_bytes())
        change(data)
        path.write_bytes(data)

    return make


def _many_members(package: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}-{'x' * 1_000}", b"")
    (package / "data" / "archive.wacz").write_bytes(data.getvalue())


def _repeat_index(members: dict[str, bytes]) -> None:
    name = next(
        name
        for name in members
        if name.startswith("indexes/") and name.endswith((".cdx", ".cdxj", ".gz"))
    )
    data = gzip.decompress(members[name]) if name.endswith(".gz") else members[name]
    line = next(line for line in data.splitlines(keepends=True) if not line.startswith(b"!"))
    del members[name]
    members["indexes/index.cdxj"] = line * 20_000


def _bomb_index(members: dict[str, bytes]) -> None:
    for name in [name for name in members if name.startswith("indexes/")]:
        del members[name]
    members["indexes/index.cdx.gz"] = gzip.compress(b"!\n" * 30_000_000, 1)


def _lie(data: bytearray) -> None:
    """Say of every member that it is small."""
    place = -1
    while (place := data.find(b"PK\1\2", place + 1)) >= 0:
        data[place + 24 : place + 28] = (10).to_bytes(4, "little")


def _overlap(data: bytearray) -> None:
    """Let every member begin where the first does."""
    place = -1
    while (place := data.find(b"PK\1\2", place + 1)) >= 0:
        data[place + 42 : place + 46] = (0).to_bytes(4, "little")


def _huge_directory(data: bytearray) -> None:
    place = data.rindex(b"PK\5\6")
    data[place + 12 : place + 16] = (0x7FFF_FFFF).to_bytes(4, "little")


ZIPS = {
    "zip bomb": Case(zipped(lambda members: members.update({"logs/x": bytes(60_000_000)})), "it unpacks to"),
    "zip bomb in a zip": Case(zipped(lambda members: members.update({"archive/x.warc.gz": gzip.compress(bytes(10_000_000), 1)})), "no line of the index points into"),
    "sizes that lie": Case(patched(_lie), "archive.wacz"),
    "members that overlap": Case(patched(_overlap), "overlap"),
    "a directory of 20 MB": Case(_many_members, "its directory"),
    "a directory that lies": Case(patched(_huge_directory), "its directory"),
    "a member outside": Case(zipped(lambda members: members.update({"archive/../../../../etc/x.warc.gz": b"x"})), "leads out of the file"),
    "a member with an absolute path": Case(zipped(lambda members: members.update({"/etc/x": b"x", "C:\\x": b"y"})), "leads out of the file"),
    "20,000 lines that point at one record": Case(zipped(_repeat_index), "times more"),
    "index that is a gzip bomb": Case(zipped(_bomb_index), "unpacks to too much"),
    "a line of 18 MB": Case(zipped(lambda members: members.update({"pages/pages.jsonl": os.urandom(18_000_000).replace(b"\n", b"x")})), "a line has more"),
    "deep pages": Case(zipped(lambda members: members.update({"pages/pages.jsonl": b"[" * 100_000})), "nested too deeply"),
    "no zip": Case(written("data/archive.wacz", b"PK\5\6" * 100_000), "archive.wacz"),
    "an empty WACZ": Case(written("data/archive.wacz", b""), "archive.wacz"),
}  # fmt: skip


def member(
    head: str, block: bytes = b"", *, end: bytes = b"\r\n\r\n", size: int | None = None
) -> bytes:
    """A record of WARC as a gzip member."""
    length = len(block) if size is None else size
    return gzip.compress(
        f"WARC/1.1\r\n{head}Content-Length: {length}\r\n\r\n".encode() + block + end, 6
    )


def warc(data: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda package: (package / "data" / "warc" / "hostile.warc.gz").write_bytes(data())


HTTP = "WARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: application/http\r\n"


def _same_ids() -> bytes:
    """Answers and requests that all have the same id and name one another."""
    ids = "WARC-Record-ID: <urn:x>\r\nWARC-Concurrent-To: <urn:x>\r\nWARC-Refers-To: <urn:x>\r\nContent-Type: application/http\r\n"
    return OURS + (
        b"".join(
            member(f"WARC-Type: {kind}\r\n{ids}") for kind in ("request", "response", "revisit")
        )
        * 4_000
    )


WARCS = {
    "gzip bomb": Case(warc(lambda: member(HTTP, bytes(60_000_000))), "unpacks to more than"),
    "chunked gzip bomb": Case(warc(lambda: member(HTTP, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 8_000_000)), "unpacks to more than"),
    "gzip bomb behind the block": Case(warc(lambda: member(HTTP, end=bytes(50_000_000))), "hostile.warc.gz"),
    "gzip bomb as head": Case(warc(lambda: gzip.compress(b"WARC/1.1\r\n" + b"x" * 20_000_000)), "no WARC header"),
    "a million begins of members": Case(warc(lambda: b"\x1f\x8b\x08" * 300_000), "hostile.warc.gz"),
    "a million begins after a record": Case(warc(lambda: member(HTTP) + b"\x1f\x8b\x08\0" * 500_000), "hostile.warc.gz"),
    "thousands of damaged members": Case(warc(lambda: (member(HTTP)[:-9] + member(HTTP)) * 2_000), "hostile.warc.gz"),
    "12,000 records of one id": Case(warc(_same_ids), "another record has the same id"),
    "a length of 30 digits": Case(warc(lambda: member(HTTP, size=10**30)), "Content-Length"),
    "a length below zero": Case(warc(lambda: member(HTTP, size=-5)), "hostile.warc.gz"),
    "a length of 100,000 digits": Case(warc(lambda: gzip.compress(b"WARC/1.1\r\nContent-Length: " + b"9" * 100_000 + b"\r\n\r\n")), "Content-Length"),
    "an HTTP head without end": Case(warc(lambda: member(HTTP, b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000_000)), "hostile.warc.gz"),
    "no gzip": Case(warc(lambda: b"WARC/1.1\r\n" * 100_000), "hostile.warc.gz"),
    "another file's name": Case(lambda package: (package / "data" / "warc" / "\x1b[2J.warc.gz").write_bytes(b"x"), "warc"),
}  # fmt: skip


def _sign_often(package: Path) -> None:
    folder = package / "data" / "signatures"
    folder.mkdir(exist_ok=True)
    for number in range(2_000):
        (folder / f"chain-{number:06}.sig").write_bytes(b"x" * 64)
    (package / "data" / "chain.jsonl").write_bytes(b"{}\n" * 1_000_000)


CHAINS = {
    "deep line": Case(written("data/chain.jsonl", b"[" * 200_000 + b"\n"), "chain.jsonl"),
    "lists for objects": Case(written("data/chain.jsonl", b"[]\n1\nnull\n" * 100), "chain.jsonl"),
    "a chain of 40 MB": Case(written("data/chain.jsonl", b"x" * 40_000_000), "more than can be checked"),
    "too many signatures": Case(_sign_often, "more than can be checked"),
    "names that lead outside": Case(written("data/chain.jsonl", b'{"kind": "warc", "name": "../../../../etc/passwd", "size": 1, "sha256": "x"}\n'), "chain.jsonl"),
    "a name that is a list": Case(written("data/chain.jsonl", b'{"kind": "warc", "name": [], "size": {}}\n'), "chain.jsonl"),
    "a signature of 20 MB": Case(replaced("data/signatures/chain-000001.sig", lambda path: path.write_bytes(bytes(20_000_000))), "too large"),
    "a key that is none": Case(lambda package: (replaced("data/signatures/chain-000001.sig", Path.touch)(package), written("data/signatures/key.pub", b"x")(package)), "key.pub"),
}  # fmt: skip
CASES = {
    f"{kind}: {name}": case
    for kind, cases in (
        ("no file", NO_FILES), ("outside", OUTSIDE), ("document", DOCUMENTS), ("name", NAMES),
        ("database", DATABASES), ("WACZ", ZIPS), ("WARC", WARCS), ("chain", CHAINS),
    )
    for name, case in cases.items()
}  # fmt: skip

FIRST = {name.partition(":")[0]: name for name in reversed(CASES)}
NAMED_CASES = [  # the fast set has one of each kind
    pytest.param(name, marks=() if name in FIRST.values() else pytest.mark.e2e) for name in CASES
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", NAMED_CASES)
def test_a_hostile_package_ends_with_findings(name: str, package: Path) -> None:
    case = CASES[name]
    case.make(package)
    if case.seal:
        reseal(package)

    findings = checked(package)

    assert findings, "nothing was found"
    assert len(findings) < 5_000
    assert case.wrong in "\n".join(map(str, findings))


@pytest.mark.skipif(os.geteuid() != 0, reason="a device cannot be installed here without rights")
def test_a_device_is_a_finding(package: Path) -> None:
    os.mknod(package / "data" / "zero", 0o600 | 0o020000, os.makedev(1, 5))

    assert any("device" in finding.wrong for finding in checked(package))


@pytest.fixture(params=["nothing", "other files", "only a folder", "data alone"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder that is no package."""
    folder = tmp_path / "other"
    folder.mkdir()
    if request.param == "other files":
        (folder / "notes.txt").write_text("x")
    elif request.param == "only a folder":
        (folder / "x").mkdir()
    elif request.param == "data alone":
        (folder / "data").mkdir()
        (folder / "data" / "archive.db").write_bytes(b"")
    yield folder


def test_a_folder_that_is_no_package_is_one_finding(other: Path) -> None:
    (finding,) = checked(other)

    assert "no package" in finding.wrong


def test_a_file_in_place_of_a_package_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")

    for name in ("file", "nowhere"):
        (finding,) = checked(tmp_path / name)
        assert "cannot be read" in finding.wrong


def test_a_file_without_rights_is_a_finding(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refusing(path: Any, *arguments: Any, **named: Any) -> int:
        if str(path).endswith("articles.csv"):
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, "open", refusing)

    findings = [finding for finding in checked(package) if finding.file == "data/articles.csv"]

    assert findings and all("cannot be read" in finding.wrong for finding in findings)


@pytest.mark.parametrize("change", ["grows", "shrinks", "is another", "becomes a pipe"])
def test_a_file_that_changes_while_the_package_is_read_is_a_finding(
    change: str, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = package / "data" / "articles.csv"
    gather = package_tree.Tree._gather

    def gather_and_change(tree: package_tree.Tree) -> None:
        gather(tree)
        if change == "grows":
            path.write_bytes(path.read_bytes() * 2)
        elif change == "shrinks":
            os.truncate(path, 3)
        elif change == "is another":
            path.write_bytes(bytes(path.stat().st_size))
        else:
            path.unlink()
            os.mkfifo(path)

    monkeypatch.setattr(package_tree.Tree, "_gather", gather_and_change)

    assert any(finding.file == "data/articles.csv" for finding in checked(package))


BOMBS = (
    "WARC: gzip bomb",
    "WARC: gzip bomb behind the block",
    "WARC: gzip bomb as head",
    "WARC: an HTTP head without end",
    "WACZ: a line of 18 MB",
    "database: values of 10 MB",
    "document: a manifest of one line",
    "document: a table of one line",
    "document: a cell without end",
    "chain: a chain of 40 MB",
)
LIMITED = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
from pathlib import Path
from archive.verification.package import check_package
findings = [str(finding) for finding in check_package(Path(sys.argv[1]))]
print(len(findings), "MemoryError" in "".join(findings), time.process_time())
"""


@pytest.mark.e2e
def test_all_bombs_together_need_less_than_a_gigabyte(package: Path) -> None:
    for number, name in enumerate(BOMBS):
        CASES[name].make(package)
        hostile = package / "data" / "warc" / "hostile.warc.gz"
        if hostile.exists():
            hostile.rename(hostile.with_name(f"{number}.warc.gz"))
    (package / "datapackage.json").write_bytes(b'{"resources": [' + b"[]," * 5_000_000 + b"[]]}")

    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(package)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    count, ran_out, seconds = done.stdout.split()
    assert int(count) > len(BOMBS) and ran_out == "False"
    assert float(seconds) < 3 * CPU_SECONDS
