"""Cases: folders with a fault in them, each made from a seed and a number alone."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive import Archive
from archive.lock import Lock
from tests.fixtures import FOLDER
from tests.fuzz import answers, files, folders, packages
from tests.fuzz.records import Rec, exchanges, pack, read
from tests.rigs.handmade import CASES

FIXTURES = {
    f"{path.parts[-3]}/{path.parts[-2]}": path
    for path in sorted(FOLDER.glob("*/*/capture.warc.gz"))
    if path.parts[-3] != "page"  # imported: without the notes of a crawl, by which cases are made
}
FILES = 8  # with a fault, in a case of several
SOUND = ("demo/account", "thepaper/next")  # of two platforms: the one that is not mutated
BASE = (
    "demo/account",
    "thepaper/next",
    "sohu/world",
    "gov/world",
)  # of the archive that is handed over
ROLES = (b'"role":"article"', b'"role":"listing"', b'"role":"profile"')


@dataclass(frozen=True)
class Case:
    """What a case is: its number in its seed, its kind, and what the judge must know besides the folder.

    `sound` is the fixture whose rows must be there; `url`, `headers` and `record` (the id) are those of the file `page`.
    """

    seed: str
    number: int
    kind: str
    sound: str = ""
    url: str = ""
    headers: dict[str, str] | None = None
    record: str = ""

    def write(self, folder: Path) -> None:
        """Keep it with its files."""
        (folder / "case.json").write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")


def load(folder: Path) -> Case:
    """A case that was kept."""
    return Case(**json.loads((folder / "case.json").read_text("utf-8")))


class Maker:
    """Makes cases.

    Args:
        seed: of all of them.
        base: the folder of `make_base`.
        shared: saved pages of other people, where they lie next to the checkout.
    """

    def __init__(self, seed: str, base: Path, shared: Path | None = None) -> None:
        self.seed, self.base = seed, base
        self.records = {name: read(path) for name, path in FIXTURES.items()}
        self.asked = {name: asked(recs) for name, recs in self.records.items()}
        self.pages = pages(shared)

    def make(self, number: int, folder: Path) -> Case:
        """Write a case into a folder, which must not be there."""
        rnd, kind, make = self._drawn(number)
        folder.mkdir()
        case = make(self, Case(self.seed, number, kind), folder, rnd)
        case.write(folder)
        return case

    def inputs(self, number: int) -> int:
        """How many mutated inputs a case has."""
        return FILES if self._drawn(number)[1] == "several" else 1

    def _drawn(self, number: int) -> tuple[random.Random, str, Make]:
        rnd = random.Random(f"{self.seed}:{number}")
        kind, make = rnd.choices(list(KINDS), list(WEIGHTS))[0]
        return rnd, kind, make

    def answer(self, case: Case, folder: Path, rnd: random.Random) -> Case:
        """A file of a few exchanges, one of which has another answer."""
        name = rnd.choice(list(self.asked))
        group = self._answered(name, rnd)
        others = rnd.sample(self.asked[name], min(rnd.choice([0, 1, 2]), len(self.asked[name])))
        recs = [*self.records[name][:2], *(rec for other in others for rec in other), *group]
        head, body = answers.split(group[0].block)
        (folder / "page").write_bytes(body)
        url = group[0].get(b"WARC-Target-URI").decode("utf-8", "replace")
        headers = {"Content-Type": _header(head, b"content-type")}
        record = group[0].get(b"WARC-Record-ID").decode().strip("<>")
        case = Case(case.seed, case.number, case.kind, _other(name), url, headers, record)
        return self._filed(case, pack(recs), folder, rnd)

    def file(self, case: Case, folder: Path, rnd: random.Random) -> Case:
        """A file whose records or bytes are not as they must be."""
        name = rnd.choice(list(self.records))
        data = self._broken(name, rnd)
        return self._filed(Case(case.seed, case.number, case.kind, _other(name)), data, folder, rnd)

    def several(self, case: Case, folder: Path, rnd: random.Random) -> Case:
        """Many files with another answer, or broken, and one sound file: one index for all."""
        sound = rnd.choice(SOUND)
        names = [name for name in self.asked if _platform(name) != _platform(sound)]
        warc_dir = _archive(folder, sound)
        for number in range(FILES):
            name, data = rnd.choice(names), b""
            if rnd.random() < 0.7:
                group = self._answered(name, rnd)
                data = pack([*self.records[name][:2], *group])
            else:
                data = self._broken(name, rnd)
            (warc_dir / f"{rnd.choice('az')}{number}.warc.gz").write_bytes(data)
        return Case(case.seed, case.number, case.kind, sound)

    def _answered(self, name: str, rnd: random.Random) -> list[Rec]:
        """An exchange of a fixture with another answer."""
        group = [rec.copy() for rec in rnd.choice(self.asked[name])]
        group[0].block = answers.mutated(group[0].block, rnd)
        group[0].seal()
        return group

    def _broken(self, name: str, rnd: random.Random) -> bytes:
        groups = exchanges(self.records[name])
        few = rnd.sample(groups, min(len(groups), rnd.choice([1, 3, 6])))
        return files.mutated([rec for group in few for rec in group], rnd)

    def entry(self, case: Case, folder: Path, rnd: random.Random) -> Case:
        """An archive of one sound file and something that is none."""
        sound = rnd.choice(SOUND)
        warc_dir = _archive(folder, sound)
        folders.add_entry(warc_dir, rnd)
        return Case(case.seed, case.number, case.kind, sound)

    def page(self, case: Case, folder: Path, rnd: random.Random) -> Case:
        """A saved page alone."""
        url, body = rnd.choice(self.pages)
        data = answers.pieces(body, rnd) if rnd.random() < 0.6 else answers.mutated_body(body, rnd)
        (folder / "page").write_bytes(data)
        return Case(case.seed, case.number, case.kind, url=url)

    def chain(self, case: Case, folder: Path, rnd: random.Random) -> Case:
        """A sound archive with another chain."""
        shutil.copytree(self.base / "archive", folder / "archive")
        folders.mutate_chain(folder / "archive", rnd)
        return case

    def database(self, case: Case, folder: Path, rnd: random.Random) -> Case:
        """A sound archive with another database."""
        shutil.copytree(self.base / "archive", folder / "archive")
        folders.mutate_database(folder / "archive", rnd)
        return case

    def package(self, case: Case, folder: Path, rnd: random.Random) -> Case:
        """A package that is not as it was handed over."""
        shutil.copytree(self.base / "package", folder / "package")
        packages.mutate_package(folder / "package", rnd)
        return case

    def _filed(self, case: Case, data: bytes, folder: Path, rnd: random.Random) -> Case:
        warc_dir = _archive(folder, case.sound)
        (warc_dir / f"{rnd.choice('az')}.warc.gz").write_bytes(data)
        return case


Make = Callable[[Maker, Case, Path, random.Random], Case]
SHARES: dict[tuple[str, Make], float] = {
    ("answer", Maker.answer): 0.28,
    ("several", Maker.several): 0.15,
    ("export", Maker.answer): 0.02,
    ("file", Maker.file): 0.2,
    ("entry", Maker.entry): 0.01,
    ("page", Maker.page): 0.1,
    ("chain", Maker.chain): 0.04,
    ("database", Maker.database): 0.08,
    ("package", Maker.package): 0.12,
}
KINDS, WEIGHTS = SHARES.keys(), SHARES.values()


def make_base(folder: Path) -> None:
    """Make what the cases are made from: an archive with its chain and database, a package of it, and the rows of each sound file."""
    for name in SOUND:
        place = folder / "sound" / name
        _archive(place, name)
        _index(place / "archive")
        (place / "rows.json").write_text(json.dumps(rows_of(place / "archive")), "utf-8")
    archive = folder / "archive"
    (archive / "warc").mkdir(parents=True)
    for name in BASE:
        shutil.copy(FIXTURES[name], archive / "warc" / f"{name.replace('/', '-')}.warc.gz")
    _index(archive)
    with Archive(archive) as opened:
        opened.export(folder / "package")
    (archive / ".lock").unlink(missing_ok=True)


def rows_of(archive: Path) -> dict[str, list[list[Any]]]:
    """The rows that come from the sound file, by table."""
    with closing(sqlite3.connect(archive / "archive.db")) as db:
        return {
            table: sorted(map(list, db.execute(statement)), key=repr)
            for table, statement in STATEMENTS.items()
        }


OF_SOUND = "(SELECT id FROM captures WHERE warc = 'sound.warc.gz')"
ARTICLES = f"(SELECT article_id FROM captures WHERE id IN {OF_SOUND} AND article_id IS NOT NULL)"
STATEMENTS = {
    "captures": "SELECT * FROM captures WHERE warc = 'sound.warc.gz'",
    "failures": "SELECT * FROM failures WHERE warc = 'sound.warc.gz'",
    "versions": f"SELECT * FROM versions WHERE article_id IN {ARTICLES}",
    "media": f"SELECT * FROM media WHERE article_id IN {ARTICLES}",
    "articles": f"SELECT id, title, text, status, version_count, digest FROM articles WHERE id IN {ARTICLES}",
    "runs": f"SELECT * FROM runs WHERE id IN (SELECT run FROM captures WHERE id IN {OF_SOUND})",
    "coverage": f"SELECT * FROM coverage WHERE run IN (SELECT run FROM captures WHERE id IN {OF_SOUND})",
    "warcs": "SELECT * FROM warcs WHERE name = 'sound.warc.gz'",
}


def asked(recs: list[Rec]) -> list[list[Rec]]:
    """The exchanges of a file whose answers are read: articles, lists, profiles."""
    return [
        group
        for group in exchanges(recs)
        if group[0].get(b"WARC-Type") == b"response"
        and any(role in rec.block for rec in group[1:] for role in ROLES)
    ]


def pages(shared: Path | None) -> list[tuple[str, bytes]]:
    """Address and bytes of pages to mutate: our own, and real ones where they lie next to the checkout."""
    own = [(case.url, case.html.encode(case.encoding)) for case in CASES.values()]
    real = sorted((shared / "eval").rglob("*.html"))[:60] if shared else []
    wechat, other = "https://mp.weixin.qq.com/s/abcdefghijklmnopqrstuv", "http://www.yunxi.example/"
    return own + [
        (wechat if "wechat" in str(path) else other, path.read_bytes()[:60_000]) for path in real
    ]


def _archive(folder: Path, sound: str) -> Path:
    warc_dir = folder / "archive" / "warc"
    warc_dir.mkdir(parents=True)
    (warc_dir / "sound.warc.gz").write_bytes(_sound_file(sound))
    return warc_dir


@cache
def _sound_file(name: str) -> bytes:
    """The notes of a fixture, and of its exchanges some of each role: less to read in each case."""
    groups = exchanges(read(FIXTURES[name]))
    some = groups[:2] + [group for group in groups[2:] if len(group) == 1]
    for role in (b"listing", b"profile", b"article", b"article", b"media"):
        mark = b'"role":"%s"' % role
        fitting = [group for group in groups if group not in some and mark in group[-1].block]
        some += fitting[:1]
    return pack([rec for group in some for rec in group])


def _index(folder: Path) -> None:
    with Archive(folder) as archive, Lock(folder):
        archive.index()


def _other(name: str) -> str:
    """The sound fixture of another platform than this one's."""
    return next(sound for sound in SOUND if _platform(sound) != _platform(name))


def _platform(name: str) -> str:
    return name.partition("/")[0]


def _header(head: bytes, name: bytes) -> str:
    lines = [line.partition(b":") for line in head.split(b"\r\n")]
    given = [value for key, _, value in lines if key.strip().lower() == name]
    return given[-1].strip().decode("latin-1") if given else ""
