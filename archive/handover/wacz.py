"""`archive.wacz`: the WARC files with an index and our own list of pages, titles and texts, for
ReplayWeb.page and pywb.

The format is WACZ 1.1.1 (https://specs.webrecorder.net/wacz/1.1.1/). cdxj-indexer makes the index;
the ZIP is written here, because the library `wacz` puts the time of day into it. Pages are the
first capture of each version that the package holds.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import TypedDict

from archive.disk import Progress, copy_sha256
from archive.errors import UsageError

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can hold, for every file
LINES = 1024  # of the index in a block, as `wacz create` has it
HEAD: dict[str, object] = {
    "format": "json-pages-1.0",
    "id": "pages",
    "title": "All Pages",
    "hasText": True,
}
PAGES = """SELECT c.id, c.url, c.captured_at, v.title, v.text FROM captures c
    JOIN versions v ON v.article_id = c.article_id AND (v.capture = c.id
        OR c.run = :run AND c.outcome IN ('article', 'unchanged')
        AND v.digest = coalesce(c.content_digest,
            (SELECT o.content_digest FROM captures o WHERE o.id = c.refers_to)))
    WHERE c.role = 'article' ORDER BY c.captured_at, c.id"""


class Resource(TypedDict):
    """A member of the WACZ as its `datapackage.json` describes it; its size in bytes."""

    name: str
    path: str
    hash: str
    bytes: int


def write(
    target: Path,
    *,
    connection: sqlite3.Connection,
    warcs: list[Path],
    work: Path,
    about: dict[str, str],
    run: str | None,
    progress: Progress,
) -> None:
    """Write the WACZ.

    Args:
        target: the file to write.
        connection: to the package's database, which the list of pages is made of.
        warcs: the WARC files that go into it.
        work: a folder for intermediate files.
        about: title, created (ISO 8601) and software, as its `datapackage.json` has them.
        run: list the pages of this crawl also where they are no first capture.
        progress: gets the bytes that were written.

    Raises:
        UsageError: where cdxj-indexer is not installed.
    """
    index, blocks = index_of(warcs, work)
    pages = _pages(connection, work, run)
    with zipfile.ZipFile(target, "w") as archive:
        resources = [_store(archive, f"archive/{path.name}", path, progress) for path in warcs]
        resources += [
            _store(archive, "indexes/index.cdx.gz", index, progress),
            _put(archive, "indexes/index.idx", blocks),
        ]
        resources.append(_store(archive, "pages/pages.jsonl", pages, progress, packed=True))
        package = {
            "profile": "data-package",
            **about,
            "wacz_version": "1.1.1",
            "resources": resources,
        }
        text = json.dumps(package, ensure_ascii=False, indent=2).encode()
        _put(archive, "datapackage.json", text)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        _put(archive, "datapackage-digest.json", json.dumps(digest, indent=2).encode())
    index.unlink()
    pages.unlink()


def index_of(warcs: list[Path], work: Path) -> tuple[Path, bytes]:
    """A compressed index (ZipNum) of all responses, and the index of its blocks."""
    try:
        from cdxj_indexer.main import CDXJIndexer
        from warcio.bufferedreaders import BufferedReader
    except ImportError as error:
        raise UsageError(
            "A hand-over needs cdxj-indexer for its WACZ; run pip install 'zhengwen[handover]'."
        ) from error
    # With brotli 1.1 or newer warcio fails on every `br` answer (webrecorder/warcio#73), and an
    # index needs no text.
    BufferedReader.DECOMPRESSORS.pop("br", None)
    blocks, path = StringIO(), work / "index.cdx.gz"
    with path.open("wb") as data:
        CDXJIndexer(
            blocks,
            [str(warc) for warc in warcs],
            sort=True,
            compress=data,
            data_out_name=path.name,
            lines=LINES,
            post_append=True,
            digest_records=True,
            fields="referrer",
            records="response,revisit,resource",
        ).process_all()
    return path, blocks.getvalue().encode()


def _pages(connection: sqlite3.Connection, work: Path, run: str | None) -> Path:
    path = work / "pages.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in _page_lines(connection, run):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path


def _page_lines(connection: sqlite3.Connection, run: str | None) -> Iterator[dict[str, object]]:
    yield HEAD
    for record_id, url, captured_at, title, text in connection.execute(PAGES, {"run": run}):
        yield {
            "id": record_id.rpartition(":")[2],
            "url": url,
            "ts": f"{captured_at[:19]}Z",
            "title": title,
            "text": text,
        }


def _entry(name: str, packed: bool, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry.external_attr, entry.create_system, entry.file_size = 0o644 << 16, 3, size
    return entry


def _store(
    archive: zipfile.ZipFile, name: str, path: Path, progress: Progress, *, packed: bool = False
) -> Resource:
    size = path.stat().st_size
    with path.open("rb") as source, archive.open(_entry(name, packed, size), "w") as target:
        digest = copy_sha256(source, target, progress)
    return _resource(name, digest, size)


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> Resource:
    archive.writestr(_entry(name, True, len(data)), data)
    return _resource(name, hashlib.sha256(data).hexdigest(), len(data))


def _resource(name: str, digest: str, size: int) -> Resource:
    return Resource(
        name=name.rpartition("/")[2].lower(), path=name, hash=f"sha256:{digest}", bytes=size
    )
