"""Ed25519 signatures (RFC 8032) over the hash chain: `signatures/chain-LINES.sig` signs the first
LINES lines of `chain.jsonl`, and `signatures/key.pub` is the public key.

Anyone checks one by hand:

    head -n LINES chain.jsonl > lines
    openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in lines -sigfile chain-LINES.sig
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archive.counting import counted
from archive.disk import write_completely
from archive.errors import SignatureError, UsageError
from archive.warc.chain import CHAIN, Link, links

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGNATURES = "signatures"
PUBLIC_KEY = "key.pub"
MAKE_KEY = "make one with openssl genpkey -algorithm ed25519"


def sign(folder: Path, key_file: Path) -> Path:
    """Sign all lines that the chain of an archive has now.

    The public key is written next to the signature.

    Args:
        folder: the archive; the caller has its lock.
        key_file: an Ed25519 private key in PEM, without a password.

    Returns:
        The path of the signature.

    Raises:
        UsageError: for another kind of key, and where there is no chain yet.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        data = key_file.read_bytes()
    except OSError as error:
        raise UsageError(f"{key_file} cannot be read ({error.strerror}); {MAKE_KEY}.") from error
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{key_file} is no key in PEM without a password; {MAKE_KEY}.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{key_file} is no Ed25519 key; {MAKE_KEY}.")
    chain = list(links(folder))
    if not chain:
        raise UsageError(f"{folder} has no {CHAIN} yet; run `zhengwen index` first.")
    signature = folder / SIGNATURES / f"chain-{chain[-1].number:06}.sig"
    signature.parent.mkdir(exist_ok=True)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    write_completely(signature.with_name(PUBLIC_KEY), public)
    write_completely(signature, key.sign(_lines(chain)))
    return signature


def check(signature: Path, chain: Sequence[Link]) -> None:
    """Check a signature against the lines that it names, with the public key next to it.

    Args:
        signature: a file whose name says how many lines it signs.
        chain: the lines of the chain, from the first.

    Raises:
        SignatureError: where the key is missing, damaged or no Ed25519 key, and where the lines or
            the signature were changed. The message has neither a file name in front nor a full
            stop.
    """
    from cryptography.exceptions import InvalidSignature

    key = _public_key(signature.with_name(PUBLIC_KEY))
    number = lines_signed(signature)
    try:
        key.verify(_bytes(signature), _lines(chain[:number]))
    except OSError as error:
        raise SignatureError(f"it cannot be read ({error})") from error
    except InvalidSignature as error:
        lines = "lines" if number is None else counted(number, "line")
        raise SignatureError(f"it does not sign the first {lines} of {CHAIN}") from error


def _public_key(path: Path) -> Ed25519PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_bytes(path))
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError(f"its key {PUBLIC_KEY} cannot be read ({error})") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SignatureError(f"its key {PUBLIC_KEY} is no Ed25519 key")
    return key


def _bytes(path: Path) -> bytes:
    """The bytes of a regular file: a pipe in its place would never end. Raises OSError."""
    if path.exists() and not path.is_file():
        raise OSError(f"{path.name} is no file")
    return path.read_bytes()


def _lines(chain: Sequence[Link]) -> bytes:
    return b"".join(link.line for link in chain)


def lines_signed(signature: Path) -> int | None:
    """How many lines a signature signs, by its name; None for another name.

    Example:
        >>> lines_signed(Path("signatures/chain-000012.sig"))
        12
    """
    number = signature.stem.removeprefix("chain-")
    return int(number) if number.isascii() and number.isdigit() else None
