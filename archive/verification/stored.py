"""Checks of WARC files that are on S3 and not here: each is fetched, compared with what was sealed,
and checked as a file here is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.counting import counted
from archive.errors import StorageError
from archive.folder import SEAL
from archive.index.read_once import ReadOnce
from archive.verification.finding import Finding
from archive.warc.directory import RESTORE
from archive.warc.stored import FETCHED, StoredWarc

PUSH = "run `zhengwen push` where the shard is complete"


def check_reachable(files: Iterable[StoredWarc]) -> Iterator[Finding]:
    """Whether the places that have the files of an archive can be asked; nothing where they can.

    Args:
        files: those that are not here.
    """
    for stored in _by_place(files):
        try:
            stored[0].bucket.size(SEAL)
        except StorageError as error:
            names = counted(len(stored), "WARC file is", "WARC files are")
            wrong = f"{names} stored there, and no record was checked, as {error.wrong}"
            yield Finding(file=stored[0].remote, wrong=wrong, todo=error.todo)


def check_manifests(folder: Path, files: Iterable[StoredWarc]) -> Iterator[Finding]:
    """Whether the places count as stored: whether each has the manifest that is here.

    Args:
        folder: the archive.
        files: those that are not here.
    """
    path = folder / SEAL
    for stored in _by_place(files) if path.is_file() else ():
        data = stored[0].bucket.read(SEAL)
        if data != path.read_bytes():
            wrong = f"the manifest {'is not' if data is None else 'is another one'} there"
            yield Finding(file=f"{stored[0].remote}/{SEAL}", wrong=wrong, todo=PUSH)


def _by_place(files: Iterable[StoredWarc]) -> list[list[StoredWarc]]:
    places: dict[tuple[str, str | None], list[StoredWarc]] = {}
    for file in files:
        places.setdefault((file.remote, file.endpoint), []).append(file)
    return [*places.values()]


def check_stored(
    file: StoredWarc, check: Callable[[Path], Iterator[Finding]], once: ReadOnce | None = None
) -> Iterator[Finding]:
    """What is wrong with a file that is stored elsewhere.

    Args:
        file: which.
        check: says what is wrong with a file that is here.
        once: reads the rows of the file too, where it is as it was sealed.

    Raises:
        NotFetched: there is no room for it here.
    """
    with TemporaryDirectory(prefix=FETCHED) as work:
        path = Path(work) / file.name
        try:
            file.fetch(path)
        except StorageError as error:
            yield Finding(file=file.name, wrong=error.wrong, todo=error.todo)
            return
        is_sealed = file.is_in(path)
        if not is_sealed:
            wrong = f"{file} is not what the file was when it was sealed (SHA-256)"
            yield Finding(file=file.name, wrong=wrong, todo=RESTORE)
        yield from check(path)
        if once and is_sealed:
            once.read(file, path)
