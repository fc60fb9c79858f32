"""Rules for a page of any make: known containers first, then a vote; headline and byline by what
Chinese sites print."""

from __future__ import annotations

import hashlib
from itertools import pairwise

from archive.errors import Unreadable
from archive.general.byline import byline
from archive.general.choice import chosen_body
from archive.general.furniture import is_byline, is_information
from archive.general.head import leading, split_head
from archive.general.headline import Headline, above, can_be_headline, headline
from archive.general.lists import is_list
from archive.general.official import official
from archive.general.pruning import article_lines
from archive.model import Failure
from archive.page.files import holds_files
from archive.page.page import Page, not_a_page
from archive.page.paragraphs import blocks
from archive.platform import Address, Platform, Reading, Rules


def read(page: Page) -> Reading:
    """Reads the article of a page of any make.

    Args:
        page: the page.

    Raises:
        Unreadable: it is JSON, cannot be parsed, or nothing on it is an article.
    """
    if _is_json(page):
        raise Unreadable("not-html", f"{page.url} is JSON")
    if not_a_page(page.body):
        raise Unreadable("not-html", f"{page.url} is no page")
    heading = headline(page.tree)
    if heading.rule == "first-shown" and (shown := _over_byline(page.lines)):
        heading = Headline(shown, True, "line-over-byline")
    title = heading.text
    body = chosen_body(page, title)
    page.check_time()
    paragraphs = article_lines(blocks(body)) if body is not None else []
    own = None if heading.sure else leading(paragraphs)
    title = own or title
    head, lines = split_head(paragraphs, title)
    if all(is_information(text) for _, text in lines):
        lines = []
    if body is None or not (lines or holds_files(body)) or is_list(body, page.lines):
        raise Unreadable("not-an-article", f"nothing of {page.url} is an article")
    texts = [text for _, text in lines]
    higher = None if heading.sure or own or not paragraphs else above(page.lines, paragraphs[0][1])
    title = higher or title
    origin = byline(page, title, [text for _, text in head], texts)
    more = official(page, texts)
    return Reading(
        title=title or "".join(texts[:1])[:60],
        body=body,
        lines=tuple(lines),
        account=origin.account,
        source=origin.source,
        author=origin.author,
        published_at=origin.dates.published_at,
        published_raw=origin.dates.published_raw,
        updated_at=origin.dates.updated_at,
        taken_date=origin.dates.taken,
        other_dates=origin.dates.others,
        others={
            "title": ((heading.text or "", heading.rule), *heading.shown),
            "source": origin.sources,
            "author": origin.authors,
        },
        document_number=more.document_number,
        issued_by=more.issued_by,
        found_by={
            "title": "line-above" if higher else "first-line" if own else heading.rule,
            **origin.found_by,
            **more.found_by,
        },
    )


def _over_byline(lines: list[str]) -> str | None:
    """The headline over the line with the date, of a page whose own title is that of the site and
    that marks none."""
    over = (line for line, following in pairwise(lines) if is_byline(following))
    line = next(over, None)
    return line if line and can_be_headline(line) else None


def _is_json(page: Page) -> bool:
    if page.text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        return isinstance(page.json, dict | list)
    except Unreadable as error:
        # else a text that begins with a bracket
        return error.reason in ("too-deep", "too-many-digits")


RULES = Rules(name="general", fits=lambda page: True, read=read)


def _locate(url: str) -> Address:
    digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
    return Address(role="article", id=digest[:16], url=url)


def _refusal(page: Page) -> Failure | None:
    return None


ANYWHERE = Platform(
    name="page",
    title="any page",
    hosts=frozenset(),
    locate=_locate,
    rules=(RULES,),
    refusal=_refusal,
)
"""For `extract` alone: a page of no platform that we follow."""
