"""A damaged source is imported as far as it can be read, or refused in a sentence; what is copied can be read back, and no damage makes a traceback."""

from __future__ import annotations

import random
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from archive.archive import Archive
from archive.errors import ArchiveError
from archive.intake.given import Given
from archive.intake.importing import import_source
from archive.intake.making import Wish
from archive.intake.unpacking import DICTIONARY
from archive.lock import Lock
from archive.warc.reader import records
from tests.intake.test_forms import ARCS, FORMS, RAW, article, imported
from tests.rigs import web_archives as forms

pytestmark = pytest.mark.slow  # tries many inputs

SOURCES = FORMS | ARCS
MARKS = [b"\xff\xff\xff\xff", bytes(4), b"\r\n\r\n", b"WARC", b"\x1f\x8b\x08\x00", b"PK\x01\x02"]
TRIALS = 1500
INDEXED = 50  # of them are indexed too, which takes longer


def flip(data: bytearray, place: int, chance: random.Random) -> None:
    data[place] ^= 1 << chance.randrange(8)


def drop(data: bytearray, place: int, chance: random.Random) -> None:
    del data[place : place + chance.choice([1, 5, 100, 1000])]


def insert(data: bytearray, place: int, chance: random.Random) -> None:
    data[place:place] = chance.randbytes(chance.choice([1, 5, 100, 1000]))


def repeat(data: bytearray, place: int, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[place:place] = data[start : start + chance.choice([10, 300, 3000])]


def cut(data: bytearray, place: int, _chance: random.Random) -> None:
    del data[place:]


def mark(data: bytearray, place: int, chance: random.Random) -> None:
    data[place : place + 4] = chance.choice(MARKS)


CHANGES: list[Callable[[bytearray, int, random.Random], None]] = [
    flip,
    drop,
    insert,
    repeat,
    cut,
    mark,
]


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        if changed:
            chance.choice(CHANGES)(changed, chance.randrange(len(changed)), chance)
    return bytes(changed)


def taken(folder: Path, name: str, data: bytes) -> bool:
    """Whether anything of a source was imported into a new archive; where not, nothing is left of it."""
    source = folder / name
    source.write_bytes(data)
    (folder / "archive").mkdir()
    try:
        with Lock(folder / "archive"):
            import_source(folder / "archive", Given(name, source), Wish(operator="a library"))
    except ArchiveError as error:
        assert str(error).startswith(name)
        assert list((folder / "archive").glob("warc/*")) == []
        assert not (folder / "archive" / ".import").exists()
        return False
    for path in (folder / "archive" / "warc").iterdir():
        for record in records(path):
            record.read()
            record.finish()
    return True


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_copied_can_be_read(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    taken_in = 0
    for trial in range(TRIALS):
        name = chance.choice(list(SOURCES))
        folder = tmp_path / str(trial)
        folder.mkdir()
        is_taken = taken(folder, name, mutated(SOURCES[name], chance))
        taken_in += is_taken
        if is_taken and trial < INDEXED:
            with Archive(folder / "archive") as archive:
                archive.index()
        shutil.rmtree(folder)
    assert 0.2 * TRIALS < taken_in < 0.9 * TRIALS


@pytest.mark.parametrize("version", ["WARC/2.0", "WARC/0.9", "WARC/", "WARC/1", "WARC/1.0x"])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "one-member.warc.gz"])
def test_a_record_of_another_version_is_left_out_and_named(
    version: str, name: str, tmp_path: Path
) -> None:
    raw = [*RAW[:-1], RAW[-1].replace(b"WARC/1.0", version.encode(), 1)]
    data = {
        "a.warc": b"".join(raw),
        "a.warc.gz": forms.in_members(raw),
        "one-member.warc.gz": forms.in_members([b"".join(raw)]),
    }[name]

    done = imported(tmp_path, name, data)

    assert done.exit_code == 3
    assert "of another version than WARC/0.17, 0.18 and 1.x" in done.output
    assert "外来的通告" in article(tmp_path)
    for path in (tmp_path / "warc").iterdir():
        assert len(list(records(path))) == len(RAW)  # a warcinfo of ours in place of the lost one


@pytest.mark.parametrize("size", [2**33, 2**40, 2**62])
def test_a_dictionary_that_claims_a_vast_size_takes_no_memory(size: int, tmp_path: Path) -> None:
    # A frame's head: magic, a descriptor with a content size of eight bytes and a window, the two.
    frame = struct.pack("<IBBQ", 0xFD2FB528, 0b11000000, 0x38, size) + b"\x01\x00\x00"
    data = DICTIONARY + struct.pack("<I", len(frame)) + frame
    data += zstandard.ZstdCompressor().compress(b"".join(RAW))

    done = imported(tmp_path, "a.warc.zst", data)

    assert done.exception is None  # the records need no dictionary
    assert "外来的通告" in article(tmp_path)
