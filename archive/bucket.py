"""A place in a bucket of S3: objects by their names, and every refusal as a sentence.

Which key is used, and which server where none is given, is for the settings of AWS to say
(`AWS_ACCESS_KEY_ID`, `AWS_PROFILE`, `AWS_ENDPOINT_URL`, `~/.aws`); nothing of them is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.errors import StorageError, UsageError

INSTALL = "`pip install 'zhengwen[s3]'`"
PIECE = 8 * 2**20  # bytes that are read in one request
UPLOADED = 50 * 2**20  # bytes of a part of an upload; a file of two or more goes in parts
# Many servers know no checksums but those that S3 had until 2025.
# Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
CONFIG = {
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
ADDRESS = re.compile(r"s3://([0-9a-z][0-9a-z.\-]{2,62})/([^?#\\\x00-\x1f]*[^?#\\/\x00-\x1f])")


class Bucket:
    """The objects under a prefix of a bucket. Nothing is asked before a method is called.

    Args:
        address: such as `s3://library/thepaper-2031`.
        endpoint: address of the server, such as `https://s3.example.org`; None for what the
            settings of AWS say.

    Raises:
        UsageError: it is no such address; later, `zhengwen[s3]` is not installed.

    Example:
        >>> Bucket("s3://library/thepaper-2031").place("warc/a.warc.gz")
        's3://library/thepaper-2031/warc/a.warc.gz'
    """

    def __init__(self, address: str, endpoint: str | None = None) -> None:
        match = ADDRESS.fullmatch(address.rstrip("/"))
        if match is None or ".." in match[2].split("/"):
            raise UsageError(
                f"{address!r} is no address of a place in S3; write it as s3://BUCKET/PREFIX."
            )
        self.address, self.endpoint, self.name = match[0], endpoint, match[1]
        _require_server(endpoint)

    @cached_property
    def _files(self) -> Any:
        """The client, which remembers nothing of what it was answered."""
        try:
            from s3fs import S3FileSystem
        except ImportError as error:
            raise UsageError(f"Storing on S3 needs s3fs; run {INSTALL}.") from error
        return S3FileSystem(
            endpoint_url=self.endpoint,
            config_kwargs=CONFIG,
            use_listings_cache=False,
            skip_instance_cache=True,
        )

    def place(self, name: str) -> str:
        """The address of an object."""
        return f"{self.address}/{name}"

    def size(self, name: str) -> int | None:
        """The size of an object in bytes; None where there is none, or no such bucket.

        Raises:
            StorageError: the server cannot be asked, or refuses.
        """
        with self._as_sentences(name) as files:
            try:
                return int(files.info(self.place(name))["size"])
            except FileNotFoundError:
                return None

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of an object, some at a time.

        Raises:
            StorageError: they cannot be read.
        """
        size = self.size(name)
        for start in range(0, size or 0, PIECE):
            yield self.part(name, start, PIECE)

    def part(self, name: str, start: int, size: int) -> bytes:
        """A part of an object, in one request.

        Args:
            name: of the object.
            start: where it begins, in bytes; the object must be longer.
            size: its bytes; fewer come where the object ends before.

        Raises:
            StorageError: it cannot be read.
        """
        with self._as_sentences(name) as files:
            return bytes(files.cat_file(self.place(name), start=start, end=start + size))

    def read(self, name: str) -> bytes | None:
        """A small object; None where there is none. Raises StorageError where it cannot be read."""
        return None if self.size(name) is None else b"".join(self.pieces(name))

    def upload(self, path: Path, name: str) -> None:
        """Write a file as an object. Raises StorageError where that fails."""
        with self._as_sentences(name) as files:
            files.put_file(str(path), self.place(name), chunksize=UPLOADED)

    @contextmanager
    def _as_sentences(self, name: str) -> Iterator[Any]:
        files = self._files  # first: without it the next imports are missing too
        from aiohttp import ClientError as ConnectionBroken
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        server = self.endpoint or "the server of S3"
        try:
            yield files
        except NoCredentialsError as error:
            raise StorageError(
                f"There is no key for {self.address}",
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
            ) from error
        except FileNotFoundError as error:
            raise StorageError(
                f"There is no bucket {self.name} or no object {self.place(name)} at {server}",
                "make the bucket, or correct the address",
            ) from error
        except PermissionError as error:
            raise StorageError(
                f"{server} refuses this key for {self.place(name)} ({_line(error)})",
                "set another, or ask for the right to read and write there",
            ) from error
        except (BotoCoreError, ClientError, ConnectionBroken, OSError) as error:
            raise StorageError(
                f"{self.place(name)} cannot be reached at {server} ({_line(error)})",
                "see to the network and the address, and run this again: what is stored stays",
            ) from error


def _require_server(endpoint: str | None) -> None:
    parts = urlsplit(endpoint or "https://s3")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise UsageError(
            f"{endpoint!r} is no address of a server of S3; write it as https://HOST, without a "
            "key, which the settings of AWS have."
        )


def _line(error: Exception) -> str:
    """An error's message in one line."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
