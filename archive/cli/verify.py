"""`zhengwen verify` and `zhengwen sign`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from archive.cli.output import dumped
from archive.errors import UsageError
from archive.folder import package_of
from archive.lock import Lock
from archive.platforms import of_archive
from archive.verification.archive import check_archive
from archive.verification.package import check_package
from archive.warc import signing


@click.command()
@click.option(
    "--package",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Check this package instead.",
)
@click.option(
    "--quick",
    is_flag=True,
    help="Do not make the database again from the WARC files to compare the two.",
)
@click.option("--json", "json_", is_flag=True, help="One JSON value a line.")
@click.pass_obj
def verify(folder: Path, package: Path | None, quick: bool, json_: bool) -> None:
    """Check every byte of an archive: WARC files, hash chain, database, full-text index. Exit code
    3 if something is wrong.

    Each finding names file, offset, record and what to do.
    """
    if not package and not folder.is_dir():
        raise UsageError(f"There is no folder {folder}; give another with --archive.")
    if not package and (handed := package_of(folder)):
        raise UsageError(
            f"{folder} belongs to a package; run `zhengwen verify --package {handed}`."
        )
    done = 0
    found = (
        check_package(package, progress=_bar())
        if package
        else check_archive(folder, of_archive(folder), quick=quick, workers=None, progress=_bar())
    )
    for finding in found:
        done += 1
        click.echo(dumped(asdict(finding)) if json_ else str(finding))
    if quick and not package:
        click.echo(
            "zhengwen: the database was not compared with one made anew (--quick).", err=True
        )
    if done:
        raise SystemExit(3)


@click.command()
@click.option(
    "--key",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Ed25519 key in PEM.",
)
@click.pass_obj
def sign(folder: Path, key: Path) -> None:
    """Sign the hash chain of the archive as it stands now.

    openssl genpkey -algorithm ed25519 -out key.pem makes a key. The signature and the public key
    go into `signatures`.
    """
    with Lock(folder):
        click.echo(str(signing.sign(folder, key)))


def _bar() -> Callable[[int], None]:
    """Says on a terminal how much of the WARC is read."""
    done = 0

    def progress(size: int) -> None:
        nonlocal done
        done += size
        if sys.stderr.isatty():
            click.echo(f"\rchecked {done / 1e6:.1f} MB of WARC", nl=False, err=True)

    return progress
