"""`zhengwen serve` in a process of its own, and Chromium that notes everything that it is asked to load."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT


@contextmanager
def process_of(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process that serves the reading room of an archive or a package, and its address."""
    command = [sys.executable, "-m", "archive", "serve", str(folder), "--port", "0", *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), process.stderr.read()
            yield process, address
        finally:
            process.terminate()
            process.wait(180)


@contextmanager
def served(folder: Path, *words: str) -> Iterator[str]:
    """The address of the reading room of an archive or a package."""
    with process_of(folder, *words) as (_, address):
        yield address


@contextmanager
def chromium(*arguments: str, **context: Any) -> Iterator[Any]:
    """A context of Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not here (apt install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", *arguments])
        try:
            yield browser.new_context(**context)
        finally:
            browser.close()


def drawn_width(picture: Any) -> int:
    """The width of a picture in pixels once it is here: a lazy one is loaded when it comes into view, not with its page."""
    picture.scroll_into_view_if_needed()
    return int(picture.evaluate("image => image.decode().then(() => image.naturalWidth)"))


class Requests:
    """What the pages of a context ask for."""

    def __init__(self, context: Any) -> None:
        self.urls: list[str] = []
        context.on("request", lambda request: self.urls.append(request.url))

    @property
    def outside(self) -> list[str]:
        """Those that would leave this machine."""
        own = ("http://127.0.0.1:", "data:", "about:", "blob:")
        return [url for url in self.urls if not url.startswith(own)]
