"""WARC files of records that no writer of ours would make: any head, any block, any end."""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from archive.warc.reader import records
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "platforms"
ARTICLE = "https://www.thepaper.cn/newsDetail_forward_5701234"
DATE = "2026-01-01T00:00:00Z"


def record(
    kind: str,
    block: bytes = b"",
    *,
    number: int = 1,
    version: bytes = b"WARC/1.1",
    end: bytes = b"\r\n\r\n",
    **fields: str | None,
) -> bytes:
    """A record as one gzip member. `number` makes its id; a field that is None is left out."""
    usual = "application/json" if kind == "metadata" else f"application/http; msgtype={kind}"
    given: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<{id_of(number)}>",
        "WARC-Date": DATE,
        "WARC-Target-URI": None if kind == "metadata" else ARTICLE,
        "Content-Type": usual,
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return gzip.compress(version + b"\r\n" + lines.encode() + b"\r\n" + block + end, 1, mtime=0)


def id_of(number: int) -> str:
    """The id that `record` gives a record."""
    return f"urn:uuid:{UUID(int=number)}"


def note(facts: object, number: int = 1, **fields: str | None) -> bytes:
    """A metadata record of JSON."""
    return record("metadata", json.dumps(facts).encode(), number=number, **fields)


# JSON counts as a note of ours only behind one.
OURS = record(
    "warcinfo", b"software: Zhengwen/0\r\n", number=997, WARC_Target_URI=None,
    Content_Type="application/warc-fields",
)  # fmt: skip


def response(body: bytes = b"hello", number: int = 1, **fields: str | None) -> bytes:
    """An answer with a body."""
    return record(
        "response",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body,
        number=number,
        **fields,
    )


def archive_of(folder: Path, *members: bytes, name: str = "b.warc.gz") -> Path:
    """Put members into a WARC file of an archive, between two sound ones. Returns the archive."""
    warc_dir = folder / "warc"
    warc_dir.mkdir(parents=True, exist_ok=True)
    (warc_dir / name).write_bytes(b"".join([OURS, *members]))
    sound = (FIXTURES / "thepaper" / "next" / "capture.warc.gz").read_bytes()
    (warc_dir / "a.warc.gz").write_bytes(sound)
    (warc_dir / "z.warc.gz").write_bytes(OURS + note({"kind": "run", "id": "last"}, 999))
    return folder


def rewritten(source: Path, change: Callable[[str, str, bytes], bytes]) -> bytes:
    """A WARC file with other blocks.

    Args:
        source: the file.
        change: gets type, address and block of each record, and returns the block.
    """
    members = []
    for each in records(source):
        block = change(each.type, each.url, each.read())
        fields = {**each.headers, "content-length": str(len(block))}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        members.append(
            gzip.compress(
                b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n", 1, mtime=0
            )
        )
    return b"".join(members)


def vast(
    block: bytes, size: int, byte: bytes, end: bytes = b"\r\n\r\n", **fields: str | None
) -> bytes:
    """A record with a block that goes on with `size` times the same byte: a member of a thousandth
    of that.

    Args:
        size: a multiple of 16 MiB.
        end: what comes after the block.
    """
    kind = str(fields.pop("kind", "response"))
    length = {"Content_Length": str(len(block) + size)}
    head = gzip.decompress(record(kind, block, end=b"", **(length | fields)))
    piece, count = byte * 2**24, size >> 24
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    begin = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    middle = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    tail = packer.compress(end) + packer.flush()
    checksum = zlib.crc32(head)
    for _ in range(count):
        checksum = zlib.crc32(piece, checksum)
    total = (len(head) + size + len(end)) & 0xFFFFFFFF
    trailer = struct.pack("<II", zlib.crc32(end, checksum), total)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + begin + middle * count + tail + trailer
