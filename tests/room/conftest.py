"""One archive for all tests of the reading room that do not change it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rigs.room_world import Room, make


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("room") / "archive")


@pytest.fixture(scope="session")
def room(folder: Path) -> Room:
    return Room(folder)
