"""A complete `rebuild`, from WARC to rows with their full-text index: articles a CPU second.

    python -m benchmarks.rebuild [ARTICLES [OTHER_TREE]]     # default 1000

The archive is made first, of pages of The Paper in both layouts with texts of about 1,450
characters, no two alike. With the folder of another version of the project both rebuild the same
archive in turns, each in processes of its own that start and are warm before the clock runs.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from statistics import median

from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter
from tests.standin.pages import Story, jsp_page, next_page

ROUNDS = 3
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
TREE = Path(__file__).parents[1]
WORDS = (
    "全县组织开展供水管网检修工作会议要求落实各项措施确保居民用水安全通知如下请各有关单位认真执"
    "行水务局街道社区群众服务建设项目推进质量监督检查时间地点停水范围恢复预计抢修人员值守电话公布"
)  # two characters each
MEASURED = """
import sys, time
from pathlib import Path
from archive import Archive
folder, warm = Path(sys.argv[1]), Path(sys.argv[2])
with Archive(warm) as archive:
    archive.rebuild()
begun = time.process_time()
with Archive(folder) as archive:
    archive.rebuild()
print(time.process_time() - begun)
"""


def _word(chance: random.Random) -> str:
    place = 2 * chance.randrange(len(WORDS) // 2)
    return WORDS[place : place + 2]


def text(chance: random.Random) -> list[str]:
    """The paragraphs of an article."""
    lines = []
    for _ in range(chance.randint(8, 32)):
        clauses = ["".join(_word(chance) for _ in range(chance.randint(4, 9))) for _ in range(5)]
        lines.append("，".join(clauses) + "。")
    return lines


def make(folder: Path, number: int, first: int = 0, name: str = "bench") -> None:
    """A WARC file of so many articles.

    Args:
        folder: of the archive.
        number: of articles.
        first: the number of the first of them.
        name: the file's begins so.
    """
    chance = random.Random(first + 1)
    writer = WarcWriter(
        folder / "warc", prefix=name, info={"software": "benchmark"}, fsync_interval=1e9
    )
    for serial in range(first, first + number):
        when = BEGUN + timedelta(minutes=serial)
        title = f"云溪县关于{_word(chance)}{_word(chance)}的第{serial}号通知"
        story = Story(6_000_000 + serial, title, text(chance), published=when)
        body = (jsp_page if serial % 4 == 0 else next_page)(story)
        path = f"/newsDetail_forward_{story.cont_id}"
        fields = f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}"
        exchange = Exchange(
            url=f"https://www.thepaper.cn{path}",
            started=when,
            request=f"GET {path} HTTP/1.1\r\nHost: www.thepaper.cn\r\n\r\n".encode(),
            response=BytesIO(f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode() + body),
        )
        facts = {"platform": "thepaper", "role": "article", "account_id": "44871", "run": "bench"}
        writer.write_exchange(exchange, facts)
    writer.close()


def seconds(tree: Path, folder: Path, warm: Path) -> float:
    """CPU seconds of one rebuild by the code of a tree."""
    command = [sys.executable, "-c", MEASURED, str(folder), str(warm)]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(
        command, cwd=tree, env=environment, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def main(number: int = 1000, *others: str) -> None:
    """Make the archive, and rebuild it by this tree and by the others in turns."""
    trees = [TREE, *map(Path, others)]
    with tempfile.TemporaryDirectory() as place:
        folder, warm = Path(place) / "archive", Path(place) / "warm"
        make(folder, number)
        make(warm, 8)
        taken = [[seconds(tree, folder, warm) for tree in trees] for _ in range(ROUNDS)]
    for tree, rounds in zip(trees, zip(*taken, strict=True), strict=True):
        print(f"{number / median(rounds):8.0f} articles a CPU second  {tree}")
    for other in range(1, len(trees)):
        ratio = median(row[other] / row[0] for row in taken)
        print(f"{ratio:8.2f} times as many as by {trees[other]}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
