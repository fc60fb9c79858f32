"""Writes every document: `python -m tests.generated_docs`."""

from __future__ import annotations

from tests.conftest import ROOT
from tests.generated_docs import DOCUMENTS

for path, text in DOCUMENTS.items():
    (ROOT / path).write_text(text(), "utf-8")
