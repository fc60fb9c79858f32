"""The documents that come from the program are as the program is now."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.generated_docs import DOCUMENTS


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_generated_document_is_as_the_program(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")

    assert text == DOCUMENTS[path](), "run python -m tests.generated_docs"
