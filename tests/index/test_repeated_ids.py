"""A record id that several files repeat: whichever file comes first, the rows are those of a rebuild."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from tests.index.test_revisits import ADDRESS, FIRST, HEAD, PAGE, SECOND, THIRD, answer, revisit
from tests.rigs.warc_records import record

pytestmark = pytest.mark.slow
EDITED = PAGE.replace("会议".encode(), "大会".encode())
OTHER = "https://www.thepaper.cn/newsDetail_forward_5709999"
TABLES = ("captures", "failures", "versions", "articles", "withdrawals", "links", "aliases", "page_readings")  # fmt: skip
GONE = record("response", b"HTTP/1.1 404 Not Found\r\n\r\n", WARC_Target_URI=ADDRESS, WARC_Date=SECOND)  # fmt: skip
# Each is the records of three files; the number in an answer makes its id.
FILES = {
    "two texts": (answer(FIRST, 1), answer(SECOND, 1, page=EDITED), answer(THIRD, 2)),
    "three texts": (
        answer(THIRD, 1),
        answer(SECOND, 1, page=EDITED),
        answer(FIRST, 1, page=EDITED.replace(b"<p>", b"<p> x", 1)),
    ),
    "copies": (answer(FIRST, 1), answer(FIRST, 1), answer(FIRST, 1)),
    "copies and another": (answer(FIRST, 1), answer(SECOND, 1, page=EDITED), answer(FIRST, 1)),
    "copies of a failure": (GONE, GONE, answer(FIRST, 2)),
    "a failure and a page": (GONE, answer(FIRST, 1), answer(THIRD, 2)),
    "two addresses": (answer(FIRST, 1), answer(FIRST, 1, url=OTHER), GONE),
    "a revisit of one": (
        answer(FIRST, 1),
        answer(SECOND, 1, page=EDITED),
        revisit(THIRD, 2, HEAD, WARC_Refers_To="<urn:uuid:00000000-0000-0000-0000-000000000001>"),
    ),
    "twice in a file": (
        answer(FIRST, 1) + answer(SECOND, 1, page=EDITED),
        answer(THIRD, 1),
        answer(THIRD, 1),
    ),
}  # fmt: skip


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with Archive(folder) as archive:
        return {
            table: sorted(archive.connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in TABLES
        }


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0), (2, 0, 1)], ids=str)
@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_the_order_in_which_files_come_does_not_matter(
    tmp_path: Path, files: tuple[bytes, ...], order: tuple[int, ...]
) -> None:
    (tmp_path / "warc").mkdir()
    for number in order:
        (tmp_path / "warc" / f"{number}.warc.gz").write_bytes(files[number])
        with Archive(tmp_path) as archive:
            archive.index()

    live = rows(tmp_path)
    with Archive(tmp_path) as archive:
        archive.rebuild()
    assert rows(tmp_path) == live
    assert live["captures"]
