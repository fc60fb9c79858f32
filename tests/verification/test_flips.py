"""Random flips of single bits in everything that an archive holds: whatever changes a value, a hit or a term is found, with its place.

`FLIPS=200 pytest tests/verification/test_flips.py` makes as many, at places drawn anew each time; the suite takes fewer, of one seed.
`FLIPS_SEED` repeats a run: the seed is printed where it fails.
"""

from __future__ import annotations

import gzip
import os
import random
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from archive.platforms import load
from archive.verification.archive import check_archive
from archive.verification.finding import Finding
from archive.warc import chaining, signing
from archive.warc.directory import warc_files
from archive.warc.reader import records
from tests.rigs.history import STORY, History, page
from tests.rigs.keys import pem_key

FLIPS = int(os.environ.get("FLIPS", "40"))
# The suite judges every change by the same places, as the fuzzing does; a longer run looks for others.
SEED = int(os.environ.get("FLIPS_SEED") or (1 if FLIPS < 200 else random.randrange(10**6)))
HAN = "云溪县召开疫情防控会议要求落实措施确保安全春耕工作部署全面推进高质量发展人民群众生活水平提高农村道路建设"
SHARES = {"archive.db": 12, "warc": 4, "chain.jsonl": 2, "other": 2}  # of twenty flips


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs with an edit, articles with text of their own, a signed chain, accounts and a report."""
    folder = tmp_path_factory.mktemp("sound")
    history, rnd = History(folder), random.Random(7)
    history.run(0, "ok")
    history.articles(2, [(5_710_000 + number, page(_story(number, rnd))) for number in range(8)])
    history.run(30, "edit")
    history.index()
    chaining.extend(folder)
    _sign(folder)
    (folder / "accounts.csv").write_text("platform,account_id,name,url\n", "utf-8")
    (folder / "reports").mkdir()
    (folder / "reports" / "latest.json").write_text('{"exit_code": 0}', "utf-8")
    return folder


def _story(number: int, rnd: random.Random) -> Any:
    text = ["".join(rnd.choices(HAN, k=60)) + "。" for _ in range(4)]
    return replace(
        STORY, cont_id=5_710_000 + number, title="".join(rnd.choices(HAN, k=12)), text=text
    )


def _sign(folder: Path) -> None:
    signing.sign(folder, pem_key(folder.with_name("key.pem")))


@dataclass(frozen=True)
class Content:
    """What a reader can get out of a database: rows, declarations, terms, and the hits of every term."""

    rows: dict[str, list[Any]]
    hits: list[Any]

    @classmethod
    def of(cls, path: Path, terms: list[str] | None = None) -> Content:
        """Read it. Raises sqlite3.Error or UnicodeDecodeError where that cannot be done.

        Args:
            terms: those to search for; None for all that there are.
        """
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            db.text_factory = bytes
            rows = {name: db.execute(statement).fetchall() for name, statement in _statements(db)}
            db.execute(
                "CREATE VIRTUAL TABLE temp.places USING fts5vocab(main, articles_fts, instance)"
            )
            rows["terms"] = db.execute("SELECT term, doc FROM temp.places").fetchall()
            if terms is None:
                terms = [term.decode() for term in dict.fromkeys(term for term, _ in rows["terms"])]
            search = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY {}"
            hits = [
                db.execute(search.format("rowid DESC"), [f'"{term}"']).fetchall() for term in terms
            ]
            hits.append(db.execute(search.format("rank"), ['"会议" OR "安全"']).fetchall())
        return cls({**rows, "searched": terms}, hits)


def _statements(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    yield "declarations", "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    for pragma in ("user_version", "application_id", "encoding"):
        yield pragma, f"PRAGMA {pragma}"
    names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_fts%'"
    for (name,) in db.execute(names).fetchall():
        yield name.decode(), f'SELECT * FROM "{name.decode()}" ORDER BY 1, 2'
    for name in ("docsize", "config"):
        yield name, f"SELECT * FROM articles_fts_{name}"
        for table in ("media_text", "attachment_text"):
            yield f"{table} {name}", f"SELECT * FROM {table}_fts_{name}"


def has_changed(before: Content, path: Path) -> bool:
    """Whether a reader of the database gets anything else than before."""
    try:
        return Content.of(path, before.rows["searched"]) != before
    except (sqlite3.Error, UnicodeDecodeError):
        return True


def flipped(data: bytes, place: int, rnd: random.Random) -> bytes:
    """The bytes with one bit of one of them turned over."""
    return data[:place] + bytes([data[place] ^ 1 << rnd.randrange(8)]) + data[place + 1 :]


def chosen(folder: Path, rnd: random.Random) -> Path:
    kind = rnd.choices([*SHARES], weights=SHARES.values())[0]
    if kind == "warc":
        return rnd.choice(warc_files(folder / "warc"))
    if kind == "other":
        signatures = sorted((folder / "signatures").iterdir())
        return rnd.choice(
            [*signatures, folder / "accounts.csv", folder / "reports" / "latest.json"]
        )
    return folder / kind


def complaint(sound: Path, copy: Path, name: Path, place: int, before: Content) -> str | None:
    """What `verify` fails to say of a flip; None where it says all."""
    findings = list(check_archive(copy, load()))
    named = [finding for finding in findings if finding.file == name.name]
    if name.name == "archive.db":
        if not has_changed(before, copy / name):
            return None
        return None if any(finding.record for finding in named) else f"no place: {findings}"
    if name.parts[0] == "signatures":
        signed = [finding for finding in findings if finding.file.startswith("signatures/")]
        return None if signed or _means_the_same(sound, copy, name) else "no finding"
    if name.name == "chain.jsonl":
        return None if any(finding.record for finding in named) else f"no line: {findings}"
    if name.suffix == ".gz":
        return _of_warc(sound / name, copy / name, place, named)
    return None


def _means_the_same(sound: Path, copy: Path, name: Path) -> bool:
    """PEM has line breaks and lines around its base64 that a reader takes in several forms."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    if name.name != "key.pub":
        return False
    keys = [load_pem_public_key((folder / name).read_bytes()) for folder in (sound, copy)]
    return keys[0] == keys[1]


