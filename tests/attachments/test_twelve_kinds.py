"""An archive with twelve kinds of attachments, some of them meant to do harm: what has text is found, what has none says
so, within a bound of memory, and after the program was killed while it read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from archive.archive import Archive
from archive.attachments.text import MOST_UNPACKED
from tests.attachments import made
from tests.conftest import ROOT, dump, rows
from tests.rigs.attached import Attached, Notice, crawl

pytestmark = pytest.mark.slow

MOST_MEMORY = 2**30
GBK = "附件：防汛物资.pdf".encode("gbk")
WORD = "水库"  # of every document with text, with a word of its own
Kind = tuple[Attached, str, str, int | None]
PROGRAM = [sys.executable, "-m", "archive", "--archive"]
READ = "SELECT DISTINCT capture FROM attachment_text"


def kinds() -> dict[str, Kind]:
    """By kind: the document, its name, and the state or where its own word is; a second's work."""
    return {
        "PDF, its name in GBK": (Attached(href="/download.jsp?id=1", label="附件1", data=made.pdf(["水库沙袋"]), head=b"Content-Disposition: attachment; filename=" + GBK + b"\r\n"), "附件：防汛物资.pdf", "沙袋", 1),
        "scanned PDF": (Attached(href="/f/2.pdf", label="附件2.pdf", data=made.pdf(["", ""])), "2.pdf", "no-text", None),
        "PDF with a password": (Attached(href="/f/3.pdf", label="附件3.pdf", data=made.pdf(["水库密文"], password="1949")), "3.pdf", "encrypted", None),
        "bomb": (Attached(href="/f/4.docx", label="附件4.docx", data=made.bomb("word/document.xml", MOST_UNPACKED + 2**20)), "4.docx", "too-large", None),
        "500 pages": (Attached(href="/f/5.pdf", label="附件5.pdf", data=made.pdf([f"水库第{n}页" for n in range(1, 500)] + ["水库闸门"])), "5.pdf", "闸门", 500),
        "50 MB": (Attached(href="/f/6.pdf", label="附件6.pdf", data=made.pdf(["水库泵站"]) + b"\n%" + bytes(50 * 2**20)), "6.pdf", "泵站", 1),
        "docx": (Attached(href="/f/7.docx", label="附件7.docx", data=made.words("水库堤坝", ["甲"])), "7.docx", "堤坝", 1),
        "xlsx": (Attached(href="/f/8.xlsx", label="附件8.xlsx", data=made.sheets({"一": [["水库", 1]], "二": [["水库渠道"]]})), "8.xlsx", "渠道", 2),
        "xls": (Attached(href="/f/9.xls", label="附件9.xls", data=made.old_sheets({"一": [["水库溢洪道"]]})), "9.xls", "溢洪道", 1),
        "pptx": (Attached(href="/f/10.pptx", label="附件10.pptx", data=made.slides(["首页", "水库演练"])), "10.pptx", "演练", 2),
        "csv in GBK": (Attached(href="/f/11.csv", label="附件11.csv", data=made.table([["水库", "雨量"]], "gbk")), "11.csv", "雨量", 1),
        "OFD": (Attached(href="/f/12.ofd", label="附件12.ofd", data=made.ofd(["水库巡查值守"])), "12.ofd", "值守", 1),
        "ZIP with names in GBK": (Attached(href="/f/13.zip", label="附件13.zip", data=made.named_in_gbk(["水库名册.doc"])), "13.zip", "名册", 1),
    }  # fmt: skip


def start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*PROGRAM, str(folder), *words], cwd=ROOT, stderr=subprocess.DEVNULL)


def most_memory(process: subprocess.Popen[bytes]) -> int:
    """The most bytes that a program and its children had in memory together, until it ended."""
    most = 0
    while process.poll() is None:
        total = 0
        try:
            parent = psutil.Process(process.pid)
            for each in [parent, *parent.children(recursive=True)]:
                total += each.memory_info().rss
        except psutil.NoSuchProcess:
            pass
        most = max(most, total)
        time.sleep(0.02)
    return most


def kill_while_it_reads(folder: Path) -> int:
    """Kill the indexing after its first attachment; returns how many it has read."""
    process = start(folder, "index")
    database = folder / "archive.db"
    for _ in range(6000):
        if database.exists() and (folder / "archive.db-wal").exists():
            try:
                if count := len(rows(folder, READ)):
                    break
            except Exception:  # the tables are being made
                count = 0
        assert process.poll() is None
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return count


def test_twelve_kinds_of_attachments(tmp_path: Path) -> None:
    documents = kinds().values()
    crawl(
        tmp_path,
        [Notice(number=number, files=[file]) for number, (file, *_) in enumerate(documents, 1)],
    )
    assert 0 < kill_while_it_reads(tmp_path) < len(documents)
    process = start(tmp_path, "index")
    memory = most_memory(process)
    assert process.returncode == 0
    assert memory < MOST_MEMORY, memory

    states = {
        row["file_name"]: row["state"]
        for row in rows(tmp_path, "SELECT file_name, state FROM attachment_text")
    }
    with Archive(tmp_path) as archive:
        with_text = 0
        for _, name, expected, page in documents:
            if page is None:
                assert states[name] == expected
                continue
            with_text += 1
            (hit,) = archive.search(f"{WORD} {expected}")
            assert (hit.attachment, hit.attachment_page) == (name, page)
            assert (
                f"【{expected}】" in hit.snippet.replace(f"【{WORD}】", WORD)
                or expected in hit.snippet
            )
        assert archive.count(WORD) == {None: with_text}
        assert not archive.search("密文")
        live = dump(tmp_path)
        assert not archive.verify()
    process = start(tmp_path, "rebuild")
    assert most_memory(process) < MOST_MEMORY and process.returncode == 0
    assert dump(tmp_path) == live
