"""`zhengwen save-fixture`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive.archive import Archive
from archive.cli.fixture import CAPTURE, EXPECTED, Row, as_text, captures_of, cut, expected, page_of
from archive.cli.of_collection import with_all_rows
from archive.cli.output import complain, say
from archive.errors import UsageError
from archive.platforms import Platforms

CASES = Path("tests", "platforms")


@click.command("save-fixture")
@click.argument("url")
@click.option("--case", help="Name of the case [default: the id of the article or account].")
@click.option(
    "--into",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the platforms' cases [default: tests/platforms of this checkout].",
)
@click.option("--force", is_flag=True, help="Replace a case of that name.")
@click.pass_obj
def save_fixture(folder: Path, url: str, case: str | None, into: Path | None, force: bool) -> None:
    """Cut the latest capture of a page out of the archive, as a test case of its platform.

    The case is a folder with capture.warc.gz, the exchanges as they were captured, and
    expected.json, what the platform's rules read from them now. For an account the case has its
    profile and its list. Review both before you publish them: expected.json may be wrong, and the
    requests in capture.warc.gz name you as the contact.
    """
    platforms = Platforms()
    into = into or _cases_of_checkout()
    with Archive(with_all_rows(folder)) as archive:
        page = page_of(archive, url, platforms)
        warc = cut(archive.warc_dir, captures_of(archive, page))
    case = case or _name(page)
    if not re.fullmatch(r"[\w-][\w.-]*", case):
        raise UsageError(f"{case!r} is no name for a case; give --case with letters and digits.")
    target = into / _platform(page, url, platforms) / case
    if target.exists() and not force:
        raise UsageError(f"{target} is there already; give another --case, or --force to replace.")
    with TemporaryDirectory() as name:
        fresh = Path(name)
        (fresh / CAPTURE).write_bytes(warc)
        values = expected(fresh, platforms)
        (fresh / EXPECTED).write_text(as_text(values), "utf-8")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(fresh, target)
    for path in sorted(target.iterdir()):
        say(str(path))
    if not any(values.values()):
        complain(
            "nothing is read from it yet; fill in the platform's rules, then save it "
            "again with --force."
        )


def _cases_of_checkout() -> Path:
    if not CASES.is_dir() or not Path("archive", "platforms").is_dir():
        raise UsageError(
            "Run this in a checkout of the project, where the test cases belong, or say with "
            "--into where to put the case."
        )
    return CASES


def _platform(page: Row, url: str, platforms: Platforms) -> str:
    """The name of the platform, which is one of the program: only these have test cases."""
    name = page["platform"]
    owner = platforms.of_url(url)
    if name in platforms:
        return str(name)
    if owner is None:
        raise UsageError(
            f"{url} belongs to no platform of the program; one that is described in TOML needs no "
            "test case, another begins with `zhengwen new-platform`."
        )
    return owner.name


def _name(page: Row) -> str:
    """The platform's own id of the article, else of the account, else what the page is."""
    if page["article_id"]:
        return str(page["article_id"]).partition("-")[2]
    return str(page["account_id"] or page["role"] or "page")
