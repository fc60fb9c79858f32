"""How to cite a package: `CITATION.cff` (Citation File Format 1.2.0), DataCite metadata (kernel
4), and a line to copy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archive.handover.package import Package

KEYWORDS = ("web archive", "Chinese government", "政务号", "government communication", "China")


def citation(package: Package) -> str:
    """`CITATION.cff`. Values are written as JSON strings, which are YAML too."""
    lines = [
        "cff-version: 1.2.0",
        f"message: {_text('If you use this package, please cite it as below.')}",
        "type: dataset",
    ]
    lines += [
        f"title: {_text(package.title)}",
        "authors:",
        *(line for one in package.creators for line in _author(one)),
    ]
    lines += [f"version: {_text(package.version)}", f"date-released: {_text(package.figures.day)}"]
    lines += [
        f"abstract: {_text(package.description)}",
        "keywords:",
        *(f"  - {_text(word)}" for word in KEYWORDS),
    ]
    lines += ["identifiers:", "  - type: other", f"    value: {_text('sha256:' + package.state)}"]
    lines += [f"    description: {_text('SHA-256 over what the package was made of')}"]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _author(creator: Mapping[str, str]) -> list[str]:
    names = {
        "name": "name",
        "given": "given-names",
        "family": "family-names",
        "orcid": "orcid",
        "affiliation": "affiliation",
    }
    lines = [f"{names[key]}: {_text(value)}" for key, value in creator.items()]
    return [("  - " if number == 0 else "    ") + line for number, line in enumerate(lines)]


def datacite(package: Package) -> str:
    """`datacite.json`: DataCite Metadata Schema 4.5 as JSON, without a DOI, which only the
    publisher can give."""
    found = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Web archive"},
        "titles": [{"title": package.title}],
        "creators": [_creator(one) for one in package.creators],
        "publisher": {"name": package.operator.name},
        "publicationYear": package.figures.day[:4],
        "version": package.version,
        "language": "zh",
        "subjects": [{"subject": word} for word in KEYWORDS],
        "dates": _dates(package),
        "descriptions": [{"description": package.description, "descriptionType": "Abstract"}],
        "rightsList": [{"rights": sentence} for sentence in package.rights.values()],
        "sizes": [
            f"{sum(one.size for one in package.made)} bytes",
            f"{package.figures.articles} articles",
        ],
        "formats": sorted({one.path.rpartition(".")[2] for one in package.made}),
        "alternateIdentifiers": [
            {
                "alternateIdentifier": f"sha256:{package.state}",
                "alternateIdentifierType": "state of the archive",
            }
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _dates(package: Package) -> list[dict[str, str]]:
    numbers = package.figures
    dates = [{"date": numbers.day, "dateType": "Issued"}]
    if numbers.one["first_run"] and numbers.one["last_run"]:
        span = f"{numbers.one['first_run'][:10]}/{numbers.one['last_run'][:10]}"
        dates.append({"date": span, "dateType": "Collected"})
    if numbers.first_published and numbers.last_published:
        span = f"{numbers.first_published[:10]}/{numbers.last_published[:10]}"
        dates.append(
            {"date": span, "dateType": "Other", "dateInformation": "publication of the articles"}
        )
    return dates


def _creator(creator: Mapping[str, str]) -> dict[str, Any]:
    if "name" in creator:
        return {"name": creator["name"], "nameType": "Organizational"}
    given, family = creator.get("given", ""), creator.get("family", "")
    found: dict[str, Any] = {
        "name": ", ".join(filter(None, (family, given))),
        "nameType": "Personal",
    }
    found |= {"givenName": given} if given else {}
    found |= {"familyName": family} if family else {}
    if orcid := creator.get("orcid"):
        found["nameIdentifiers"] = [
            {
                "nameIdentifier": orcid,
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
    return found | (
        {"affiliation": [{"name": creator["affiliation"]}]} if "affiliation" in creator else {}
    )


def line(package: Package) -> str:
    """A citation to copy."""
    names = "; ".join(
        one.get("name") or f"{one.get('family', '')}, {one.get('given', '')}"
        for one in package.creators
    )
    return f"{names} ({package.figures.day[:4]}): {package.title}. Version {package.version}. Data set. sha256:{package.state}"


def line_chinese(package: Package) -> str:
    """The same after GB/T 7714-2015."""
    names = ", ".join(
        one.get("name") or f"{one.get('family', '')}{one.get('given', '')}"
        for one in package.creators
    )
    return f"{names}. {package.title}[DS]. 版本 {package.version}. {package.figures.day}. sha256:{package.state}"
