"""A picture whose address leads elsewhere has the capture of what came in the end, in whatever order the files are read."""

from __future__ import annotations

import itertools
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from archive import Archive
from archive.database.catalogue import Catalogue
from archive.warc.exchange import Exchange
from tests.conftest import rows
from tests.rigs.history import STORY, URL, History, page
from tests.standin.web import Reply

pytestmark = pytest.mark.slow  # tries many inputs

IMAGE = "https://imgpai.thepaper.cn/a/1.png"
CDN = "https://cdn.thepaper.cn/z/1.png"
PNG = Reply(headers={"Content-Type": "image/png"}, body=b"\x89PNG\r\n\x1a\n1")
WITH_PICTURE = page(replace(STORY, pictures=[IMAGE]))


def leads_to(address: str, status: int = 302) -> Reply:
    return Reply(status, headers={"Location": address})


WAYS: dict[str, tuple[dict[str, Reply], str | None]] = {
    "to a full address": ({IMAGE: leads_to(CDN), CDN: PNG}, CDN),
    "for good": ({IMAGE: leads_to(CDN, 301), CDN: PNG}, CDN),
    "to a path": ({IMAGE: leads_to("/b/2.png", 307), "https://imgpai.thepaper.cn/b/2.png": PNG}, "https://imgpai.thepaper.cn/b/2.png"),
    "twice": ({IMAGE: leads_to(CDN), CDN: leads_to("//c.thepaper.cn/3.png", 308), "https://c.thepaper.cn/3.png": PNG}, "https://c.thepaper.cn/3.png"),
    "to an address with a fragment": ({IMAGE: leads_to(f"{CDN}#x"), CDN: PNG}, CDN),
    "to nothing": ({IMAGE: leads_to(CDN), CDN: Reply(404)}, None),
    "in a circle": ({IMAGE: leads_to(CDN), CDN: leads_to(IMAGE)}, None),
    "to itself": ({IMAGE: leads_to(IMAGE)}, None),
    "with 200 and a Location": ({IMAGE: replace(PNG, headers={"Location": CDN})}, IMAGE),
}  # fmt: skip


def write(history: History, hours: float, answers: dict[str, Reply]) -> None:
    run, at, writer = history._begun(hours)
    for url, reply in answers.items():
        host, _, path = url.removeprefix("https://").partition("/")
        asked = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        exchange = Exchange(url=url, started=at, request=asked, response=BytesIO(reply.wire()))
        facts = {"run": run, "platform": "thepaper", "role": "media"}
        if url == URL.format(STORY.cont_id):
            facts |= {"role": "article", "article_id": f"thepaper-{STORY.cont_id}"}
        writer.write_exchange(exchange, facts)
    history._over(writer, run, at)


@pytest.mark.parametrize("name", WAYS)
def test_a_picture_has_the_capture_to_which_its_address_led(name: str, tmp_path: Path) -> None:
    answers, end = WAYS[name]
    write(History(tmp_path), 0, {URL.format(STORY.cont_id): WITH_PICTURE, **answers})
    with Archive(tmp_path) as archive:
        archive.index()

    (media,) = rows(tmp_path, "SELECT url, capture FROM media")
    captured = rows(tmp_path, f"SELECT url FROM captures WHERE id = '{media['capture']}'")
    assert media["url"] == IMAGE and [row["url"] for row in captured] == ([end] if end else [])
    assert Catalogue(tmp_path / "archive.db").has_media(IMAGE) == (end is not None)


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))], ids=str)
def test_the_order_in_which_files_are_read_changes_nothing(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    parts = [{URL.format(STORY.cont_id): WITH_PICTURE}, {IMAGE: leads_to(CDN)}, {CDN: PNG}]
    history = History(tmp_path)
    for place in order:
        write(history, place, parts[place])
        with Archive(tmp_path) as archive:
            archive.index()

    (media,) = rows(tmp_path, "SELECT capture FROM media")
    assert rows(tmp_path, f"SELECT url FROM captures WHERE id = '{media['capture']}'") == [
        {"url": CDN}
    ]
    with Archive(tmp_path) as archive:
        before = rows(tmp_path, "SELECT * FROM media")
        archive.rebuild()
    assert rows(tmp_path, "SELECT * FROM media") == before
