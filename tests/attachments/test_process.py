"""The process that reads documents ends, or is ended, and the next document is read."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from archive.attachments.process import MEMORY, DocumentReader
from archive.attachments.text import MOST_BYTES
from tests.attachments import made

pytestmark = pytest.mark.e2e


@pytest.fixture
def reader() -> Iterator[DocumentReader]:
    with DocumentReader() as started:
        yield started


def child() -> psutil.Process:
    return next(
        each for each in psutil.Process().children() if "spawn_main" in " ".join(each.cmdline())
    )


def test_a_killed_process_costs_one_document(reader: DocumentReader) -> None:
    data = made.words("堤防巡查")
    assert reader.read(data, "1.docx").pages == (("堤防巡查", None),)
    process = child()
    process.kill()
    process.wait()
    assert reader.read(data, "1.docx").state == "ended-process"
    assert reader.read(data, "1.docx").pages == (("堤防巡查", None),)


def test_the_process_ends_in_its_document_with_a_parent_that_was_killed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "1.docx"
    path.write_bytes(made.slow_words())
    code = """if __name__ == "__main__":
        import sys
        from archive.attachments.process import DocumentReader
        data = open(sys.argv[1], "rb").read()
        with DocumentReader() as reader:
            reader.read(b"", "1.pdf")
            print(reader._process.pid, flush=True)
            reader.read(data, "1.docx")"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        process = psutil.Process(int(parent.stdout.readline()))
        before = process.cpu_times().user
        while process.cpu_times().user < before + 0.5:
            time.sleep(0.05)
        spent = killed = process.cpu_times().user  # before it: afterwards it may be gone at once
        parent.kill()
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE:
            spent = process.cpu_times().user
            time.sleep(0.05)
    assert spent < killed + 2  # CPU seconds of the many that the document takes


def test_a_document_that_takes_too_long_is_given_up() -> None:
    with DocumentReader(seconds=0.01) as reader:
        answer = reader.read(made.pdf(["一"] * 200), "1.pdf")
    assert (answer.state, answer.detail) == ("too-slow", "it takes more than 0.01 seconds")


def test_a_bomb_that_hides_its_size_stays_under_the_limit_of_memory(
    reader: DocumentReader,
) -> None:
    data = bytearray(made.bomb("word/document.xml", 2**30))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rindex(mark) + place
        data[at : at + 4] = (1000).to_bytes(4, "little")
    assert reader.read(bytes(data), "1.docx").state == "broken"
    assert child().memory_info().vms <= MEMORY


def test_a_sheet_that_asks_for_all_memory_costs_itself(reader: DocumentReader) -> None:
    answer = reader.read(made.far_cell(), "1.xlsx")
    assert answer.state == "ended-process"
    assert reader.read(made.words("照常"), "1.docx").pages == (("照常", None),)


def test_50_megabytes_are_read_and_more_than_the_limit_is_not_sent(reader: DocumentReader) -> None:
    large = made.pdf(["大文件里的字"]) + b"\n%" + bytes(50 * 2**20)
    answer = reader.read(large, "1.pdf")
    assert answer.pages == (("大文件里的字", None),)
    assert child().memory_info().rss < 2**30
    assert reader.read(bytes(MOST_BYTES + 1), "1.pdf").state == "too-large"
