"""An exchange taken apart once: answer, platform, address, role and page, from which all of its
rows are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from archive.index.facts import text_of
from archive.index.recorded import Recorded
from archive.page.page import Page
from archive.platform import Address, Platform
from archive.platforms import Platforms
from archive.warc.answers import Answer, answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """The parts of one exchange.

    `platform` is that of the address, else the one that the crawl names. `address` is looked up
    for articles, and where the crawl left no word about the role. `role` is what the exchange was
    made for. `page` is the answer as the rules take it; its body is empty where `answer.fault`
    says why.
    """

    recorded: Recorded
    answer: Answer
    platform: Platform | None
    address: Address | None
    role: str | None
    page: Page


def parse(recorded: Recorded, platforms: Platforms) -> Parsed:
    """Take an exchange apart.

    Args:
        recorded: a response or revisit record with its facts.
        platforms: those of the archive.
    """
    identity = platforms.identify(
        recorded.url,
        platform=text_of(recorded.facts, "platform") or "",
        role=text_of(recorded.facts, "role") or "",
    )
    address = identity.address
    asked = _asked_for(recorded, identity.platform)
    if identity.role == "part" and asked:
        address = Address(role="article", id=asked, url=recorded.url)
    if identity.role == "article" and asked and (address is None or address.role != "article"):
        address = Address(role="article", id=asked, url=recorded.url)
    role = identity.role or ("media" if recorded.is_file or recorded.is_download else None)
    taken = _answer(recorded, is_coded=role == "media")
    return Parsed(
        recorded=recorded,
        answer=replace(taken, status=None) if recorded.is_bare else taken,
        platform=identity.platform,
        address=address,
        role=role,
        page=Page(
            url=recorded.url,
            body=taken.body,
            status=taken.status or 0,
            content_type=taken.content_type or "",
            captured_at=datetime.fromisoformat(recorded.date),
            request_body=taken.asked,
        ),
    )


def _answer(recorded: Recorded, *, is_coded: bool) -> Answer:
    """The answer taken apart; a revisit is to have no body, so that none is missing."""
    taken = answer(
        recorded.block,
        recorded.request,
        coded=is_coded,
        size=recorded.block_size,
        is_ended=recorded.is_ended,
    )
    return replace(taken, cut=None) if recorded.is_revisit else taken


def _asked_for(recorded: Recorded, platform: Platform | None) -> str:
    """The native id of the article that the crawl asked for, whose address may have led
    elsewhere."""
    name, _, native_id = (text_of(recorded.facts, "article_id") or "").partition("-")
    return native_id if platform and platform.name == name else ""
