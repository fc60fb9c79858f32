"""What the room gives to other programs is read by the libraries that those programs are made with: references, meta data, feeds, Memento."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import rispy
from lxml import html
from memento_client import MementoClient
from pybtex.database import parse_string
from pybtex.richtext import Text
from requests.adapters import BaseAdapter

from archive.archive import Archive
from tests.conftest import apart
from tests.rigs.browsing import process_of
from tests.rigs.corpus import row, write
from tests.rigs.hostile_markup import HOSTILE
from tests.rigs.room_world import SHOWN, Room

CHINESE = [
    "云溪县召开疫情防控会议",
    "《通知》：“三保”工作",
    "𠮷野家　全角空格",
    "50% & 100$ #1 {甲_乙}~^\\",
]
RIS_OWN = [
    "TY  - BOOK",
    "甲\nER  - \nTY  - BOOK\nTI  - 乙",
    "ER  - ",
    "甲\r\nAU  - 乙",
    "甲\u2028ER  - ",
]
TEXTS = [*CHINESE, *RIS_OWN, *HOSTILE, "", "@online{x,", "}}, author = {乙", "\\input{/etc/passwd}"]


def stored(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def plain(text: str) -> str:
    """A text as a reference may have it: in one line, without controls."""
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", stored(text)).split())


def of_tex(text: str) -> str:
    """A text of TeX as it is printed; what pybtex leaves as a command is put in its place."""
    left = {
        r"\textbraceleft ": "{",
        r"\textbraceright ": "}",
        r"\textasciicircum ": "^",
        r"\$": "$",
    }
    printed = str(Text.from_latex(text))
    for command, character in left.items():
        printed = printed.replace(command, character)
    return printed


@pytest.fixture(scope="module")
def references(tmp_path_factory: pytest.TempPathFactory) -> Room:
    folder = tmp_path_factory.mktemp("references")
    rows = [
        {**row(number, stored(text), "文。", stored(text) or "号", "2020-02-02"), "url": f"https://www.thepaper.cn/n_{number}"}
        for number, text in enumerate(TEXTS)
    ]  # fmt: skip
    write(folder / "archive.db", rows)
    return Room(folder)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_reference_is_one_and_has_the_title(number: int, references: Room) -> None:
    title, url = plain(TEXTS[number]), f"https://www.thepaper.cn/n_{number}"

    (ris,) = rispy.loads(references.get(f"cite/thepaper-{number}/ris").text)
    assert (ris["type_of_reference"], ris["urls"]) == ("ELEC", [url])
    assert (ris.get("title", ""), ris["authors"]) == (title, [title or "号"])
    assert ris["date"] == "2020/02/02"

    entries = parse_string(references.get(f"cite/thepaper-{number}/bib").text, "bibtex").entries
    (entry,) = entries.values()
    assert entry.type == "online" and entry.fields["url"] == url
    assert of_tex(entry.fields["title"]) == title
    assert entry.fields["date"] == "2020-02-02"


def embedded(markup: str) -> dict[str, Any]:
    """What Zotero's translator Embedded Metadata takes: `meta[name]` and `meta[property]`, Highwire before Dublin Core, those in the head alone.

    Source: zotero/translators, Embedded Metadata.js, `HIGHWIRE_MAPPINGS`, `getContentText` and `addHighwireMetadata` (0180a14).
    """
    meta: dict[str, list[str]] = {}
    for element in html.fromstring(markup).xpath("/html/head/meta[@content][@name or @property]"):
        name = str(element.get("name") or element.get("property")).lower()
        meta.setdefault(name, []).append(str(element.get("content")))
    first = {name: values[0] for name, values in meta.items()}
    return {
        "title": first.get("citation_title"),
        "authors": meta.get("citation_author", []),
        "date": first.get("citation_publication_date") or first.get("citation_date"),
        "url": first.get("citation_public_url") or first.get("citation_abstract_html_url") or first.get("citation_fulltext_html_url"),
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_zotero_reads_title_account_date_and_address(number: int, references: Room) -> None:
    text = stored(TEXTS[number])
    given = embedded(references.get(f"article/thepaper-{number}").text)

    if text.strip():
        assert plain(given["title"] or "") == plain(text)
        assert [plain(name) for name in given["authors"]] == [plain(text)]
    assert given["date"] == "2020/02/02"
    assert given["url"] == f"https://www.thepaper.cn/n_{number}"


class Away(BaseAdapter):
    """The web, which answers nothing but that it is there."""

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = 200, request.url, request
        return answer

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://www.thepaper.cn/", Away())
        yield session


@pytest.mark.e2e
@pytest.mark.filterwarnings("default")
def test_memento_client_finds_the_capture_of_a_moment(folder: Path, session: Any) -> None:
    with Archive(folder) as archive:
        versions = archive.versions(SHOWN)
        url = archive.article(SHOWN).url
    wanted = [datetime.fromisoformat(version.first_captured_at) for version in versions]
    with process_of(folder) as (_, address):
        client = MementoClient(f"{address}timegate/", check_native_timegate=False, session=session)
        for at in wanted:
            answer = client.get_memento_info(url, at.astimezone(UTC).replace(tzinfo=None))
            closest = answer["mementos"]["closest"]
            assert closest["datetime"] == at.replace(microsecond=0, tzinfo=None)
            assert answer["original_uri"] == url
            assert closest["http_status_code"] == 200
            assert session.get(closest["uri"][0]).status_code == 200


READ_TIME_MAP = """
import json, sys
from pywb.warcserver.index.indexsource import MementoIndexSource

source = MementoIndexSource(sys.argv[1], sys.argv[2], "")
params = {"url": sys.argv[3], "closest": None}
print(json.dumps([dict(each) for each in source.load_index(params)]))
"""


@pytest.mark.e2e
def test_pywb_reads_every_capture_from_the_time_map(folder: Path) -> None:
    with Archive(folder) as archive:
        url = archive.article(SHOWN).url
        moments = archive.connection.execute(
            "SELECT captured_at FROM captures WHERE url = ? ORDER BY captured_at", [url]
        ).fetchall()
    python = Path(apart("wayback", "pywb")).with_name("python")
    with process_of(folder) as (_, address):
        places = [f"{address}{name}/{{url}}" for name in ("timegate", "timemap")]
        ran = subprocess.run(
            [python, "-c", READ_TIME_MAP, *places, url], capture_output=True, text=True, timeout=180
        )
        assert ran.returncode == 0, ran.stderr
        entries = json.loads(ran.stdout)
        for entry in entries:
            answer = requests.get(entry["memento_url"], proxies={"http": ""}, timeout=180)
            assert answer.status_code == 200

    assert [entry["url"] for entry in entries] == [url] * len(moments) and len(moments) > 2
    assert [entry["timestamp"] for entry in entries] == [
        re.sub("[^0-9]", "", at)[:14] for (at,) in moments
    ]
