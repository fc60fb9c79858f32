"""Who made a row: the versions of all that its content depends on apart from the WARC bytes."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from archive.attachments.installed import installed_reader
from archive.platforms import Platforms


@dataclass(frozen=True, slots=True, kw_only=True)
class Producer:
    """Code and libraries. `rules` is a digest over the source files that decide what a page says
    and over the archive's own descriptions of platforms, so that no change goes unseen.
    `descriptions` names the latter with the SHA-256 of each, as JSON."""

    zhengwen: str
    rules: str
    trafilatura: str
    lxml: str
    libxml2: str
    python: str
    attachments: str | None
    descriptions: str | None

    @property
    def id(self) -> str:
        """A short name for this set of versions."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:12]


def current(platforms: Platforms) -> Producer:
    """The producer that this process is for an archive with these platforms.

    Of the program and its libraries it says what they were when this process imported them: an
    upgrade during a crawl signs no rows that the old code makes.
    """
    return _with_descriptions(digests(platforms))


def digests(platforms: Platforms) -> dict[str, str]:
    """The SHA-256 of each description of a platform, in hexadecimal, by the name of its file."""
    return {
        description.path.name: hashlib.sha256(description.data).hexdigest()
        for description in platforms.descriptions
    }


def described_otherwise(producer_id: str, descriptions: str | None, now: Producer) -> list[str]:
    """What differs between the descriptions of another producer and those of this one, as in
    `differences`; nothing where code or libraries differ too.

    Args:
        producer_id: of the producer that made the rows.
        descriptions: its own, as in its row.
        now: this one.
    """
    is_same_program = _with_descriptions(_digests_in(descriptions)).id == producer_id
    return differences(descriptions, now.descriptions) if is_same_program else []


def differences(before: str | None, after: str | None) -> list[str]:
    """What differs between two sets of descriptions, a part of a sentence for each file.

    Args:
        before: the value of `Producer.descriptions` of the one.
        after: that of the other.

    Example:
        >>> differences('{"yunxi.toml": "9f86d081…"}', '{"yunxi.toml": "60303ae2…"}')
        ['yunxi.toml has changed']
    """
    old, new = _digests_in(before), _digests_in(after)
    return [
        *(f"{name} is new" for name in sorted(new.keys() - old.keys())),
        *(f"{name} is gone" for name in sorted(old.keys() - new.keys())),
        *(
            f"{name} has changed"
            for name in sorted(old.keys() & new.keys())
            if old[name] != new[name]
        ),
    ]


def _digests_in(descriptions: str | None) -> dict[str, str]:
    """What `Producer.descriptions` says; nothing where a damaged file says something else."""
    try:
        digests = json.loads(descriptions or "{}")
    except ValueError:
        return {}
    return digests if isinstance(digests, dict) else {}


def _with_descriptions(descriptions: Mapping[str, str]) -> Producer:
    """This code and its libraries, with descriptions of platforms by the digest of each."""
    rules = _CODE.copy()
    for name, digest in descriptions.items():
        rules.update(f"{name}\0{digest}\0".encode())
    return Producer(
        **_VERSIONS,
        rules=rules.hexdigest()[:12],
        libxml2=".".join(map(str, etree.LIBXML_VERSION)),
        python=platform.python_version(),
        attachments=_ATTACHMENTS,
        descriptions=json.dumps(descriptions, ensure_ascii=False) if descriptions else None,
    )


def is_code_on_disk() -> bool:
    """Whether another process that starts now would import the code that this one runs."""
    return code_digest(_PACKAGE).digest() == _CODE.digest()


# What reads no page: its rooms and files may change without making rows stale. All else counts.
UNRELATED_ROOMS = frozenset(
    {"cli", "engine", "handover", "monitoring", "ocr", "reader", "search", "upkeep", "verification"}
)
UNRELATED_FILES = frozenset(
    {"__init__.py", "__main__.py", "accounts.py", "archive.py", "bucket.py", "folder.py", "lock.py"}
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
_ATTACHMENTS = installed_reader()
_VERSIONS = {name: version(name) for name in ("zhengwen", "trafilatura", "lxml")}
