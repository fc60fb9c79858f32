"""Nothing that a page, a list, a file's name or a database says becomes markup of the reading room, or a header of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html

from archive.room import replay
from archive.room.answer import attachment
from archive.room.asked import Asked
from archive.room.captures import picture_type
from archive.room.scripted import NEEDED, Player, view_address
from tests.rigs.corpus import row, write
from tests.rigs.hostile_markup import ALERT, HOSTILE, few_first
from tests.rigs.room_world import ILLUSTRATED, Room, RoomWorld, article, media, png

pytestmark = pytest.mark.slow  # tries many inputs

FORBIDDEN = "//script | //iframe | //object | //embed | //style | //base | //marquee | //video | //math | //frame | //textarea | //@style | //@srcdoc | //@formaction | //@http-equiv"
ALLOWED = re.compile(r"(?:/room/|#content|https?://|urn:pwid:)")
LOADED = "//@src | //link[@rel='stylesheet' or @rel='alternate']/@href | //@action"
LINKS = {"stylesheet", "alternate", "canonical", "cite-as", "type", "author", "license", "describedby", "item", "linkset"}  # fmt: skip


def stored(text: str) -> str:
    """A text as the archive can hold it."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in which everything is hostile: an article, an account, a file, a capture and a crawl for each text."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = list(map(stored, HOSTILE))
    rows = [
        {
            **row(number, f"疫情{text}", f"疫情{text}", text, "2020-02-02", "withdrawn"),
            **{"account_id": text, "url": text, "markdown": text, "source": text, "author": text},
            **{"summary": text, "withdrawn_reason": text, "published_raw": text, "moved_to": text},
        }
        for number, text in enumerate(texts)
    ]
    write(folder / "archive.db", rows)
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        for number, text in enumerate(texts):
            _fill(db, number, text)
        db.commit()
    return folder


@pytest.fixture(scope="module")
def hostile_room(hostile: Path) -> Room:
    return Room(hostile)


def _fill(db: sqlite3.Connection, number: int, text: str) -> None:
    article_id, at, capture = f"thepaper-{number}", "2026-01-01T00:00:00Z", f"urn:{number}:{text}"
    _insert(db, "versions", url=text, article_id=article_id, digest=str(number), title=text, text=text, markdown=text, found_by=f'{{"author": "{number}<b>"}}',
            capture=capture, first_captured_at=at, last_captured_at=at, kind="article", rules=text, producer="x", pictures="[]", published_at=text)  # fmt: skip
    _insert(db, "versions", url=text, article_id=article_id, digest=f"{number}b", title=f"{text}2", text=f"{text}\n2", markdown=text, found_by=text,
            capture=capture, first_captured_at=at, last_captured_at=at, kind="article", rules=text, producer="x", pictures="[]")  # fmt: skip
    _insert(db, "media", article_id=article_id, position=0, url=text, caption=text, kind="attachment", capture=capture)  # fmt: skip
    _insert(db, "captures", id=capture, url=text, captured_at=at, role="article", article_id=article_id, account_id=text, account=text,
            run=f"run{number}", outcome="article", reason=text, detail=text, content_type=text, warc="x", offset=0, length=1)  # fmt: skip
    _insert(db, "attachment_text", pk=number + 1, capture=capture, number=1, part=1, label=text, file_name=text, state="read", detail=text, reader="x", text=text)  # fmt: skip
    _insert(db, "withdrawals", article_id=article_id, last_seen_at=at, first_missing_at=at, last_missing_at=at, reason=text, proofs=f'["{number}"]')  # fmt: skip
    _insert(db, "runs", id=f"run{number}", platform=text, started_at=f"2026-01-01T00:00:{number:02}Z", finish_reason=text, finished_at=at)  # fmt: skip
    _insert(db, "coverage", run=f"run{number}", platform="thepaper" if number % 3 else "demo", account_id=text, account=text, outcome="blocked", reason=text, at=at, record="r")  # fmt: skip
    _insert(db, "account_names", platform="thepaper" if number % 3 else "demo", account_id=text, name=text, seen_in="article",
            first_seen_at=at, first_capture=capture, last_seen_at=at, last_capture=capture)  # fmt: skip


