"""`chain.jsonl`: a hash chain over the WARC files and runs of an archive, so that no later change
stays unseen.

A line for each finished WARC file, with its size and SHA-256, and one for each start of a crawl
that names the files it left. Each line holds the SHA-256 of the line before, so the last line's
digest, the head, stands for everything. It is what a key signs: `signatures/chain-<lines>.sig` is
an Ed25519 signature (RFC 8032) over the first <lines> lines, which anyone checks with

    head -n LINES chain.jsonl > lines && openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in
    lines -sigfile chain-LINES.sig
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.disk import sha256
from archive.errors import UsageError
from archive.warc.reader import warc_files

MAKE = "make one with openssl genpkey -algorithm ed25519"
NAME, SIGNATURES = "chain.jsonl", "signatures"
START = "0" * 64  # what the first line has for the digest of the line before


@dataclass(frozen=True, slots=True)
class Link:
    """One line: its number from 1, its bytes with the line break, and what it says."""

    number: int
    line: bytes
    said: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the line."""
        return hashlib.sha256(self.line).hexdigest()


def links(folder: Path) -> Iterator[Link]:
    """The lines of the chain, as they stand; one that is no JSON object says nothing."""
    path = folder / NAME
    for number, line in enumerate(
        path.read_bytes().splitlines(keepends=True) if path.exists() else [], 1
    ):
        try:
            said = json.loads(line)
        except ValueError:
            said = {}
        yield Link(number, line, said if isinstance(said, dict) else {})


def extend(folder: Path, warc_dir: Path | None = None, run: dict[str, Any] | None = None) -> None:
    """Add the finished WARC files that the chain does not name, and then the run, if there is one.
    The archive must be held.

    A kill between two files leaves a whole chain of the first; the next call goes on. A file that
    the chain names is not looked at again: whether it is as it was is for `zhengwen verify` to say.
    """
    _mend(folder)
    held = list(links(folder))
    known = {link.said.get("name") for link in held}
    last = held[-1].digest if held else START
    fresh = [path for path in warc_files(warc_dir or folder / "warc") if path.name not in known]
    for path in fresh:
        last = _append(
            folder,
            {
                "kind": "warc",
                "name": path.name,
                "size": path.stat().st_size,
                "sha256": sha256(path),
            },
            last,
        )
    if run is not None:
        _append(folder, {"kind": "run", **run, "warcs": [path.name for path in fresh]}, last)


def _mend(folder: Path) -> None:
    """Cut off a last line that a kill left without its end."""
    path = folder / NAME
    if path.exists() and (data := path.read_bytes()) and not data.endswith(b"\n"):
        os.truncate(path, data.rfind(b"\n") + 1)


def _append(folder: Path, entry: dict[str, Any], last: str) -> str:
    line = line_of({**entry, "previous": last})
    descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return hashlib.sha256(line).hexdigest()


def line_of(said: dict[str, Any]) -> bytes:
    """The line for an entry, with a digest of its own, so that a change in the last line shows
    too."""
    bare = {name: value for name, value in said.items() if name != "line_sha256"}
    own = hashlib.sha256(json.dumps(bare, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return (
        json.dumps({**bare, "line_sha256": own}, ensure_ascii=False, sort_keys=True).encode()
        + b"\n"
    )


def lines_signed(signature: Path) -> int | None:
    """How many lines a signature says, by its name, that it signs."""
    said = signature.stem.removeprefix("chain-")
    return int(said) if said.isascii() and said.isdigit() else None


def sign(folder: Path, key_file: Path) -> Path:
    """Sign the chain as it stands with an Ed25519 key (PEM). Returns the signature's path; the
    public key lies beside it."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"{key_file} is no readable PEM key without a password ({error}); {MAKE}."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{key_file} is no Ed25519 key; {MAKE}.")
    held = list(links(folder))
    if not held:
        raise UsageError(f"{folder} has no {NAME} yet; run `zhengwen index` first.")
    target = folder / SIGNATURES / f"chain-{held[-1].number:06}.sig"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(key.sign(b"".join(link.line for link in held)))
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (target.parent / "key.pub").write_bytes(public)
    return target
