"""WARC files become rows: the only writer of `archive.db`, one transaction a file. `rebuild` is
the same on an empty file."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sqlite_utils

from archive.database import fulltext, store
from archive.database.producer import current
from archive.index.derivation import derive_file
from archive.index.rows import Recorded, Rows, is_file, observe
from archive.platforms import Platforms
from archive.warc import http
from archive.warc.reader import Record, bare, records, warc_files

CHUNK = 16  # exchanges a worker takes at once
HEAD = 64 * 1024  # of a picture or an attachment no more is read
LARGEST = 64 * 2**20  # bytes of an answer; our crawls cut there too, other programs may not
WORTH_WORKERS = 8_000_000  # bytes of WARC below which starting processes costs more than it saves

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one call of `index` did: WARC files and captures that were new to the database."""

    files: int = 0
    captures: int = 0


def index(
    warc_dir: Path,
    db_path: Path,
    platforms: Platforms,
    *,
    workers: int | None = 1,
    progress: Progress = lambda size: None,
) -> Indexed:
    """Bring the database up to date with the WARC files. `progress` is told the bytes of WARC
    done, file by file."""
    producer = current(platforms)
    db = store.open_for_index(db_path)
    try:
        with db.atomic():
            store.sign(db, producer)
        known = {row["name"] for row in db["warcs"].rows}
        fresh = [path for path in warc_files(warc_dir) if path.name not in known]
        done = Indexed()
        with _Readers(fresh, platforms, producer.id, workers) as readers:
            for path in fresh:
                with db.atomic():
                    captures = _add(db, path, readers)
                done = Indexed(done.files + 1, done.captures + captures)
                progress(path.stat().st_size)
        return done
    finally:
        db.close()


def rebuild(
    warc_dir: Path,
    db_path: Path,
    platforms: Platforms,
    *,
    workers: int | None = 1,
    progress: Progress = lambda size: None,
) -> Indexed:
    """Make the database again from nothing. The old file stays until the new one is whole."""
    fresh = db_path.with_suffix(".rebuilding")
    _remove(fresh)
    done = index(warc_dir, fresh, platforms, workers=workers, progress=progress)
    _optimize(fresh)
    # A write-ahead log that outlived its file would be played into the new one.
    for leftover in (
        db_path.with_name(db_path.name + "-wal"),
        db_path.with_name(db_path.name + "-shm"),
    ):
        leftover.unlink(missing_ok=True)
    os.replace(fresh, db_path)
    return done


def _optimize(path: Path) -> None:
    db = store.open_for_index(path)
    try:
        with db.atomic():
            fulltext.optimize(db)
    finally:
        db.close()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _add(db: sqlite_utils.Database, path: Path, readers: _Readers) -> int:
    """One WARC file, whole: rows of its captures, then what they derive."""
    notes: list[Rows] = []
    counted = _Counted(records(path))
    captures = 0
    for rows in readers.observe(exchanges(counted, path.name, notes)):
        captures += len(rows.get("captures", ()))
        _write(db, rows)
    for rows in notes:
        _write(db, rows)
    derive_file(db, path.name)
    store.insert(
        db, "warcs", [{"name": path.name, "size": path.stat().st_size, "records": counted.count}]
    )
    return captures


def _write(db: sqlite_utils.Database, rows: Rows) -> None:
    for table in ("captures", "failures", "coverage"):
        store.insert(db, table, rows.get(table, ()))
    store.merge_versions(db, rows.get("versions", ()))
    store.merge_links(db, rows.get("links", ()))
    store.merge_accounts(db, rows.get("accounts", ()))
    store.merge_runs(db, rows.get("runs", ()))


class _Counted:
    """Counts what passes."""

    def __init__(self, items: Iterable[Record]) -> None:
        self.items = items
        self.count = 0

    def __iter__(self) -> Iterator[Record]:
        for item in self.items:
            self.count += 1
            yield item


