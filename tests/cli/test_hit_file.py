"""Hits of a search as files that spreadsheet programs and other programs open."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from archive.cli.main import cli
from tests.rigs.corpus import row, write

TITLES = [
    "疫情通报",
    "=HYPERLINK(1)疫情",
    "＝1+1 疫情",
    '疫情，"引号"\n换行',
    "https://a.example/疫情",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hits")
    rows = [
        row(number, TITLES[number % 5], "正文。", "济南高新区", f"2020-02-{1 + number % 28:02}")
        for number in range(1, 41)
    ]
    write(folder / "archive.db", rows)
    return folder


def search(folder: Path, path: Path, *words: str) -> Result:
    return CliRunner().invoke(
        cli, ["--archive", str(folder), "search", "疫情", "-o", str(path), *words]
    )


def test_every_hit_is_in_every_format(folder: Path, tmp_path: Path) -> None:
    paths = [tmp_path / f"hits.{ending}" for ending in ("csv", "xlsx", "jsonl")]
    for path in paths:
        result = search(folder, path)
        assert result.exit_code == 0 and result.output == ""

    text = paths[0].read_text("utf-8-sig")
    in_csv = list(csv.DictReader(io.StringIO(text, newline="")))
    sheet = openpyxl.load_workbook(paths[1]).active
    head, *cells = sheet.iter_rows(values_only=True)
    in_json = [json.loads(line) for line in paths[2].read_text("utf-8").splitlines()]

    assert len(in_json) == len(in_csv) == len(cells) == 40
    assert [dict(zip(head, row, strict=True)) for row in cells] == in_json
    assert [row["id"] for row in in_csv] == [row["id"] for row in in_json]


def test_no_cell_is_a_formula(folder: Path, tmp_path: Path) -> None:
    search(folder, tmp_path / "hits.csv")
    search(folder, tmp_path / "hits.xlsx")

    text = (tmp_path / "hits.csv").read_text("utf-8-sig").splitlines()
    titles = {row["title"] for row in csv.DictReader(text)}
    sheet = openpyxl.load_workbook(tmp_path / "hits.xlsx").active
    assert "'=HYPERLINK(1)疫情" in titles and "'＝1+1 疫情" in titles
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_limit_holds_in_a_file_too(folder: Path, tmp_path: Path) -> None:
    search(folder, tmp_path / "hits.jsonl", "--limit", "3", "--offset", "1")

    ranks = [
        json.loads(line)["rank"] for line in (tmp_path / "hits.jsonl").read_text().splitlines()
    ]
    assert ranks == [2, 3, 4]


def test_one_state_gives_one_workbook(folder: Path, tmp_path: Path) -> None:
    search(folder, tmp_path / "a.xlsx")
    search(folder, tmp_path / "b.xlsx")

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("name", ["hits", "hits.ods", "hits.csv.gz", ".xlsx"])
def test_a_name_that_says_no_format_is_wrong_usage(folder: Path, tmp_path: Path, name: str) -> None:
    result = search(folder, tmp_path / name)

    assert result.exit_code == 2 and "end it in .csv, .xlsx, .jsonl" in result.stderr
    assert not list(tmp_path.iterdir())
