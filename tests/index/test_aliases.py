"""One article under several ids: where a redirect led, and what shows the same on one host."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from w3lib.url import safe_url_string

from archive import Archive
from archive.database.catalogue import Catalogue
from archive.index.indexer import index
from archive.page.urls import as_sent
from archive.platforms import load
from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter
from tests.conftest import dump, rows

SITE = "http://www.yunxi.gov.cn"
TEXT = "云溪市人民政府关于道路施工的通告。请市民绕行，注意安全，施工期间给您带来不便敬请谅解。"
OTHER = "云溪市人民政府关于停水检修的通告。请市民提前储水，检修期间给您带来不便敬请谅解，谢谢。"


def page(text: str = TEXT, day: str = "2026-03-05", files: str = "") -> bytes:
    body = f"""<html><head><meta charset="utf-8"><title>关于施工的通告</title>
    <meta name="ArticleTitle" content="关于施工的通告"><meta name="PubDate" content="{day} 10:00">
    </head><body><h1>关于施工的通告</h1><div id="zoom"><p>{text}</p><p>{text}</p>{files}</div></body></html>"""
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body.encode()


def moved(url: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode()


def archived(folder: Path, *exchanges: tuple[str, bytes, dict[str, str]]) -> Path:
    """An archive with one WARC file an exchange."""
    warc = folder / "warc"
    for number, (url, answer, facts) in enumerate(exchanges):
        at = datetime(2026, 3, 6, tzinfo=UTC) + timedelta(minutes=number)
        writer = WarcWriter(
            warc, prefix=f"r{number}", info={"software": "zhengwen"}, now=lambda at=at: at
        )  # type: ignore[misc]
        request = f"GET {url} HTTP/1.1\r\n\r\n".encode()
        writer.write_exchange(Exchange(url=url, started=at, request=request, response=BytesIO(answer)), {"platform": "gov", "role": "article"} | facts, allow_revisit=False)  # fmt: skip
        writer.close()
    return folder


def aliases(folder: Path) -> list[tuple[str, str, str]]:
    index(folder / "warc", folder / "archive.db", load())
    stored = rows(folder, "SELECT alias, article_id, reason FROM aliases ORDER BY alias, reason")
    return [(row["alias"], row["article_id"], row["reason"]) for row in stored]


A, B = f"{SITE}/art/2026/3/5/art_1_1.html", f"{SITE}/art/2026/3/5/art_1_2.html"
LED, LEADS_OUT = f"{SITE}/art/2026/3/5/art_9_9.html", f"{SITE}/zt/sgtg/"
ID_A, ID_B, ID_LED = (load().resolve(url)[1].id for url in (A, B, LED))
ASKED = {"article_id": f"gov-{ID_A}"}
GOV_A, GOV_B, GOV_LED = (f"gov-{each}" for each in (ID_A, ID_B, ID_LED))

CASES: dict[str, tuple[list[tuple[str, bytes, dict[str, str]]], list[tuple[str, str, str]]]] = {
    "a redirect to another article": (
        [(A, moved(LED), ASKED), (LED, page(), ASKED)],
        [(GOV_A, GOV_LED, "redirect")],
    ),
    "a redirect to what is no article by its address": (
        [(A, moved(LEADS_OUT), ASKED), (LEADS_OUT, page(), ASKED)],
        [],
    ),
    "the same text under two addresses": (
        [(A, page(), {}), (B, page(), {})],
        [(GOV_B, GOV_A, "same_content")],
    ),
    "three of them": (
        [(LED, page(), {}), (A, page(), {}), (B, page(), {})],
        [(GOV_A, GOV_LED, "same_content"), (GOV_B, GOV_LED, "same_content")],
    ),
    "another text": ([(A, page(), {}), (B, page(OTHER), {})], []),
    "another day": ([(A, page(), {}), (B, page(day="2026-03-04"), {})], []),
    "another host": ([(A, page(), {}), (B.replace("yunxi", "wuxi"), page(), {})], []),
    "the same no longer": ([(A, page(), {}), (B, page(), {}), (B, page(OTHER), {})], []),
    "the same only later": (
        [(A, page(), {}), (B, page(OTHER), {}), (B, page(), {})],
        [(GOV_B, GOV_A, "same_content")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_other_ids_of_an_article_are_kept(name: str, tmp_path: Path) -> None:
    exchanges, expected = CASES[name]
    assert aliases(archived(tmp_path, *exchanges)) == expected


@pytest.mark.parametrize("name", [GOV_A, ID_A, A, GOV_LED])
def test_an_article_is_shown_by_the_id_that_it_had_before(name: str, tmp_path: Path) -> None:
    exchanges, _ = CASES["a redirect to another article"]
    aliases(archived(tmp_path, *exchanges))

    with Archive(tmp_path) as archive:
        assert archive.id_of(name) == GOV_LED


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a redirect to another article", "three of them", "the same no longer"])  # fmt: skip
def test_the_order_of_the_files_says_nothing(name: str, tmp_path: Path) -> None:
    past = archived(tmp_path / "past", *CASES[name][0])
    expected = aliases(past), dump(past)
    files = sorted((past / "warc").glob("*.warc.gz"))
    for number, order in enumerate(itertools.permutations(files)):
        other = tmp_path / str(number)
        (other / "warc").mkdir(parents=True)
        for file in order:
            shutil.copy(file, other / "warc")
            after = aliases(other)
        assert (after, dump(other)) == expected


@pytest.mark.parametrize("name", ["a redirect to another article", "a redirect to what is no article by its address"])  # fmt: skip
def test_a_redirected_article_is_known(name: str, tmp_path: Path) -> None:
    aliases(archived(tmp_path, *CASES[name][0]))
    catalogue = Catalogue(tmp_path / "archive.db")
    assert catalogue.has_article(GOV_A)
    assert not catalogue.has_article(GOV_B)
    catalogue.close()


FILES = (
    "公告.pdf",
    "附件 1.docx",
    "图(1)[a].pdf",
    "%E5%85%AC.pdf",
    "a'b.pdf",
    "下载'.pdf?名=公告'1'",
)


@pytest.mark.e2e  # the text of a file is read by a process of its own
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_joined_by_its_address_as_sent(name: str, tmp_path: Path) -> None:
    url = safe_url_string(f"{SITE}/files/{name}")
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4"
    link = f'<p><a href="/files/{name}">附件：{name}.pdf</a></p>'
    aliases(archived(tmp_path, (A, page(files=link), {}), (url, answer, {"role": "media"})))

    (row,) = rows(tmp_path, "SELECT url, capture, status FROM media")
    assert (row["url"], row["status"]) == (url, 200)
    assert row["capture"]


@pytest.mark.parametrize("name", FILES)
def test_an_address_is_sent_as_the_crawl_sends_it(name: str) -> None:
    assert as_sent(f"{SITE}/{name}") == safe_url_string(f"{SITE}/{name}")
    assert as_sent(as_sent(f"{SITE}/{name}")) == as_sent(f"{SITE}/{name}")
