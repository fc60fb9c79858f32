"""Platforms that a user describes in a few lines of TOML: any site with a feed, a sitemap or a
list page.

    name = "yunxi"                       # letters and digits; begins the ids of its articles
    title = "云溪新闻网"
    hosts = ["www.yunxi.example"]        # ".yunxi.example" means all its hosts
    article = '/news/(\\d+)\\.html$'     # a pattern of article addresses; its group is the
                                         # article's own id
    noise = ["chan"]                     # optional: parameters of addresses that name nothing
    [lists]                              # what can be followed: RSS, Atom, sitemap, list page
    notices = "https://www.yunxi.example/rss.xml"
    [lists.news]                         # or what the site loads as JSON; see `JsonList`
    url = "https://www.yunxi.example/news/"
    json = "https://www.yunxi.example/api/list?page={page}"
    entries = "data.list"
    address = "url"
    [selectors]                          # optional XPath; see `Selectors` for all of them
    body = "//div[@id='text']"

The files are in the folder `platforms` of the archive, or in $ZHENGWEN_PLATFORMS.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from lxml import etree

from archive.errors import UsageError, suggestion
from archive.general import rules as general
from archive.general.refusals import nothing_more
from archive.model import Account
from archive.page.page import Page
from archive.page.urls import urlsplit
from archive.platform import Address, Ask, Listing, Platform, Reading, Rules
from archive.platforms.kit import feeds
from archive.platforms.kit.lists.load_more import (
    CURSOR,
    NUMBER,
    JsonList,
    followed_by_json,
    read_json_page,
)
from archive.platforms.kit.noise import without_noise
from archive.platforms.kit.selectors import Selectors, reader

KEYS = {
    "name": str,
    "title": str,
    "hosts": list,
    "article": str,
    "noise": list,
    "lists": dict,
    "selectors": dict,
}
OPTIONAL = ("noise", "selectors")
HOST = re.compile(r"\.?[\w-]+(\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Description:
    """A TOML file as it was read: its bytes decide the rules, and its path is for messages."""

    path: Path
    data: bytes

    @classmethod
    def read(cls, path: Path) -> Description:
        """Read one file. Raises UsageError where it cannot be read."""
        try:
            return cls(path, path.read_bytes())
        except OSError as error:
            raise UsageError(f"{path} cannot be read ({error.strerror}).") from error


def read_all(folder: Path) -> tuple[Description, ...]:
    """The descriptions in a folder, in the order of their files' names."""
    return tuple(Description.read(path) for path in sorted(folder.glob("*.toml")))


def described(description: Description) -> Platform:
    """Make the platform of a description.

    Args:
        description: a TOML file with the keys above.

    Raises:
        UsageError: names file and key of a description that cannot be used.
    """
    path = description.path
    try:
        keys = tomllib.loads(description.data.decode("utf-8"))
    except ValueError as error:
        raise UsageError(f"{path} cannot be read as TOML ({error}).") from error
    _check(path, keys)
    return _platform(
        keys,
        _pattern(path, keys["article"]),
        reader(_selectors(path, keys["selectors"])) if keys.get("selectors") else general.read,
    )


def _platform(
    keys: dict[str, Any], pattern: re.Pattern[str], read: Callable[[Page], Reading]
) -> Platform:
    layouts: dict[str, JsonList] = {
        name: JsonList(**value) for name, value in keys["lists"].items() if isinstance(value, dict)
    }
    lists: dict[str, str] = {
        name: value if isinstance(value, str) else value["url"]
        for name, value in keys["lists"].items()
    }

    def locate(url: str) -> Address | None:
        clean = url.partition("#")[0]
        if name := next((name for name, address in lists.items() if address == clean), None):
            return Address(role="account", id=name, url=clean)
        for address in (without_noise(clean, keys.get("noise", ())), clean):
            end = len(address) if "?" in keys["article"] else len(address.partition("?")[0])
            if match := pattern.search(address[:end]):
                return Address(role="article", id=match[1], url=address)
        return None

    def own(host: str) -> bool:
        return bool(platform.owns(host))

    def discover(page: Page) -> Listing:
        for name, layout in layouts.items():
            account = Account(platform=keys["name"], account_id=name, url=layout.url)
            value = layout.value_of(page)
            if value is not None:
                return read_json_page(page, layout, value, locate, own, account)
            if page.url == layout.url:
                return followed_by_json(feeds.read_list(page, locate, own, account), layout)
        # A page after the first has another address than its list, and does not show which it is.
        name = next((name for name, address in lists.items() if address == page.url), "")
        account = Account(platform=keys["name"], account_id=name, url=page.url)
        return feeds.read_list(page, locate, own, account)

    def listing(account: Account) -> Ask:
        layout = layouts.get(account.account_id)
        if layout and not layout.begins_with_page:
            return layout.ask(layout.first_value)
        return Ask(url=lists.get(account.account_id, account.url))

    platform = Platform(
        name=keys["name"],
        title=keys["title"],
        hosts=frozenset(keys["hosts"]),
        locate=locate,
        listing=listing,
        discover=discover,
        refusal=nothing_more,
        rules=(Rules(name=keys["name"], fits=lambda page: True, read=read),),
    )
    return platform


