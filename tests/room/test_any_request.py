"""Whatever is asked of any page, the answer is a page, another address, or a sentence that says what is wrong: never an error of the program."""

from __future__ import annotations

import os
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.room.routes import ROUTES
from tests.rigs.room_world import Room

pytestmark = pytest.mark.slow  # tries many inputs
REQUESTS = int(os.environ.get("ZHENGWEN_FUZZ", "400"))
ODD = [
    "", "0", "-1", "1e9", "'", '"', "\0", "..", "/", "//", "a/b", "%2e%2e", "🀄", "x" * 3000, "(", ")", "NOT", "OR", "*",
    "title:", "标题:", "云溪", "云溪 OR", "(云溪", '"云溪', "9999-12-31", "0001-01-01", "2031-02-30", "2031-03-01", "live",
    "article", "attachments", "pictures", "relevance", "date", "thepaper", "44871", "zh", "urn:uuid:x", "%ff", "\u2028",
    "null", "[]", "1.5", "１２", "٣", "9" * 30, "Sat, 01 Mar 2031 00:00:00 GMT",
]  # fmt: skip
NAMES = (
    "q", "in", "platform", "account", "status", "kind", "since", "until", "order", "page", "version", "from", "to",
    "lang", "id", "name",
)  # fmt: skip
IDS = (
    "SELECT id FROM articles", "SELECT id FROM captures", "SELECT id FROM runs", "SELECT record FROM coverage",
    "SELECT DISTINCT url FROM captures",
)  # fmt: skip
SUFFIXES = {"cite": ("/bib", "/ris"), "capture": ("", "/record.warc.gz"), "record": ("", "/record.warc.gz")}  # fmt: skip


def paths(values: list[str], rnd: random.Random) -> str:
    """The path of some page, with some value in the place of its id."""
    route = rnd.choice(ROUTES)[0].replace("\\", "")
    if "(csv" in route:
        return f"hits.{rnd.choice(['csv', 'xlsx', 'json'])}"
    place, has_id, _ = route.partition("/(")
    if not has_id:
        return place
    value = quote(rnd.choice(values), safe=rnd.choice(["", "/:"]))
    return f"{place}/{value}{rnd.choice(SUFFIXES.get(place, ('',)))}"


def test_no_request_is_an_error_of_the_program(folder: Path) -> None:
    rnd, room = random.Random(16), Room(folder, replay="http://127.0.0.1:1")
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        ids = [row[0] for statement in IDS for row in db.execute(statement)]
    statuses: Counter[int] = Counter()
    for _ in range(REQUESTS):
        given = [(rnd.choice(NAMES), rnd.choice(ODD + ids)) for _ in range(rnd.randint(0, 4))]
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in given)
        asked = f"{paths(ODD + ids * 3, rnd)}?{query}"
        answer = room.get(asked)
        assert answer.status_code in (200, 302, 400, 404), asked
        if answer.status_code >= 400 and answer.url.path.startswith("/room/"):
            assert "sentence" in answer.text, asked
        statuses[answer.status_code] += 1
    assert {200, 400, 404} <= statuses.keys()
