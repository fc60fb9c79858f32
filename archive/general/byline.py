"""When, from where and by whom: the line under the headline and the meta data, on a page of
unknown make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from archive.general.head import HEADING_LINES, labels_joined, lines_of_head, lines_under
from archive.general.origin import origin
from archive.general.patterns import ACCOUNTS, SENTENCE, SPACED
from archive.general.publication import Publication, published
from archive.model.other_values import Mention
from archive.page.fields import meta_name, stripped, text_of
from archive.page.page import Page


@dataclass(frozen=True, slots=True)
class Byline:
    """What a page says of its article's origin; None for what it does not say."""

    dates: Publication
    account: str | None = None
    source: str | None = None
    author: str | None = None
    found_by: dict[str, str] = field(default_factory=dict)  # field: the rule that found it
    sources: tuple[Mention, ...] = ()
    authors: tuple[Mention, ...] = ()


def byline(page: Page, title: str | None, above: list[str], body: list[str]) -> Byline:
    """Reads the byline: meta data first, then the lines around the headline, then the ends of the
    body; the address last.

    Args:
        page: the page.
        title: the headline, if it is known.
        above: the lines of headline and byline that were inside the body.
        body: the lines of the article.
    """
    meta = metas(page.tree)
    lines = [
        SPACED.sub(r"\1\2", line)
        for line in labels_joined(above + lines_of_head(page.lines, title, body))
    ]
    dates = published(meta, page, lines, body)
    ends = [*_beginning(body), *body[-4:], *lines_under(page.lines, body)]
    names = origin(meta, lines, ends, page.text, title)
    account = _account(page)
    rules = {
        "published_at": (dates.published_at, dates.rule),
        "updated_at": (dates.updated_at, dates.updated_by),
        "source": (names.source, names.source_place),
        "author": (names.author, names.author_place),
        "account": (account, "mark"),
    }
    return Byline(
        dates,
        account,
        names.source,
        names.author,
        {name: rule for name, (value, rule) in rules.items() if value},
        names.sources,
        names.authors,
    )


def _beginning(body: list[str]) -> list[str]:
    """The first lines of a body, where a headline or credits may be: up to its first sentence, and
    three at least."""
    sentence = (n for n, line in enumerate(body[:HEADING_LINES]) if SENTENCE.search(line))
    return body[: max(3, next(sentence, HEADING_LINES))]


def _account(page: Page) -> str | None:
    # Bytes are searched several times as fast; without its zeros UTF-16 is as other encodings.
    markup = page.body.replace(b"\0", b"") if page.body[:4].count(0) else page.body
    marks = [
        mark
        for names, mark in ACCOUNTS.items()
        if any(name.encode() in markup for name in names.split())
    ]
    account = next(
        (
            value
            for mark in marks
            for element in page.tree.xpath(mark)[:1]
            if (value := text_of(element))
        ),
        None,
    )
    return account if account and len(account) < 30 else None


def metas(tree: HtmlElement) -> dict[str, str]:
    """The meta data of a page, values by name in small letters; of several of one name the
    first."""
    return dict(_metas(tree))


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for element in reversed(list(tree.iter("meta"))):  # of several with one name the first counts
        name = meta_name(element)
        value = stripped(element.get("content"))
        if name and value:
            yield name, value
