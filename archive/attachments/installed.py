"""The libraries that documents are read with, which an extra of the package brings."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from archive.errors import UsageError

PACKAGES = ("olefile", "pypdfium2", "python-calamine", "python-docx", "python-pptx", "striprtf")
INSTALL = "`pip install 'zhengwen[attachments]'`"


def installed_reader() -> str | None:
    """The libraries with their versions, as `attachment_text.reader` has them; None where one is
    not installed."""
    try:
        return ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    except PackageNotFoundError:
        return None


def required_reader() -> str:
    """The same.

    Raises:
        UsageError: one of them is not installed.
    """
    if (reader := installed_reader()) is None:
        raise UsageError(
            f"Documents are read with {', '.join(PACKAGES[:-1])} and {PACKAGES[-1]}, not all of "
            f"which are installed; {INSTALL} does that."
        )
    return reader
