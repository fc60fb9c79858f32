"""`zhengwen extract`: the extractor alone, without an archive."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive import extraction
from archive.cli.options import with_settings
from archive.cli.output import say_json
from archive.cli.program import Program
from archive.errors import UsageError
from archive.model import Article
from archive.platforms import Platforms, of_archive

# What begins otherwise than any page; https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern
OTHERS = {
    b"%PDF-": "a PDF",
    b"\x89PNG\r\n": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"PK\3\4": "a zip file, as those of Word and Excel are,",
    b"\x1f\x8b\x08": "a gzip file",
    b"WARC/": "a WARC file",
    b"SQLite format 3": "a database",
}
SCHEMES = ("http://", "https://")
# Where a page says its address: in the tags `link` and `meta`, of which each is read once.
TAG = re.compile(rb"<(?:link|meta)\s[^<>]*+", re.I)
NAMES_ADDRESS = re.compile(
    rb"\srel\s*+=\s*+[\"']?canonical\b|\sproperty\s*+=\s*+[\"']?og:url\b", re.I
)
ADDRESS_WITHOUT_SCHEME = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}/", re.I)
ADDRESS = re.compile(rb"\s(?:href|content)\s*+=\s*+[\"']?(https?://[^\"'\s>]++)", re.I)


@click.command("extract")
@click.argument("page", metavar="FILE|URL|-")
@click.option(
    "--url", help="The address that the page was saved from [default: what the page says]."
)
@with_settings("A setting for fetching a URL, as in crawl.")
@click.pass_context
def extract(context: click.Context, page: str, url: str | None, settings: tuple[str, ...]) -> None:
    """Print the article of one page as JSON; no archive is needed. Exit code 1 if the page holds
    none."""
    headers: Mapping[str, str] = {}
    if url is not None and not url.lower().startswith(SCHEMES):
        raise UsageError(f"--url is {url!r}; give the full address, with http:// or https://.")
    if page.lower().startswith(SCHEMES):
        program = context.find_root().command
        if not isinstance(program, Program) or program.fetch is None:
            raise UsageError(
                "To fetch a page use the program zhengwen; python -m archive reads files only."
            )
        body, url, headers = program.fetch(page, context.obj, settings)
    else:
        body = _read(page)
    is_article, value = article_of(body, url, headers, platforms=of_archive(context.obj))
    say_json(value)
    if not is_article:
        context.exit(1)


def _own_address(body: bytes) -> bytes | None:
    tags = (tag[0] for tag in TAG.finditer(body) if NAMES_ADDRESS.search(tag[0]))
    return next((address[1] for tag in tags if (address := ADDRESS.search(tag))), None)


def _read(page: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    try:
        body = sys.stdin.buffer.read() if page == "-" else Path(page).read_bytes()
        if other := next((kind for sign, kind in OTHERS.items() if body.startswith(sign)), None):
            raise UsageError(f"{page} is {other} and no page; give a file of HTML or JSON.")
        return body
    except OSError as error:
        todo = "give a file, a URL, or - for standard input."
        if ADDRESS_WITHOUT_SCHEME.match(page):
            todo = f"if it is an address, write https://{page}."
        raise UsageError(f"{page} cannot be read ({error.strerror}); {todo}") from error


def article_of(
    body: bytes, url: str | None, headers: Mapping[str, str] | None = None, *, platforms: Platforms
) -> tuple[bool, dict[str, Any]]:
    """Read the article of a page.

    Args:
        body: the page's bytes.
        url: where it is from; None: the canonical address that the page gives, where it does.
        headers: of the HTTP response, where they are known.
        platforms: those by whose rules the page may be read.

    Returns:
        Whether the page has an article, and the article or the reason as a JSON value.

    Raises:
        UsageError: there are no bytes.
    """
    if not body:
        raise UsageError("The page is empty; give a file with the page's HTML.")
    own = _own_address(body)
    result = extraction.extract(
        body,
        url or (own.decode("ascii", "replace") if own else ""),
        headers=headers,
        platforms=platforms,
    )
    if isinstance(result, Article):
        return True, {"id": result.id, **asdict(result)}
    return False, asdict(result)