def exchanges(found: Iterable[Record], warc: str, notes: list[Rows]) -> Iterator[Recorded]:
    """The exchanges of a WARC file: each response or revisit with the request and the facts that
    name it.

    Requests and facts follow their response in our files; other programs write the request first.
    `notes` takes the rows of metadata records that belong to no exchange.
    """
    response: Record | None = None
    held: Recorded | None = None
    early: dict[str, bytes] = {}
    for record in found:
        if record.type in ("response", "revisit") and record.is_http:
            if held and response:
                yield replace(held, length=response.length)
            response, held = record, _held(record, warc, early.pop(record.url, b""))
        elif record.type == "request":
            if held and record.concurrent_to == held.record_id:
                held = replace(held, request=record.read())
            else:
                early = {record.url: record.read()}
        elif record.type == "metadata" and held and record.concurrent_to == held.record_id:
            held = replace(held, facts=_facts(record))
        elif record.type == "metadata":
            notes.append(_noted(record, warc))
    if held and response:
        yield replace(held, length=response.length)


def _held(record: Record, warc: str, request: bytes) -> Recorded:
    block = record.read(HEAD)
    truncated = record.headers.get("WARC-Truncated") if record.type == "response" else None
    if not is_file(http.split(block)[0]):
        block += record.read(LARGEST)
        truncated = "length" if record.read(1) else truncated
    refers_to = record.headers.get("WARC-Refers-To")
    return Recorded(
        record_id=record.id,
        url=record.url,
        date=record.date,
        warc=warc,
        offset=record.offset,
        length=0,  # known when the record was read to its end
        block=block,
        refers_to=bare(refers_to) if refers_to else None,
        payload_digest=record.headers.get("WARC-Payload-Digest"),
        truncated=truncated,
        ip=record.headers.get("WARC-IP-Address"),
        request=request,
    )


def _facts(record: Record) -> dict[str, Any]:
    if not (record.headers.get("Content-Type") or "").startswith("application/json"):
        return {}
    facts = json.loads(record.read())
    return facts if isinstance(facts, dict) else {}


def _noted(record: Record, warc: str) -> Rows:
    """Rows of what was known only while crawling: runs, what happened to each account, and
    requests without an answer."""
    facts = _facts(record)
    kind = facts.pop("kind", None)
    if kind == "run":
        return {"runs": [facts]}
    if kind == "coverage":
        return {"coverage": [facts | {"at": record.date, "record": record.id}]}
    if kind == "failure":
        return {
            "failures": [
                facts
                | {"id": record.id, "failed_at": record.date, "warc": warc, "offset": record.offset}
            ]
        }
    return {}


class _Readers:
    """Reads exchanges, in processes where there is enough to read; rows come back in the order of
    the file."""

    def __init__(
        self, paths: Iterable[Path], platforms: Platforms, producer: str, workers: int | None
    ) -> None:
        enough = sum(path.stat().st_size for path in paths) >= WORTH_WORKERS
        self.count = (os.cpu_count() or 1) if workers is None and enough else workers or 1
        self.platforms, self.producer = platforms, producer
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> _Readers:
        if self.count > 1:
            self.pool = ProcessPoolExecutor(
                self.count,
                mp_context=get_context("spawn"),  # not fork: a crawl's reactor may run here
                initializer=_begin_worker,
                initargs=(self.platforms, self.producer),
            )
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self.pool:
            self.pool.shutdown(cancel_futures=True)

    def observe(self, found: Iterable[Recorded]) -> Iterator[Rows]:
        """The rows of each exchange."""
        if self.pool is None:
            yield from (observe(exchange, self.platforms, self.producer) for exchange in found)
            return
        waiting: deque[Future[list[Rows]]] = deque()
        source = iter(found)
        while chunk := list(islice(source, CHUNK)):
            waiting.append(self.pool.submit(_observe_all, chunk))
            if len(waiting) > 2 * self.count:
                yield from waiting.popleft().result()
        for future in waiting:
            yield from future.result()


_worker: tuple[Platforms, str]  # of this process, where it is one of a pool


def _begin_worker(platforms: Platforms, producer: str) -> None:
    global _worker  # what a pool's initializer leaves can only be found here
    _worker = platforms, producer


def _observe_all(chunk: list[Recorded]) -> list[Rows]:
    return [observe(exchange, *_worker) for exchange in chunk]
