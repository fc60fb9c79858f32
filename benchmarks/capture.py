"""What capture costs: CPU a page and pages a second of plain Scrapy, Scrapy with our capture, and
`wget --warc-file`."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGES, ROUNDS = 1500, 3


def measured(command: list[str], folder: str) -> tuple[float, float]:
    """CPU and wall seconds of one finished program."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        command,
        cwd=Path(__file__).parents[1],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    for left in Path(folder).iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return (
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        time.monotonic() - begun,
    )


def main() -> None:
    """Three rounds, the programs in turn; medians, and the ratio to plain Scrapy round by round."""
    site = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.site", str(PAGES)], stdout=subprocess.PIPE, text=True
    )
    assert site.stdout
    port = site.stdout.readline().strip()
    with tempfile.TemporaryDirectory() as folder:
        urls = Path(tempfile.gettempdir()) / f"zhengwen-bench-{os.getpid()}.txt"
        urls.write_text(
            "\n".join(f"http://127.0.0.1:{port}/page/{number}" for number in range(PAGES))
        )
        wget = [
            "wget",
            "-q",
            "-i",
            str(urls),
            "-P",
            folder,
            f"--warc-file={folder}/wget",
            "--header=Accept-Encoding: gzip",
        ]
        programs = {
            "plain Scrapy": [
                sys.executable,
                "-m",
                "benchmarks.crawl",
                "plain",
                port,
                str(PAGES),
                folder,
            ],
            "Scrapy with capture": [
                sys.executable,
                "-m",
                "benchmarks.crawl",
                "capture",
                port,
                str(PAGES),
                folder,
            ],
        }
        if shutil.which("wget"):
            programs["wget --warc-file"] = wget
        rounds = [
            {name: measured(command, folder) for name, command in programs.items()}
            for _ in range(ROUNDS)
        ]
        urls.unlink()
    site.kill()
    print(f"{'':22}{'CPU ms/page':>12}{'pages/s':>10}{'CPU ratio':>11}")
    for name in programs:
        cpu = statistics.median(costs[name][0] for costs in rounds)
        wall = statistics.median(costs[name][1] for costs in rounds)
        ratio = statistics.median(costs[name][0] / costs["plain Scrapy"][0] for costs in rounds)
        print(f"{name:22}{1000 * cpu / PAGES:12.2f}{PAGES / wall:10.0f}{ratio:11.2f}")


if __name__ == "__main__":
    main()
