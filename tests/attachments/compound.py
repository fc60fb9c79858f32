"""Compound files and binary Word documents, byte by byte.

Sources: [MS-CFB] and [MS-DOC].
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SMALLEST = 4096  # bytes of a stream that has sectors of its own
ENCRYPTED = 0x0100


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams in its root."""
    padded = {name: data.ljust(SMALLEST, b"\0") for name, data in streams.items()}
    sectors: list[bytes] = []
    chains: list[int] = []
    entries = [_entry("Root Entry", 5, 1, END, 0)]
    for number, (name, data) in enumerate(padded.items(), 1):
        following = number + 1 if number < len(padded) else FREE
        entries.append(_entry(name, 2, FREE, len(sectors), len(data), right=following))
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        chains += [len(sectors) + place + 1 for place in range(len(pieces) - 1)] + [END]
        sectors += pieces
    directory = b"".join(entries)
    first = len(sectors)
    pieces = [
        directory[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(directory), SECTOR)
    ]
    chains += [first + place + 1 for place in range(len(pieces) - 1)] + [END]
    sectors += pieces
    table = len(sectors)
    chains.append(FAT)
    sectors.append(struct.pack("<128I", *chains, *[FREE] * (128 - len(chains))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, first, 0, SMALLEST, END, 0, END, 0)
    head += struct.pack("<109I", table, *[FREE] * 108)
    return head + b"".join(sectors)


def _entry(name: str, kind: int, child: int, start: int, size: int, *, right: int = FREE) -> bytes:
    raw = name.encode("utf-16-le")
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw) + 2, kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def word(
    pieces: Sequence[str | bytes], *, flags: int = 0, version: int = 0xC1, extra: Sequence[int] = ()
) -> bytes:
    """A binary Word document.

    Args:
        pieces: of its text: UTF-16 where they are str, one byte a character where they are bytes.
        flags: of its information block.
        version: of the format.
        extra: the numbers of characters of the parts that follow the text, which are its end.
    """
    places, descriptors, text = [0], b"", b""
    for piece in pieces:
        data = piece.encode("utf-16-le") if isinstance(piece, str) else piece
        where = 1024 + len(text)
        where = where if isinstance(piece, str) else 2 * where | 0x40000000
        descriptors += struct.pack("<HIH", 0, where, 0)
        places.append(places[-1] + (len(data) // 2 if isinstance(piece, str) else len(data)))
        text += data + bytes(len(data) % 2)
    table = struct.pack(f"<{len(places)}I", *places) + descriptors
    clx = (
        b"\x01" + struct.pack("<H", 4) + bytes(4) + b"\x02" + struct.pack("<I", len(table)) + table
    )
    block = bytearray(1024)
    struct.pack_into("<HH", block, 0, 0xA5EC, version)
    struct.pack_into("<H", block, 0x0A, flags | 0x0200)
    counts = [places[-1] - sum(extra), *extra, *[0] * (6 - len(extra))]
    struct.pack_into("<7I", block, 0x4C, *counts)
    struct.pack_into("<II", block, 0x01A2, 0, len(clx))
    return compound({"WordDocument": bytes(block) + text, "1Table": clx})
