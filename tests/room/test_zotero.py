"""Zotero's own translators read an article in the reading room as an entry of a bibliography."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rigs.browsing import process_of
from tests.rigs.corpus import row, write
from tests.rigs.zotero import EMBEDDED_METADATA, Zotero, zotero
from tests.room.test_libraries import TEXTS, plain, stored

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("zotero")]


@pytest.fixture(scope="module")
def program(pytestconfig: pytest.Config) -> Zotero:
    translators = zotero(pytestconfig.cache.mkdir("zotero"))
    if translators is None:
        pytest.skip("Zotero's translators are not here and npm cannot fetch them")
    return translators


@pytest.mark.parametrize(
    ("translator", "day"), [("", "2020-02-02"), (EMBEDDED_METADATA, "2020/02/02")]
)
def test_it_reads_title_account_date_and_address(
    program: Zotero, translator: str, day: str, tmp_path: Path
) -> None:
    texts = {number: plain(text) for number, text in enumerate(TEXTS) if plain(text)}
    rows = [
        {**row(number, stored(TEXTS[number]), "文。", stored(TEXTS[number]), "2020-02-02"), "url": f"https://www.thepaper.cn/n_{number}"}
        for number in texts
    ]  # fmt: skip
    write(tmp_path / "archive.db", rows)
    with process_of(tmp_path) as (_, address):
        read = program.items([f"{address}article/thepaper-{n}" for n in texts], translator)
    for (number, text), items in zip(texts.items(), read, strict=True):
        (item,) = items
        assert item["itemType"] == "webpage"
        assert item["url"] == f"https://www.thepaper.cn/n_{number}"
        assert item["date"] == day
        creator = item["creators"][0]
        assert creator["creatorType"] == "author"
        # Zotero reads a plus of a COinS span as a space, and parts names at spaces and semicolons.
        assert plain(item["title"]) in (text, plain(text.replace("+", " ")))
        if number < 2:
            assert creator["lastName"] == text
