"""A page becomes an `Article` or a `Failure`: the platform's rules find the body and the fields,
trafilatura makes the text.

The answer depends on the bytes, the code and the pinned libraries: no clock, no memory of other
pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from html import escape

import trafilatura

from archive.errors import Unreadable, surprises
from archive.general.official import document_number
from archive.general.refusals import LITTLE, dead, refused
from archive.general.rules import ANYWHERE
from archive.model import Article, ArticleFields, Failure
from archive.model.columns import field_values, fields_by_rule
from archive.page.fields import words
from archive.page.page import Page
from archive.page.paragraphs import blocks
from archive.page.pictures import pictures
from archive.platform import Address, Platform, Reading, Rules
from archive.platforms import Platforms, load

# trafilatura folds every Unicode space to U+0020 and drops format and private-use characters; an
# archive may not.
FRAGILE = re.compile(
    r"[^\S \n\t]|[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\xad\ue000-\uf8ff]|[\U000e0000-\U0010ffff]|\t"
)
SHIELD = re.compile(r"⦃([0-9a-f]+)⦄")

REPRINT = re.compile(
    r"^(?:本文来源|文章来源|内容来源|稿件来源|信息来源|来源|转载自|转自)\s*[：:丨|｜/]\s*(?P<value>\S.{0,80})$"
)
ORIGINAL = re.compile(
    r"^[（(]?(?:本文)?原(?:标题|题)(?:为)?\s*[：:]?\s*《(?P<value>.+)》\s*[）)]?$"
)
# of a text that trafilatura is not asked about: it takes a time that grows with their square
MANY_LINES = 10_000
HEAD_LINES, TAIL_LINES = (
    3,
    25,
)  # where an account writes its own source line; between them the words are the article's


def read(page: Page, platform: Platform, address: Address | None = None) -> Article | Failure:
    """What the page says, by the rules of the platform that hold for the page and its capture
    date."""
    try:
        with surprises():
            if failure := refused(page) or platform.refusal(page):
                return failure
            rules = choose(platform, page)
            found = _article(page, platform, address, rules)
    except Unreadable as error:
        found = Failure(outcome="unreadable", reason=error.reason, detail=error.detail)
    # Only a page with little on it can be a message in the place of an article.
    little = isinstance(found, Failure) or (found.kind == "article" and len(found.text) <= LITTLE)
    return (
        dead(page, None if isinstance(found, Failure) else found.text) if little else None
    ) or found


def extract(
    html: bytes,
    url: str,
    *,
    captured_at: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    platforms: Platforms | None = None,
) -> Article | Failure:
    """The article of one page that was saved anywhere, read as its platform's. No archive is
    needed.

    `headers` are those of the answer, if they are known; `captured_at` is an aware time and
    chooses between the rules of several years. A page of no platform, or in a layout that its
    platform's rules do not know, is read by the general rules.
    """
    content_type = next(
        (value for name, value in (headers or {}).items() if name.lower() == "content-type"), ""
    )
    page = Page(url=url, body=html, content_type=content_type, captured_at=captured_at)
    platform = (load() if platforms is None else platforms).of_url(url)
    if platform is None:
        return read(page, ANYWHERE)
    found = read(page, platform)
    if isinstance(found, Article) or found.outcome != "unreadable":
        return found
    other = read(page, ANYWHERE)
    return found if isinstance(other, Failure) else other


def choose(platform: Platform, page: Page) -> Rules:
    """The rules for this page: what the page is decides, and among rules that fit, the capture
    date."""
    fitting = [rules for rules in platform.rules if rules.fits(page)]
    if not fitting:
        raise Unreadable("unknown-layout", f"no rules of {platform.name} fit {page.url}")
    day = page.captured_at.date() if page.captured_at else date.max
    return next((rules for rules in fitting if rules.hold_on(day)), fitting[0])


def _article(
    page: Page, platform: Platform, address: Address | None, rules: Rules
) -> Article | Failure:
    reading = rules.read(page)
    address = address or platform.locate(page.url)
    lines = _kept(reading, platform)
    text, how = _text(lines)
    values = [value for _, value in lines]
    original = reading.original_title or _first(ORIGINAL, values)
    reprinted = reading.reprinted_from or _first(REPRINT, _edges(values))
    number = reading.document_number or document_number(values)
    completed = field_values(reading, ArticleFields) | {
        "title": _full_title(reading.title, original),
        "reprinted_from": reprinted,
        "original_title": original,
        "document_number": number,
    }
    found = Article(
        **completed,
        platform=platform.name,
        native_id=_native_id(page, address, reading),
        url=address.url if address else page.url,
        text=text,
        page_title=_page_title(page),
        pictures=tuple(pictures(reading.body, page.url)),
        rules=rules.name + how,
    )
    if found.kind == "article" and not found.text and not found.pictures:
        return Failure(
            outcome="empty", reason="empty-content", detail=f"the body of {page.url} is empty"
        )
    in_body = {
        "original_title": "line-in-body",
        "reprinted_from": "line-in-body",
        "document_number": "first-lines",
    }
    return _checked(replace(found, found_by=_found_by(found, reading, in_body, rules.name)), page)


def _page_title(page: Page) -> str | None:
    """The `<title>` of the page as it stands: what the rules read as the title has it for a
    witness."""
    return (
        words("".join(page.tree.xpath("string((//head/title | //title)[1])")))
        if page.body.lstrip()[:1] == b"<"
        else None
    )


def _found_by(
    article: Article, reading: Reading, in_body: Mapping[str, str], rules: str
) -> dict[str, str]:
    """The rule of each field that has a value: the reading's own word, else where it was looked
    for, else the rules' name."""
    names = [name for name in fields_by_rule() if getattr(article, name) is not None]
    here = {name: rule for name, rule in in_body.items() if getattr(reading, name) is None}
    return {name: reading.found_by.get(name) or here.get(name) or rules for name in names}


