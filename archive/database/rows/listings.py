"""Rows of a listing: its entries, what each of its pages said of which, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.database.rows.meanings import ACCOUNT_ID, ARTICLE_ID_FORM, PLATFORM
from archive.model import Kind, LinkChange
from archive.model.meaning import LOCAL, UTC, Meaning, plain

NOT_LISTED = "the listing does not give it"
NO_VALUE = "the entry is gone or back"
NATIVE_ID = plain("平台编号", "links.native_id")
URL = plain("网址", "address that the entry leads to")
KIND = plain("类型", "what the entry leads to")
TITLE = Meaning("标题", "title as the listing prints it", null=NOT_LISTED, sensitivity="title")
PUBLISHED_AT = plain(
    "发布时间", "when the listing says that it was published", LOCAL, null=NOT_LISTED
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One entry of an account's listing, with when it was first and last listed."""

    platform: Annotated[str, PLATFORM]
    native_id: Annotated[
        str,
        plain(
            "平台编号",
            "the platform's own id of the article; for links to other sites their address",
        ),
    ]
    account_id: Annotated[str, ACCOUNT_ID]
    article_id: Annotated[
        str, plain("文章编号", "articles.id, if the article was captured", ARTICLE_ID_FORM)
    ]
    url: Annotated[str, URL]
    kind: Annotated[Kind, KIND]
    title: Annotated[str | None, TITLE]
    published_at: Annotated[str | None, PUBLISHED_AT]
    first_listed_at: Annotated[
        str, plain("首次列出", "when the entry was first seen in the listing", UTC)
    ]
    last_listed_at: Annotated[
        str, plain("末次列出", "when the entry was last seen in the listing", UTC)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChangeRow:
    """A change of an entry of a listing: it happened between `seen_at` and `changed_at`. `proofs`
    is JSON."""

    platform: Annotated[str, PLATFORM]
    account_id: Annotated[str, ACCOUNT_ID]
    native_id: Annotated[str, NATIVE_ID]
    article_id: Annotated[str, plain("文章编号", "links.article_id", ARTICLE_ID_FORM)]
    change: Annotated[LinkChange, plain("变更", "what changed")]
    old: Annotated[
        str | None,
        Meaning("原值", "as it was listed before", null=NO_VALUE, sensitivity="title"),
    ]
    new: Annotated[
        str | None,
        Meaning("新值", "as it was listed then", null=NO_VALUE, sensitivity="title"),
    ]
    seen_at: Annotated[str, plain("此前末次所见", "when it was last seen as it was before", UTC)]
    changed_at: Annotated[
        str, plain("变更首见", "when the change was first seen: it is from between these two", UTC)
    ]
    proofs: Annotated[
        str,
        plain("证据", "WARC-Record-IDs of the pages before and after, or of the walk", "JSON"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStateRow:
    """What listings said of an entry at some time."""

    id: Annotated[str, plain("编号", "digest of the other columns", "hexadecimal")]
    platform: Annotated[str, PLATFORM]
    account_id: Annotated[str, ACCOUNT_ID]
    native_id: Annotated[str, NATIVE_ID]
    url: Annotated[str, URL]
    kind: Annotated[Kind, KIND]
    title: Annotated[str | None, TITLE]
    published_at: Annotated[str | None, PUBLISHED_AT]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPageRow:
    """The entries of one account on one page of a listing."""

    platform: Annotated[str, PLATFORM]
    account_id: Annotated[str, ACCOUNT_ID]
    captured_at: Annotated[str, plain("采集时间", "when the page was asked for", UTC)]
    capture: Annotated[str, plain("所据采集", "captures.id of the page", "URN")]
    states: Annotated[
        str, plain("条目内容", "link_states.id of each entry, in the order of the page", "JSON")
    ]
