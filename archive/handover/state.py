"""A digest of all that decides the bytes of a package, which names its state.

The same state gives the same package; a killed export of another state is thrown away.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import asdict
from pathlib import Path

from archive.database.producer import current, digests
from archive.disk import sha256
from archive.handover import records
from archive.handover.operator_file import Operator
from archive.handover.request import ExportRequest
from archive.handover.seal import Seal
from archive.handover.selection import Selection
from archive.platforms import Platforms
from archive.search import spellings

CODE = frozenset({".py", ".md", ".toml"})


def state_of(
    selection: Selection, warc_dir: Path, operator: Operator, seal: Seal, platforms: Platforms
) -> str:
    """The SHA-256 over WARC files, chain, producers, request, what the operator says, and the code
    of this room, in hexadecimal."""
    connection = selection.connection
    parts = {
        "warcs": _rows(connection, "SELECT name, size, records FROM warcs ORDER BY name"),
        "seal": seal.state,
        "unindexed": records.unindexed(selection, warc_dir),
        "articles": selection.count("articles"),
        "producers": _rows(connection, "SELECT id FROM producers ORDER BY id"),
        "schema": connection.execute("PRAGMA user_version").fetchone()[0],
        "request": _request(selection.request),
        "operator": asdict(operator),
        "platforms": digests(platforms),
        "program": [current(platforms).zhengwen, *map(sha256, _code())],
    }
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(connection: sqlite3.Connection, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(statement)]


def _request(request: ExportRequest) -> dict[str, object]:
    """What was asked for; a query finds other articles where OpenCC brings its other spellings."""
    more = {"spellings": spellings.installed()} if request.query else {}
    return {**request.given, "tier": request.tier, **more}


def _code() -> list[Path]:
    files = sorted(Path(__file__).parent.rglob("*.*"))
    return [path for path in files if path.suffix in CODE]
