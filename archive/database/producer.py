"""Who made a row: the versions of all that its content depends on apart from the WARC bytes."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from archive.platforms import Platforms


@dataclass(frozen=True, slots=True, kw_only=True)
class Producer:
    """Code and libraries. `rules` is a digest over the source files that decide what a page says
    and over the archive's own descriptions of platforms, so that no change goes unseen."""

    zhengwen: str
    rules: str
    trafilatura: str
    lxml: str
    libxml2: str
    python: str

    @property
    def id(self) -> str:
        """A short name for this set of versions."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


def current(platforms: Platforms) -> Producer:
    """The producer that this process is for an archive with these platforms.

    Of the program and its libraries it says what they were when this process imported them: an
    upgrade during a crawl signs no rows that the old code makes.
    """
    rules = _CODE.copy()
    for description in platforms.descriptions:
        rules.update(description.path.name.encode() + b"\0" + description.data + b"\0")
    return Producer(
        **_VERSIONS,
        rules=rules.hexdigest()[:12],
        libxml2=".".join(map(str, etree.LIBXML_VERSION)),
        python=platform.python_version(),
    )


def is_code_on_disk() -> bool:
    """Whether another process that starts now would import the code that this one runs."""
    return code_digest(_PACKAGE).digest() == _CODE.digest()


# What reads no page: its rooms and files may change without making rows stale. All else counts.
UNRELATED_ROOMS = frozenset({"cli", "handover", "monitoring", "search", "verification"})
UNRELATED_FILES = frozenset(
    {"__init__.py", "__main__.py", "accounts.py", "archive.py", "folder.py", "lock.py", "reader.py"}
)


def code_digest(package: Path) -> hashlib._Hash:
    """A digest over the rooms that decide what a page says; a platform counts whatever its name.

    Args:
        package: the folder of the package `archive`.

    Returns:
        A SHA-256 that takes more bytes.
    """
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if inside.parts[0] not in UNRELATED_ROOMS | UNRELATED_FILES:
            digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest


Platforms()  # imports the file of each platform, so that the digest is of what this process runs
_PACKAGE = Path(__file__).parents[1]
_CODE = code_digest(_PACKAGE)
_VERSIONS = {name: version(name) for name in ("zhengwen", "trafilatura", "lxml")}
