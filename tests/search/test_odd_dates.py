"""Dates of another age cost a search nothing: years without an article are not asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.archive import Archive
from archive.search.indexed import FEW
from tests.rigs.corpus import row, write

COMMON = FEW + 20
pytestmark = pytest.mark.slow  # an archive of many articles


def days() -> list[str | None]:
    usual = [f"2020-{1 + number % 12:02}-{1 + number % 28:02}" for number in range(COMMON)]
    return [*usual, "0202-02-02", "1911-10-10", "2921-01-01", "9999-12-31", None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    rows = [row(number, "通告", "疫情防控", "云溪", day) for number, day in enumerate(days())]
    write(folder / "archive.db", rows)
    return folder


@pytest.mark.parametrize("order", ["date", "relevance"])
@pytest.mark.parametrize("query", ["疫情", "疫情防控"])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, days()),
        ({"until": "9999-12-31"}, days()[:-1]),
        ({"since": "0001-01-01"}, days()[:-1]),
        ({"since": "1900-01-01", "until": "2920-12-31"}, [*days()[:COMMON], "1911-10-10"]),
        ({"since": "2921-01-01"}, ["2921-01-01", "9999-12-31"]),
        ({"since": "0203-01-01", "until": "1911-10-09"}, []),
        ({"since": "2020-03-01", "until": "2020-03-31"}, [day for day in days() if day and day[:7] == "2020-03"]),
    ],
)  # fmt: skip
def test_years_without_an_article_are_not_asked_for(
    folder: Path, order: str, query: str, given: dict[str, str], expected: list[str | None]
) -> None:
    asked: list[str] = []
    with Archive(folder) as archive:
        archive.connection.set_trace_callback(asked.append)
        hits = archive.search(query, limit=None, order=order, **given)  # type: ignore[arg-type]
    assert [hit.published_at for hit in hits] == sorted(
        expected, key=lambda day: day or "", reverse=True
    )
    questions = [statement for statement in asked if "MATCH" in statement]
    assert len(questions) < 300 and max(map(len, questions)) < 5000
