"""Zotero's own translators, as the npm package zotero-translators has them: what they read of a page of a server on loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.rigs.replay import npm_package

RELEASE = "zotero-translators@0.0.2"
# What it is made with, but for a version of wicked-good-xpath that no registry has.
NEEDED = (
    "jsdom@13.2.0",
    "request@2.88.2",
    "xregexp@4.4.1",
    "iconv-lite@0.4.24",
    "wicked-good-xpath@1.3.0",
)
EMBEDDED_METADATA = "951c027d-74ac-47d4-a107-9c3069ab7b48"
PROGRAM = Path(__file__).with_name("zotero.js")


class Zotero:
    """Its translators, in a folder."""

    def __init__(self, bundle: Path, modules: Path) -> None:
        self.bundle, self.modules = bundle, modules

    def items(self, urls: Sequence[str], translator: str = "") -> list[list[dict[str, Any]]]:
        """What is read of each page, by the translator that Zotero chooses or by the one with this id."""
        words = ["node", str(PROGRAM), str(self.bundle), str(self.modules), translator, *urls]
        done = subprocess.run(words, capture_output=True, text=True, timeout=280, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        read = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[{")]
        assert len(read) == len(urls), done.stdout[-3000:]
        return read


def zotero(cache: Path) -> Zotero | None:
    """They, fetched once from the npm registry; None where that cannot be had."""
    package = npm_package(cache, RELEASE, "index.js")
    if package is None or not shutil.which("node") or not _is_installed(cache):
        return None
    return Zotero(package / "index.js", cache / "node_modules")


def _is_installed(cache: Path) -> bool:
    """Install what they are made with, for all workers once."""
    if (cache / "node_modules").exists():
        return True
    with tempfile.TemporaryDirectory(dir=cache) as own:
        options = ["--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", own]
        done = subprocess.run(
            ["npm", "install", *options, *NEEDED], capture_output=True, timeout=280, check=False
        )
        if done.returncode:
            return False
        try:
            (Path(own) / "node_modules").rename(cache / "node_modules")
        except OSError:
            return (cache / "node_modules").exists()
    return True
