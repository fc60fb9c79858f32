"""An account, an entry of its listing, and why a page gave no article."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model.words import Kind, Outcome


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
class Failure:
    """Why a page gave no article: the `outcome` of its capture, a kebab-case `reason`, and a
    sentence for a person."""

    outcome: Outcome
    reason: str
    detail: str = ""