def _check(path: Path, keys: dict[str, Any]) -> None:
    _check_keys(path, keys)
    if not re.fullmatch(r"[a-z][a-z0-9]*", keys["name"]):
        raise UsageError(f"{path}: name {keys['name']!r} must be small letters and digits.")
    if not keys["hosts"] or not all(
        isinstance(host, str) and HOST.fullmatch(host) for host in keys["hosts"]
    ):
        raise UsageError(f'{path}: hosts must be names such as "www.yunxi.example".')
    for name, value in keys["lists"].items():
        url = _check_json(path, name, value)["url"] if isinstance(value, dict) else value
        if not isinstance(url, str) or not urlsplit(url).hostname:
            raise UsageError(
                f"{path}: lists.{name} must be a full address, such as "
                "https://www.yunxi.example/rss.xml."
            )


def _check_json(path: Path, name: str, value: dict[str, Any]) -> dict[str, Any]:
    """Raises UsageError for a list of JSON that cannot be asked for or read."""
    known = {field.name: type(field.default) for field in fields(JsonList)}
    for key in ("url", "json", "entries", "address"):
        known[key] = str
        if key not in value:
            raise UsageError(
                f"{path}: lists.{name}.{key} is missing; see docs/platforms.md for what each key "
                "means."
            )
    for key, setting in value.items():
        if key not in known:
            raise UsageError(f"{path}: lists.{name}.{key} is no key; known are {', '.join(known)}.")
        if type(setting) is not known[key]:
            kind = "a number" if known[key] is int else "a text"
            raise UsageError(f"{path}: lists.{name}.{key} must be {kind}; see docs/platforms.md.")
    place, meaning = (CURSOR, "cursor") if value.get("cursor") else (NUMBER, "number of the page")
    if place not in value["json"] + value.get("post", ""):
        raise UsageError(
            f"{path}: lists.{name}.json must have {place} where the {meaning} belongs."
        )
    if not urlsplit(value["json"]).hostname:
        raise UsageError(f"{path}: lists.{name}.json must be a full address.")
    return value


def _check_keys(path: Path, keys: dict[str, Any]) -> None:
    """Raises UsageError for a key that is missing, unknown or of another type."""
    if unknown := sorted(set(keys) - set(KEYS)):
        meant = suggestion(unknown[0], KEYS) or f"known are {', '.join(KEYS)}."
        raise UsageError(f"{path}: {unknown[0]} is no key; {meant}")
    for key, kind in KEYS.items():
        if key in keys and not isinstance(keys[key], kind):
            raise UsageError(
                f"{path}: {key} must be a {'table' if kind is dict else kind.__name__}; see "
                "docs/platforms.md."
            )
        if key not in keys and key not in OPTIONAL:
            raise UsageError(
                f"{path}: {key} is missing; see docs/platforms.md for what each key means."
            )


def _pattern(path: Path, text: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise UsageError(f"{path}: article is no regular expression ({error}).") from error
    if pattern.groups < 1:
        raise UsageError(
            f"{path}: article must hold the article's own id in parentheses, such as "
            "'/news/(\\d+)\\.html$'."
        )
    return pattern


def _selectors(path: Path, expressions: dict[str, Any]) -> Selectors:
    known = sorted(field.name for field in fields(Selectors))
    for key, expression in expressions.items():
        if key not in known:
            raise UsageError(f"{path}: selectors.{key} is no field; known are {', '.join(known)}.")
        try:
            etree.XPath(expression)
        except (etree.XPathSyntaxError, TypeError) as error:
            raise UsageError(f"{path}: selectors.{key} is no XPath ({error}).") from error
    if missing := {"title", "body"} - set(expressions):
        raise UsageError(
            f"{path}: selectors.{sorted(missing)[0]} is missing; without [selectors] the general "
            "rules read the page."
        )
    return Selectors(**expressions)