def _insert(db: sqlite3.Connection, table: str, **values: Any) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    db.execute(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})",
        list(values.values()),
    )


def faults(markup: str) -> Iterator[str]:
    """What of a page is not of the room."""
    page = html.fromstring(markup)
    yield from map(str, page.xpath(FORBIDDEN))
    for element in page.iter(html.etree.Element):
        yield from (
            f"{element.tag} {name}" for name in element.attrib if str(name).lower().startswith("on")
        )
    for address in page.xpath("//@href | //@src | //@action"):
        if not ALLOWED.match(str(address)):
            yield f"address {address}"
    yield from (f"link {rel}" for rel in page.xpath("//link/@rel") if rel not in LINKS)
    for address in page.xpath(LOADED):
        if not str(address).startswith("/room/"):
            yield f"loads {address}"


@pytest.mark.parametrize("number", few_first(range(len(HOSTILE))))
def test_no_text_becomes_markup(number: int, hostile_room: Room) -> None:
    room, text = hostile_room, stored(HOSTILE[number])
    platform = "thepaper" if number % 3 else "demo"
    pages = [
        f"article/thepaper-{number}",
        f"article/thepaper-{number}?version=1&q={quote(text)}",
        f"compare/thepaper-{number}",
        f"account?platform={platform}&id={quote(text)}",
        f"account?platform={platform}&id={quote(text)}&year={quote(text)}",
        f"search?account={quote(text)}",
        f"capture/{quote(f'urn:{number}:{text}', safe='')}",
        f"run/run{number}",
        f"search?q={quote(text)}&account={quote(text)}&since={quote(text)}",
        f"article/{quote(text, safe='')}",
        quote(text, safe=""),
    ]
    for path in pages:
        answer = room.get(path)
        assert answer.status_code < 500, (path, answer.text)
        assert list(faults(answer.text)) == [], path
        assert "set-cookie" not in answer.headers


def test_no_text_becomes_markup_in_a_list(hostile_room: Room) -> None:
    room = hostile_room
    for path in (
        "",
        "accounts",
        "coverage",
        "runs",
        "search?q=疫情",
        "search?q=疫情&page=2",
        "search?q=疫情&page=4",
    ):
        answer = room.get(path)
        assert answer.status_code == 200
        assert list(faults(answer.text)) == [], path


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    """ReplayWeb.page without a program: only the page around it is looked at."""
    folder = tmp_path_factory.mktemp("player")
    for name in NEEDED:
        (folder / name).write_text("")
    return Player(folder)


@pytest.mark.parametrize("number", few_first(range(len(HOSTILE))))
def test_no_text_becomes_markup_around_a_page_with_scripts(
    number: int, hostile: Path, player: Player
) -> None:
    text = stored(HOSTILE[number])
    path = view_address(f"urn:{number}:{text}")
    answer = replay.answer(hostile, Asked(root="", path=path, scripts=True), player)
    page = html.fromstring(answer.body.decode())

    assert answer.status == 200
    assert page.xpath("//script/@src") == ["/scripts/ui.js"] and len(page.xpath("//script")) == 1
    assert {str(element.tag) for element in page.iter(html.etree.Element)} == {
        "html", "head", "meta", "title", "style", "script", "body", "replay-web-page",
    }  # fmt: skip
    (shown,) = page.xpath("//replay-web-page")
    assert set(shown.attrib) == {"source", "url", "ts", "embed", "replaybase"}
    assert shown.get("source").startswith("/scripts/record/urn%3A")


@pytest.mark.slow
def test_hostile_texts_are_shown_as_they_are(hostile_room: Room) -> None:
    """The test above would pass on empty pages."""
    for number, text in enumerate(map(stored, HOSTILE)):
        page = html.fromstring(hostile_room.get(f"article/thepaper-{number}").text)
        shown = "".join(page.xpath("//header[@class='article']/h1")[0].itertext())
        assert (
            " ".join(shown.split()) == " ".join(re.sub("[\x01-\x08\x0b-\x1f]", " ", text).split())
            or "\x01" in text
        )


