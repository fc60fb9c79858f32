"""Signposting: the header, the page and the link set of an article, read by the library of its makers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from lxml import html
from signposting import Signposting, find_signposting_http_link
from signposting.htmllinks import HTML, _parse_html
from signposting.linkset import LinksetJSON, _parse_linkset_json

from archive.archive import Archive
from archive.room.signposting import MOST_IN_HEADER
from tests.rigs.corpus import row, write
from tests.rigs.hostile_markup import HOSTILE, few_first
from tests.rigs.room_world import SHOWN, Room, make
from tests.room.test_hostile import _insert as insert
from tests.room.test_hostile import stored

pytestmark = pytest.mark.slow  # tries many inputs

PAGE = f"http://localhost/room/article/{SHOWN}"
KINDS = ("type", "author", "describedby", "item")


def of_header(answer: Any, context: str = PAGE) -> Signposting:
    return find_signposting_http_link([answer.headers["link"]], context)


def of_page(answer: Any) -> Signposting:
    return _parse_html(HTML(answer.text, content_type="text/html", requested_url=PAGE, resolved_url=PAGE))  # fmt: skip


def of_set(answer: Any, context: str = PAGE) -> Signposting:
    text = LinksetJSON(answer.text, content_type=answer.headers["content-type"], requested_url=PAGE, resolved_url=PAGE)  # fmt: skip
    return _parse_linkset_json(text).for_context(context)


def signs(parsed: Signposting) -> dict[str, Any]:
    """What was read, by relation."""
    return {
        "cite-as": parsed.citeAs.target if parsed.citeAs else None,
        "license": parsed.license.target if parsed.license else None,
        "type": sorted(sign.target for sign in parsed.types),
        "author": sorted(sign.target for sign in parsed.authors),
        "describedby": sorted((sign.target, str(sign.type)) for sign in parsed.describedBy),
        "item": sorted((sign.target, str(sign.type)) for sign in parsed.items),
    }


def test_header_page_and_link_set_say_the_same(room: Room) -> None:
    answer = room.get(f"article/{SHOWN}?lang=zh")
    header = of_header(answer)
    [linkset] = header.linksets

    of_each = [signs(header), signs(of_page(answer)), signs(of_set(room.get(path_of(linkset.target))))]  # fmt: skip

    assert of_each[0] == of_each[1] == of_each[2]
    assert of_each[0]["cite-as"].startswith("urn:pwid:zhengwen:2031-03-03T12:00:02Z:page:https://")
    assert of_each[0]["type"] == ["https://schema.org/AboutPage", "https://schema.org/Article"]
    assert {kind for _, kind in of_each[0]["item"]} == {"application/warc", "image/png"}
    assert {kind for _, kind in of_each[0]["describedby"]} == {"application/x-bibtex", "application/x-research-info-systems"}  # fmt: skip
    assert all("lang=" not in target for target in of_each[0]["author"])


def path_of(address: object) -> str:
    parts = urlsplit(str(address))
    return f"{parts.path.removeprefix('/room/')}{'?' if parts.query else ''}{parts.query}"


def test_every_link_of_the_room_answers_with_what_it_promises(room: Room) -> None:
    parsed = of_header(room.get(f"article/{SHOWN}"))

    for sign in (*parsed.describedBy, *parsed.items, *parsed.linksets):
        answer = room.get(path_of(sign.target))
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == str(sign.type), sign
    assert room.get(path_of(next(iter(parsed.authors)).target)).status_code == 200


def test_links_lead_back_to_the_article(room: Room) -> None:
    page = of_header(room.get(f"article/{SHOWN}"))
    [linkset] = page.linksets
    answer = room.get(path_of(linkset.target))

    for sign in page.items:
        back = of_set(answer, sign.target).collection
        assert back and str(back.target) == PAGE
    record = next(sign for sign in page.items if str(sign.type) == "application/warc")
    back = of_header(room.get(path_of(record.target)), record.target).collection
    assert back and str(back.target) == PAGE
    for sign in page.describedBy:
        assert f'<{PAGE}>; rel="describes"' in room.get(path_of(sign.target)).headers["link"]


def test_a_version_is_cited_as_itself(room: Room) -> None:
    first, last = (of_header(room.get(f"article/{SHOWN}?version={n}")) for n in (1, 3))

    assert first.citeAs and last.citeAs and first.citeAs.target != last.citeAs.target
    [linkset] = first.linksets
    answer = room.get(path_of(linkset.target))
    assert signs(of_set(answer, f"{PAGE}?version=1")) == signs(first)
    described = next(iter(first.describedBy)).target
    assert str(first.citeAs.target).split(":")[3] in unquote(room.get(path_of(described)).text)


LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-NC-SA-4.0": "https://spdx.org/licenses/CC-BY-NC-SA-4.0",
    "CC0-1.0": "https://spdx.org/licenses/CC0-1.0",
    "for research alone": None,
    "javascript:alert(1)": None,
    "https://a.example/ <b>": None,
    "": None,
}


@pytest.mark.parametrize("licence", LICENCES)
def test_the_licence_is_linked_where_it_is_known(licence: str, tmp_path: Path) -> None:
    make(tmp_path / "archive")
    words = f'[package]\nlicence = "{licence}"\n' if licence else ""
    (tmp_path / "archive" / "datasheet.toml").write_text(words, "utf-8")
    room = Room(tmp_path / "archive")

    assert signs(of_header(room.get(f"article/{SHOWN}")))["license"] == LICENCES[licence]

    with Archive(tmp_path / "archive") as archive:
        archive.export(tmp_path / "handed", tier="full")
    handed = Room(tmp_path / "handed" / "data")
    assert signs(of_header(handed.get(f"article/{SHOWN}")))["license"] == LICENCES[licence]


def test_a_header_stays_short_and_the_link_set_has_all(tmp_path: Path) -> None:
    folder = make(tmp_path / "archive")
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        for number in range(500):
            insert(db, "media", article_id=SHOWN, position=100 + number, url=f"https://a.example/{number}.pdf",
                   kind="attachment", capture=f"urn:uuid:{number}", content_type='application/pdf; x="y"')  # fmt: skip
        db.commit()
    room = Room(folder)

    answer = room.get(f"article/{SHOWN}")

    assert len(answer.headers["link"]) < 6000
    assert len(of_header(answer).items) == MOST_IN_HEADER
    assert len(of_set(room.get(f"linkset/{SHOWN}")).items) == 502


@pytest.mark.parametrize("text", few_first(list(map(stored, HOSTILE))))
def test_no_text_of_an_article_becomes_a_link(text: str, tmp_path: Path) -> None:
    own = {"url": f"https://a.example/{text}", "account_id": text, "id": f"thepaper-{text}"}
    write(tmp_path / "archive.db", [row(1, text, text, text, "2020-01-01") | own])
    room = Room(tmp_path)

    answer = room.get(f"article/{quote(own['id'], safe='')}")

    if answer.status_code == 200:  # an id may be one that no address can name
        assert answer.headers["link"].isascii() and answer.headers["link"].isprintable()
        parsed = of_header(answer)
        assert len(parsed.types) == 2 and len(parsed.authors) == 1
        assert parsed.citeAs and str(parsed.citeAs.target).startswith("urn:pwid:")
        page = html.fromstring(answer.text)
        assert len(page.xpath("//head/link[@rel='cite-as']")) == 1
        assert signs(of_set(room.get(path_of(next(iter(parsed.linksets)).target)), f"http://localhost/room/article/{quote(own['id'], safe='')}"))["cite-as"]  # fmt: skip
