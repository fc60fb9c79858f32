"""The contract of a news platform: which addresses are its own, how a listing is asked for and
read, how an article is read.

A platform is one file in `archive/platforms/` with one `Platform` value named `PLATFORM`.
Everything in it is a pure function of bytes, so `index` can read a capture of any age again.
Nothing here imports Scrapy or opens a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from archive.model import Account, ArticleFields, Failure, Kind, Link, ListEnd
from archive.model.other_values import Mention, OtherDate, without_taken

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from archive.page.page import Page

STATED = ("title", "source", "author")  # of which it is said what else the page has
Role = Literal["article", "account", "listing", "profile", "media"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a URL is on its platform: `id` is the native id of the article or account, `url` the
    canonical form."""

    role: Role
    id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One HTTP request that a platform asks for."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row of a listing that leads to no article that is read.

    Attributes:
        reason: why, in a word that can be counted (`no-address`, `unknown-address`).
        example: the row's address, or its text where it has none.
    """

    reason: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of an account's listing, as read.

    `more` asks for the next page. `more is None` is the end only where `ended` is true: the
    platform itself said so, or `end` says how else it is known. `trial`: that there is a next page
    is a guess, which asking for it proves or refutes. `window`: it has the newest entries alone, as
    feeds do; older ones have left it. `total` is the platform's own count, where it
    gives one. `left_out`: its rows that are not followed. `parts`: the list is in these others,
    as a sitemap index says, and ends with the last of them.
    """

    links: tuple[Link, ...]
    more: Ask | None = None
    trial: bool = False
    window: bool = False
    ended: bool = False
    end: ListEnd | None = None
    left_out: tuple[LeftOut, ...] = ()
    parts: tuple[Ask, ...] = ()
    total: int | None = None
    account_id: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(ArticleFields):
    """What the rules read from a page, before the body becomes text.

    `body` is the element that holds the article and nothing around it; None where the page has no
    text (a video). `lines` are its paragraphs (`blocks`) where the rules know better than all of
    them. `native_id`: as the page names it. `found_by` names the rule of a field where the rules
    have several for it. `others`: what else the page says for title, source and author, by field,
    what was believed most first; what was taken may be among them. `other_dates`: its dates besides
    that of publication, outside the text where `lines` are not given; `taken_date` is that of
    publication in the same form.
    """

    body: HtmlElement | None
    lines: tuple[tuple[str, str], ...] | None = None
    native_id: str | None = None
    found_by: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, tuple[Mention, ...]] = field(default_factory=dict)
    other_dates: tuple[OtherDate, ...] = ()
    taken_date: OtherDate | None = None

    def put(self, **values: Any) -> Reading:
        """The same with other values, as read by the rules that call this. Those that were there
        are among the others that the page says.

        Args:
            values: fields by name; `found_by` names no rule for those that differ any more.
        """
        changed = {name for name, value in values.items() if value != getattr(self, name)}
        reading = replace(
            self,
            **values,
            found_by={name: rule for name, rule in self.found_by.items() if name not in changed},
            others={**self.others, **self._overruled(changed)},
        )
        if "published_at" not in changed:
            return reading
        before = (self.taken_date,) if self.taken_date else ()
        dates = without_taken(before + self.other_dates, reading.published_at)
        return replace(reading, other_dates=dates, taken_date=None)

    def _overruled(self, changed: set[str]) -> dict[str, tuple[Mention, ...]]:
        """The other values of those fields that are changed, with those that they have now."""
        rules = {name: self.found_by[name] for name in changed if name in self.found_by}
        return {
            name: ((str(getattr(self, name)), rule), *self.others.get(name, ()))
            for name, rule in rules.items()
            if name in STATED
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How one layout of a platform's article page is read.

    `fits` decides from the page itself whether this is its layout. Where several fit, the capture
    date decides: rules hold from `since` to `until`, both inclusive (None: open), so that an old
    capture keeps the rules of its time.
    """

    name: str
    fits: Callable[[Page], bool]
    read: Callable[[Page], Reading]
    since: date | None = None
    until: date | None = None

    def hold_on(self, day: date) -> bool:
        """Whether `day`, a capture date, is in the time that these rules were made for."""
        return (self.since or date.min) <= day <= (self.until or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a reader of the README must know: forms of addresses, how a gone article shows, what is
    not done and why."""

    accounts: str
    articles: str
    gone: str
    tested: str  # since which month the tests have its shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A news platform.

    `hosts` is the allow-list: an address on any other host is not this platform's, whatever its
    path says. One that begins with a dot is that domain with all its hosts.
    `locate` says what a URL is (None: not ours). `column` says what it is where whoever follows it
    says that it is a list: an address alone may not show that. `refusal` recognises a dead, blocked
    or throttled page before any rule reads it. `listing` and `profile` say what to ask for an
    account;
    `discover` and `describe` read the answers and raise `Unreadable` where the answer is not of
    the known shape. `reads` are the kinds of links whose pages the rules can read; others are
    recorded and not followed.
    """

    name: str
    title: str
    hosts: frozenset[str]
    locate: Callable[[str], Address | None]
    rules: tuple[Rules, ...]
    refusal: Callable[[Page], Failure | None]
    column: Callable[[str], Address | None] | None = None
    listing: Callable[[Account], Ask] | None = None
    discover: Callable[[Page], Listing] | None = None
    profile: Callable[[Account], Ask] | None = None
    describe: Callable[[Page], Account] | None = None
    boilerplate: frozenset[str] = frozenset()
    reads: frozenset[Kind] = frozenset({"article"})
    about: About | None = None
    fictional: bool = False

    def owns(self, host: str) -> str:
        """The entry of the allow-list that this host belongs to; '' where it is none of the
        platform's.

        Args:
            host: in small letters, without port.

        Example:
            >>> platform.hosts, platform.owns("m.news.cn")
            (frozenset({'.news.cn'}), '.news.cn')
        """
        if host in self.hosts:
            return host
        domains = [entry for entry in self.hosts if entry[0] == "."]
        return max(
            (domain for domain in domains if f".{host}".endswith(domain)), key=len, default=""
        )
