"""SHA-1 as WARC writes it: the digest that all WARC tools know."""

from __future__ import annotations

import base64
import hashlib


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
