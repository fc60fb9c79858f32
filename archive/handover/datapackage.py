"""`datapackage.json`: Frictionless Data Package with Table Schema, each column explained.

Sources: https://specs.frictionlessdata.io/data-package/, …/tabular-data-resource/ and
…/table-schema/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from archive.handover import layout
from archive.handover.formats import CUT, LONGEST_CELL
from archive.handover.package import Package
from archive.handover.staging import PackageFile
from archive.handover.tables import Table
from archive.model.columns import Column

TYPES = {"INTEGER": "integer", "REAL": "number"}
MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "db": "application/vnd.sqlite3",
    "wacz": "application/wacz",
    "gz": "application/warc",
    "md": "text/markdown",
    "json": "application/json",
    "cff": "application/yaml",
    "txt": "text/plain",
    "toml": "application/toml",
    "sig": "application/octet-stream",
    "pub": "application/x-pem-file",
}
OTHER = re.compile(r"[^a-z0-9-]")  # what the name of a resource may not have
SPREADSHEET = (
    f"For spreadsheets: a cell above {LONGEST_CELL} characters ends with {CUT!r}, and one that a "
    "spreadsheet would take for a formula begins with an apostrophe. NULL and '' are both empty. "
    "Import ids as text, not as numbers."
)


def datapackage(package: Package) -> str:
    """Write the text of `datapackage.json`: every table, its files, columns and their meanings."""
    tables = {path: table for table in package.tables for path in table.csv_paths}
    licence = package.operator.package.get("licence") or "see rights"
    description = {
        "profile": "data-package",
        "name": "zhengwen-" + package.version.lower(),
        "id": package.identifier,
        "title": package.title,
        "description": package.description,
        "version": package.version,
        "created": package.statistics.newest,
        "contributors": [
            {"title": _name(creator), "role": "author"} for creator in package.creators
        ],
        "licenses": [{"name": "other", "title": licence}],
        "rights": package.rights(),
        "selection": package.request.given,
        "tier": package.request.tier,
        "withheld": dict(package.statistics.withheld),
        "software": package.software,
        "resources": [_resource(file, tables.get(file.path)) for file in package.files],
    }
    return json.dumps(description, ensure_ascii=False, indent=2) + "\n"


def _name(creator: Mapping[str, str]) -> str:
    person = f"{creator.get('family', '')} {creator.get('given', '')}".strip()
    return creator.get("name") or person


def _replaced(character: re.Match[str]) -> str:
    return "-" if character[0] in "/_. " else f"{ord(character[0]):x}"


def _resource(file: PackageFile, table: Table | None) -> dict[str, object]:
    path = file.path.removeprefix(f"{layout.DATA}/").lower()
    resource = {
        "name": OTHER.sub(_replaced, path),
        "path": file.path,
        "mediatype": MEDIA_TYPES[file.path.rpartition(".")[2]],
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if table is None:
        # Without a type Frictionless takes it for a table by its name, and an empty .jsonl for
        # broken.
        return resource | {"type": "file"}
    return resource | {
        "type": "table",
        "format": "csv",
        "encoding": "utf-8-sig",
        "profile": "tabular-data-resource",
        "description": SPREADSHEET,
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, object]:
    return {"fields": [_field(column) for column in table.columns], "missingValues": [""]}


def _field(column: Column) -> dict[str, object]:
    meaning = column.meaning
    field: dict[str, object] = {
        "name": column.name,
        "type": TYPES.get(column.type, "string"),
        "description": column.description,
    }
    more = {"title": meaning.chinese, "unit": meaning.unit, "nullMeaning": meaning.null}
    return field | {name: value for name, value in more.items() if value}
