"""Makes the pictures of docs/tour.md and docs/tour.zh.md from the archive of `zhengwen demo`.

python -m tests.screenshots    # needs Chromium
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from tests.conftest import ROOT
from tests.rigs.browsing import chromium, served

FOLDER = ROOT / "docs" / "tour"
FOLDERS = {"en": FOLDER, "zh-CN": FOLDER / "zh"}
"""By the language of the pages: where their pictures are."""

EDITED = "demo-1011"
PAGES = {
    "home": "",
    "search": "search?q=疫情",
    "article": f"article/{EDITED}",
    "compare": f"compare/{EDITED}",
    "account": "account?platform=demo&id=yunxi",
    "coverage": "coverage",
}
"""By the name of the picture: the page of the room that it shows."""


def demo(folder: Path) -> Path:
    """The archive of the demo."""
    command = [sys.executable, "-m", "crawler", "demo", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return folder


def save(page: Any, path: Path) -> None:
    """Save what is shown, in 64 colours, which are a third of the bytes."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(64)
    picture.save(path, optimize=True)


def main() -> None:
    """Write one picture a page and language."""
    with tempfile.TemporaryDirectory() as scratch, served(demo(Path(scratch) / "demo")) as room:
        for language, folder in FOLDERS.items():
            folder.mkdir(exist_ok=True)
            take(room, language, folder)


def take(room: str, language: str, folder: Path) -> None:
    """Write the pictures in one language."""
    how: dict[str, Any] = {"locale": language, "viewport": {"width": 960, "height": 600}}
    with chromium(java_script_enabled=False, **how) as context:
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(room + path)
            save(page, folder / f"{name}.png")
        page.goto(f"{room}article/{EDITED}")
        page.goto(page.locator("a.button").first.get_attribute("href"))
        save(page, folder / "replay.png")


if __name__ == "__main__":
    main()
