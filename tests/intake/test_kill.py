"""`kill -9` at moments drawn at random: what counts is complete and in the chain, and the next import goes on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.verification.chain import check_chain
from archive.warc import chain
from archive.warc.imports import imports, stated_files
from tests.rigs import web_archives as forms

KILLS = 4
SEED = int(os.environ.get("ZHENGWEN_SEED") or random.randrange(2**32))  # shown when it fails
PICTURES = 60
BODY = random.Random(1).randbytes(200_000)


def crawl() -> list[bytes]:
    """Some megabytes, so that there is something to interrupt."""
    block = forms.answer(BODY, "image/png")
    urls = (f"https://imgpai.thepaper.cn/{number}.png" for number in range(PICTURES))
    pictures = [
        forms.record("response", url, block, 100 + number, forms.RESPONSE)
        for number, url in enumerate(urls)
    ]
    return [*forms.records(), *pictures]


@pytest.mark.e2e
@pytest.mark.parametrize("form", ["gz", "wacz"])
def test_a_killed_import_leaves_all_or_nothing(form: str, tmp_path: Path) -> None:
    rnd = random.Random(SEED)
    data = forms.in_members(crawl())
    source = tmp_path / f"crawl.{form}"
    source.write_bytes(data if form == "gz" else forms.wacz({"archive/data.warc.gz": data}))
    program = [sys.executable, "-m", "archive", "--archive"]
    begun = time.monotonic()
    subprocess.run([*program, str(tmp_path / "first"), "import", str(source)], check=True)
    longest = time.monotonic() - begun
    for kill in range(KILLS):
        archive = tmp_path / f"{form}{kill}"
        with subprocess.Popen(
            [*program, str(archive), "import", str(source)], stdout=subprocess.DEVNULL
        ) as process:
            time.sleep(rnd.uniform(longest / 5, longest))
            process.kill()

        entries = [link.entry for link in chain.links(archive)]
        there = {path.name for path in archive.glob("warc/*")}
        assert there <= stated_files(entries).keys(), SEED
        again = subprocess.run([*program, str(archive), "import", str(source)], capture_output=True)

        assert again.returncode == 0, (SEED, again.stderr)
        assert list(check_chain(archive, archive / "warc")) == [], SEED
        assert len(imports(link.entry for link in chain.links(archive))) == 1
        assert not (archive / ".import").exists()
        blocks = forms.blocks_by_warcio(forms.imported_bytes(archive))
        assert [block for _, _, block in blocks][: 4 + PICTURES] == [
            block for _, _, block in forms.blocks_by_warcio(data)
        ]
