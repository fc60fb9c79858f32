"""The registry of platforms: every module in this folder with a `PLATFORM` value, and those that a
user describes in TOML. No list to keep.

A `Platforms` value belongs to one archive and is handed on by whoever needs it; nothing here is
remembered by the process but the modules of this folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from pkgutil import iter_modules

from archive.errors import UsageError
from archive.model import Account
from archive.page.urls import urlsplit
from archive.platform import Address, Platform
from archive.platforms.kit import toml
from archive.platforms.kit.toml import Description

WITHOUT_SCHEME = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/")
VARIABLE = "ZHENGWEN_PLATFORMS"  # a folder of descriptions, in place of the archive's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a URL is among the platforms of an archive; None for what is not known."""

    platform: Platform | None
    address: Address | None
    role: str | None


class Platforms(Mapping[str, Platform]):
    """The platforms that one archive knows, by name: those of the program, then the described ones.

    It never changes. Pickled, it is the bytes of its descriptions, so that another process reads
    by the same rules.

    Example:
        >>> load()["thepaper"].title
        '澎湃新闻'
    """

    __slots__ = ("_by_host", "_by_name", "descriptions")

    def __init__(self, descriptions: tuple[Description, ...] = ()) -> None:
        """Read the descriptions.

        Args:
            descriptions: TOML files, read; no two platforms may have one name.

        Raises:
            UsageError: names file and key of a description that cannot be used.
        """
        self.descriptions = descriptions
        self._by_name = {**_built_in()}
        for description in descriptions:
            platform = toml.described(description)
            if platform.name in self._by_name:
                raise UsageError(
                    f"{description.path}: the name {platform.name} is taken by another platform; "
                    "choose another."
                )
            self._by_name[platform.name] = platform
        self._by_host: dict[str, Platform] = {}  # by the entries of the allow-lists
        for platform in self.values():
            for entry in platform.hosts:
                self._by_host.setdefault(entry, platform)

    def __getitem__(self, name: str) -> Platform:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __reduce__(self) -> tuple[type[Platforms], tuple[tuple[Description, ...]]]:
        return Platforms, (self.descriptions,)

    def named(self, name: str) -> Platform:
        """The platform of that name. Raises UsageError that lists the known ones."""
        try:
            return self[name]
        except KeyError:
            known = ", ".join(self)
            raise UsageError(f"There is no platform {name!r}; known are: {known}.") from None

    def of_url(self, url: str) -> Platform | None:
        """The platform whose allow-list has the host of `url`, the narrowest where several do; None
        where none does.

        Example:
            >>> load().of_url("https://www.thepaper.cn/gov_44871").name
            'thepaper'
        """
        return self._of_host(urlsplit(url).hostname or "")

    def identify(self, url: str, *, platform: str, role: str) -> Identity:
        """What a URL is, with what the crawl said of it.

        Args:
            url: the address that was asked for.
            platform: the name that the crawl gave; it counts where the host is no platform's.
            role: what the crawl asked for it as; '' where it left no word, as in files of other
                programs. The address is looked up only then, and for articles.

        Example:
            >>> load().identify("https://www.thepaper.cn/gov_44871", platform="", role="").role
            'account'
        """
        parts = urlsplit(url)
        owner = self._of_host(parts.hostname or "") or self.get(platform)
        address = owner.locate(url) if owner and role in ("", "article") else None
        if not role and parts.path == "/robots.txt":
            role = "robots"
        return Identity(
            platform=owner, address=address, role=role or (address.role if address else None)
        )

    def article_id(self, url: str) -> str | None:
        """The id of the article that an address is of, by the rules of its platform; None for any
        other address.

        Example:
            >>> load().article_id("https://www.thepaper.cn/newsDetail_forward_5701234")
            'thepaper-5701234'
        """
        identity = self.identify(url, platform="", role="")
        if identity.platform and identity.address and identity.role == "article":
            return f"{identity.platform.name}-{identity.address.id}"
        return None

    def _of_host(self, host: str) -> Platform | None:
        if owner := self._by_host.get(f".{host}") or self._by_host.get(host):
            return owner
        domains = accumulate(host.split(".")[:0:-1], lambda domain, label: f"{label}.{domain}")
        owners = [owner for domain in domains if (owner := self._by_host.get(f".{domain}"))]
        return owners[-1] if owners else None

    def resolve(self, url: str) -> tuple[Platform, Address]:
        """The platform of a URL, and what the URL is there: an account, an article.

        Args:
            url: a full address; one that begins with a host is the web's.

        Raises:
            UsageError: says what is wrong with the address, and which platforms are known.
        """
        url = _with_scheme(url)
        host = _host(url)
        if host is None:
            raise UsageError(
                f"{url!r} is not a URL; give the full address, such as "
                "https://www.thepaper.cn/gov_44871."
            )
        platform = self.of_url(url)
        if platform is None:
            known = ", ".join(
                platform.title for platform in self.values() if not platform.fictional
            )
            raise UsageError(
                f"{host} belongs to no known platform (mirrors of one do not count); known are: "
                f"{known}; describe another in TOML, as docs/platforms.md says."
            )
        address = platform.locate(url)
        if address is None:
            raise UsageError(
                f"{url} is neither an account nor an article of {platform.title}; give the "
                "address of one."
            )
        if address.role == "account" and platform.listing is None:
            raise UsageError(
                f"{platform.title} has no list of an account's articles that may be read; give "
                "the articles' own URLs."
            )
        return platform, address

    def account_of(self, url: str) -> Account:
        """The account whose page has this address.

        Args:
            url: the address of an account's page.

        Raises:
            UsageError: says what is wrong with any other address.
        """
        platform, address = self.resolve(url)
        if platform.listing is None:
            raise UsageError(
                f"{platform.title} has no accounts that can be followed; crawl its articles by "
                "their own URLs."
            )
        if address.role == "article" and platform.column:
            address = platform.column(address.url) or address
        if address.role != "account":
            raise UsageError(
                f"{url} is no account page of {platform.title} but an {address.role}; give the "
                "account's own page."
            )
        return Account(platform=platform.name, account_id=address.id, url=address.url)


