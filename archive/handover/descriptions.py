"""The steps of an export that describe the package, and those that make a bag of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from archive.handover import bag, citation, crate, datapackage, datasheet, layout, readme
from archive.handover.package import Package
from archive.handover.staging import Staging

DESCRIPTIONS: dict[str, Callable[[Package], str]] = {
    layout.README: partial(readme.readme, language="en"),
    layout.README_CHINESE: partial(readme.readme, language="zh"),
    layout.DATASHEET: datasheet.datasheet,
    layout.CITATION: citation.citation,
    layout.DATACITE: citation.datacite,
    layout.DATAPACKAGE: datapackage.datapackage,
}


def describe(package: Package, staging: Staging) -> None:
    """Write the descriptions; the research object is the last, because it lists the others."""
    for path, text in DESCRIPTIONS.items():
        _write(staging, path, partial(text, package))
    _write(staging, layout.CRATE, lambda: crate.crate(package, staging.files()))


def seal_bag(package: Package, staging: Staging) -> None:
    """Write the files of the bag. The tag manifest is the last: it has the digest of all others."""
    files = staging.files()
    _write(staging, layout.MANIFEST, partial(bag.manifest, files, payload=True))
    _write(staging, layout.BAG_INFO, partial(bag.information, package, files))
    _write(staging, layout.BAG, lambda: bag.DECLARATION)
    tag_files = staging.files()
    _write(staging, layout.TAG_MANIFEST, partial(bag.manifest, tag_files, payload=False))


def _write(staging: Staging, path: str, text: Callable[[], str]) -> None:
    """A step that makes one text file."""
    staging.step(path, lambda: staging.write(path, text()))
