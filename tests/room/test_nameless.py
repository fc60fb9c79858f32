"""An account of which an archive has a name alone has a page like any other: its calendar, its months, its changes."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from lxml import html

from tests.rigs.corpus import row, write
from tests.rigs.room_world import Room

pytestmark = pytest.mark.slow  # makes an archive
NAME = "云溪<b>发布"
PAGE = f"account?platform=thepaper&name={quote(NAME)}&lang=en"
DAYS = ["2030-12-31", "2031-03-02", "2031-03-02"]


@pytest.fixture(scope="module")
def unnumbered(tmp_path_factory: pytest.TempPathFactory) -> Room:
    folder = tmp_path_factory.mktemp("unnumbered")
    articles = [row(number, "题", "文。", NAME, day) for number, day in enumerate(DAYS, 1)]
    ours = [{**each, "account_id": None, "platform": "thepaper"} for each in articles]
    others = [
        {**row(11, "题", "文。", NAME, "2031-03-03"), "account_id": "7", "platform": "thepaper"},
        {**row(12, "题", "文。", "另一号", "2031-03-04"), "account_id": None, "platform": "thepaper"},
        {**row(13, "题", "文。", NAME, "2031-03-05"), "account_id": None, "platform": "demo"},
    ]  # fmt: skip
    ours[0] |= {"status": "withdrawn", "missing_since": "2031-04-01T00:00:00Z"}
    write(folder / "archive.db", [*ours, *others])
    return Room(folder)


def test_its_calendar_has_its_articles_and_no_other(unnumbered: Room) -> None:
    page = html.fromstring(unnumbered.get(PAGE).text)

    years = [" ".join(link.text_content().split()) for link in page.xpath("//nav[@class='years']/a")]  # fmt: skip
    assert years == ["2031 2", "2030 1"]
    published = page.xpath("//section[@id='calendar']//tr[td/a]")
    assert [line.xpath("string(th)") for line in published] == ["2031-03-02"]
    assert published[0].xpath("string(td)") == "2 published, perhaps more"


def test_a_day_leads_to_its_articles(unnumbered: Room) -> None:
    page = html.fromstring(unnumbered.get(PAGE).text)
    (day,) = page.xpath("//section[@id='calendar']//td/a/@href")

    hits = html.fromstring(unnumbered.get(day.removeprefix("/room/")).text)

    assert {"thepaper-2", "thepaper-3"} == {link.partition("?")[0].rpartition("/")[2] for link in hits.xpath("//main//h2/a/@href | //main//h3/a/@href")}  # fmt: skip


def test_its_drawing_and_its_disappearances_are_there(unnumbered: Room) -> None:
    page = html.fromstring(unnumbered.get(PAGE).text)
    (drawing,) = page.xpath("//a[@download]/@href")
    answer = unnumbered.get(drawing.removeprefix("/room/"))

    assert answer.status_code == 200 and b"<svg" in answer.content
    assert "2031-04" in " ".join(page.xpath("//svg[@class='events']//title/text()"))
