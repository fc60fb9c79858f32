"""The hand-over: what `zhengwen export` makes is what validators, spreadsheets, databases and replay programs expect."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pandas
import pytest
import rocrate
from bagit import Bag
from datacite import schema45
from rocrate.rocrate import ROCrate

from archive import Archive
from archive.database.schema import TABLES
from archive.errors import ArchiveError, Busy, UsageError
from archive.handover import formats, tables
from archive.handover.withheld import runs
from archive.lock import Lock
from archive.model.meaning import NO_NULL
from archive.verification.package import check_package
from archive.warc.reader import read_record, records
from archive.warc.signing import sign
from tests.conftest import ROOT, apart, check, installed, rows
from tests.rigs.handover_world import Handed, same
from tests.standin.web import LoopbackWeb, Reply

pytestmark = [pytest.mark.xdist_group("handover"), pytest.mark.e2e]
STOCK = "import sys; sys._called_from_test = True; from sqlite_utils.cli import cli; cli()"  # without our plugin


@pytest.fixture(scope="module")
def full(handed: Handed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of everything."""
    return exported(handed, tmp_path_factory.mktemp("full") / "package")


@pytest.fixture(scope="module")
def second(handed: Handed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the second, unchanged crawl alone."""
    return exported(handed, tmp_path_factory.mktemp("second") / "package", run=handed.second_run)


def exported(handed: Handed, dest: Path, **wanted: Any) -> Path:
    with Archive(handed.folder) as archive:
        archive.export(dest, **wanted)
    return dest


def database(package: Path, statement: str, *values: object) -> list[dict[str, Any]]:
    return rows(package / "data", statement, *values)


# --- what others make of it


@pytest.mark.parametrize(
    "wanted",
    [{}, {"tier": "text"}, {"tier": "metadata"}, {"account": "济南高新区", "since": "2020-02-03"}],
)
def test_every_validator_is_content(wanted: dict[str, str], handed: Handed, tmp_path: Path) -> None:
    package = exported(handed, tmp_path / "package", **wanted)

    check(installed("bagit.py"), "--validate", "--quiet", str(package))
    check(installed("frictionless"), "validate", str(package / "datapackage.json"))
    if wanted.get("tier", "full") == "full":
        wacz = str(package / "data" / "archive.wacz")
        validator = subprocess.run(
            [installed("wacz"), "validate", "-f", wacz], capture_output=True, text=True, check=True
        ).stdout
        assert "Validation succeeded" in validator
        files = sorted(map(str, (package / "data" / "warc").iterdir()))
        assert files
        check(installed("warcio"), "check", *files)
        for file in files:
            check(installed("fastwarc"), "check", file)
    schema45.validator.validate(json.loads((package / "datacite.json").read_text("utf-8")))
    schema = json.loads((ROOT / "tests" / "rigs" / "schemas" / "cff-1.2.0.json").read_text("utf-8"))
    jsonschema.validate(
        yaml_of(package / "CITATION.cff"), schema, format_checker=jsonschema.FormatChecker()
    )


def yaml_of(path: Path) -> Any:
    """As a YAML program reads it, with dates as the strings that the schema speaks of."""
    import yaml

    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)


def test_the_research_object_names_every_file(full: Path) -> None:
    crate = ROCrate(str(full))
    named = {entity.id for entity in crate.data_entities}

    there = {path.relative_to(full).as_posix() for path in full.rglob("*") if path.is_file()}
    bag = {
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "ro-crate-metadata.json",
    }
    assert named == there - bag
    assert crate.root_dataset["author"]["@id"] == "https://orcid.org/0000-0002-1825-0097"


def test_cffconvert_is_content(full: Path) -> None:
    check(apart("cffconvert", "cffconvert"), "--validate", "-i", str(full / "CITATION.cff"))


def test_the_validator_of_research_objects_is_content(full: Path, web: LoopbackWeb) -> None:
    """It asks for the JSON-LD context of RO-Crate, which the library rocrate brings; nothing else is asked of any host."""
    context = Path(rocrate.__file__).with_name("data") / "ro-crate.jsonld"
    answer = Reply(headers={"Content-Type": "application/ld+json"}, body=context.read_bytes())
    web.sites["w3id.org"] = lambda request: answer
    command = [
        apart("rocrate-validator", "roc-validator"),
        "-y",
        "validate",
        "--no-paging",
        "-v",
        "-p",
        "ro-crate-1.1",
    ]
    command += ["--cache-path", str(web.certificate.parent / "cache"), str(full)]
    environ = {**os.environ, **web.environ(), "REQUESTS_CA_BUNDLE": str(web.certificate)}

    done = subprocess.run(command, env=environ, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    assert {request.url for request in web.log} == {"https://w3id.org/ro/crate/1.1/context"}


def test_a_bag_with_a_changed_byte_is_no_bag(full: Path, tmp_path: Path) -> None:
    other = shutil.copytree(full, tmp_path / "package")
    changed = other / "data" / "articles.csv"
    changed.write_bytes(changed.read_bytes()[:-3] + b"x\r\n")

    assert Bag(str(full)).is_valid() and not Bag(str(other)).is_valid()


def test_the_same_rows_in_every_format(full: Path) -> None:
    connection = sqlite3.connect(full / "data" / "archive.db")
    tables_read = tables.tables(connection)
    assert {"articles", "versions", "captures", "coverage"} <= {table.name for table in tables_read}
    for table in tables_read:
        names = [column.name for column in table.columns]
        lines = [
            json.loads(line)
            for line in (full / table.path("jsonl")).read_text("utf-8").splitlines()
        ]
        plain_names = [name for name in names if name != "pwid"]
        inside = [
            dict(zip(plain_names, row, strict=True))
            for row in connection.execute(f"SELECT {', '.join(plain_names)} FROM {table.name}")
        ]
        assert sorted(
            ({key: row[key] for key in plain_names} for row in lines), key=repr
        ) == sorted(inside, key=repr), table.name
        parquet = pandas.read_parquet(full / table.path("parquet"), dtype_backend="pyarrow")
        assert [
            {key: None if pandas.isna(value) else value for key, value in row.items()}
            for row in parquet.to_dict("records")
        ] == lines
        with (full / table.path("csv")).open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.DictReader(file))
        wanted = [
            {key: "" if value is None else str(formats.cell(value)) for key, value in row.items()}
            for row in lines
        ]
        assert cells == wanted, table.name
    connection.close()


def test_a_spreadsheet_takes_every_cell_of_the_csv(full: Path, tmp_path: Path) -> None:
    assert (full / "data" / "articles.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    frame = pandas.read_csv(full / "data" / "articles.csv", dtype=str)
    frame.to_excel(tmp_path / "articles.xlsx", index=False)

    sheet = openpyxl.load_workbook(tmp_path / "articles.xlsx").active
    titles = [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert sheet.max_row == len(frame) + 1 and "'=SUM(1,2)是一个标题" in titles
    texts = {row[0]: row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert texts["thepaper-5700101"] == frame.set_index("id").loc["thepaper-5700101", "text"]
    assert (
        texts["thepaper-5700101"].endswith(formats.CUT) and len(texts["thepaper-5700101"]) < 32_767
    )


def test_the_stock_program_searches_chinese(full: Path) -> None:
    command = [
        sys.executable,
        "-c",
        STOCK,
        "search",
        str(full / "data" / "archive.db"),
        "articles",
        "疫情 防控",
        "-c",
        "id",
    ]

    hits = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    meant = database(
        full,
        "SELECT id FROM articles WHERE text || title LIKE '%疫情%' AND text || title LIKE '%防控%' ORDER BY id",
    )
    assert sorted(row["id"] for row in hits) == [row["id"] for row in meant] and len(meant) >= 8


def test_the_data_are_an_archive_themselves(full: Path, handed: Handed) -> None:
    with Archive(full / "data") as package, Archive(handed.folder) as archive:
        query = "街道办事处要把工作做细做实"
        assert [hit.id for hit in package.search(query)] == [
            hit.id for hit in archive.search(query)
        ]
    assert list(check_package(full)) == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_queries_of_the_readme_run(name: str, full: Path) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", (full / name).read_text("utf-8"), re.S)
    ran = []
    for language, code in blocks:
        if language == "sh" and code.startswith("sqlite-utils"):
            words = ["bash", "-c", code.replace("sqlite-utils", installed("sqlite-utils"))]
        elif language == "sql":
            words = [installed("sqlite-utils"), "data/archive.db", code]
        elif language == "python":
            words = [sys.executable, "-W", "ignore", "-c", code]
        else:
            continue
        done = subprocess.run(words, cwd=full, capture_output=True, text=True)
        assert done.returncode == 0 and len(done.stdout) > 20, (code, done.stdout, done.stderr)
        ran.append(language)
    assert sorted(ran) == ["python", "sh", "sh", "sql", "sql", "sql"]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
@pytest.mark.parametrize("charset", ["C.UTF-8", "C"])
def test_the_r_of_the_readme_reads_every_row(name: str, charset: str, full: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not here (apt-get install r-base-core)")
    (code,) = re.findall(r"```r\n(.*?)```", (full / name).read_text("utf-8"), re.S)
    code += """
first <- vapply(articles$title, function(title) utf8ToInt(title)[1], 1L)
writeLines(paste(articles$id, nchar(articles$text), first))"""

    words, locale = ["Rscript", "-e", code], {**os.environ, "LC_ALL": charset}
    done = subprocess.run(words, cwd=full, capture_output=True, text=True, env=locale, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    with (full / "data" / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
        wanted = [
            f"{row['id']} {len(row['text'])} {ord(row['title'][0])}" for row in csv.DictReader(file)
        ]
    assert len(wanted) > 5 and done.stdout.splitlines()[-len(wanted) :] == wanted


def test_the_readme_names_the_missing_files_and_who_hands_over(full: Path) -> None:
    english, chinese = (
        (full / "README.md").read_text("utf-8"),
        (full / "README.zh.md").read_text("utf-8"),
    )
    sheet = (full / "DATASHEET.md").read_text("utf-8")

    for text in (english, chinese, sheet):
        assert "济南高新区政务号档案（测试）" in text and "Rights of the test." in text
        assert "$" not in re.sub(r'articles\$|"\$(PWD|package)"', "", text)
        assert "| withdrawn | tombstone | 1 | 1 |" in text
    assert "> To test the hand-over." in sheet and "has not answered (key `scope`" in sheet
    assert "urn:pwid:archive.example.org:20" in english
    assert "Example Library" in (full / "bag-info.txt").read_text("utf-8")


def test_every_column_has_a_meaning(full: Path) -> None:
    for table in TABLES:
        for column in table.columns:
            assert column.meaning.english and column.meaning.chinese, (table.name, column)
            assert column.nullable == (column.meaning.null != NO_NULL), (table.name, column)
    description = json.loads((full / "datapackage.json").read_text("utf-8"))
    fields = [
        field
        for resource in description["resources"]
        for field in resource.get("schema", {"fields": []})["fields"]
    ]
    assert len(fields) >= 100 and all(
        field["description"] and field["nullMeaning"] for field in fields
    )


def test_every_capture_has_a_pwid(full: Path) -> None:
    lines = [
        json.loads(line)
        for line in (full / "data" / "captures.jsonl").read_text("utf-8").splitlines()
    ]

    form = re.compile(
        r"urn:pwid:archive\.example\.org:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ:(?:page|part):https?://[!-~]+"
    )
    assert lines and all(form.fullmatch(line["pwid"]) for line in lines)


# --- the evidence in it


def test_a_package_of_the_second_unchanged_crawl_is_closed(second: Path, handed: Handed) -> None:
    captured = {row["id"]: row for row in database(second, "SELECT * FROM captures")}
    again = [
        row
        for row in captured.values()
        if row["run"] == handed.second_run and row["outcome"] == "unchanged"
    ]
    assert len(again) == 8

    for row in again:
        original = captured[row["refers_to"]]
        assert original["outcome"] == "article" and original["run"] == handed.first_run
    assert {row["capture"] for row in database(second, "SELECT capture FROM media")} <= {*captured}
    assert database(second, "SELECT count(*) AS n FROM media WHERE capture IS NOT NULL") == [
        {"n": 2}
    ]
    assert {row["id"] for row in database(second, "SELECT id FROM articles")} == {
        f"thepaper-{5_700_000 + number}" for number in range(8)
    }


@pytest.mark.parametrize("name", ["full", "second"])
def test_every_row_points_at_its_record(name: str, request: pytest.FixtureRequest) -> None:
    package: Path = request.getfixturevalue(name)
    warc = package / "data" / "warc"
    ids = {record.id for path in warc.iterdir() for record in finished(path)}

    for row in database(package, "SELECT id, warc, offset, length FROM captures"):
        record = read_record(warc / row["warc"], row["offset"])
        record.finish()
        assert (record.id, record.length) == (row["id"], row["length"])
    for row in database(package, "SELECT id, warc, offset FROM failures"):
        assert read_record(warc / row["warc"], row["offset"]).id == row["id"]
    assert {row["record"] for row in database(package, "SELECT record FROM coverage")} <= ids
    assert {row["capture"] for row in database(package, "SELECT capture FROM versions")} <= ids
    known = [
        {
            "name": path.name,
            "size": path.stat().st_size,
            "records": len([*finished(path)]),
            "damage": None,
            "unused": None,
        }
        for path in sorted(warc.iterdir())
    ]
    assert database(package, "SELECT * FROM warcs ORDER BY name") == known


def finished(path: Path) -> Iterator[Any]:
    for record in records(path):
        record.finish()
        yield record


@pytest.mark.parametrize("name", ["full", "second"])
def test_revisits_of_the_wacz_resolve_within_it(name: str, request: pytest.FixtureRequest) -> None:
    package: Path = request.getfixturevalue(name)
    with zipfile.ZipFile(package / "data" / "archive.wacz") as archive:
        index = [
            json.loads(line.split(" ", 2)[2])
            for line in gzip.decompress(archive.read("indexes/index.cdx.gz")).decode().splitlines()
        ]
        pages = [
            json.loads(line) for line in archive.read("pages/pages.jsonl").decode().splitlines()
        ]
        assert all(member.date_time == (1980, 1, 1, 0, 0, 0) for member in archive.infolist())
        for line in index:
            begin = int(line["offset"])
            data = archive.read(f"archive/{line['filename']}")[begin : begin + int(line["length"])]
            assert gzip.decompress(data).startswith(b"WARC/1.1\r\n")
    originals = {line["digest"] for line in index if line["mime"] != "warc/revisit"}
    assert {line["digest"] for line in index if line["mime"] == "warc/revisit"} <= originals
    assert len(index) == database(package, "SELECT count(*) AS n FROM captures")[0]["n"]

    assert pages[0]["format"] == "json-pages-1.0"
    texts = {
        (row["title"], row["text"]) for row in database(package, "SELECT title, text FROM versions")
    }
    assert {(page["title"], page["text"]) for page in pages[1:]} == texts
    assert all(any(line["url"] == page["url"] for line in index) for page in pages[1:])


def test_records_of_a_part_are_those_of_the_archive(second: Path, handed: Handed) -> None:
    for path in (second / "data" / "warc").iterdir():
        source = (handed.folder / "warc" / path.name.replace("-part", "")).read_bytes()
        data = path.read_bytes()
        for record in finished(path):
            assert data[record.offset : record.offset + record.length] in source
        assert (len(data) < len(source)) == ("-part" in path.name)
    assert any("-part" in path.name for path in (second / "data" / "warc").iterdir())


@pytest.mark.parametrize(
    "wanted",
    [
        {"platform": "sohu"},
        {"account": "济南高新区"},
        {"since": "2020-02-03", "until": "2020-02-05"},
        {"query": "全体居民"},
        {"platform": "thepaper", "query": "疫情 NOT 改过", "until": "2020-02-06"},
    ],
)
def test_filters_choose_as_the_search_does(
    wanted: dict[str, str], handed: Handed, tmp_path: Path
) -> None:
    package = exported(handed, tmp_path / "package", **wanted)

    with Archive(handed.folder) as archive:
        given = {name: value for name, value in wanted.items() if name != "query"}
        everything = "SELECT id FROM articles WHERE (:platform IS NULL OR platform = :platform)"
        meant = (
            {hit.id for hit in archive.search(wanted["query"], limit=None, **given)}
            if "query" in wanted
            else {
                row["id"]
                for row in archive.db.query(
                    everything
                    + " AND (:account IS NULL OR account = :account) AND (:since IS NULL OR substr(published_at, 1, 10) >= :since)"
                    + " AND (:until IS NULL OR substr(published_at, 1, 10) <= :until)",
                    {name: wanted.get(name) for name in ("platform", "account", "since", "until")},
                )
            }
        )
        others = [
            row["text"]
            for row in archive.db.query("SELECT id, text FROM articles")
            if row["id"] not in meant and row["text"]
        ]
    assert meant and {row["id"] for row in database(package, "SELECT id FROM articles")} == meant
    ours = "".join(row["text"] for row in database(package, "SELECT text FROM versions"))
    foreign = [
        text
        for text in others
        if text not in ours and not any(line in ours for line in text.split("\n"))
    ]
    assert not [
        text for text in foreign for content in contents(package) if text.encode() in content
    ]


# --- tiers


def contents(package: Path) -> Iterator[bytes]:
    """Every file of a package, and what is packed in it."""
    for path in sorted(package.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield data
            if path.name.endswith(".gz"):
                yield gzip.decompress(data)
            if path.suffix == ".wacz":
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    yield from (archive.read(name) for name in archive.namelist())
            if path.suffix == ".parquet":
                yield pandas.read_parquet(path).to_json(force_ascii=False).encode()


def bodies(folder: Path) -> tuple[set[str], set[str]]:
    """Every twelve characters of the texts that stand in no title, and those that do."""
    titles = {
        str(value)
        for row in rows(folder, "SELECT title, original_title, page_title FROM versions")
        for value in row.values()
    }
    titles |= {str(row["title"]) for row in rows(folder, "SELECT title FROM links")}
    in_titles = {run for title in titles for run in runs(title)}
    return {
        run for row in rows(folder, "SELECT text FROM versions") for run in runs(str(row["text"]))
    } - in_titles, in_titles


def test_metadata_hold_no_twelve_characters_of_any_text(
    handed: Handed, full: Path, tmp_path: Path
) -> None:
    package = exported(handed, tmp_path / "package", tier="metadata")
    wanted, _ = bodies(handed.folder)

    def leaked(folder: Path) -> set[str]:
        return {
            run
            for data in contents(folder)
            for run in wanted & {*runs(data.decode("utf-8", "replace").replace("\\n", "\n"))}
        }

    assert len(wanted) > 100 and len(leaked(full)) > 100  # the scan sees what is there
    assert leaked(package) == set()
    assert (
        not (package / "data" / "warc").exists()
        and not (package / "data" / "archive.wacz").exists()
    )
    assert database(package, "SELECT DISTINCT text, summary FROM articles") == [
        {"text": "", "summary": None}
    ]


def test_metadata_are_searched_by_title_only(handed: Handed, tmp_path: Path) -> None:
    package = exported(handed, tmp_path / "package", tier="metadata")

    with Archive(package / "data") as archive:
        assert len(archive.search("疫情防控通报", limit=None)) >= 8
        assert archive.search("街道办事处") == []
    assert list(check_package(package)) == []


def test_a_printed_value_contained_in_a_text_is_withheld_and_named(
    handed: Handed, tmp_path: Path
) -> None:
    package = exported(handed, tmp_path / "package", tier="metadata")

    assert (
        rows(handed.folder, "SELECT source FROM articles WHERE id = 'thepaper-5700100'")[0][
            "source"
        ]
        == "济南高新技术产业开发区管理委员会办公室"
    )
    assert database(package, "SELECT source FROM articles WHERE id = 'thepaper-5700100'") == [
        {"source": None}
    ]
    assert database(package, "SELECT source FROM articles WHERE id = 'thepaper-5700002'") == [
        {"source": "澎湃新闻·澎湃号·政务"}
    ]
    assert "`articles.source` 1" in (package / "README.md").read_text("utf-8")


def test_the_tier_text_has_texts_and_no_warc(handed: Handed, tmp_path: Path) -> None:
    package = exported(handed, tmp_path / "package", tier="text")

    assert len(database(package, "SELECT 1 FROM articles WHERE text <> ''")) > 8
    assert not [
        path for path in package.rglob("*") if ".warc" in path.name or path.suffix == ".wacz"
    ]


# --- how it is made


@pytest.mark.parametrize("wanted", [{}, {"tier": "metadata"}, {"query": "疫情"}])
def test_two_exports_are_byte_identical(
    wanted: dict[str, str], handed: Handed, tmp_path: Path
) -> None:
    first, other = (
        exported(handed, tmp_path / "one", **wanted),
        exported(handed, tmp_path / "other", **wanted),
    )

    assert same(first, other) == []


def test_a_rebuilt_archive_gives_the_same_package(
    handed: Handed, full: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(handed.folder, tmp_path / "archive")
    with Archive(copy) as archive:
        archive.rebuild()
        archive.export(tmp_path / "package")

    assert same(full, tmp_path / "package") == []


KILLED = """
import os, signal, sys
from archive import Archive
seen = []
def progress(what, done, of):
    seen.append(what)
    if what == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
with Archive(sys.argv[1]) as archive:
    archive.export(sys.argv[2], progress=progress)
"""


@pytest.mark.parametrize("when", ["WARC", "database", "table captures", "table versions", "WACZ"])
def test_a_killed_export_is_recognizably_unfinished_and_goes_on(
    when: str, handed: Handed, full: Path, tmp_path: Path
) -> None:
    dest = tmp_path / "package"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(handed.folder), str(dest), when],
        cwd=ROOT,
        env=environment(),
    )
    assert done.returncode == -signal.SIGKILL

    assert not dest.exists() and [path.name for path in tmp_path.iterdir()] == ["package.partial"]
    assert not list(tmp_path.rglob("bag*.txt")) and not list(tmp_path.rglob("manifest*"))
    finished_files = {path: path.stat().st_mtime_ns for path in finished_in(dest)}
    again: dict[Path, int] = {}
    with Archive(handed.folder) as archive:
        archive.export(
            dest,
            progress=lambda step, done, of: again.update(
                {path: path.stat().st_mtime_ns for path in finished_files if path.exists()}
            ),
        )

    assert finished_files == again
    assert same(full, dest) == [] and [path.name for path in tmp_path.iterdir()] == ["package"]


def finished_in(dest: Path) -> list[Path]:
    """The files that the journal of a killed export calls finished."""
    place = dest.with_name(dest.name + ".partial")
    lines = [json.loads(line) for line in (place / "journal.jsonl").read_text("utf-8").splitlines()]
    return [place / "package" / file["path"] for line in lines[1:] for file in line["files"]]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_a_finished_file_that_was_spoiled_since_is_written_again(
    handed: Handed, full: Path, tmp_path: Path
) -> None:
    dest = tmp_path / "package"
    subprocess.run(
        [sys.executable, "-c", KILLED, str(handed.folder), str(dest), "WACZ"],
        cwd=ROOT,
        env=environment(),
    )
    spoiled = next(path for path in finished_in(dest) if path.name == "articles.csv")
    spoiled.write_bytes(spoiled.read_bytes().replace(b"2020", b"2021"))

    exported(handed, dest)

    assert same(full, dest) == []


def test_work_on_another_state_is_thrown_away(handed: Handed, full: Path, tmp_path: Path) -> None:
    dest = tmp_path / "package"
    subprocess.run(
        [sys.executable, "-c", KILLED, str(handed.folder), str(dest), "WACZ"],
        cwd=ROOT,
        env=environment(),
    )

    exported(handed, dest, tier="text")

    assert not (dest / "data" / "warc").exists() and Bag(str(dest)).is_valid()


def test_nothing_is_overwritten_without_force(handed: Handed, tmp_path: Path) -> None:
    package = exported(handed, tmp_path / "package", tier="text")
    with pytest.raises(UsageError, match="exists already; give another name, or --force"):
        exported(handed, package)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="is no package made by this program"):
        exported(handed, tmp_path / "letters", force=True)

    exported(handed, package, tier="metadata", force=True)

    assert json.loads((package / "datapackage.json").read_text("utf-8"))["tier"] == "metadata"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters", "package"]


def test_any_name_of_a_folder_will_do(
    handed: Handed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="exists already"):
        exported(handed, Path("/"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    exported(handed, Path(), tier="text", force=True)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    exported(handed, tmp_path / "link", tier="text")
    exported(handed, tmp_path / "link", tier="metadata", force=True)

    assert Bag(str(tmp_path / "here")).is_valid() and Bag(str(tmp_path / "elsewhere")).is_valid()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "here", "link"]


@pytest.mark.parametrize("name", ["platform", "account", "since", "until", "query", "run"])
def test_an_empty_filter_hands_over_nothing(name: str, handed: Handed, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"The filter {name} is empty; leave it out"):
        exported(handed, tmp_path / "package", **{name: " "})

    assert list(tmp_path.iterdir()) == []


def test_an_archive_without_articles_says_so(archive_dir: Path, tmp_path: Path) -> None:
    with Archive(archive_dir) as archive:
        archive.index()
        with pytest.raises(UsageError, match="holds no article yet"):
            archive.export(tmp_path / "package")


def test_too_small_a_disk_is_reported_before_anything_is_written(
    handed: Handed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 4_000_000)
    )

    with pytest.raises(
        ArchiveError, match=r"needs about [\d.]+ MB in .* and 4\.0 MB are free; make room"
    ):
        exported(handed, tmp_path / "package")

    assert list(tmp_path.iterdir()) == []


def test_two_exports_to_the_same_place_do_not_meet(handed: Handed, tmp_path: Path) -> None:
    (tmp_path / "package.partial").mkdir()
    with Lock(tmp_path / "package.partial"), pytest.raises(Busy):
        exported(handed, tmp_path / "package")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("[package]\ntitel = 'x'", "has no key 'titel'; it takes title"),
        ("[package", "is no TOML"),
        ("[answers]\npurpose = 3", 'must hold lines of the form key = "words"'),
        ("[other]\nx = 'y'", "there is no table"),
        ("[creators]\nfamily = '王'", "creators must be written as [[creators]]"),
        ("[[package]]\ntitle = 'x'", "package must be written as [package]"),
    ],
)
def test_an_operators_file_without_a_known_entry_is_refused(
    words: str, complaint: str, handed: Handed, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "warc").symlink_to(handed.folder / "warc")
    shutil.copy(handed.folder / "archive.db", folder)
    (folder / "datasheet.toml").write_text(words)

    with Archive(folder) as archive, pytest.raises(UsageError, match=re.escape(complaint)):
        archive.export(tmp_path / "package")


def test_a_warc_file_that_is_not_as_indexed_stops_it(handed: Handed, tmp_path: Path) -> None:
    folder = shutil.copytree(handed.folder, tmp_path / "archive")
    victim = sorted((folder / "warc").iterdir())[0]
    victim.write_bytes(victim.read_bytes()[:-10])

    with (
        Archive(folder) as archive,
        pytest.raises(ArchiveError, match="is not the file that was indexed"),
    ):
        archive.export(tmp_path / "package")


def test_a_warc_file_that_was_changed_is_not_sealed_as_sound(
    handed: Handed, tmp_path: Path
) -> None:
    folder = shutil.copytree(handed.folder, tmp_path / "archive")
    victim = sorted((folder / "warc").iterdir())[1]
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 4
    victim.write_bytes(data)

    with (
        Archive(folder) as archive,
        pytest.raises(ArchiveError, match=f"{victim.name} is not what it was when it was closed"),
    ):
        archive.export(tmp_path / "package")

    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_the_chain_comes_with_the_package_and_its_signature_is_checked_by_hand(
    handed: Handed, tmp_path: Path
) -> None:
    folder = shutil.copytree(handed.folder, tmp_path / "archive")
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", tmp_path / "key.pem"], check=True
    )
    sign(folder, tmp_path / "key.pem")
    with (folder / "chain.jsonl").open("a") as file:
        file.write('{"kind": "wa')  # a crawl is writing it
    with Archive(folder) as archive:
        archive.export(tmp_path / "package", tier="text", account="济南高新区")
    package = tmp_path / "package"

    assert (package / "data" / "chain.jsonl").read_bytes() == (
        handed.folder / "chain.jsonl"
    ).read_bytes()
    assert list(check_package(package)) == []
    for name in ("README.md", "README.zh.md"):
        (by_hand,) = re.findall(r"```sh\n(head .*?)```", (package / name).read_text("utf-8"), re.S)
        words = ["bash", "-c", by_hand.replace("/tmp/lines", str(tmp_path / "lines"))]
        done = subprocess.run(words, cwd=package, capture_output=True, text=True, check=True)
        assert "Signature Verified Successfully" in done.stdout
    check(
        "bash",
        "-c",
        f"cd {package} && sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt",
    )


def test_a_missing_library_is_named_with_its_remedy(handed: Handed, tmp_path: Path) -> None:
    hide = "import sys; sys.modules['pyarrow'] = None; from archive.cli.main import main; main()"
    command = [
        sys.executable,
        "-c",
        hide,
        "--archive",
        str(handed.folder),
        "export",
        str(tmp_path / "package"),
    ]

    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)

    assert (
        done.returncode == 2
        and "pip install 'zhengwen[handover]'" in done.stderr
        and done.stderr.count("\n") == 1
    )


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (["--platform", "nowhere"], 2, "There is no platform nowhere; known are "),
        (["--query", "不存在的词"], 2, "No article satisfies these filters"),
        (["--tier", "all"], 2, "Invalid value"),
        (["--since", "x"], 2, "is no day"),
    ],
)
def test_the_command_explains_wrong_input(
    words: list[str], code: int, complaint: str, handed: Handed, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "archive",
        "--archive",
        str(handed.folder),
        "export",
        str(tmp_path / "package"),
        *words,
    ]

    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)

    assert done.returncode == code and complaint in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_help_lists_the_entries_of_the_operators_file() -> None:
    command = [sys.executable, "-m", "archive", "export", "--help"]

    help_text = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    ).stdout

    assert all(
        key in help_text
        for key in ("archive_id", "orcid", "[rights]", "known_problems", "Who may receive it")
    )


def test_the_command_is_silent_on_success(handed: Handed, full: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "archive",
        "--archive",
        str(handed.folder),
        "export",
        str(tmp_path / "package"),
    ]

    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert same(full, tmp_path / "package") == []


def test_a_large_table_becomes_several_csv_files(
    handed: Handed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 5)

    package = exported(handed, tmp_path / "package", tier="text")

    parts = sorted((package / "data").glob("articles-*.csv"))
    frames = [pandas.read_csv(path, dtype=str) for path in parts]
    assert len(parts) > 2 and max(map(len, frames)) == 5
    number = database(package, "SELECT count(*) AS n FROM articles")[0]["n"]
    assert sum(map(len, frames)) == number and not (package / "data" / "articles.csv").exists()
    check(installed("frictionless"), "validate", str(package / "datapackage.json"))
