"""`ro-crate-metadata.json`: RO-Crate 1.1
(https://www.researchobject.org/ro-crate/specification/1.1/), each file an entity."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from archive.handover import layout
from archive.handover.datapackage import MEDIA
from archive.handover.package import SOFTWARE, Package
from archive.handover.staging import Made
from archive.warc.chain import CHAIN

CONFORMS = "https://w3id.org/ro/crate/1.1"
ABOUT = {
    layout.DATABASE: "SQLite database with a full-text index: the archive as one file",
    f"{layout.DATA}/{CHAIN}": "Hash chain over the WARC files and crawls of the archive",
    layout.WACZ: "WACZ: the captured pages with an index and a list of pages, for ReplayWeb.page and pywb",
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
    "sig": "Ed25519 signature over the hash chain",
    "pub": "public key of the signatures",
}


def crate(package: Package, made: list[Made]) -> str:
    """The file's text. `made`: every file of the package but this one and the bag's own."""
    authors = [_author(number, one) for number, one in enumerate(package.creators)]
    root = {
        "@id": "./", "@type": "Dataset", "name": package.title, "description": package.description,
        "datePublished": package.figures.day, "version": package.version, "identifier": f"sha256:{package.state}",
        "license": {"@id": "#rights"}, "author": authors if len(authors) > 1 else authors[0],
        "publisher": _home(package.operator.name),
        "inLanguage": "zh", "hasPart": [{"@id": one.path} for one in made],
        "mentions": {"@id": "#export"},
    }  # fmt: skip
    graph = [
        {"@id": layout.CRATE, "@type": "CreativeWork", "conformsTo": {"@id": CONFORMS}, "about": {"@id": "./"}},
        root,
        *_agents(package),
        {"@id": "#rights", "@type": "CreativeWork", "name": "Rights", "description": " ".join(package.rights.values())},
        {"@id": "#software", "@type": "SoftwareApplication", "name": SOFTWARE, "version": package.producer.zhengwen,
         "url": "https://pypi.org/project/zhengwen/", "softwareRequirements": f"trafilatura {package.producer.trafilatura}"},
        {"@id": "#export", "@type": "CreateAction", "name": f"zhengwen export: {package.selection}, tier {package.wanted.tier}",
         "endTime": package.figures.newest, "instrument": {"@id": "#software"}, "result": {"@id": "./"}},
        *(_file(one) for one in made),
    ]  # fmt: skip
    found = {"@context": f"{CONFORMS}/context", "@graph": graph}
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _home(name: str) -> dict[str, str]:
    """An organisation, by reference."""
    return {"@id": f"#organization-{quote(name, safe='')}"}


def _author(number: int, creator: Mapping[str, str]) -> dict[str, str]:
    """A creator, by reference: an organisation, or a person."""
    return (
        _home(creator["name"])
        if "name" in creator
        else {"@id": creator.get("orcid") or f"#creator-{number}"}
    )


def _agents(package: Package) -> Iterator[dict[str, Any]]:
    """The people and organisations that the package names."""
    homes = {package.operator.name}
    for number, one in enumerate(package.creators):
        homes |= {one[key] for key in ("name", "affiliation") if key in one}
        if "name" not in one:
            name = f"{one.get('given', '')} {one.get('family', '')}".strip()
            at = {"affiliation": _home(one["affiliation"])} if "affiliation" in one else {}
            yield {**_author(number, one), "@type": "Person", "name": name, **at}
    yield from ({**_home(name), "@type": "Organization", "name": name} for name in sorted(homes))


def _file(made: Made) -> dict[str, Any]:
    stem, _, suffix = made.path.rpartition("/")[2].partition(".")
    last = suffix.rpartition(".")[2]
    return {
        "@id": made.path, "@type": "File", "name": ABOUT.get(made.path) or f"{stem}, {KINDS[last]}",
        "encodingFormat": MEDIA[last], "contentSize": str(made.size), "sha256": made.sha256,
    }  # fmt: skip
