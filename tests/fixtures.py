"""Writes `tests/platforms/<name>/<case>/`: a WARC as a crawl of the stand-in leaves it, and what must be read from it.

python -m tests.fixtures        makes every case again; look at the difference before you commit it
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from archive import platforms
from archive.cli.fixture import as_text, expected
from crawler.demo.server import DemoPlatform
from tests.standin.pages import CHINA, Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb
from tests.standin.worlds import WORLDS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "platforms"
PICTURE = "https://imgpai.thepaper.cn/newpai/image/1790043761206.png"
TEXT = [
    "本文来源：云溪发布",
    "全县疫情防控工作会议今天召开。",
    "　　会议要求，落实“四早”措施。",
    "编辑丨林示例",
    "原标题：《云溪县召开会议》",
]
WHEN = datetime(2021, 3, 1, 9, 30, tzinfo=CHINA)


def story(number: int, title: str, **more: Any) -> Story:
    """An invented article of an invented account."""
    return Story(
        90_000_000 + number,
        title,
        TEXT,
        account="云溪发布（虚构）",
        account_id=900,
        published=WHEN,
        **more,
    )


CASES = {
    "next": [story(1, "云溪县召开会议", pictures=[PICTURE])],
    "jsp": [story(2, "云溪县召开会议 部署春季疫情防控和安全生产各项重点工作", layout="jsp")],
    "kinds": [
        story(3, "视频", kind="video"),
        story(4, "直播", kind="live"),
        story(5, "专题", kind="special"),
        story(6, "外链", kind="outside", link="https://example.org/1"),
    ],
    "gone": [
        story(7, "下线", state="tombstone"),
        story(8, "空", state="empty"),
        story(9, "无", state="no-detail"),
    ],
}


def write(platform: str, case: str, targets: list[str], environ: dict[str, str]) -> None:
    """Crawl an account or articles and keep the WARC and what it says."""
    target = FOLDER / platform / case
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "crawler",
            "--archive",
            folder,
            "crawl",
            *targets,
            "-s",
            "DOWNLOAD_DELAY=0",
        ]
        fixed = {"ZHENGWEN_CONTACT": "tests@example.org"}
        subprocess.run(
            [*command, "-s", "OPERATOR=tests"],
            cwd=ROOT,
            env={**os.environ, **environ, **fixed},
            check=False,
        )
        (warc,) = Path(folder).glob("warc/*.warc.gz")
        shutil.copy(warc, target / "capture.warc.gz")
    text = as_text(expected(target, platforms.load()))
    (target / "expected.json").write_text(text, "utf-8")


def main() -> None:
    """Make every case."""
    with DemoPlatform() as demo:
        write("demo", "account", ["http://xinwen.example/account/yunxi"], demo.environ)
    for case, stories in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            web = LoopbackWeb(Path(folder))
            platform = ThePaper(names={900: "云溪发布（虚构）"}).join(web)
            platform.add(*stories)
            write("thepaper", case, ["https://www.thepaper.cn/gov_900"], web.environ())
            web.close()
    for name, make in WORLDS.items():
        with tempfile.TemporaryDirectory() as folder:
            web = LoopbackWeb(Path(folder))
            world = make().join(web)
            write(name, "world", [world.account] if world.account else world.asked, web.environ())
            web.close()


if __name__ == "__main__":
    main()
