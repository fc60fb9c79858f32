"""The chain of an archive or a package: every link, every file that it names, every signature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.disk import sha256
from archive.verification.finding import RESTORE, Finding
from archive.warc.chain import NAME, SIGNATURES, START, Link, line_of, lines_signed, links
from archive.warc.reader import warc_files


def check_chain(folder: Path, warc_dir: Path, *, whole: bool = True) -> Iterator[Finding]:
    """`whole`: every finished file must be in the chain and every file of the chain there, as in
    an archive; a package may hold a part of the files, or parts of them, which then have other
    names."""
    held = list(links(folder))
    files = {path.name: path for path in warc_files(warc_dir)}
    if not held:
        if files and whole:
            yield Finding(
                file=NAME,
                wrong="there is no chain over the WARC files",
                todo="run `zhengwen index`, which begins one",
            )
        return
    yield from _links(held)
    yield from _files(held, files, whole)
    yield from _signatures(folder, held)


def _links(held: list[Link]) -> Iterator[Finding]:
    last = START
    for link in held:
        if link.said.get("previous") != last:
            wrong = f"line {link.number} does not follow the line before it: one of the two was changed, or lines were taken out"
            yield Finding(file=NAME, record=f"line {link.number}", wrong=wrong, todo=RESTORE)
        elif line_of(link.said) != link.line:
            yield Finding(
                file=NAME,
                record=f"line {link.number}",
                wrong=f"line {link.number} was changed",
                todo=RESTORE,
            )
        last = link.digest


def _files(held: list[Link], files: dict[str, Path], whole: bool) -> Iterator[Finding]:
    named = {
        str(link.said.get("name")): link.said for link in held if link.said.get("kind") == "warc"
    }
    for name, said in named.items():
        if name not in files and whole:
            yield Finding(
                file=name, wrong="the chain names the file and it is not there", todo=RESTORE
            )
        elif name in files and (
            files[name].stat().st_size != said.get("size")
            or sha256(files[name]) != said.get("sha256")
        ):
            yield Finding(
                file=name,
                wrong="the file is not what it was when it was closed (SHA-256)",
                todo=RESTORE,
            )
    for name in sorted(files.keys() - named.keys()) if whole else ():
        yield Finding(
            file=name,
            wrong="the file is not in the chain",
            todo="run `zhengwen index`, which adds it",
        )


def _signatures(folder: Path, held: list[Link]) -> Iterator[Finding]:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    public = folder / SIGNATURES / "key.pub"
    for path in sorted((folder / SIGNATURES).glob("chain-*.sig")):
        shown = f"{SIGNATURES}/{path.name}"
        number = lines_signed(path)
        if number is None:
            yield Finding(
                file=shown, wrong="its name does not say how many lines it signs", todo=RESTORE
            )
            continue
        try:
            key = load_pem_public_key(public.read_bytes())
            assert isinstance(key, Ed25519PublicKey)
            key.verify(path.read_bytes(), b"".join(link.line for link in held[:number]))
        except (OSError, ValueError, UnsupportedAlgorithm, AssertionError) as error:
            yield Finding(file=shown, wrong=f"its key cannot be read ({error})", todo=RESTORE)
        except InvalidSignature:
            yield Finding(
                file=shown,
                wrong=f"it does not sign the first {number} lines of {NAME}",
                todo=RESTORE,
            )
        if number > len(held):
            yield Finding(
                file=NAME,
                wrong=f"lines were taken out: {shown} signs {number}, here are {len(held)}",
                todo=RESTORE,
            )
