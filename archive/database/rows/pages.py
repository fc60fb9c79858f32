"""Rows of articles that are on several pages: what each capture of a page shows, and the pages of
which each version is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.database.rows.meanings import ARTICLE_ID
from archive.model.meaning import UTC, Meaning, plain

NO_CAPTURE = "the page is missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReadingRow:
    """What one capture of one page shows. `pages` and `content` are JSON: number and address of the
    later pages that it names, and what a row of `versions` would be of this page alone."""

    capture: Annotated[str, plain("所据采集", "captures.id", "URN")]
    article_id: Annotated[str, ARTICLE_ID]
    number: Annotated[int, plain("页次", "which page of the article it is", "number, from 1")]
    pages: Annotated[
        str, plain("其他页面", "number and address of each later page that it names", "JSON")
    ]
    page_count: Annotated[
        int | None,
        plain("页数", "how many pages there are, as it says", "count", null="it does not say it"),
    ]
    content: Annotated[
        str,
        Meaning(
            "单页内容",
            "what a row of versions would be of this page alone",
            "JSON",
            sensitivity="body",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePageRow:
    """A page of a version of an article that is on several, with the capture of which its text is
    taken."""

    article_id: Annotated[str, ARTICLE_ID]
    digest: Annotated[str, plain("内容摘要", "versions.digest", "SHA-256, hexadecimal")]
    number: Annotated[int, plain("页次", "which page of the article it is", "number, from 1")]
    url: Annotated[str | None, plain("网址", "address of the page", null="no page names it")]
    capture: Annotated[
        str | None,
        plain("所据采集", "captures.id of the exchange with the page", "URN", null=NO_CAPTURE),
    ]
    captured_at: Annotated[
        str | None,
        plain("采集时间", "when the request was sent (WARC-Date)", UTC, null=NO_CAPTURE),
    ]
