"""The tour: follow, crawl, search and show an edit, each a command that the reader could type, run
as the program itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from archive.archive import Archive
from archive.cli.output import say
from archive.errors import ArchiveError, UsageError
from crawler.demo.server import ACCOUNT_PAGE, DemoPlatform

QUICKLY = ("-s", "DOWNLOAD_DELAY=0.2")  # the platform is ours, on this machine
NAME = "demo"  # of the platform
EDITED = "demo-1011"
SEARCHES = ("疫情防控", "施工 OR 开工", "便民服务事项清单")


def tour(folder: Path) -> None:
    """Follow, crawl and search in a folder, and print what happens.

    Args:
        folder: new, empty, or an earlier demo's.

    Raises:
        UsageError: the folder has other files.
        ArchiveError: a step failed.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "accounts.csv").exists():
        raise UsageError(
            f"{folder} has other files; give an empty or a new folder: zhengwen demo DIR."
        )
    followed = Archive(folder).accounts() if folder.is_dir() else []
    if any(account.platform != NAME for account in followed):
        raise UsageError(
            f"{folder} is an archive of your own, where what the demo makes up does not belong; "
            "give an empty or a new folder: zhengwen demo DIR."
        )
    folder.mkdir(parents=True, exist_ok=True)
    with DemoPlatform() as platform:
        say("A fictional platform (xinwen.example) is served on this machine; nothing leaves it.")
        say()
        _step(folder, platform, "follow", ACCOUNT_PAGE)
        _step(folder, platform, "crawl", *QUICKLY)
        for words in SEARCHES:
            _step(folder, platform, "search", words, "--limit", "2")
        say("The platform edits an article; the next crawl sees its new title in the list.")
        say()
        platform.edit()
        _step(folder, platform, "crawl", *QUICKLY)
        _step(folder, platform, "show", EDITED, "--diff")
    _farewell(folder)


def _step(folder: Path, platform: DemoPlatform, *words: str) -> None:
    shown = " ".join(f'"{word}"' if " " in word else word for word in words)
    say(f"$ {_typed('zhengwen')} --archive {folder} {shown}")
    command = [sys.executable, "-m", "crawler", "--archive", str(folder), *words]
    done = subprocess.run(command, env={**os.environ, **platform.environ}, check=False)
    if done.returncode:
        raise ArchiveError(
            f"The step ended with exit code {done.returncode}; its message is printed above."
        )
    say()


def _farewell(folder: Path) -> None:
    say("The record, every exchange as it went over the wire:")
    for path in sorted((folder / "warc").glob("*.warc.gz")):
        say(f"  {path}  {path.stat().st_size} bytes")
    say("The view, searchable with any SQLite program:")
    say(f"  {folder / 'archive.db'}")
    say()
    say("Type next:")
    zhengwen = _typed("zhengwen")
    say(f"  {zhengwen} --archive {folder} show demo-1001")
    say(
        f"  {_typed('sqlite-utils')} search {folder / 'archive.db'} articles 疫情 -c title -c "
        "published_at -t"
    )
    say(
        f"  mkdir my-archive && {zhengwen} --archive my-archive follow "
        "https://www.thepaper.cn/gov_44871"
    )


def _typed(program: str) -> str:
    """The program as the reader must type it: a virtual environment that is not activated is not
    on the PATH."""
    if shutil.which(program):
        return program
    place = Path(sys.executable).with_name(program)
    return str(place.relative_to(Path.cwd())) if place.is_relative_to(Path.cwd()) else str(place)
