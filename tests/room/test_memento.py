"""Memento (RFC 7089): a client finds the captures of an address, and the one that was there at a moment."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.rigs.history import OTHER, URL
from tests.rigs.room_world import SHOWN, Room, RoomWorld, article, media, png

ADDRESS = URL.format(5_700_002)
REPLAY = "http://127.0.0.1:8002"
LINK = re.compile(r'<([^>]*)>((?:; \w+="[^"]*")*)')


def links(text: str) -> list[tuple[str, dict[str, str]]]:
    """The links of link format (RFC 6690), each with its attributes."""
    return [
        (url, dict(re.findall(r'; (\w+)="([^"]*)"', attributes)))
        for url, attributes in LINK.findall(text)
    ]


@pytest.fixture(scope="module")
def gate(folder: Path) -> Room:
    return Room(folder, replay=REPLAY)


def captures(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return db.execute(
            "SELECT id, captured_at FROM captures WHERE url = ? ORDER BY captured_at", [ADDRESS]
        ).fetchall()


def test_the_time_map_has_every_capture(gate: Room, folder: Path) -> None:
    answer = gate.get(f"timemap/{ADDRESS}")

    assert answer.headers["content-type"].startswith("application/link-format")
    by_relation: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for url, attributes in links(answer.text):
        for relation in attributes["rel"].split():
            by_relation.setdefault(relation, []).append((url, attributes))
    assert [url for url, _ in by_relation["original"]] == [ADDRESS]
    assert [url for url, _ in by_relation["memento"]] == [
        f"{REPLAY}/{quote(capture, safe='')}" for capture, _ in captures(folder)
    ]
    moments = [
        parsedate_to_datetime(attributes["datetime"]).isoformat()[:19]
        for _, attributes in by_relation["memento"]
    ]
    assert moments == [at[:19] for _, at in captures(folder)]
    assert len(by_relation["first"]) == len(by_relation["last"]) == 1
    assert by_relation["self"][0][0] == f"http://localhost/room/timemap/{ADDRESS}"


@pytest.mark.parametrize(
    ("wanted", "number"),
    [("Sat, 01 Mar 2031 00:00:00 GMT", 0), ("Sun, 02 Mar 2031 05:00:00 GMT", 1), ("Mon, 03 Mar 2031 12:00:00 GMT", 2),
     ("Fri, 01 Jan 1999 00:00:00 GMT", 0), ("Tue, 01 Jan 2040 00:00:00 GMT", 3), (None, 3)],
)  # fmt: skip
def test_the_time_gate_leads_to_the_nearest_capture(
    wanted: str | None, number: int, gate: Room, folder: Path
) -> None:
    answer = gate.get(f"timegate/{ADDRESS}", **({"accept_datetime": wanted} if wanted else {}))

    assert answer.status_code == 302
    assert answer.headers["location"] == f"{REPLAY}/{quote(captures(folder)[number][0], safe='')}"
    assert "accept-datetime" in answer.headers["vary"]
    relations = {attributes["rel"]: url for url, attributes in links(answer.headers["link"])}
    assert relations == {
        "original": ADDRESS,
        "timegate": f"http://localhost/room/timegate/{ADDRESS}",
        "timemap": f"http://localhost/room/timemap/{ADDRESS}",
    }


@pytest.mark.parametrize("path", ["timegate", "timemap"])
@pytest.mark.parametrize(
    "address",
    [
        quote(ADDRESS, safe=""),
        ADDRESS.replace("https://", "http://"),
        ADDRESS.replace("://", ":/"),
        ADDRESS,
    ],
)
def test_an_address_is_known_however_it_is_written(address: str, path: str, gate: Room) -> None:
    assert gate.get(f"{path}/{address}").status_code in (200, 302)


def test_an_address_with_a_query_is_asked_for_as_it_is(tmp_path: Path) -> None:
    url = "https://a.example/list?id=7&名=x".replace("名", "%E5%90%8D")
    world = RoomWorld(tmp_path)
    world.crawl(0, article(OTHER), media(url, png(), "image/png"))
    world.index()

    assert Room(tmp_path).get(f"timegate/{url}").status_code == 302
    assert Room(tmp_path).get("timegate/https://a.example/list?id=8").status_code == 404


@pytest.mark.parametrize(
    "wanted", ["yesterday", "2031-03-01", "", "Mon, 99 Mar 2031 00:00:00 GMT", "0" * 5000]
)
def test_what_is_no_date_is_said(wanted: str, gate: Room) -> None:
    assert gate.get(f"timegate/{ADDRESS}", accept_datetime=wanted).status_code in (
        (302,) if not wanted else (400,)
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://nowhere.example/",
        "x",
        "javascript:alert(1)",
        "https://a.example/%0d%0aSet-Cookie:x",
        '"><script>',
    ],
)
def test_an_address_without_a_capture_says_so(address: str, gate: Room) -> None:
    for path in ("timegate", "timemap"):
        answer = gate.get(f"{path}/{address}")
        assert answer.status_code == 404
        assert "<script" not in answer.text and "set-cookie" not in answer.headers


def test_a_capture_and_an_article_say_where_others_are(gate: Room, folder: Path) -> None:
    capture, at = captures(folder)[0]
    shown = gate.get(f"capture/{quote(capture, safe='')}")

    assert parsedate_to_datetime(shown.headers["memento-datetime"]).isoformat()[:19] == at[:19]
    assert shown.headers["link"] == f'<{ADDRESS}>; rel="original"'
    assert f"/room/timemap/{ADDRESS}" in gate.get(f"article/{SHOWN}").headers["link"]
