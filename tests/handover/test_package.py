"""A package is checked offline: any changed byte and any cut is detected and located, and so is a description that lies."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from warcio.bufferedreaders import BufferedReader

from archive.disk import sha256
from archive.handover.bag import DECLARATION
from archive.handover.wacz import index_of
from archive.verification.bag import check_bag
from archive.verification.finding import Finding
from archive.verification.package import check_package
from archive.verification.wacz import check_wacz
from archive.warc.reader import records
from tests.conftest import ROOT
from tests.fixtures import FOLDER
from tests.fuzz.records import pack, read
from tests.rigs.handover_world import Handed

pytestmark = [pytest.mark.xdist_group("handover"), pytest.mark.e2e]


@pytest.fixture(scope="module")
def package(handed: Handed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of the full tier."""
    folder = tmp_path_factory.mktemp("package")
    command = [
        sys.executable,
        "-m",
        "archive",
        "--archive",
        str(handed.folder),
        "export",
        str(folder / "out"),
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder / "out"


@pytest.fixture
def copy(package: Path, tmp_path: Path) -> Path:
    shutil.copytree(package, tmp_path / "copy")
    return tmp_path / "copy"


def test_a_sound_package_has_no_finding(package: Path) -> None:
    assert list(check_package(package)) == []
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "archive",
            "--archive",
            "/nowhere",
            "verify",
            "--package",
            str(package),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""


def test_any_changed_byte_and_any_cut_of_any_file_is_detected_and_located(
    package: Path, copy: Path
) -> None:
    rnd = random.Random(12)
    files = sorted(
        path.relative_to(package)
        for path in package.rglob("*")
        if path.is_file() and path.stat().st_size  # a table without rows is an empty file
    )
    assert len(files) > 40
    for trial in range(200):
        name = files[trial % len(files)] if trial < len(files) else rnd.choice(files)
        data = bytearray((package / name).read_bytes())
        place = rnd.randrange(len(data))
        if trial % 4:
            data[place] ^= 1 << rnd.randrange(8)
        else:
            del data[place:]
        (copy / name).write_bytes(data)
        findings = list(check_bag(copy))
        # A manifest that was changed is reported by the one over it, or by the files that it speaks of.
        spoken_of = name.name == "tagmanifest-sha256.txt"
        assert any(finding.file == name.as_posix() or spoken_of for finding in findings), (
            trial,
            name,
            place,
            list(map(str, findings)),
        )
        shutil.copy(package / name, copy / name)
    assert list(check_bag(copy)) == []


def test_a_link_to_a_file_elsewhere_is_no_part_of_a_package(copy: Path, tmp_path: Path) -> None:
    """Its bytes are right here and gone where the package is handed to."""
    (copy / "README.md").rename(tmp_path / "elsewhere.md")
    (copy / "README.md").symlink_to(tmp_path / "elsewhere.md")

    (finding,) = check_package(copy)

    assert finding.file == "README.md" and "is a link" in finding.wrong


@pytest.mark.parametrize(
    "words",
    [["index"], ["rebuild"], ["verify"], ["follow", "https://www.thepaper.cn/gov_44871"]],
    ids=str,
)
def test_the_data_of_a_package_are_read_and_never_written(words: list[str], package: Path) -> None:
    program = [sys.executable, "-m", "archive", "--archive", str(package / "data")]

    done = subprocess.run([*program, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    read = subprocess.run(
        [*program, "status"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2 and str(package) in done.stderr and done.stderr.count("\n") == 1, (
        done.stderr
    )
    assert read.returncode == 0 and "articles" in read.stdout
    assert list(check_bag(package)) == []


def test_every_bit_and_every_length_of_a_bag_counts(tmp_path: Path) -> None:
    """All of a small bag, because some bits look like others: an end of line, a letter of a digest, a space."""
    folder = tmp_path / "bag"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a.txt").write_text("正文\n", "utf-8")
    tag_files = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": "Bagging-Date: 2026-11-27\nPayload-Oxum: 7.1\n",
    }
    tag_files["manifest-sha256.txt"] = f"{sha256(folder / 'data' / 'a.txt')}  data/a.txt\n"
    for name, text in tag_files.items():
        (folder / name).write_text(text, "utf-8")
    tags = "".join(f"{sha256(folder / name)}  {name}\n" for name in sorted(tag_files))
    (folder / "tagmanifest-sha256.txt").write_text(tags, "utf-8")
    assert list(check_bag(folder)) == []

    for path in [path for path in folder.rglob("*") if path.is_file()]:
        data = path.read_bytes()
        changed = [
            data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
            for place in range(len(data))
            for bit in range(8)
        ]
        for other in [*changed, *(data[:length] for length in range(len(data)))]:
            path.write_bytes(other)
            assert list(check_bag(folder)), (path.name, other)
        path.write_bytes(data)


def resealed(folder: Path) -> None:
    """Make the manifests true again, as someone does who changes a package on purpose."""
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        lines = []
        for line in (folder / manifest).read_text("utf-8").splitlines():
            name = line.split("  ", 1)[1]
            if (folder / name).exists():
                lines.append(
                    f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
                )
        (folder / manifest).write_text("".join(lines), "utf-8")


def findings_under_true_manifests(folder: Path) -> list[Finding]:
    resealed(folder)
    return list(check_package(folder))


def test_a_changed_record_under_true_manifests_is_reported_at_its_offset(copy: Path) -> None:
    path = next((copy / "data" / "warc").glob("*.warc.gz"))
    starts = [record.offset for record in records(path)]
    data = bytearray(path.read_bytes())
    data[starts[3] + 200] ^= 4
    path.write_bytes(data)

    assert any(
        finding.file == f"data/warc/{path.name}" and finding.offset == starts[3]
        for finding in findings_under_true_manifests(copy)
    )


def test_an_added_or_removed_file_is_reported(copy: Path) -> None:
    (copy / "data" / "more.txt").write_text("x")
    (copy / "data" / "articles.csv").unlink()

    wrong = {(finding.file, finding.wrong) for finding in check_package(copy)}

    assert ("data/more.txt", "the file is not in manifest-sha256.txt") in wrong
    assert ("data/articles.csv", "manifest-sha256.txt lists the file and it is missing") in wrong
    assert any(name == "bag-info.txt" for name, _ in wrong)


def test_a_warc_file_other_than_the_chains_is_reported_under_true_manifests(
    copy: Path,
) -> None:
    path, other = sorted((copy / "data" / "warc").glob("*.warc.gz"))[:2]
    path.write_bytes(other.read_bytes())

    assert any(
        finding.file == f"data/warc/{path.name}" and "when it was closed" in finding.wrong
        for finding in findings_under_true_manifests(copy)
    )


def test_tables_that_lack_rows_are_reported(copy: Path) -> None:
    path = copy / "data" / "articles.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[1:]))

    assert any(
        finding.file == "data/articles.jsonl" and f"holds {len(lines) - 1} rows" in finding.wrong
        for finding in findings_under_true_manifests(copy)
    )


def rezipped(path: Path, change: dict[str, bytes | None]) -> None:
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in {**members, **change}.items():
            if data is not None:
                new.writestr(name, data)


def sealed(described: dict[str, Any], pages: str) -> dict[str, bytes | None]:
    """Other pages with the digests that make them look sound."""
    body = pages.encode()
    true_size_and_digest = {
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
        "bytes": len(body),
    }
    resources = [
        resource | true_size_and_digest if resource["path"] == "pages/pages.jsonl" else resource
        for resource in described["resources"]
    ]
    text = json.dumps({**described, "resources": resources}).encode()
    seal = json.dumps(
        {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    ).encode()
    return {"pages/pages.jsonl": body, "datapackage.json": text, "datapackage-digest.json": seal}


def test_faults_in_a_wacz_that_the_stock_validator_passes_are_reported(copy: Path) -> None:
    path = copy / "data" / "archive.wacz"
    assert list(check_wacz(path, "x")) == []
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        warc = next(name for name in archive.namelist() if name.startswith("archive/"))
        pages = archive.read("pages/pages.jsonl").decode("utf-8").splitlines()
        described = json.loads(archive.read("datapackage.json"))
        torn = archive.read(warc)[:-50]

    def wrong(change: dict[str, bytes | None]) -> str:
        path.write_bytes(data)
        rezipped(path, change)
        return "\n".join(f"{finding.record}: {finding.wrong}" for finding in check_wacz(path, "x"))

    assert "is missing" in wrong({warc: None})
    assert "is missing" in wrong({"pages/pages.jsonl": None})
    assert "not what datapackage.json says" in wrong({warc: torn})
    other = json.dumps(json.loads(pages[1]) | {"url": "https://never.example/"})
    assert "is not in the index" in wrong(sealed(described, "\n".join([pages[0], other])))
    # A line end of Unicode inside a text ends no line of JSON.
    other = json.dumps(json.loads(pages[1]) | {"title": "一\u2028二\x85三"}, ensure_ascii=False)
    assert wrong(sealed(described, "\n".join([pages[0], other]))) == ""
    other = json.dumps(json.loads(pages[1]) | {"url": {"a": 1}})
    assert "cannot be read" in wrong(sealed(described, "\n".join([pages[0], other])))
    text = json.dumps({**described, "title": "other"}).encode()
    assert "it is not the digest" in wrong({"datapackage.json": text})
    path.write_bytes(data[:-30])
    assert "cannot be read" in "".join(finding.wrong for finding in check_wacz(path, "x"))


def test_an_answer_in_brotli_is_in_the_index_whatever_library_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BufferedReader.DECOMPRESSORS, "br", object)  # as unfit as brotli 1.1
    recs = read(FOLDER / "demo" / "account" / "capture.warc.gz")
    response = next(rec for rec in recs if rec.get(b"WARC-Type") == b"response")
    response.block = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x0b\x02\x80hello\x03"
    (tmp_path / "a.warc.gz").write_bytes(pack([response.seal()]))

    path, _ = index_of([tmp_path / "a.warc.gz"], tmp_path)

    assert response.get(b"WARC-Target-URI") in gzip.decompress(path.read_bytes())