def _kept(reading: Reading, platform: Platform) -> list[tuple[str, str]]:
    if reading.lines is not None:
        return list(reading.lines)
    if reading.body is None:
        return []
    return [(tag, text) for tag, text in blocks(reading.body) if text not in platform.boilerplate]


def _text(lines: list[tuple[str, str]]) -> tuple[str, str]:
    """The text of the blocks by trafilatura, and '' or how it was had where trafilatura left
    something out."""
    whole = "\n".join(text for _, text in lines)
    if not lines or len(lines) > MANY_LINES:
        return whole, "+blocks" if lines else ""
    markup = "".join(f"<{tag}>{escape(_shield(text), quote=False)}</{tag}>" for tag, text in lines)
    found = trafilatura.extract(
        f"<html><body><article>{markup}</article></body></html>",
        fast=True,
        include_comments=False,
        include_formatting=False,
        deduplicate=False,
    )
    # The rules named the body, so every block of it belongs to the article: what trafilatura drops
    # here is a loss.
    return (whole, "") if _unshield(found or "") == whole else (whole, "+blocks")


def _shield(text: str) -> str:
    return FRAGILE.sub(lambda found: f"⦃{ord(found[0]):x}⦄", text)


def _unshield(text: str) -> str:
    return SHIELD.sub(lambda found: chr(int(found[1], 16)), text)


def _edges(values: list[str]) -> list[str]:
    return values[:HEAD_LINES] + values[HEAD_LINES:][-TAIL_LINES:]


def _first(pattern: re.Pattern[str], values: list[str]) -> str | None:
    return next(
        (found["value"].strip() for value in values if (found := pattern.match(value))), None
    )


def _full_title(title: str, original: str | None) -> str:
    """The whole title where the page cut it with dots and gives it in full in its 原标题 line."""
    stem = re.sub(r"(?:\.{3}|…+)$", "", title)
    return original if original and stem != title and original.startswith(stem) else title


def _native_id(page: Page, address: Address | None, reading: Reading) -> str:
    """The id of the address; a page that names another one is not the article that was asked
    for."""
    wanted = address.id if address and address.role == "article" else None
    if reading.native_id and wanted and reading.native_id != wanted:
        raise Unreadable("other-article", f"{page.url} holds article {reading.native_id}")
    native_id = wanted or reading.native_id
    if native_id is None:
        raise Unreadable("no-id", f"neither {page.url} nor the page names the article")
    return native_id


def _checked(article: Article, page: Page) -> Article | Failure:
    if not article.title:
        return Failure(outcome="unreadable", reason="no-title", detail=page.url)
    own = page.body.count("\ufffd".encode())
    if page.decoded.damaged and f"{article.title}{article.text}".count("\ufffd") > own:
        return Failure(
            outcome="unreadable", reason="undecodable", detail=f"read as {page.decoded.encoding}"
        )
    return article
