"""Closes a shard of a collection, so that nothing is added to it any more, and opens it again.

The manifest (`archive.verification.seal`) is what makes a shard a sealed one: it is written at
once, after all checks. The line of the hash chain and the state in `collection.toml` follow from
it; where a kill comes between, the same command writes what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.collection import description
from archive.collection.description import Description, Shard
from archive.collection.making import require_finished
from archive.collection.verifying import check_shard
from archive.counting import counted
from archive.database import fulltext, store
from archive.database.chain_state import known_state
from archive.disk import (
    Progress,
    no_progress,
    require_free,
    sha256,
    sync_directory,
    write_completely,
)
from archive.errors import ArchiveError, UsageError
from archive.folder import COLLECTION, SEAL, is_collection, is_sealed
from archive.lock import Lock
from archive.verification.seal import SEALED, UNSEALED, WARC, last_seal
from archive.warc.chain import CHAIN, links, named_files, state_of
from archive.warc.chaining import append
from archive.warc.stored import stored_names

DATABASE = "archive.db"
NOT_LISTED = (".", DATABASE, CHAIN, SEAL)  # what begins so is not among the files of the manifest


def seal(
    folder: Path, name: str, *, quick: bool = False, progress: Progress = no_progress
) -> Shard:
    """Seal a shard: pack its database, check every byte, write the manifest. Where it is sealed
    already, what a killed call left to do is done.

    Args:
        folder: the collection.
        name: of the shard.
        quick: do not make the database again to compare it.
        progress: gets the bytes of WARC that were checked.

    Returns:
        The shard.

    Raises:
        ArchiveError: something is wrong with the shard, which stays open, or there is no room.
        Busy: another process writes into it.
        UsageError: there is no such shard, or a crawl of it is not finished.
    """
    described, shard = shard_of(folder, name)
    with Lock(shard.path, may_be_sealed=True):
        if not is_sealed(shard.path):
            require_finished(shard.path)
            _pack(shard.path / DATABASE)
            _require_sound(described, shard, quick, progress)
            write_completely(shard.path / SEAL, _manifest(shard))
        manifest = sha256(shard.path / SEAL)
        if last_seal(list(links(shard.path))) != manifest:
            _append(shard.path, {"kind": SEALED, "at": _now(), "manifest": manifest})
        return description.change(folder, shard.name, state="sealed")


def unseal(folder: Path, name: str, reason: str) -> Shard:
    """Open a sealed shard again. The chain keeps both lines.

    Args:
        folder: the collection.
        name: of the shard.
        reason: why, which the chain says.

    Raises:
        ArchiveError: lines of its chain are lost.
        Busy: another process writes into it.
        UsageError: there is no such shard, it is open, files of it are on S3 alone, or the reason
            is empty.
    """
    _, shard = shard_of(folder, name)
    if not reason.strip():
        raise UsageError("Say why with --reason; the hash chain keeps it.")
    if shard.takes_more():
        raise UsageError(f"The shard {shard.name} is open already.")
    with Lock(shard.path, may_be_sealed=True):
        _require_here(shard)
        if last_seal(list(links(shard.path))) is not None:
            _append(shard.path, {"kind": UNSEALED, "at": _now(), "reason": reason})
        (shard.path / SEAL).unlink(missing_ok=True)
        sync_directory(shard.path)
        return description.change(folder, shard.name, state="open")


def _require_here(shard: Shard) -> None:
    """Refuse to open a shard of which files are on S3 alone: the manifest says what they are."""
    if evicted := stored_names(shard.path / "warc"):
        raise UsageError(
            f"{counted(len(evicted), 'WARC file')} of the shard {shard.name} "
            f"{'is' if len(evicted) == 1 else 'are'} on S3 and not here; run "
            f"`zhengwen pull {shard.name}` first."
        )


def shard_of(folder: Path, name: str) -> tuple[Description, Shard]:
    """A collection, and one of its shards, which is there.

    Raises:
        ArchiveError: its folder is missing.
        UsageError: it is no collection, or there is no such shard.
    """
    if not is_collection(folder):
        raise UsageError(
            f"{folder} is no collection, as it has no {COLLECTION}; give the folder of one with "
            "--archive, or make one with `zhengwen split ARCHIVE COLLECTION`."
        )
    described = description.read(folder)
    shard = described.shard(name)
    if not shard.path.is_dir():
        raise ArchiveError(
            f"The shard {shard.name} is not at {shard.path}; bring its folder back, or mend its "
            f"path in {COLLECTION}."
        )
    return described, shard


def _pack(path: Path) -> None:
    """Merge the full-text index of a database and give back what room it does not use."""
    if not path.is_file():
        raise ArchiveError(f"{path} is missing; run `zhengwen index` on its shard first.")
    size = 2 * path.stat().st_size
    require_free(path.parent, size, "Packing archive.db", "make room on the disk")
    db = store.open_for_index(path)
    try:
        with db.atomic():
            fulltext.optimize(db)
        db.conn.execute("VACUUM")
        (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise ArchiveError(f"{path} is open in another program; close that one.")
    finally:
        db.close()


def _require_sound(described: Description, shard: Shard, quick: bool, progress: Progress) -> None:
    as_open = replace(shard, state="open")  # its manifest is still to be written
    findings = check_shard(as_open, described.shards, quick=quick, progress=progress)
    if (first := next(findings, None)) is None:
        return
    others = sum(1 for _ in findings)
    more = f" ({counted(others, 'other finding')} after it)" if others else ""
    raise ArchiveError(
        f"The shard {shard.name} stays open, as something is wrong with it{more}: "
        f"{str(first).rstrip('.')}."
    )


def _manifest(shard: Shard) -> bytes:
    chain = list(links(shard.path))
    state = state_of(chain)
    values = {
        "name": shard.name,
        "sealed_at": _now(),
        "chain": {"lines": state.lines, "head": state.head},
        "database": _file(shard.path / DATABASE),
        "files": {
            # what was just checked need not be read again
            **{
                WARC + name: {"size": entry.get("size"), "sha256": entry.get("sha256")}
                for name, entry in sorted(named_files(chain).items())
            },
            **{path.relative_to(shard.path).as_posix(): _file(path) for path in _rest(shard.path)},
        },
    }
    return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


def _rest(folder: Path) -> Iterator[Path]:
    """The files besides WARC, database and chain, in order."""
    for path in sorted(folder.rglob("*")):
        top = path.relative_to(folder).parts[0]
        if path.is_file() and top != "warc" and not top.startswith(NOT_LISTED):
            yield path


def _file(path: Path) -> dict[str, Any]:
    return {"size": path.stat().st_size, "sha256": sha256(path)}


def _append(folder: Path, entry: dict[str, Any]) -> None:
    append(folder, entry, known_state(folder / DATABASE))


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
