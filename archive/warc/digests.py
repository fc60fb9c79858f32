"""Digests as WARC writes them: SHA-1 in base32 as we do, and any other algorithm and spelling of
other programs, by its form."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

LABELLED = re.compile(r"([A-Za-z0-9_/-]{2,20})[:=](\S+)")
SIZES = {16: "md5", 20: "sha1", 28: "sha224", 32: "sha256", 48: "sha384", 64: "sha512"}
NAMES = {"sha": "sha1", "sha2256": "sha256", "sha2512": "sha512", "blake2": "blake2b"}
BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")


@dataclass(frozen=True, slots=True)
class Declared:
    """A digest that a record declares.

    Attributes:
        algorithm: a name that hashlib knows.
        value: the digest's bytes.
    """

    algorithm: str
    value: bytes

    def __str__(self) -> str:
        if self.algorithm == "sha1":
            return "sha1:" + base64.b32encode(self.value).decode("ascii")
        return f"{self.algorithm}:{self.value.hex()}"

    def new(self) -> hashlib._Hash:
        """A computation of such a digest."""
        if self.algorithm.startswith("blake2"):
            make = hashlib.blake2b if self.algorithm == "blake2b" else hashlib.blake2s
            return cast("hashlib._Hash", make(digest_size=len(self.value)))
        return hashlib.new(self.algorithm, usedforsecurity=False)


def declared(text: str) -> Declared | None:
    """A digest as a program wrote it: in base32, hexadecimal or base64, with or without its
    algorithm; None where that is not to be known from its form.

    Example:
        >>> str(declared("SHA-1:da39a3ee5e6b4b0d3255bfef95601890afd80709"))
        'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    match = LABELLED.fullmatch(text.strip())
    label, value = (match[1], match[2]) if match else ("", text.strip())
    name = re.sub(r"[^a-z0-9]", "", label.lower())
    name = NAMES.get(name, name)
    for data in _readings(value):
        algorithm = name or SIZES.get(len(data), "")
        if algorithm.startswith("blake2") and 0 < len(data) <= (64 if algorithm[6:] == "b" else 32):
            return Declared(algorithm, data) if algorithm in ("blake2b", "blake2s") else None
        if SIZES.get(len(data)) == algorithm:
            return Declared(algorithm, data)
    return None


def canonical(text: str) -> str:
    """A digest in one spelling, whatever a program wrote; as it is where it is not known."""
    return str(declared(text) or text)


def _readings(value: str) -> Iterator[bytes]:
    """What a text may be the spelling of, the likeliest first."""
    ways: list[Callable[[str], bytes]] = [bytes.fromhex, _base32, _base64]
    for way in ways:
        try:
            yield way(value)
        except (ValueError, binascii.Error):
            continue


def _base32(value: str) -> bytes:
    bare = value.upper().rstrip("=")
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


def _base64(value: str) -> bytes:
    if not BASE64.fullmatch(value):
        raise ValueError
    bare = value.rstrip("=")
    return base64.b64decode(
        bare + "=" * (-len(bare) % 4), altchars=b"-_" if re.search("[-_]", bare) else None
    )


def labelled(sha1: hashlib._Hash) -> str:
    """A digest with its algorithm, as WARC-Block-Digest and WARC-Payload-Digest have it.

    The form is `algorithm:value` (WARC 1.1, WARC-Block-Digest); base32 is the custom of the field.
    """
    return "sha1:" + base64.b32encode(sha1.digest()).decode("ascii")


def digest(data: bytes) -> str:
    """The labelled SHA-1 of some bytes.

    Example:
        >>> digest(b"")
        'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return labelled(hashlib.sha1(data))