@pytest.mark.parametrize("name", few_first(HOSTILE))
def test_no_file_name_becomes_a_header(name: str) -> None:
    headers = attachment(name)

    assert all(
        character.isprintable() and character.isascii()
        for value in headers.values()
        for character in value
    )
    assert re.fullmatch(
        r"attachment; filename=\"[\w.-]+\"; filename\*=UTF-8''[\w.%~-]+",
        headers["Content-Disposition"],
        re.ASCII,
    )


BODIES = {
    "html": f"<html><script>{ALERT}</script>".encode(),
    "html behind the begin of a picture": b"BM<html><script>alert(1)</script>",
    "html that says it is a GIF": b"GIF87a/*<script>*/=1;" + f"<script>{ALERT}</script>".encode(),
    "svg with a script": f'<svg xmlns="http://www.w3.org/2000/svg" onload="{ALERT}"><script>{ALERT}</script></svg>'.encode(),
    "xml with a style sheet": b'<?xml version="1.0"?><?xml-stylesheet href="http://evil.example/x.xsl"?><x/>',
    "pdf": b"%PDF-1.7 /JavaScript",
    "script": b"alert(1)",
    "empty": b"",
    "utf-7": b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "byte order mark": b"\xef\xbb\xbf<script>alert(1)</script>",
}


@pytest.mark.parametrize("name", few_first(BODIES, 5))
def test_a_file_of_somebody_else_runs_nowhere(name: str, tmp_path: Path) -> None:
    world = RoomWorld(tmp_path)
    world.crawl(0, article(ILLUSTRATED), media(ILLUSTRATED.pictures[0], BODIES[name], "text/html"))
    world.index()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        (capture,) = db.execute("SELECT id FROM captures WHERE role = 'media'").fetchone()

    answer = Room(tmp_path).get(f"file/{capture}")

    assert answer.status_code == 200
    assert answer.content == BODIES[name]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox;" in policy and "allow-scripts" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    media_type = answer.headers["content-type"]
    is_saved = answer.headers.get("content-disposition", "").startswith("attachment;")
    assert media_type.startswith("image/") or (
        media_type == "application/octet-stream" and is_saved
    )


@pytest.mark.parametrize(
    ("body", "media_type"),
    [(png(), "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF89a", "image/gif"), (b"RIFF\0\0\0\0WEBP", "image/webp"),
     (b' <?xml version="1.0"?>\n<svg xmlns="x">', "image/svg+xml"), (b"<html><svg>", None), (b"<svgx>", None), (b"", None)],
)  # fmt: skip
def test_pictures_are_known_by_their_bytes(body: bytes, media_type: str | None) -> None:
    assert picture_type(body) == media_type


def test_a_database_of_somebody_else_opens_no_other_file(
    room: Room, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    write(tmp_path / "a" / "archive.db" if (tmp_path / "a").mkdir() is None else tmp_path, [])
    names = ["../../secret", "/etc/passwd", "../secret", "..", "x/../../secret", ""]
    with closing(sqlite3.connect(tmp_path / "a" / "archive.db")) as db:
        for number, name in enumerate(names):
            _insert(
                db,
                "captures",
                id=f"c{number}",
                url="u",
                captured_at="2026",
                outcome="media",
                warc=name,
                offset=0,
                length=6,
            )
        db.commit()
    other = Room(tmp_path / "a")
    for number in range(len(names)):
        for path in (f"file/c{number}", f"capture/c{number}/record.warc.gz"):
            answer = other.get(path)
            assert answer.status_code in (404, 500)
            assert b"secret" not in answer.content.replace(b"../secret", b"").replace(
                b"../../secret", b""
            )


@pytest.mark.slow
def test_a_record_that_grows_without_end_is_not_unpacked(tmp_path: Path) -> None:
    world = RoomWorld(tmp_path)
    world.crawl(0, media("http://a.example/bomb.png", png() + bytes(65 * 2**20), "image/png"))
    world.index()
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        (capture,) = db.execute("SELECT id FROM captures WHERE role = 'media'").fetchone()

    answer = Room(tmp_path).get(f"file/{capture}")

    assert answer.status_code == 404
    assert "too large" in answer.text
