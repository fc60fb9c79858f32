"""Places for a test in the bucket of a server, and what is asked of the program there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result

from tests.collection.test_collection import digests, run
from tests.rigs.s3_servers import BUCKET, S3Server

NAME = "thepaper-2032"
SHARD = f"shards/{NAME}"


@dataclass
class Place:
    """A place of its own for a test, in the bucket of a server."""

    server: S3Server
    prefix: str

    @property
    def address(self) -> str:
        return f"s3://{BUCKET}/{self.prefix}"

    def objects(self) -> dict[str, bytes]:
        """All objects, by the names that they have under the prefix."""
        files = self.server.files()
        begin = f"{BUCKET}/{self.prefix}/"
        paths = files.find(begin.rstrip("/"))
        return {path.removeprefix(begin): files.cat_file(path) for path in paths}

    def written_at(self) -> dict[str, Any]:
        """When each object was written."""
        return {
            path: details["LastModified"]
            for path, details in self.server.files()
            .find(f"{BUCKET}/{self.prefix}", detail=True)
            .items()
        }

    def replace(self, name: str, data: bytes | None) -> None:
        """Replace an object, or delete it."""
        path = f"{BUCKET}/{self.prefix}/{name}"
        if data is None:
            self.server.files().rm_file(path)
        else:
            self.server.files().pipe_file(path, data)

    def push(self, folder: Path) -> Result:
        words = ["push", NAME, self.address, "--endpoint", self.server.endpoint]
        return run("--archive", folder, *words)


def pull(folder: Path) -> Result:
    return run("--archive", folder, "pull", NAME)


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / SHARD / "warc").glob("*.warc.gz"))


def without_locks(folder: Path) -> dict[str, str]:
    return {path: each for path, each in digests(folder).items() if not path.endswith(".lock")}


def is_sentence(done: Result, code: int) -> bool:
    """Whether it ended with one line, and this exit code."""
    return (done.exit_code, done.stdout, done.stderr.count("\n")) == (code, "", 1)
