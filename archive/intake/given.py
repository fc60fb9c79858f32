"""Which web archives a command line names: files, those in a folder, standard input."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import UsageError
from archive.warc.directory import shown_name, size_of
from archive.warc.imports import REMOVED, WORK

STANDARD_INPUT = "-"
SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz")
OWN = ("warc", WORK, REMOVED)  # the folders of an archive's own files
SEVERAL = "multi-wacz-package"  # `profile` of a package that names WACZ files
LARGEST_LIST = 16 * 2**20  # bytes of a `datapackage.json`


@dataclass(frozen=True, slots=True)
class Given:
    """One web archive to be imported.

    Attributes:
        name: its name without its folder, as text.
        path: the file; None for standard input.
    """

    name: str
    path: Path | None

    @property
    def size(self) -> int:
        """Its size in bytes, 0 for standard input."""
        return size_of(self.path) if self.path else 0


def given(paths: Iterable[str], archive: Path) -> list[Given]:
    """The web archives that some paths name, in order, each once.

    Args:
        paths: files, folders, `-` for standard input, or the `datapackage.json` of a package that
            names WACZ files next to it.
        archive: the folder of the archive, whose own files cannot be imported into it.

    Raises:
        UsageError: a path leads nowhere, or to a folder without web archives.

    Example:
        >>> [each.name for each in given(["crawls/2016"], Path("archive"))]
        ['data.wacz', 'heritrix-00000.arc.gz']
    """
    sources: dict[str, Given] = {}
    for path in paths:
        for source in _sources(path, archive):
            key = str(source.path.resolve()) if source.path else STANDARD_INPUT
            sources.setdefault(key, source)
    return list(sources.values())


def passed_over(paths: Iterable[str], archive: Path) -> list[str]:
    """What is in the folders among some paths and has no name of a web archive, so that it is not
    imported: each a path, and what cannot be listed.

    Args:
        paths, archive: as `given` takes them; the archive's own files are not counted.
    """
    unread: list[str] = []
    for path in map(Path, paths):
        if not path.is_dir():
            continue
        for file in _files(path, archive, unread):
            is_own = file.parent.resolve() == archive.resolve()
            if not _is_web_archive(file) and not is_own:
                unread.append(str(file))
    return unread


def _sources(path: str, archive: Path) -> Iterable[Given]:
    if path == STANDARD_INPUT:
        return [Given("standard input", None)]
    file = Path(path)
    if not file.exists():
        raise UsageError(f"There is no {path}; give a web archive or a folder of some.")
    if file.resolve().is_relative_to((archive / "warc").resolve()):
        raise UsageError(
            f"{path} is in the folder warc of the archive, which `zhengwen index` reads; move what "
            "is not read there out of it, then import that."
        )
    if file.is_dir():
        return _in_folder(file, archive)
    if file.suffix.lower() == ".json":
        return list(_named_in(file))
    if not file.is_file():
        raise UsageError(f"{path} is no file; give - to read from standard input.")
    return [Given(shown_name(file.name), file)]


def _in_folder(folder: Path, archive: Path) -> list[Given]:
    """The files in a folder and in those in it that are web archives by their names; not those of
    the archive itself, which may be in the folder too."""
    files = [
        Given(shown_name(file.name), file)
        for file in _files(folder, archive, [])
        if _is_web_archive(file)
    ]
    if not files:
        raise UsageError(
            f"{folder} holds no web archive: no name in it ends in one of {', '.join(SUFFIXES)}."
        )
    return files


def _is_web_archive(file: Path) -> bool:
    return file.name.lower().endswith(SUFFIXES)


def _files(folder: Path, archive: Path, unread: list[str]) -> Iterator[Path]:
    """The files in a folder and in those in it; folders that cannot be listed go to `unread`."""
    own = {(archive / name).resolve() for name in OWN}
    walk = os.walk(folder, onerror=lambda error: unread.append(str(error.filename)))
    for parent, folders, names in walk:
        folders[:] = sorted(each for each in folders if (Path(parent) / each).resolve() not in own)
        yield from (Path(parent) / name for name in sorted(names))


def _named_in(file: Path) -> Iterator[Given]:
    """The WACZ files that a package names, which are next to it."""
    no_package = UsageError(
        f"{file} is no web archive, and no `datapackage.json` that names WACZ files."
    )
    try:
        package = json.loads(file.read_bytes()[: LARGEST_LIST + 1])
    except (ValueError, RecursionError) as error:
        raise no_package from error
    if not isinstance(package, dict) or package.get("profile") != SEVERAL:
        raise no_package
    for path in paths_in(package):
        neighbour = file.parent / path
        if "://" in path or not neighbour.is_file():
            raise UsageError(
                f"{file} names {path}, which is not next to it; fetch that first, or give the "
                "files that are there."
            )
        yield Given(shown_name(neighbour.name), neighbour)


def paths_in(package: dict[str, object]) -> list[str]:
    """The paths of the resources of a `datapackage.json`."""
    resources = package.get("resources")
    listed = resources if isinstance(resources, list) else []
    return [str(each["path"]) for each in listed if isinstance(each, dict) and "path" in each]
