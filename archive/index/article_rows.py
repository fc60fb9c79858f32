"""The rows of an exchange whose answer is an article, or one page of it."""

from __future__ import annotations

import json
from dataclasses import replace

from archive.database.rows import (
    AccountRow,
    AliasRow,
    CaptureRow,
    PageReadingRow,
    VersionRow,
    columns,
)
from archive.extraction import is_by_general_rules
from archive.general import witness
from archive.index.capture_rows import capture_of, naming_account, page_number
from archive.index.content_digest import content_digest
from archive.index.facts import text_of
from archive.index.listing_rows import account_row
from archive.index.parsing import Parsed
from archive.index.rows import Rows
from archive.model import Account, AliasReason, Article
from archive.model.columns import field_values


def rows_of_article(exchange: Parsed, article: Article, producer: str) -> Rows:
    """The rows of an exchange with an article: a version of it, or where the article is on several
    pages, what this one shows.

    Args:
        exchange: taken apart.
        article: what its answer holds.
        producer: the id of the producer.
    """
    digest = content_digest(article)
    capture = replace(
        capture_of(exchange, "article"),
        article_id=article.id,
        content_digest=digest,
        reason="unknown-layout" if is_by_general_rules(article) else None,
        undecoded=article.undecoded or None,
        agreement=_agreement(exchange, article),
    )
    capture = naming_account(capture, _account_id(article, capture), article.account)
    version = VersionRow(
        **field_values(article),
        article_id=article.id,
        digest=digest,
        rules=article.rules,
        page_title=article.page_title,
        found_by=json.dumps({**article.found_by}, ensure_ascii=False, sort_keys=True),
        producer=producer,
        pictures=_pictures(article),
        capture=capture.id,
        first_captured_at=capture.captured_at,
        last_captured_at=capture.captured_at,
    )
    rows = Rows(
        capture=capture,
        version=version,
        account=_author(article, capture.captured_at),
        alias=_alias(exchange, capture),
    )
    return _paged(exchange, article, rows, version)


def _paged(exchange: Parsed, article: Article, rows: Rows, version: VersionRow) -> Rows:
    """The rows of a page, of which a version is joined where it is one of several."""
    paging, asked = article.paging, page_number(exchange)
    if paging is None and asked is None:
        return rows
    number = asked or (paging.number if paging else 1)
    is_first = number == 1 and exchange.role == "article"
    article_id = rows.capture.article_id if is_first else _first_id(exchange, article)
    capture = replace(
        rows.capture,
        role="article" if is_first else "part",
        part=number,
        article_id=article_id,
        content_digest=rows.capture.content_digest if is_first else None,
    )
    shift = number - paging.number if paging else 0
    others = [(each + shift, url) for each, url in paging.others] if paging else []
    reading = PageReadingRow(
        capture=capture.id,
        article_id=article_id or article.id,
        number=number,
        pages=json.dumps(others),
        page_count=paging.count if paging else None,
        content=json.dumps(_content(version, article_id or article.id), ensure_ascii=False),
    )
    return replace(
        rows,
        capture=capture,
        version=None,
        reading=reading,
        alias=rows.alias or _alias_of_part(exchange, capture),
    )


def _first_id(exchange: Parsed, article: Article) -> str:
    """The article that the crawl asked for a page of, else the one that the page names."""
    asked = text_of(exchange.recorded.facts, "article_id")
    return asked if exchange.role == "part" and asked else article.id


def _content(version: VersionRow, article_id: str) -> dict[str, object]:
    row = columns(version) | {"article_id": article_id}
    return {name: value for name, value in row.items() if name not in ("pages", "complete")}


def _alias_of_part(exchange: Parsed, capture: CaptureRow) -> AliasRow | None:
    """The id that the address of the page would be by itself."""
    platform, address = exchange.platform, exchange.address
    if platform is None or address is None or address.role != "article":
        return None
    own = f"{platform.name}-{address.id}"
    if own == capture.article_id or not capture.article_id:
        return None
    return _alias_row(own, capture.article_id, "part", capture)


def _agreement(exchange: Parsed, article: Article) -> float | None:
    """What the witness says of the text, where it is asked: of what a platform's own rules read. On
    other pages it has had its vote."""
    if not article.text or is_by_general_rules(article):
        return None
    if not witness.is_in_sample(exchange.page.body):
        return None
    return witness.agreement(exchange.page, article.text)


def _alias(exchange: Parsed, capture: CaptureRow) -> AliasRow | None:
    """The id that the crawl asked for, where a redirect led to another."""
    asked, article_id = text_of(exchange.recorded.facts, "article_id"), capture.article_id
    if not asked or not article_id or asked == article_id:
        return None
    if asked.partition("-")[0] != capture.platform:
        return None
    return _alias_row(asked, article_id, "redirect", capture)


def _alias_row(alias: str, article_id: str, reason: AliasReason, capture: CaptureRow) -> AliasRow:
    """Another id of an article, which a capture proves."""
    return AliasRow(
        alias=alias,
        article_id=article_id,
        reason=reason,
        url=capture.url,
        seen_at=capture.captured_at,
        capture=capture.id,
    )


def _account_id(article: Article, capture: CaptureRow) -> str | None:
    """The id of the account that the page names. Where it gives only the name, and the platform's
    own rules read it, that is the account whose listing led there; on any other site it may be
    whoever is quoted."""
    by_own_rules = article.found_by.get("account") == article.rules
    return article.account_id or (capture.account_id if by_own_rules else None)


def _pictures(article: Article) -> str:
    return json.dumps(
        [
            {"url": picture.url, "caption": picture.caption, "kind": picture.kind}
            for picture in article.pictures
        ],
        ensure_ascii=False,
    )


def _author(article: Article, at: str) -> AccountRow | None:
    """The account that the page of an article names."""
    if not article.account_id:
        return None
    account = Account(
        platform=article.platform, account_id=article.account_id, url="", name=article.account
    )
    return account_row(account, at)
