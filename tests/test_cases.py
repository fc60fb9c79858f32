"""Small invented pages, one situation each that was met in public reports of faults, with what is
right for each."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive import extract
from archive.model import Article

FOLDER = Path(__file__).parent / "cases"
CASES = {case["file"]: case for case in json.loads((FOLDER / "cases.json").read_text("utf-8"))}


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_read_right(name: str) -> None:
    case = CASES[name]
    article = extract(
        (FOLDER / name).read_bytes(),
        case["url"],
        headers=case["headers"],
        captured_at=datetime.fromisoformat(case["captured_at"]),
    )
    assert isinstance(article, Article), article
    for field, right in case["right"].items():
        _compare(article, field, right)


def _compare(article: Article, field: str, right: Any) -> None:
    addresses = [file.url for file in article.pictures]
    if field == "contains":
        assert [line for line in right if line not in article.text] == []
    elif field == "media_any":
        assert any(right in address for address in addresses), addresses
    elif field == "media_count":
        assert len(addresses) == right
    elif field == "media":
        assert addresses == right
    else:
        assert getattr(article, field) == right
