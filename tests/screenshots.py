"""Makes the pictures of docs/tour.md from the archive of `zhengwen demo`.

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


def save(page: Any, name: str) -> None:
    """Save what is shown, in 64 colours, which are a third of the bytes."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(64)
    picture.save(FOLDER / f"{name}.png", optimize=True)


def main() -> None:
    """Write one picture a page."""
    FOLDER.mkdir(exist_ok=True)
    how: dict[str, Any] = {"locale": "en", "viewport": {"width": 960, "height": 600}}
    with (
        tempfile.TemporaryDirectory() as scratch,
        served(demo(Path(scratch) / "demo")) as room,
        chromium(java_script_enabled=False, **how) as context,
    ):
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(room + path)
            save(page, name)
        page.goto(f"{room}article/{EDITED}")
        page.goto(page.locator("text=Show the page as captured").first.get_attribute("href"))
        save(page, "replay")


if __name__ == "__main__":
    main()
