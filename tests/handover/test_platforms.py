"""Descriptions of platforms in a package: any name of a file that manifests can hold, and no other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from bagit import Bag

from archive import Archive
from archive.errors import UsageError
from archive.verification.package import check_package
from tests.conftest import ROOT

pytestmark = pytest.mark.slow  # tries many inputs

TOML = """
name = "yunxi"
title = "云溪新闻网"
hosts = ["www.yunxi.example"]
article = '/news/(\\d+)\\.html$'
[lists]
feed = "https://www.yunxi.example/rss.xml"
"""


@pytest.fixture
def folder(archive_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of one article and no database yet."""
    monkeypatch.delenv("ZHENGWEN_PLATFORMS", raising=False)
    for name in ("warc", "platforms"):
        (archive_dir / name).mkdir()
    warc = ROOT / "tests" / "platforms" / "thepaper" / "next" / "capture.warc.gz"
    shutil.copy(warc, archive_dir / "warc")
    return archive_dir


@pytest.mark.parametrize(
    "name", ["yunxi.toml", "云溪.toml", "a b.toml", "Ab_c-1.2.toml", "'$(x)'.toml"]
)
def test_a_package_has_a_description_by_its_name(name: str, folder: Path, tmp_path: Path) -> None:
    (folder / "platforms" / name).write_text(TOML, "utf-8")
    with Archive(folder) as archive:
        archive.index()
        archive.export(tmp_path / "package")

    assert (tmp_path / "package" / "data" / "platforms" / name).read_text("utf-8") == TOML
    assert list(check_package(tmp_path / "package")) == []
    assert Bag(str(tmp_path / "package")).validate()
    described = json.loads((tmp_path / "package" / "datapackage.json").read_text("utf-8"))
    names = [resource["name"] for resource in described["resources"]]
    assert len({*names}) == len(names) and all(
        set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names
    )


@pytest.mark.parametrize(
    "name", ["50%.toml", "%0A.toml", "a\nb.toml", "a\rb.toml", "a\u202eb.toml"]
)
def test_a_name_that_manifests_write_in_two_ways_is_refused(
    name: str, folder: Path, tmp_path: Path
) -> None:
    (folder / "platforms" / name).write_text(TOML, "utf-8")
    with Archive(folder) as archive:
        archive.index()
        with pytest.raises(UsageError, match="rename it, then run `zhengwen rebuild`"):
            archive.export(tmp_path / "package")
        archive.export(tmp_path / "package", tier="text")

    assert not (tmp_path / "package" / "data" / "platforms").exists()
