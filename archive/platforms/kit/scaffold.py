"""`zhengwen new-platform NAME URL`: the file of a platform to fill in, its fixture folder, and a
test that fails until then."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

from archive.errors import UsageError
from archive.page.urls import urlsplit

PLATFORM = """\"\"\"{host}: its addresses, how its list ends, and where these facts come from.\"\"\"

from __future__ import annotations

import re

from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import About, Address, Ask, Listing, Platform, Rules
from archive.platforms.kit import feeds

HOST = "{host}"
ARTICLE = re.compile(r"/article/(\\d+)\\.html$")  # the article's own id in parentheses
LIST = re.compile(r"/list/(\\w+)/?$")  # the account's own id


def locate(url: str) -> Address | None:
    \"\"\"Articles and accounts, each under its canonical address.\"\"\"
    path = urlsplit(url).path
    if article := ARTICLE.search(path):
        return Address(role="article", id=article[1], url=f"https://{{HOST}}{{path}}")
    if account := LIST.search(path):
        return Address(role="account", id=account[1], url=f"https://{{HOST}}{{path}}")
    return None


def listing(account: Account) -> Ask:
    \"\"\"The first page of an account's list.\"\"\"
    return Ask(url=account.url)


def discover(page: Page) -> Listing:
    \"\"\"Its articles and its next page; `Unreadable` where the answer has another shape.\"\"\"
    address = locate(page.url)
    account = Account(
        platform=PLATFORM.name,
        account_id=address.id if address else "",
        url=page.url,
    )
    return feeds.read_list(page, locate, lambda host: host == HOST, account)


PLATFORM = Platform(
    name="{name}",
    title=HOST,
    hosts=frozenset({{HOST}}),
    locate=locate,
    listing=listing,
    discover=discover,
    refusal=nothing_more,
    rules=(Rules(name="{name}", fits=lambda page: True, read=general.read),),
    about=About(
        accounts="`/list/<id>`",
        articles="`/article/<id>.html`",
        gone="404",
        tested="not yet",
    ),
)
"""

TEST = """\"\"\"{name}: its addresses, and that it has a fixture, as
`zhengwen save-fixture URL` cuts one out of an archive.\"\"\"

from __future__ import annotations

from archive import platforms
from tests.conftest import ROOT

URL = "{url}"


def test_the_first_address_is_known() -> None:
    address = platforms.load()["{name}"].locate(URL)

    assert address is not None, f"locate() does not know {{URL}} yet"
    assert address.role in ("article", "account")


def test_there_is_a_fixture() -> None:
    cases = sorted((ROOT / "tests" / "platforms" / "{name}").glob("*/expected.json"))

    assert cases, f"there is no fixture yet; zhengwen save-fixture {{URL}} makes one"
"""


def begin(name: str, url: str, checkout: Path, known: Container[str]) -> list[Path]:
    """Writes the files of a new platform.

    Args:
        name: of the platform and its file: small letters and digits.
        url: the full address of one of its articles or accounts.
        checkout: the folder of the project's sources.
        known: the names of the platforms that there are.

    Returns:
        The files and the folder that were written.

    Raises:
        UsageError: says which argument is wrong; nothing was written.
    """
    host = urlsplit(url).hostname
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        raise UsageError(
            f"{name!r} is no name for a platform; use small letters and digits, such as xinmin."
        )
    if not host or not re.fullmatch(r"[\w.-]+", host):
        raise UsageError(f"{url!r} is not a URL; give the full address of an article or account.")
    if name in known:
        raise UsageError(f"There is a platform {name} already; choose another name.")
    if not (checkout / "tests" / "platforms").is_dir():
        raise UsageError(
            "Run this in a checkout of the project: the file, its fixture and its test belong "
            "there."
        )
    folder = checkout / "tests" / "platforms" / name
    written = {
        checkout / "archive" / "platforms" / f"{name}.py": PLATFORM.format(name=name, host=host),
        folder.with_name(f"test_{name}.py"): TEST.format(name=name, url=url),
    }
    if taken := [path for path in (*written, folder) if path.exists()]:
        raise UsageError(f"{taken[0]} is there already; nothing was written.")
    folder.mkdir()
    for path, text in written.items():
        path.write_text(text, "utf-8")
    return [*written, folder]
