"""The fields of an article, declared once.

Each field that is annotated with `Stored` is a column of `articles` and of `versions`. From these
annotations come the columns' DDL, the content digest, what a diff shows, what `rebuild --compare`
compares, the fields whose rule `found_by` names, and the data dictionary. A new field is one
declaration here, the rules that read it, and another `VERSION` in
`archive.database.opening`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from archive.model.meaning import LOCAL, NOT_GIVEN, Stored
from archive.model.words import FileKind, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file of an article's body: `url` of the original and its place among them, from 0.

    An `attachment` is a document that the body links to, with the text of the link as its caption.
    """

    url: str
    position: int
    caption: str | None = None
    kind: FileKind = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """That a page is one of several that an article has.

    Attributes:
        number: which one it is, from 1.
        first: the address of the first.
        others: number and address of the later ones that it names, or that follow from how many
            there are.
        count: how many there are, where the page says it.
    """

    number: int
    first: str
    others: tuple[tuple[int, str], ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFields:
    """The fields that rules read from a page."""

    kind: Annotated[Kind, Stored("类型", "what the article is", digest=1, sensitivity="plain")] = (
        "article"
    )
    title: Annotated[
        str,
        Stored("标题", "title as the page prints it", sensitivity="title", digest=2, by_rule=True),
    ]
    summary: Annotated[
        str | None,
        Stored(
            "摘要", "summary as the page gives it", null=NOT_GIVEN, sensitivity="body", long=True
        ),
    ] = None
    account: Annotated[
        str | None,
        Stored(
            "账号名称",
            "name of the publishing account, as printed",
            null=NOT_GIVEN,
            sensitivity="printed",
            by_rule=True,
        ),
    ] = None
    account_id: Annotated[
        str | None,
        Stored(
            "账号编号",
            "the platform's own id of the account; text, not a number",
            null=NOT_GIVEN,
            by_rule=True,
            sensitivity="plain",
        ),
    ] = None
    author: Annotated[
        str | None,
        Stored(
            "作者",
            "author, as printed",
            null=NOT_GIVEN,
            sensitivity="printed",
            digest=4,
            by_rule=True,
        ),
    ] = None
    source: Annotated[
        str | None,
        Stored(
            "来源",
            "来源 (whom the page names as source), as printed",
            null=NOT_GIVEN,
            sensitivity="printed",
            digest=5,
            by_rule=True,
        ),
    ] = None
    reprinted_from: Annotated[
        str | None,
        Stored(
            "转载自",
            "本文来源 and the like, printed inside the body",
            null=NOT_GIVEN,
            sensitivity="printed",
            digest=6,
            by_rule=True,
        ),
    ] = None
    original_title: Annotated[
        str | None,
        Stored(
            "原标题",
            "原标题: the title under which it was first published",
            null=NOT_GIVEN,
            sensitivity="title",
            digest=7,
            by_rule=True,
        ),
    ] = None
    editor: Annotated[
        str | None,
        Stored(
            "责任编辑",
            "责任编辑, as printed",
            null=NOT_GIVEN,
            sensitivity="printed",
            digest=8,
            by_rule=True,
        ),
    ] = None
    published_at: Annotated[
        str | None,
        Stored(
            "发布时间",
            "when the page says that it was published",
            LOCAL,
            null=NOT_GIVEN,
            digest=9,
            by_rule=True,
            sensitivity="plain",
        ),
    ] = None
    published_raw: Annotated[
        str | None,
        Stored(
            "发布时间原文",
            "published_at as printed, in no fixed form",
            null=NOT_GIVEN,
            sensitivity="printed",
        ),
    ] = None
    published_candidates: Annotated[
        str | None,
        Stored(
            "发布时间候选",
            "the page's other dates, those nearest to a date of publication first: value as in "
            "published_at, printed, label (what it is the date of: published, time, updated, "
            "written, effective, adopted, deadline, event, today; null: not said), where (meta and "
            "its name, element, head, page, script or json and its name, address, signature, text)",
            "JSON",
            null="the page has no other date",
            sensitivity="printed",
        ),
    ] = None
    field_candidates: Annotated[
        str | None,
        Stored(
            "字段候选",
            "what else the page says for title, source and author, by field, what was believed "
            "most first: value, where (the rule that found it, as in found_by)",
            "JSON",
            null="the page says nothing else",
            sensitivity="printed",
        ),
    ] = None
    updated_at: Annotated[
        str | None,
        Stored(
            "修改时间",
            "when the page says that it was changed later",
            LOCAL,
            null=NOT_GIVEN,
            by_rule=True,
            sensitivity="plain",
        ),
    ] = None
    document_number: Annotated[
        str | None,
        Stored(
            "文号",
            "文号 of an official document",
            null=NOT_GIVEN,
            sensitivity="printed",
            by_rule=True,
        ),
    ] = None
    issued_by: Annotated[
        str | None,
        Stored(
            "发文机关",
            "发文机关 of an official document",
            null=NOT_GIVEN,
            sensitivity="printed",
            by_rule=True,
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFields(ArticleFields):
    """The same with what every article has: an address and a text."""

    url: Annotated[str, Stored("网址", "canonical address of the article", sensitivity="plain")]
    text: Annotated[
        str,
        Stored(
            "正文",
            "paragraphs separated by one newline; '' where the page has no text",
            sensitivity="body",
            digest=3,
            long=True,
        ),
    ]
    markdown: Annotated[
        str | None,
        Stored(
            "正文结构",
            "the text with its headings, lists, links, pictures and tables; '' where the page has "
            "neither text nor pictures",
            "CommonMark with tables",
            null="nobody made it of the page",
            sensitivity="body",
            long=True,
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(StoredFields):
    """The article that one capture shows. `text`: paragraphs separated by one newline, '' where the
    page has none.

    `paging`: where it is on several pages, of which this is one. `undecoded`: how many characters
    of title and text are U+FFFD, on a page with bytes that are no character of its charset. `rules`
    names the rules that read it; `found_by` names for each field that has a value the rule that
    found it.
    """

    platform: str
    native_id: str
    page_title: str | None = None
    pictures: tuple[Picture, ...] = ()
    paging: Paging | None = None
    undecoded: int = 0
    rules: str = ""
    found_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The citable id: platform and native id, such as `thepaper-5701234`."""
        return f"{self.platform}-{self.native_id}"
