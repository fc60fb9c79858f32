"""Checks of the hash chain of an archive or a package: every line, every file that it names, every
signature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.counting import counted
from archive.errors import ArchiveError, SignatureError
from archive.verification.finding import DATABASE, Finding
from archive.warc import signing
from archive.warc.chain import (
    CHAIN,
    RESTORE_CHAIN,
    Link,
    accepted_files,
    holds,
    line_of,
    links,
    named_files,
)
from archive.warc.chain_state import START, ChainState, state_at_begin
from archive.warc.directory import RESTORE
from archive.warc.stored import WarcFile, all_files, sha256_of, size_of


def check_chain(
    folder: Path,
    warc_dir: Path,
    *,
    reachable: bool = True,
    known: ChainState | None = None,
    complete: bool = True,
) -> Iterator[Finding]:
    """What is wrong with the chain.

    Args:
        folder: where `chain.jsonl` is.
        warc_dir: the WARC files that it is about.
        reachable: whether those that are stored elsewhere can be read there.
        known: how it stood, as the database says; None where that is not known.
        complete: every finished file must be in the chain and every file of the chain in the
            folder, as in an archive. A package may hold some of the files, or parts of them, which
            then have other names.
    """
    try:
        chain = list(links(folder))
    except ArchiveError:
        yield Finding(file=CHAIN, wrong="it is no file", todo=RESTORE_CHAIN)
        return
    files = {file.name: file for file in all_files(warc_dir)}
    read = {name: file for name, file in files.items() if reachable or isinstance(file, Path)}
    lost = list(_check_states(chain, read if complete else {}, known))
    yield from lost
    if not chain:
        if files and complete and not lost:
            yield Finding(
                file=CHAIN,
                wrong="there is no chain over the WARC files",
                todo="run `zhengwen index`, which begins one",
            )
        return
    yield from _check_lines(chain)
    yield from _check_files(chain, files)
    if complete:
        yield from _check_sets(chain, files)
    yield from _check_signatures(folder, chain)


def _check_states(
    chain: list[Link], files: dict[str, WarcFile], known: ChainState | None
) -> Iterator[Finding]:
    """Whether the chain has all lines that it had when the database, and each file, took note of
    them."""
    accepted = accepted_files(chain)
    states = [(DATABASE, known)] if known else []
    for name, path in files.items():
        if name not in accepted and (state := state_at_begin(path)):
            states.append((name, state))
    lost = [(name, state) for name, state in states if not holds(chain, state)]
    if not lost:
        return
    name, state = max(lost, key=lambda pair: pair[1].lines)
    others = f" (and {counted(len(lost) - 1, 'other file')})" if len(lost) > 1 else ""
    has = (
        f"it has {len(chain)}" if len(chain) < state.lines else f"line {state.lines} is another one"
    )
    wrong = f"{name}{others} knows {counted(state.lines, 'line')} of the chain, and {has}"
    yield Finding(file=CHAIN, record=f"line {state.lines}", wrong=wrong, todo=RESTORE_CHAIN)


def _check_lines(chain: list[Link]) -> Iterator[Finding]:
    previous = START
    for link in chain:
        line = f"line {link.number}"
        if link.entry.get("previous") != previous:
            wrong = (
                f"{line} does not follow the line before it: one of the two was changed, or lines "
                "were taken out"
            )
            yield Finding(file=CHAIN, record=line, wrong=wrong, todo=RESTORE)
        elif line_of(link.entry) != link.line:
            yield Finding(file=CHAIN, record=line, wrong=f"{line} was changed", todo=RESTORE)
        previous = link.digest


def _check_files(chain: list[Link], files: dict[str, WarcFile]) -> Iterator[Finding]:
    for name, entry in named_files(chain).items():
        file = files.get(name)
        if file and (size_of(file) != entry.get("size") or sha256_of(file) != entry.get("sha256")):
            wrong = "the file is not what it was when it was closed (SHA-256)"
            yield Finding(file=name, wrong=wrong, todo=RESTORE)


def _check_sets(chain: list[Link], files: dict[str, WarcFile]) -> Iterator[Finding]:
    names = named_files(chain).keys()
    for name in sorted(names - files.keys()):
        yield Finding(file=name, wrong="the chain names the file and it is missing", todo=RESTORE)
    for name in sorted(files.keys() - names):
        yield Finding(
            file=name,
            wrong="the file is not in the chain",
            todo="run `zhengwen index`, which adds it if it can be read",
        )


def _check_signatures(folder: Path, chain: list[Link]) -> Iterator[Finding]:
    for path in sorted((folder / signing.SIGNATURES).glob("chain-*.sig")):
        shown = f"{signing.SIGNATURES}/{path.name}"
        number = signing.lines_signed(path)
        if number is None:
            wrong = "its name does not say how many lines it signs"
            yield Finding(file=shown, wrong=wrong, todo=RESTORE)
            continue
        try:
            signing.check(path, chain)
        except SignatureError as error:
            yield Finding(file=shown, wrong=str(error), todo=RESTORE)
        if number > len(chain):
            wrong = f"lines were taken out: {shown} signs {number}, and there are {len(chain)}"
            yield Finding(file=CHAIN, wrong=wrong, todo=RESTORE)
