"""The BagIt bag around a package (RFC 8493): manifests out of digests that are known already, and
what the bag is.

Written here and not by the library `bagit`, which moves files, changes the working directory,
reads everything once more and takes the date from the clock. Its validator is what the tests ask.
"""

from __future__ import annotations

from collections.abc import Iterable

from archive.handover import layout
from archive.handover.package import Package
from archive.handover.staging import Made

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def manifest(made: Iterable[Made], *, payload: bool) -> str:
    """Digest and path of the files in `data/`, or of all others."""
    return "".join(
        f"{one.sha256}  {one.path}\n"
        for one in made
        if one.path.startswith(f"{layout.DATA}/") == payload
    )


def information(package: Package, made: Iterable[Made]) -> str:
    """`bag-info.txt`."""
    payload = [one for one in made if one.path.startswith(f"{layout.DATA}/")]
    size = sum(one.size for one in payload)
    fields = {
        "Source-Organization": package.operator.name,
        "Contact-Name": package.operator.package.get("contact"),
        "External-Description": f"{package.title}. {package.description}",
        "External-Identifier": f"sha256:{package.state}",
        "Bagging-Date": package.figures.day,
        "Bag-Size": f"{size / 1e6:.1f} MB",
        "Payload-Oxum": f"{size}.{len(payload)}",
        "Bag-Software-Agent": package.software,
    }
    return "".join(
        f"{name}: {' '.join(value.split())}\n" for name, value in fields.items() if value
    )
