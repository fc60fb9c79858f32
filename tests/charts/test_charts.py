"""`zhengwen plot`: what is drawn, the same bytes for one state, and what cannot be drawn."""

from __future__ import annotations

import csv
import sqlite3
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from archive import Archive
from archive.charts.counting import KINDS, accounts_meant
from archive.charts.drawing import drawn
from archive.charts.table import Table, Wanted
from archive.cli.main import cli
from archive.errors import UsageError
from tests.rigs.room_world import make

pytestmark = pytest.mark.slow  # tries many inputs

NAME = "济南高新区"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("charts") / "archive")


def table(folder: Path, kind: str, **wanted: str | None) -> Table:
    with Archive(folder) as archive:
        return KINDS[kind](archive.connection, Wanted(**wanted), archive.names())


def test_tables_say_what_the_archive_has(folder: Path) -> None:
    with Archive(folder) as archive:
        meant = accounts_meant(archive.connection, NAME)

    assert meant == [("thepaper", "44871")]
    assert table(folder, "months").rows == (("2031-03", 1, 1, 1),)
    assert table(folder, "accounts").rows == ((NAME, "thepaper", 1, 1, 1),)
    assert table(folder, "events").rows == (("2031-03", 3, 1),)
    assert [row[1:4] for row in table(folder, "coverage").rows] == [(NAME, "thepaper", "blocked")]


@pytest.mark.parametrize("kind", KINDS)
def test_days_and_accounts_narrow_it(folder: Path, kind: str) -> None:
    assert table(folder, kind, until="2031-01-01").rows == ()
    assert table(folder, kind, since="2032-01-01").rows == ()
    assert table(folder, kind, platform="sohu").rows == ()
    assert table(folder, kind, accounts='[["thepaper", "1"]]').rows == ()
    assert table(folder, kind, accounts='[["thepaper", "44871"]]') == table(folder, kind)


def test_months_without_an_article_are_shown_too(folder: Path) -> None:
    copy = sqlite3.connect(":memory:")
    with Archive(folder) as archive:
        archive.connection.backup(copy)
    copy.execute("UPDATE articles SET published_at = '2030-11-30' WHERE status = 'withdrawn'")
    copy.execute("UPDATE articles SET published_at = 'some day' WHERE status = 'changed'")
    rows = KINDS["months"](copy, Wanted(), {}).rows
    copy.close()

    assert [row[0] for row in rows] == ["2030-11", "2030-12", "2031-01", "2031-02", "2031-03"]
    assert rows[1] == ("2030-12", 0, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_table_gives_the_same_bytes(folder: Path, kind: str, form: str) -> None:
    picture = drawn(kind, table(folder, kind), form)

    assert picture == drawn(kind, table(folder, kind), form)
    assert picture.startswith(b"\x89PNG" if form == "png" else b"<?xml")


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_table_is_drawn_as_such(folder: Path, kind: str) -> None:
    empty = Table(title="None", columns=table(folder, kind).columns, rows=())

    assert b"nothing to show" in drawn(kind, empty, "svg")


def test_names_are_text_and_no_markup() -> None:
    names = [
        "<script>alert(1)</script>",
        "$x_1^2$",
        "]]>&",
        "云溪发布",
        r"\frac{",
        "=1+1",
        "bell\x07",
    ]
    rows = tuple((name, "thepaper", 1, 2, 3) for name in names)

    picture = drawn("accounts", Table(title="", columns=table_columns(), rows=rows), "svg")

    tree = ElementTree.fromstring(picture.decode())
    shown = {
        "".join(element.itertext()).strip() for element in tree.iter() if "text" in element.tag
    }
    assert set(names[:-1]) <= shown
    assert not [element for element in tree.iter() if element.tag.endswith("script")]


def table_columns() -> tuple[str, ...]:
    return "account", "platform", "unchanged", "changed", "missing"


def test_the_command_writes_the_picture_and_its_table(folder: Path, tmp_path: Path) -> None:
    picture = tmp_path / "months.svg"

    words = ["--archive", str(folder), "plot", "months", "-o", str(picture)]
    done = CliRunner().invoke(cli, words)

    assert done.exit_code == 0, done.output
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    with picture.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["month", "unchanged", "changed", "missing"],
            ["2031-03", "1", "1", "1"],
        ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["months", "-o", "chart.pdf"], "end it in .svg, .png"),
        (["weeks", "-o", "chart.svg"], "is not one of"),
        (["months", "--account", "云溪发布", "-o", "chart.svg"], "no account 云溪发布"),
        (["months", "--since", "yesterday", "-o", "chart.svg"], "yesterday"),
        (["months", "-o", "nowhere/chart.svg"], "make it first"),
        (["months"], "-o"),
    ],
)
def test_what_is_typed_wrong_is_named(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(cli, ["--archive", str(folder), "plot", *arguments])

    assert (done.exit_code, words in done.output) == (2, True), done.output
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(UsageError, match=r"zhengwen\[charts\]"):
        drawn("months", table(folder, "months"), "svg")
