"""Documents that are made of the program: `python -m tests.generated_docs` writes them again.

A test compares each with the program. Another document is a function in a file of its own here, and
a line in DOCUMENTS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.generated_docs.command_line import command_line
from tests.generated_docs.data_dictionary import data_dictionary
from tests.generated_docs.settings import settings

DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "docs/cli.md": command_line,
    "docs/data-dictionary.md": data_dictionary,
    "docs/settings.md": settings,
}
"""By path: what makes the document's text."""
