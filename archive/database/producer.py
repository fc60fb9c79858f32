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
    """Code and libraries. `rules` is a digest over the source files of this package, so that no change goes unseen."""

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


def _rules_digest() -> str:
    """Over the modules that decide what a page says; commands and search may change without making rows stale."""
    here = Path(__file__).parent
    bystanders = {
        "cli.py",
        "search.py",
        "shown.py",
        "query.py",
        "expression.py",
        "variants.py",
        "snippet.py",
        "platform_table.py",
        "new_platform.py",
        "compare.py",
        "saved.py",
        "archive.py",
        "in_sqlite_utils.py",
        "in_datasette.py",
        "lock.py",
        "accounts.py",
        "status.py",
        "warc_writer.py",
        "warc_record.py",
        "exchange.py",
        "recovery.py",
        "chain.py",
        "changes.py",
        "canary.py",
        "alarms.py",
        "catalogue.py",
        "columns.py",
        "day.py",
    }
    others = {"verification", "handover"}
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        if path.name not in bystanders and path.parent.name not in others:
            digest.update(
                path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
            )
    for path in sorted(Path(os.environ.get(VARIABLE, os.devnull)).glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
