"""A calendar of publications: true silence and gaps of the ledger are never taken for each other, in the table, the drawing and the page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from lxml import html

from archive import Archive
from archive.charts.counting import KINDS
from archive.charts.days_drawing import LEGEND, Cell, blocks, parts
from archive.charts.table import Table, Wanted
from archive.cli.main import cli
from tests.rigs.looked import ACCOUNT, entry, looked_at, walk
from tests.rigs.room_world import Room

pytestmark = pytest.mark.slow  # builds an archive for each case

PAGE = f"account?platform=thepaper&id={ACCOUNT}"
FIRST = "2031-01-01T00:00:00+08:00"


def calendar(folder: Path, **wanted: str) -> Table:
    with Archive(folder) as archive:
        return KINDS["calendar"](archive.connection, Wanted(**wanted), {})


def looked_on(folder: Path) -> dict[str, str]:
    return {str(row[0]): str(row[3]) for row in calendar(folder).rows}


# By what the ledger says: how January 4 to 8 were looked at, W wholly, P in part, N not.
LEDGERS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "nothing": ([], "NNNNN"),
    "one walk over all": ([walk("2031-01-01T00:00:00+08:00", "2031-01-09T00:00:00Z")], "WWWWW"),
    "a walk that begins within a day": ([walk("2031-01-05T10:00:00+08:00", "2031-01-09T00:00:00Z")], "NPWWW"),
    "a walk from midnight, which is no part of it": ([walk("2031-01-05T00:00:00+08:00", "2031-01-09T00:00:00Z")], "NPWWW"),
    "a list of days without times": ([walk("2031-01-05", "2031-01-09T00:00:00Z")], "NPWWW"),
    "a walk that ends within a day": ([walk("2031-01-01T00:00:00+08:00", "2031-01-07T04:00:00Z")], "WWWPN"),
    "a walk before midnight in China, after it in UTC": ([walk("2031-01-01T00:00:00+08:00", "2031-01-06T15:59:00Z")], "WWPNN"),
    "a walk after midnight in China, before it in UTC": ([walk("2031-01-01T00:00:00+08:00", "2031-01-06T16:01:00Z")], "WWWPN"),
    "two that meet": ([walk("2031-01-03T00:00:00+08:00", "2031-01-06T04:00:00Z"), walk("2031-01-06T11:00:00+08:00", "2031-01-09T00:00:00Z")], "WWWWW"),
    "two with some hours between them": ([walk("2031-01-03T00:00:00+08:00", "2031-01-06T04:00:00Z"), walk("2031-01-06T13:00:00+08:00", "2031-01-09T00:00:00Z")], "WWPWW"),
    "two with days between them": ([walk("2031-01-03T00:00:00+08:00", "2031-01-05T04:00:00Z"), walk("2031-01-07T13:00:00+08:00", "2031-01-09T00:00:00Z")], "WPNPW"),
    "one within another": ([walk("2031-01-03T00:00:00+08:00", "2031-01-09T04:00:00Z"), walk("2031-01-06T00:00:00+08:00", "2031-01-07T00:00:00Z")], "WWWWW"),
    "one that was refused": ([walk(None, "2031-01-09T00:00:00Z", complete=None, outcome="blocked")], "NNNNN"),
    "one that broke off": ([walk(None, "2031-01-09T00:00:00Z", complete=0, outcome="partial", first_listed="2031-01-06T08:00:00+08:00")], "NNPPP"),
    "one that ran out of its budget": ([walk("2031-01-05T09:00:00+08:00", "2031-01-09T00:00:00Z", complete=0, outcome="budget")], "NPPPP"),
    "an empty list that is doubted": ([walk(None, "2031-01-09T00:00:00Z", outcome="suspicious_empty")], "NNNNN"),
    "a list that shrank": ([walk("2031-01-01", "2031-01-09T00:00:00Z", outcome="suspicious_empty")], "PPPPP"),
    "a list in no order": ([walk(None, "2031-01-09T00:00:00Z", first_listed="2031-01-05T08:00:00+08:00")], "NPPPP"),
    "a list in no order, all of it by the platform's word": ([walk(None, "2031-01-09T00:00:00Z", first_listed="2031-01-05T08:00:00+08:00", ended=1, list_end="platform_said")], "NWWWW"),
    "a feed that ended with an old entry": ([walk("2031-01-06T08:00:00+08:00", "2031-01-09T00:00:00Z", first_listed="2031-01-04T08:00:00+08:00", ended=1, list_end="no_more_links")], "PPPWW"),
    "entries that are only asked for again": ([walk("2031-01-01", "2031-01-09T00:00:00Z", outcome="deferred")], "WWWWW"),
    "times that are none": ([walk("soon", "2031-01-09T00:00:00Z"), walk("2031-01-01", "at once")], "NNNNN"),
    "a walk from the end of time": ([walk("9999-12-31T23:00:00+08:00", "2031-01-09T00:00:00Z"), walk("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00Z")], "NNNNN"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEDGERS)
def test_days_are_looked_at_as_the_ledger_says(name: str, tmp_path: Path) -> None:
    walks, expected = LEDGERS[name]
    folder = looked_at(tmp_path, ["2031-01-02", "2031-01-12"], walks)

    table = looked_on(folder)

    assert "".join(table[f"2031-01-{day:02}"][0].upper() for day in range(4, 9)) == expected


def test_two_accounts_together_were_looked_at_where_both_were(tmp_path: Path) -> None:
    other = {"account_id": "2"}
    walks = [walk(FIRST, "2031-01-05T00:00:00Z"), walk("2031-01-03", "2031-01-09T00:00:00Z") | other]  # fmt: skip
    folder = looked_at(tmp_path, ["2031-01-02", "2031-01-12"], walks)

    assert [looked_on(folder)[f"2031-01-{day:02}"] for day in (3, 4, 5, 8, 9, 10)] == [
        *("partly", "wholly", "partly", "partly", "partly"),
        "not",
    ]


def silent_and_not(tmp_path: Path) -> Path:
    """All kinds of days: 2 to 4 articles, silence, a gap, a part, an entry that is not here."""
    published = ["2031-01-02", *["2031-01-03"] * 3, "2031-01-20"]
    walks = [walk("2030-12-30", "2031-01-08T02:00:00Z")]
    return looked_at(tmp_path, published, walks, [entry("2031-01-05T09:00:00+08:00"), entry("2031-01-02T09:00:00+08:00", "thepaper-0")])  # fmt: skip


def test_each_kind_of_day_is_drawn_in_its_own_form(tmp_path: Path) -> None:
    [block] = blocks(calendar(silent_and_not(tmp_path), since="2031-01-01"))
    states = {cell.day[8:]: (cell.state, cell.is_bound) for cell in block.cells}

    assert [states[day] for day in ("02", "03", "04", "05", "08", "09", "20")] == [
        ("published", False),
        ("published", False),
        ("silent", False),
        ("listed", False),
        ("partly", False),
        ("not", False),
        ("published", True),
    ]
    forms = [
        tuple((part.role, part.form, part.corners) for part in parts(state, count, is_bound, 0, 0))
        for state, count, is_bound, _ in LEGEND
    ]
    assert len(set(forms)) == len(LEGEND)
    without_colours = {tuple((form, corners) for _, form, corners in parts) for parts in forms}
    assert len(without_colours) == 6  # in print five blues are one form, and no two others


def test_no_day_is_drawn_on_another_and_weeks_begin_on_monday(tmp_path: Path) -> None:
    folder = looked_at(tmp_path, ["2027-01-01", "2028-12-31", "2029-12-31"], [])
    for block in blocks(calendar(folder)):
        places = Counter((cell.left, cell.top) for cell in block.cells)
        assert max(places.values()) == 1
        tops = {cell.top for cell in block.cells if cell.day in ("2027-01-04", "2028-01-03", "2029-01-01")}  # fmt: skip
        assert tops == {min(cell.top for cell in block.cells)}
    assert len(calendar(folder).rows) == 365 + 366 + 365


def test_the_file_of_the_page_is_that_of_the_command(tmp_path: Path) -> None:
    folder = silent_and_not(tmp_path)
    room, own = Room(folder), ["--platform", "thepaper", "--account", ACCOUNT]
    for year, words in (("", []), ("&year=2031", ["--since", "2031-01-01", "--until", "2031-12-31"])):  # fmt: skip
        file = tmp_path / "calendar.svg"
        command = ["--archive", str(folder), "plot", "calendar", *own, *words, "-o", str(file)]
        done = CliRunner().invoke(cli, command)
        answer = room.get(f"calendar.svg?platform=thepaper&id={ACCOUNT}{year}")

        assert done.exit_code == 0, done.output
        assert answer.content == file.read_bytes()
        assert answer.headers["content-type"] == "image/svg+xml"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert ElementTree.fromstring(answer.text).tag.endswith("svg")
        lines = file.with_suffix(".csv").read_text("utf-8-sig").splitlines()
        assert lines[0] == "day,articles,listed_only,looked_at"
        assert "2031-01-03,3,0,wholly" in lines and "2031-01-05,0,1,wholly" in lines


@pytest.mark.parametrize(
    ("language", "silence", "gap"),
    [("en", "nothing was published", "not looked at"), ("zh", "没有发布", "未查看")],
)
def test_the_page_says_of_each_day_what_it_was(
    language: str, silence: str, gap: str, tmp_path: Path
) -> None:
    room = Room(silent_and_not(tmp_path))
    page = html.fromstring(room.get(f"{PAGE}&lang={language}").text)
    titles = dict(title.text.split(": ", 1) for title in page.xpath("//section[@id='calendar']//a/title"))  # fmt: skip

    assert (titles["2031-01-04"], titles["2031-01-10"]) == (silence, gap)
    assert "3" in titles["2031-01-03"] and "1" in titles["2031-01-05"]
    table = [
        " ".join(" ".join(row.itertext()).split())
        for row in page.xpath("//section[@id='calendar']//tbody/tr")
    ]
    assert f"2031-01-06 – 2031-01-07 {silence}" in table
    assert f"2031-01-09 – 2031-01-19 {gap}" in table
    assert len(titles) == 20 and not page.xpath("//section[@id='calendar']//@style")


def test_each_day_leads_to_a_search_that_has_its_articles_alone(tmp_path: Path) -> None:
    room = Room(silent_and_not(tmp_path))
    page = html.fromstring(room.get(PAGE).text)
    links = {link.find("title").text[:10]: link.get("href") for link in page.xpath("//section[@id='calendar']//svg/a")}  # fmt: skip

    for day, count in (("2031-01-02", 1), ("2031-01-03", 3), ("2031-01-04", 0), ("2031-01-20", 1)):
        hits = html.fromstring(room.get(links[day].removeprefix("/room/")).text)
        assert len(hits.xpath("//ol[@class='hits']/li")) == count, day
    in_table = page.xpath("//section[@id='calendar']//tbody//a/@href")
    assert set(in_table) == {links[f"2031-01-{day}"] for day in ("02", "03", "20")}


def test_years_are_chosen_and_what_is_no_year_is_none(tmp_path: Path) -> None:
    folder = looked_at(tmp_path, ["2029-05-01", "2031-02-03"], [walk("2032-01-05", "2032-02-01T00:00:00Z")])  # fmt: skip
    room = Room(folder)

    def heading(asked: str) -> str:
        page = html.fromstring(room.get(PAGE + asked).text)
        assert [re.sub(r"\s+", " ", link.text_content()) for link in page.xpath("//nav[@class='years']/a")] == ["2032 0", "2031 1", "2029 1"]  # fmt: skip
        return str(page.xpath("string(//section[@id='calendar']/h2)"))

    assert heading("&lang=en") == "Calendar of 2031"
    assert heading("&lang=en&year=2029") == "Calendar of 2029"
    for asked in ("2030", "0", "x", "20311", "2031-02", "%00", "<script>"):
        assert heading(f"&lang=en&year={asked}") == "Calendar of 2031"
        assert room.get(f"calendar.svg?platform=thepaper&id={ACCOUNT}&year={asked}").status_code == 200  # fmt: skip


def test_dates_that_are_no_days_are_passed_over(tmp_path: Path) -> None:
    days = ["2031", "2031-02", "2031-02-30", "soon", "0000-01-01", "2031-03-01"]
    rows = calendar(looked_at(tmp_path, days, [])).rows

    assert [row for row in rows if row[1]] == [("2031-03-01", 1, 0, "not")]


def test_a_cell_is_a_lower_bound_where_more_may_be(tmp_path: Path) -> None:
    def cell(articles: int, listed: int, looked: str) -> bool:
        return Cell(day="2031-01-01", articles=articles, listed=listed, looked=looked, left=0, top=0).is_bound  # fmt: skip

    assert [cell(1, 0, "wholly"), cell(1, 1, "wholly"), cell(1, 0, "partly"), cell(1, 0, "not"), cell(0, 0, "not")] == [False, True, True, True, False]  # fmt: skip
