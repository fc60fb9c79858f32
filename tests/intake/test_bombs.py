"""What unpacks to far more than it is takes neither memory nor time for long."""

from __future__ import annotations

import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import zstandard

from archive.errors import ArchiveError
from archive.intake.given import Given
from archive.intake.importing import import_source
from archive.intake.making import Wish
from tests.rigs import web_archives as forms

pytestmark = pytest.mark.slow  # tries many inputs

MB = 2**20
SIZE = 100 * MB
HEAD = b"WARC/1.0\r\nWARC-Type: resource\r\n"
LONG = HEAD + b"Content-Length: %d\r\n\r\n" % SIZE


def gzipped(parts: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return b"".join(map(packer.compress, parts)) + packer.flush()


def zstandard_of(parts: Iterable[bytes]) -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join(map(packer.compress, parts)) + packer.flush()


ZEROS = [bytes(MB)] * (SIZE // MB)
# Made by the test that needs it: all of them together cost each process that collects the tests seconds.
BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros.warc.gz": lambda: gzipped(ZEROS),
    "block.warc.gz": lambda: gzipped([LONG, *ZEROS, b"\r\n\r\n"]),
    "two-blocks.warc.gz": lambda: gzipped([LONG, *ZEROS, b"\r\n\r\n" + LONG, *ZEROS, b"\r\n\r\n"]),
    "head.warc.gz": lambda: gzipped([HEAD + b"X: ", *[b"a" * MB] * 100]),
    "lengths.warc.gz": lambda: gzipped([HEAD, *[b"Content-Length: \r\n " * 50_000] * 100]),
    "empty-lines.warc.gz": lambda: gzipped([forms.records()[0], *[b"\r\n" * (MB // 2)] * 100]),
    "starts.warc.gz": lambda: gzipped(
        [forms.records()[0], *[b"\nWARC/1.0\r\n\r\n" * 80_000] * 100]
    ),
    "members.warc.gz": lambda: (
        forms.in_members([forms.records()[0]]) + b"\x1f\x8b\x08\x00" * 1_000_000
    ),
    "line.arc.gz": lambda: gzipped([b"filedesc://a ", *[b"1.1.1.1 20010101000000 " * 50_000] * 60]),
    "lines.arc": lambda: forms.arc_records()[0] + b"http://a 1.1.1.1 20010101000000 t 1\n" * 3_000,
    "block.warc.zst": lambda: zstandard_of([LONG, *ZEROS, b"\r\n\r\n"]),
    "zeros.wacz": lambda: forms.wacz({"archive/a.warc.gz": gzipped(ZEROS)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(BOMBS[name]())
    archive = tmp_path / "archive"
    archive.mkdir()
    begun = time.process_time()
    tracemalloc.start()

    try:
        import_source(archive, Given(name, source), Wish(operator="x"))
    except ArchiveError as error:
        assert str(error).startswith(f"{name} was not imported: ")  # either way is right
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 64 * MB
    assert time.process_time() - begun < 20
