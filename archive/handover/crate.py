"""`ro-crate-metadata.json`: RO-Crate 1.1
(https://www.researchobject.org/ro-crate/specification/1.1/), each file an entity."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from archive.handover import layout
from archive.handover.datapackage import MEDIA_TYPES
from archive.handover.package import SOFTWARE, Package
from archive.handover.staging import PackageFile
from archive.warc.chain import CHAIN

CONFORMS = "https://w3id.org/ro/crate/1.1"
NAMES = {
    layout.DATABASE: "SQLite database with a full-text index: the archive as one file",
    f"{layout.DATA}/{CHAIN}": "Hash chain over the WARC files and crawls of the archive",
    layout.WACZ: (
        "WACZ: the captured pages with an index and a list of pages, for ReplayWeb.page and pywb"
    ),
    layout.README: "What is in the package and how to use it",
    layout.README_CHINESE: "数据包说明（中文）",
    layout.DATASHEET: "Datasheet: why and how the archive was made, and what is missing",
    layout.DATAPACKAGE: "Frictionless Data Package: every column explained",
    layout.CITATION: "How to cite",
    layout.DATACITE: "DataCite metadata",
}
KINDS = {
    "csv": "for spreadsheets",
    "jsonl": "as JSON Lines",
    "parquet": "as Apache Parquet",
    "gz": "HTTP exchanges as WARC",
    "toml": "description of a platform, by which its pages were read",
    "sig": "Ed25519 signature over the hash chain",
    "pub": "public key of the signatures",
}


def crate(package: Package, files: Sequence[PackageFile]) -> str:
    """The file's text.

    Args:
        package: what the descriptions know.
        files: every file of the package but this one and the bag's own.
    """
    graph = [
        {
            "@id": layout.CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": CONFORMS},
            "about": {"@id": "./"},
        },
        _root(package, files),
        *_agents(package),
        {
            "@id": "#rights",
            "@type": "CreativeWork",
            "name": "Rights",
            "description": " ".join(package.rights().values()),
        },
        *_making(package),
        *(_file(file) for file in files),
    ]
    document = {"@context": f"{CONFORMS}/context", "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _root(package: Package, files: Sequence[PackageFile]) -> dict[str, object]:
    """The root data entity: the package itself."""
    authors = [_author(number, creator) for number, creator in enumerate(package.creators)]
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": package.title,
        "description": package.description,
        "datePublished": package.statistics.day,
        "version": package.version,
        "identifier": package.identifier,
        "license": {"@id": "#rights"},
        "author": authors if len(authors) > 1 else authors[0],
        "publisher": _organization(package.operator.name),
        "inLanguage": "zh",
        "hasPart": [{"@id": file.path} for file in files],
        "mentions": {"@id": "#export"},
    }


def _making(package: Package) -> Iterator[dict[str, object]]:
    """The program, and the export as an action of it."""
    request = package.request
    yield {
        "@id": "#software",
        "@type": "SoftwareApplication",
        "name": SOFTWARE,
        "version": package.producer.zhengwen,
        "softwareRequirements": f"trafilatura {package.producer.trafilatura}",
    }
    yield {
        "@id": "#export",
        "@type": "CreateAction",
        "name": f"zhengwen export: {request.selection}, tier {request.tier}",
        "endTime": package.statistics.newest,
        "instrument": {"@id": "#software"},
        "result": {"@id": "./"},
    }


def _organization(name: str) -> dict[str, str]:
    """An organisation, by reference."""
    return {"@id": f"#organization-{quote(name, safe='')}"}


def _author(number: int, creator: Mapping[str, str]) -> dict[str, str]:
    """A creator, by reference: an organisation, or a person."""
    if "name" in creator:
        return _organization(creator["name"])
    return {"@id": creator.get("orcid") or f"#creator-{number}"}


def _agents(package: Package) -> Iterator[dict[str, object]]:
    """The people and organisations that the package names."""
    organizations = {package.operator.name}
    for number, creator in enumerate(package.creators):
        organizations |= {creator[key] for key in ("name", "affiliation") if creator.get(key)}
        if "name" not in creator:
            name = f"{creator.get('given', '')} {creator.get('family', '')}".strip()
            person: dict[str, object] = {
                **_author(number, creator),
                "@type": "Person",
                "name": name,
            }
            if affiliation := creator.get("affiliation"):
                person["affiliation"] = _organization(affiliation)
            yield person
    for name in sorted(organizations):
        yield {**_organization(name), "@type": "Organization", "name": name}


def _file(file: PackageFile) -> dict[str, object]:
    stem, _, suffix = file.name.partition(".")
    last = suffix.rpartition(".")[2]
    return {
        "@id": file.path,
        "@type": "File",
        "name": NAMES.get(file.path) or _name_in_shard(file) or f"{stem}, {KINDS[last]}",
        "encodingFormat": MEDIA_TYPES[last],
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }


def _name_in_shard(file: PackageFile) -> str | None:
    """What a chain of a shard is called; None for any other file."""
    if not file.path.startswith(f"{layout.SHARDS}/") or file.name != CHAIN:
        return None
    return f"Hash chain of the shard {file.path.split('/')[-2]}, an archive of the collection"
