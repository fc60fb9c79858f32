"""The values that travel between the parts of the archive: frozen, without behaviour.

Times are ISO 8601 strings with an offset, as they stand in the database. A value that the page
does not give is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["article", "video", "live", "special", "outside"]
"""What a link leads to. `outside`: the card leads to another site and is recorded, not followed."""

Outcome = Literal[
    "article",  # read: a version of an article stands behind it
    "withdrawn",  # the platform says that the article is gone (a tombstone)
    "not-found",  # 404 or 410
    "empty",  # the page is there and its article is not
    "blocked",  # refused: 403, a challenge page
    "throttled",  # refused for now: 429, 503, "system busy"
    "redirect",
    "listing",
    "profile",
    "media",
    "robots",
    "error",  # another 4xx or 5xx, or an answer that was cut short
    "unchanged",  # a revisit: it says what its original said
    "unreadable",  # an answer that no rule could read
    "other",  # archived, and not ours to read
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of a government body on a platform."""

    platform: str
    account_id: str
    url: str
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of an account's listing. `id` is the platform's own, a string; `url` is
    canonical."""

    id: str
    url: str
    kind: Kind = "article"
    title: str | None = None
    published_at: str | None = None
    account_id: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file of an article's body: `url` of the original and its place among them, from 0.

    An `attachment` is a document that the body links to, with the words of the link as its caption.
    """

    url: str
    position: int
    caption: str | None = None
    kind: Literal["picture", "attachment"] = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one capture of an article says. `text`: paragraphs separated by one newline, '' where
    the page has none.

    `found_by` names for each field that has a value the rule that found it.
    """

    platform: str
    native_id: str
    url: str
    kind: Kind
    title: str
    text: str
    account: str | None = None
    account_id: str | None = None
    summary: str | None = None
    author: str | None = None
    source: str | None = None
    reprinted_from: str | None = None
    original_title: str | None = None
    editor: str | None = None
    published_at: str | None = None
    published_raw: str | None = None
    updated_at: str | None = None
    document_number: str | None = None
    issued_by: str | None = None
    page_title: str | None = None
    pictures: tuple[Picture, ...] = ()
    rules: str = ""
    found_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The citable id: platform and native id, such as `thepaper-5701234`."""
        return f"{self.platform}-{self.native_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a page gave no article: the `outcome` of its capture, a kebab-case `reason`, and words
    for a person."""

    outcome: Outcome
    reason: str
    detail: str = ""
