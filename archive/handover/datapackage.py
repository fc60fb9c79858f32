"""`datapackage.json`: Frictionless Data Package with Table Schema
(https://specs.frictionlessdata.io), each column explained."""

from __future__ import annotations

import json
from typing import Any

from archive.handover import layout
from archive.handover.package import Package
from archive.handover.staging import Made
from archive.handover.tables import CUT, LONGEST_CELL, Table
from archive.model.columns import Column

TYPES = {"INTEGER": "integer", "REAL": "number"}
MEDIA = {
    "csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet",
    "db": "application/vnd.sqlite3", "wacz": "application/wacz", "gz": "application/warc",
    "md": "text/markdown", "json": "application/json", "cff": "application/yaml", "txt": "text/plain",
    "sig": "application/octet-stream", "pub": "application/x-pem-file",
}  # fmt: skip
SPREADSHEET = (
    f"For spreadsheets: a cell above {LONGEST_CELL} characters ends with {CUT!r}, and one that a "
    "spreadsheet would take for"
    " a formula begins with an apostrophe. NULL and '' are both empty. Import ids as text, not as "
    "numbers."
)


def datapackage(package: Package) -> str:
    """The file's text."""
    tables = {path: table for table in package.tables for path in table.csv_paths}
    found = {
        "profile": "data-package",
        "name": "zhengwen-" + package.version.lower(),
        "id": f"sha256:{package.state}",
        "title": package.title,
        "description": package.description,
        "version": package.version,
        "created": package.figures.newest,
        "contributors": [{"title": _name(one), "role": "author"} for one in package.creators],
        "licenses": [
            {"name": "other", "title": package.operator.package.get("licence") or "see rights"}
        ],
        "rights": package.rights,
        "selection": package.wanted.given,
        "tier": package.wanted.tier,
        "withheld": dict(package.figures.withheld),
        "software": package.software,
        "resources": [_resource(one, tables.get(one.path)) for one in package.made],
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _name(creator: Any) -> str:
    return creator.get("name") or f"{creator.get('family', '')} {creator.get('given', '')}".strip()


def _resource(made: Made, table: Table | None) -> dict[str, Any]:
    suffix = made.path.rpartition(".")[2]
    name = (
        made.path.removeprefix(f"{layout.DATA}/")
        .lower()
        .replace("/", "-")
        .replace("_", "-")
        .replace(".", "-")
    )
    found = {
        "name": name,
        "path": made.path,
        "mediatype": MEDIA[suffix],
        "bytes": made.size,
        "hash": f"sha256:{made.sha256}",
    }
    if table is None:
        return found | {
            "type": "file"
        }  # else Frictionless takes it for a table by its name, and an empty .jsonl for broken
    return found | {
        "type": "table", "format": "csv", "encoding": "utf-8-sig", "profile": "tabular-data-resource", "description": SPREADSHEET,
        "schema": _schema(table),
    }  # fmt: skip


def _schema(table: Table) -> dict[str, Any]:
    return {"fields": [_field(column) for column in table.columns], "missingValues": [""]}


def _field(column: Column) -> dict[str, Any]:
    meaning = column.meaning
    said = {"title": meaning.chinese, "unit": meaning.unit, "nullMeaning": meaning.null}
    found = {
        "name": column.name,
        "type": TYPES.get(column.type, "string"),
        "description": column.description,
    }
    return found | {name: value for name, value in said.items() if value}
