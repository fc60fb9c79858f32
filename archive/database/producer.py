"""Who made a row: the versions of everything that its content depends on, beside the WARC bytes."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from lxml import etree

from archive.platforms.kit.toml import VARIABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Producer:
    """Code and libraries. `rules` is a digest over the source files of this package, so that no
    change goes unseen."""

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


@cache
def current() -> Producer:
    """The producer that this process is."""
    return Producer(
        zhengwen=version("zhengwen"),
        rules=_rules_digest(),
        trafilatura=version("trafilatura"),
        lxml=version("lxml"),
        libxml2=".".join(map(str, etree.LIBXML_VERSION)),
        python=platform.python_version(),
    )


# What reads no page: its rooms and files may change without making rows stale. All else counts.
UNRELATED_ROOMS = frozenset({"cli", "handover", "monitoring", "search", "verification"})
UNRELATED_FILES = frozenset({"__init__.py", "__main__.py", "accounts.py", "archive.py", "lock.py"})


def _rules_digest() -> str:
    """Over the rooms that decide what a page says; a platform counts whatever its name."""
    here = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        inside = path.relative_to(here)
        if inside.parts[0] not in UNRELATED_ROOMS | UNRELATED_FILES:
            digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for path in sorted(Path(os.environ.get(VARIABLE, os.devnull)).glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
