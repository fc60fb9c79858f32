"""What must hold whatever a case holds: no traceback, the documented exit codes, and nothing lost for a fault elsewhere."""

from __future__ import annotations

import json
import re
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from archive import extract, platforms
from archive.cli.main import cli
from archive.errors import Unreadable, failures_as_unreadable
from archive.model import Article, Failure
from archive.page.page import Page
from archive.platform import Listing
from tests.conftest import ROOT, dump
from tests.fuzz.cases import Case, rows_of

WHEN = datetime(2031, 3, 2, tzinfo=UTC)
KNOWN = platforms.load()


class Judge:
    """Judges cases.

    Args:
        base: the folder of `make_base`, which has the rows that must be there.
    """

    def __init__(self, base: Path) -> None:
        self.base = base
        self.rows = dump(base / "archive")

    def complaints(self, case: Case, folder: Path) -> Iterator[str]:
        """What is wrong with the program, by this case; its folder is written to."""
        archive = folder / "archive"
        if (folder / "page").exists():
            yield from _page(case, (folder / "page").read_bytes())
        if case.kind in ("answer", "file", "several", "entry", "export"):
            yield from self._files(case, archive)
        elif case.kind == "chain":
            yield from _commands(archive, CHECKS)
            yield from self._restored(archive)
        elif case.kind == "database":
            yield from _commands(archive, [*CHECKS, *READS])
            yield from self._restored(archive)
        elif case.kind == "package":
            yield from _run(["verify", "--package", str(folder / "package")], {0, 3})

    def _files(self, case: Case, archive: Path) -> Iterator[str]:
        yield from _commands(archive, [(["index"], {0, 1, 3})])
        if not (archive / "archive.db").exists():
            yield "there is no database"
            return
        sound = self.base / "sound" / case.sound / "rows.json"
        yield from _lost(json.loads(sound.read_text("utf-8")), archive)
        yield from _rows(case, archive)
        if case.number % SELDOM == 0:
            live = dump(archive)
            yield from _commands(archive, [(["rebuild"], {0, 1, 3})])
            yield from _differences(live, archive)
        yield from _commands(archive, CHECKS[:1])
        if case.number % SELDOM == 1:
            yield from _commands(archive, [*CHECKS[1:], *READS])
        if case.kind == "export":
            yield from _handed_over(archive)

    def _restored(self, archive: Path) -> Iterator[str]:
        """Rebuilt, the archive is what it was, unless no file is where the database goes."""
        yield from _commands(archive, [(["rebuild"], {0, 1, 3})])
        if (archive / "archive.db").is_file():
            yield from _differences(self.rows, archive)


CAPTURE = "SELECT 1 FROM captures WHERE id = ?"
OUT_OF_MEMORY = """SELECT url, reason, detail FROM failures
    WHERE reason || coalesce(detail, '') LIKE '%MemoryError%'"""
# What steers a terminal or hides in a text.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SELDOM = (
    3  # every third case is rebuilt, which `verify` does too where all is sound; as many are read
)
CHECKS = [(["verify"], {0, 3}), (["index"], {0, 1, 3}), (["status"], {0, 1, 3})]
READS = [
    (["search", "云溪"], {0, 1, 2}),
    (["search", "会议", "--json"], {0, 1, 2}),
    (["show", "demo-1012"], {0, 1, 2}),
    (["show", "thepaper-90000001", "--versions"], {0, 1, 2}),
]


def _commands(archive: Path, commands: list[tuple[list[str], set[int]]]) -> Iterator[str]:
    for words, codes in commands:
        yield from _run(["--archive", str(archive), *words], codes)


def _run(words: list[str], codes: set[int]) -> Iterator[str]:
    """Run a command in this process; complain of a traceback or of another exit code."""
    result = CliRunner().invoke(cli, words)
    name = " ".join(word for word in words if not word.startswith(("/", "--archive")))
    if result.exception and not isinstance(result.exception, SystemExit):
        yield f"{name}: {of_error(result.exception)}"
    elif result.exit_code not in codes or "Traceback" in result.output:
        yield f"{name}: exit code {result.exit_code}: {result.output[-2000:]}"
    if unsafe := UNSAFE.search(result.output):
        place = result.output[max(0, unsafe.start() - 100) :][:200]
        yield f"{name}: it prints {unsafe[0]!r}: {place!r}"


def of_error(error: BaseException) -> str:
    """An exception with the places of our own that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if f"{ROOT}/archive/" in f.filename or f"{ROOT}/tests/" in f.filename]
    places = [f"{Path(f.filename).relative_to(ROOT)}:{f.lineno} {f.name}" for f in ours[-6:]]
    return f"{type(error).__name__}: {str(error)[:300]}\n" + "\n".join(places)


def _lost(before: dict[str, list[list[object]]], archive: Path) -> Iterator[str]:
    after = rows_of(archive)
    for table, rows in before.items():
        if missing := [row for row in rows if row not in after[table]]:
            yield f"of the sound file {len(missing)} rows of {table} are lost or changed: {missing[0]}"[
                :600
            ]


def _rows(case: Case, archive: Path) -> Iterator[str]:
    """The mutated answer has a row, and none says that memory ran out."""
    with closing(sqlite3.connect(archive / "archive.db")) as db:
        if case.record and not db.execute(CAPTURE, [case.record]).fetchone():
            yield f"{case.record} has no row"
        for row in db.execute(OUT_OF_MEMORY):
            yield f"memory ran out: {row}"[:600]


def _handed_over(archive: Path) -> Iterator[str]:
    """A package can be made of it and checked."""
    package = archive.with_name("package")
    yield from _commands(archive, [(["export", str(package)], {0, 1, 2})])
    if package.exists():
        yield from _run(["verify", "--package", str(package)], {0, 3})


def _differences(live: dict[str, list[tuple[object, ...]]], archive: Path) -> Iterator[str]:
    rebuilt = dump(archive)
    for table in live:
        if live[table] != rebuilt[table]:
            only = [row for row in live[table] if row not in rebuilt[table]][:1]
            more = [row for row in rebuilt[table] if row not in live[table]][:1]
            yield f"rebuilt, {table} differs: {only} became {more}"[:800]


def _page(case: Case, body: bytes) -> Iterator[str]:
    """The page by itself: what `archive.extract` makes of it, and its platform's own functions."""
    if not isinstance(extract(body, case.url, headers=case.headers), Article | Failure):
        yield "extract gave neither an article nor a failure"
    platform = KNOWN.of_url(case.url)
    if platform is None:
        return
    kind = (case.headers or {}).get("Content-Type", "")
    page = Page(url=case.url, body=body, content_type=kind, captured_at=WHEN)
    for read in filter(None, (platform.refusal, platform.discover, platform.describe)):
        try:
            with failures_as_unreadable():
                value = read(page)
        except Unreadable:
            continue
        if isinstance(value, Listing):
            yield from _listing(value)


def _listing(listing: Listing) -> Iterator[str]:
    """Values that a crawl goes on with."""
    for link in listing.links:
        for value in (link.id, link.url, link.title, link.published_at, link.account):
            if value is not None and not isinstance(value, str):
                yield f"an entry has a {type(value).__name__} where it has text: {link!r}"[:400]
    more = listing.more
    if more and not (isinstance(more.url, str) and isinstance(more.body, bytes)):
        yield f"the next page is no request: {more!r}"[:400]
    if not isinstance(listing.total, int | None):
        yield f"the total is a {type(listing.total).__name__}"
