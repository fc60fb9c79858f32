"""One archive worth handing over, crawled once for all tests of this folder."""

from __future__ import annotations

import pytest

from tests.rigs.handover_world import Handed, make
from tests.rigs.warm import WarmPrograms


@pytest.fixture(scope="session")
def handed(tmp_path_factory: pytest.TempPathFactory, warm_programs: WarmPrograms) -> Handed:
    """The archive; a test that changes it takes a copy."""
    folder = tmp_path_factory.mktemp("handed")
    return make(folder / "archive", folder / "web", warm_programs)
