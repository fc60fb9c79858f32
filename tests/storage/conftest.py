"""Servers of S3, and a collection with a sealed shard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.warc import stored
from tests.collection.test_collection import run
from tests.collection.years import make_both
from tests.rigs.s3_servers import KEY, S3Server, s3_server
from tests.storage.places import NAME, Place


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with one sealed shard."""
    folder = make_both(tmp_path_factory.mktemp("storage"))
    assert run("--archive", folder / "collection", "seal", NAME, "--quick").exit_code == 0
    return folder / "collection"


@pytest.fixture
def collection(sealed: Path, tmp_path: Path) -> Path:
    """One that a test may change."""
    return Path(shutil.copytree(sealed, tmp_path / "collection"))


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The settings of AWS have a key, and nothing that this machine has."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in KEY.items():
        monkeypatch.setenv(name, value)
    stored._bucket.cache_clear()  # has clients with the key of another test


@pytest.fixture(scope="module", params=["rclone", "moto"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[S3Server]:
    with s3_server(request.param, tmp_path_factory.mktemp(request.param) / "data") as running:
        yield running


@pytest.fixture
def place(server: S3Server, request: pytest.FixtureRequest) -> Place:
    return Place(server, f"{abs(hash(request.node.nodeid))}/{NAME}")