def load(folder: Path | None = None) -> Platforms:
    """The platforms of the program and those described in a folder.

    Args:
        folder: where the TOML files are; None: $ZHENGWEN_PLATFORMS, and where that is not set,
            there are no described platforms.

    Raises:
        UsageError: there is no such folder, because without its platforms a rebuild would lose
            their articles; or names file and key of a description that cannot be used.
    """
    folder = folder or _folder_of_environment()
    if folder is None:
        return _without_described()
    if not folder.is_dir():
        raise UsageError(
            f"There is no folder {folder} with descriptions of platforms; correct {VARIABLE} "
            "or the folder given."
        )
    return Platforms(toml.read_all(folder))


def of_archive(path: Path) -> Platforms:
    """The platforms of the archive in a folder: with $ZHENGWEN_PLATFORMS, where it is set, else
    with `platforms/*.toml` of the archive.

    Args:
        path: the archive's folder, which need not be there.

    Raises:
        UsageError: names file and key of a description that cannot be used.
    """
    own = path / "platforms"
    named = _folder_of_environment() or (own if own.is_dir() else None)
    return load(named) if named else Platforms()


def _folder_of_environment() -> Path | None:
    """The only place where the variable is read."""
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder else None


@cache
def _without_described() -> Platforms:
    return Platforms()


@cache
def _built_in() -> Mapping[str, Platform]:
    """The platforms of this folder by name, in the order of their names."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.ispkg)
    return {name: import_module(f"{__name__}.{name}").PLATFORM for name in names}


def _with_scheme(url: str) -> str:
    """The address, with the scheme that people leave out."""
    return f"https://{url}" if WITHOUT_SCHEME.match(url) else url


def _host(url: str) -> str | None:
    """The host of a web address, or None."""
    parts = urlsplit(url)
    return parts.hostname if parts.scheme in ("http", "https") else None
