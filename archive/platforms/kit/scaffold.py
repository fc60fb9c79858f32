"""`zhengwen new-platform NAME URL`: the file of a platform to fill in, its fixture folder, and a
test that fails until then."""

from __future__ import annotations

import re
from pathlib import Path

from archive import platforms
from archive.errors import UsageError
from archive.page.urls import urlsplit

PLATFORM = '''"""{host}: say here what its addresses are, how its list ends, and where the facts come from."""

from __future__ import annotations

import re

from archive.platforms.kit import feeds
from archive.general import rules as general
from archive.model import Account
from archive.page.page import Page
from archive.platform import About, Address, Ask, Listing, Platform, Rules
from archive.general.refusals import nothing_more
from archive.page.urls import urlsplit

ARTICLE = re.compile(r"/article/(\\d+)\\.html$")  # the article's own id in parentheses
LIST = re.compile(r"/list/(\\w+)/?$")  # the account's own id


def locate(url: str) -> Address | None:
    """Articles and accounts, each under its canonical address."""
    path = urlsplit(url).path
    if found := ARTICLE.search(path):
        return Address(role="article", id=found[1], url=f"https://{host}{{path}}")
    return Address(role="account", id=found[1], url=f"https://{host}{{path}}") if (found := LIST.search(path)) else None


def listing(account: Account) -> Ask:
    """The first page of an account's list."""
    return Ask(url=account.url)


def discover(page: Page) -> Listing:
    """Its articles and its next page; `Unreadable` where the answer has another shape."""
    place = locate(page.url)
    account = Account(platform="{name}", account_id=place.id if place else "", url=page.url)
    return feeds.read_list(page, locate, lambda host: host == "{host}", account)


PLATFORM = Platform(
    name="{name}",
    title="{host}",
    hosts=frozenset({{"{host}"}}),
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="{name}", fits=lambda page: True, read=general.read),),
    about=About(accounts="`/list/<id>`", articles="`/article/<id>.html`", gone="404", tested="not yet"),
)
'''

TEST = '''"""{name}, from its list to its articles. Fill in addresses, then write the fixture with `python -m tests.fixtures`."""

from __future__ import annotations

from archive import platforms

PLATFORM = platforms.load()["{name}"]


def test_the_address_that_it_was_begun_with() -> None:
    address = PLATFORM.locate("{url}")

    assert address is not None, "locate() does not know {url} yet"
    assert address.role in ("article", "account")
'''


def begin(name: str, url: str, checkout: Path) -> list[Path]:
    """Write the files of a new platform into a checkout; returns what was written. Raises
    UsageError, and then writes nothing."""
    host = urlsplit(url).hostname
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        raise UsageError(
            f"{name!r} is no name for a platform; use small letters and digits, such as xinmin."
        )
    if not host or not re.fullmatch(r"[\w.-]+", host):
        raise UsageError(f"{url!r} is not a URL; give the whole address of an article or account.")
    if name in platforms.load():
        raise UsageError(f"There is a platform {name} already; choose another name.")
    if not (checkout / "tests" / "platforms").is_dir():
        raise UsageError(
            "Run this in a checkout of the project: the file, its fixture and its test belong "
            "there."
        )
    folder = checkout / "tests" / "platforms" / name
    written = {
        checkout / "archive" / "platforms" / f"{name}.py": PLATFORM.format(name=name, host=host),
        checkout / "tests" / f"test_{name}.py": TEST.format(name=name, url=url),
    }
    if taken := [path for path in (*written, folder) if path.exists()]:
        raise UsageError(f"{taken[0]} is there already; nothing was written.")
    folder.mkdir()
    for path, text in written.items():
        path.write_text(text, "utf-8")
    return [*written, folder]