def _of_warc(before: Path, after: Path, place: int, named: list[Finding]) -> str | None:
    if not named:
        return "no finding"
    try:
        if gzip.decompress(after.read_bytes()) == gzip.decompress(before.read_bytes()):
            return None  # a time or a system in the head of a gzip member
    except (OSError, EOFError, zlib.error):
        pass
    offset = max(record.offset for record in records(before) if record.offset <= place)
    return (
        None if any(finding.offset == offset for finding in named) else f"not at {offset}: {named}"
    )


@pytest.mark.e2e
def test_every_flip_that_changes_something_is_found_with_its_place(
    sound: Path, tmp_path: Path
) -> None:
    assert list(check_archive(sound, load())) == []
    before = Content.of(sound / "archive.db")
    rnd = random.Random(SEED)
    copy = tmp_path / "copy"
    shutil.copytree(sound, copy)

    for number in range(FLIPS):
        name = chosen(sound, rnd).relative_to(sound)
        data = (sound / name).read_bytes()
        place = rnd.randrange(len(data))
        (copy / name).write_bytes(flipped(data, place, rnd))
        wrong = complaint(sound, copy, name, place, before)
        assert wrong is None, f"FLIPS_SEED={SEED}, flip {number}, {name} at {place}: {wrong}"
        shutil.copy(sound / name, copy / name)
        for left in ("archive.db-wal", "archive.db-shm"):
            (copy / left).unlink(missing_ok=True)


HEADER = [0, 15, 16, 18, 19, 20, 21, 24, 31, 36, 44, 47, 48, 52, 56, 59, 60, 68, 92, 96, 99]


@pytest.mark.slow
@pytest.mark.parametrize("place", HEADER)
def test_a_flip_in_the_header_of_the_database_is_found_or_changes_nothing(
    place: int, sound: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(sound, copy)
    data = (sound / "archive.db").read_bytes()
    rnd = random.Random(place)
    for _ in range(2):
        (copy / "archive.db").write_bytes(flipped(data, place, rnd))
        changed = has_changed(Content.of(sound / "archive.db"), copy / "archive.db")
        findings = list(check_archive(copy, load()))
        assert not changed or any(finding.file == "archive.db" for finding in findings), findings
