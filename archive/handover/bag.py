"""The BagIt bag around a package (RFC 8493): manifests out of digests that are known already, and
the bag's description.

Written here and not by the library `bagit`, which moves files, changes the working directory,
reads everything once more and takes the date from the clock. Its validator is what the tests ask.
"""

from __future__ import annotations

from collections.abc import Iterable

from archive.handover import layout
from archive.handover.package import Package
from archive.handover.staging import PackageFile

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def manifest(files: Iterable[PackageFile], *, payload: bool) -> str:
    """A manifest (RFC 8493, section 2.1.3): a line for each file, its digest and its path.

    Args:
        files: of the package.
        payload: take the files in `data/`; otherwise all others.
    """
    return "".join(
        f"{file.sha256}  {file.path}\n" for file in files if _is_payload(file) == payload
    )


def _is_payload(file: PackageFile) -> bool:
    return file.path.startswith(f"{layout.DATA}/")


def information(package: Package, files: Iterable[PackageFile]) -> str:
    """The text of `bag-info.txt` (RFC 8493, section 2.2.2)."""
    payload = [file for file in files if _is_payload(file)]
    size = sum(file.size for file in payload)
    fields = {
        "Source-Organization": package.operator.name,
        "Contact-Name": package.operator.package.get("contact"),
        "External-Description": f"{package.title}. {package.description}",
        "External-Identifier": package.identifier,
        "Bagging-Date": package.statistics.day,
        "Bag-Size": f"{size / 1e6:.1f} MB",
        "Payload-Oxum": f"{size}.{len(payload)}",
        "Bag-Software-Agent": package.software,
    }
    return "".join(
        f"{name}: {' '.join(value.split())}\n" for name, value in fields.items() if value
    )
