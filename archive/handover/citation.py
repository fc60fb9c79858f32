"""How to cite a package: `CITATION.cff` (Citation File Format 1.2.0), DataCite metadata (kernel
4), and a reference to copy.

Sources: https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md,
https://datacite-metadata-schema.readthedocs.io/en/4.5/
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from archive.counting import counted
from archive.handover.markdown import Markup, sentence
from archive.handover.package import Package

KEYWORDS = ("web archive", "Chinese government", "政务号", "government communication", "China")
CFF_NAMES = {
    "name": "name",
    "given": "given-names",
    "family": "family-names",
    "orcid": "orcid",
    "affiliation": "affiliation",
}


def citation(package: Package) -> str:
    """The text of `CITATION.cff`. Values are written as JSON strings, which are YAML too."""
    lines = [
        "cff-version: 1.2.0",
        f"message: {_text('If you use this package, please cite it as below.')}",
        "type: dataset",
        f"title: {_text(package.title)}",
        "authors:",
        *(line for creator in package.creators for line in _author(creator)),
        f"version: {_text(package.version)}",
        f"date-released: {_text(package.statistics.day)}",
        f"abstract: {_text(package.description)}",
        "keywords:",
        *(f"  - {_text(word)}" for word in KEYWORDS),
        "identifiers:",
        "  - type: other",
        f"    value: {_text(package.identifier)}",
        f"    description: {_text('SHA-256 over what the package was made of')}",
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _author(creator: Mapping[str, str]) -> list[str]:
    lines = [f"{CFF_NAMES[key]}: {_text(value)}" for key, value in creator.items()]
    return [("  - " if number == 0 else "    ") + line for number, line in enumerate(lines)]


def datacite(package: Package) -> str:
    """The text of `datacite.json`: DataCite Metadata Schema 4.5 as JSON, without a DOI, which only
    the publisher can give."""
    size = sum(file.size for file in package.files)
    metadata = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Web archive"},
        "titles": [{"title": package.title}],
        "creators": [_creator(creator) for creator in package.creators],
        "publisher": {"name": package.operator.name},
        "publicationYear": package.statistics.day[:4],
        "version": package.version,
        "language": "zh",
        "subjects": [{"subject": word} for word in KEYWORDS],
        "dates": _dates(package),
        "descriptions": [{"description": package.description, "descriptionType": "Abstract"}],
        "rightsList": [{"rights": note} for note in package.rights().values()],
        "sizes": [counted(size, "byte"), counted(package.statistics.articles, "article")],
        "formats": sorted({file.path.rpartition(".")[2] for file in package.files}),
        "alternateIdentifiers": [
            {
                "alternateIdentifier": package.identifier,
                "alternateIdentifierType": "state of the archive",
            }
        ],
    }
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"


def _dates(package: Package) -> list[dict[str, str]]:
    statistics = package.statistics
    dates = [{"date": statistics.day, "dateType": "Issued"}]
    if statistics.first_run and statistics.last_run:
        span = f"{statistics.first_run[:10]}/{statistics.last_run[:10]}"
        dates.append({"date": span, "dateType": "Collected"})
    if statistics.first_published and statistics.last_published:
        span = f"{statistics.first_published[:10]}/{statistics.last_published[:10]}"
        dates.append(
            {"date": span, "dateType": "Other", "dateInformation": "publication of the articles"}
        )
    return dates


def _creator(creator: Mapping[str, str]) -> dict[str, object]:
    if "name" in creator:
        return {"name": creator["name"], "nameType": "Organizational"}
    given, family = creator.get("given", ""), creator.get("family", "")
    person: dict[str, object] = {
        "name": ", ".join(filter(None, (family, given))),
        "nameType": "Personal",
    }
    person |= {"givenName": given} if given else {}
    person |= {"familyName": family} if family else {}
    if orcid := creator.get("orcid"):
        person["nameIdentifiers"] = [
            {
                "nameIdentifier": orcid,
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
    if affiliation := creator.get("affiliation"):
        person["affiliation"] = [{"name": affiliation}]
    return person


def reference(package: Package) -> Markup:
    """A reference to copy, in English, as Markdown."""
    names = "; ".join(
        creator.get("name") or f"{creator.get('family', '')}, {creator.get('given', '')}"
        for creator in package.creators
    )
    return sentence(
        "$names ($year): $title. Version $version. Data set. $identifier",
        **_cited(package, names),
    )


def chinese_reference(package: Package) -> Markup:
    """A reference to copy, after GB/T 7714-2015, as Markdown."""
    names = ", ".join(
        creator.get("name") or f"{creator.get('family', '')}{creator.get('given', '')}"
        for creator in package.creators
    )
    return sentence(
        "$names. $title[DS]. 版本 $version. $day. $identifier", **_cited(package, names)
    )


def _cited(package: Package, names: str) -> dict[str, str]:
    """What a reference names."""
    day = package.statistics.day
    return {
        "names": names,
        "year": day[:4],
        "day": day,
        "title": package.title,
        "version": package.version,
        "identifier": package.identifier,
    }
