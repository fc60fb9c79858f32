"""A place among the hits at which none can be is a sentence, in every search."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.errors import UsageError

SEARCHES = ("search", "search_pictures")
NO_PLACE = [(-1, 0), (20, -1), (None, -1), (2**63, 0), (20, 2**63), (-5, 3)]


@pytest.mark.parametrize("name", SEARCHES)
@pytest.mark.parametrize(("limit", "offset"), NO_PLACE)
def test_no_hit_is_at_such_a_place(
    tmp_path: Path, name: str, limit: int | None, offset: int
) -> None:
    with Archive(tmp_path) as archive:
        archive.index()
        with pytest.raises(UsageError, match="give numbers from 0"):
            getattr(archive, name)("防汛", limit=limit, offset=offset)


@pytest.mark.parametrize("name", SEARCHES)
@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (None, 0), (1, 7), (None, 7)])
def test_a_place_behind_all_hits_is_none(
    tmp_path: Path, name: str, limit: int | None, offset: int
) -> None:
    with Archive(tmp_path) as archive:
        archive.index()
        assert getattr(archive, name)("防汛", limit=limit, offset=offset) == []
