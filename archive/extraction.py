"""A page becomes an `Article` or a `Failure`: the platform's rules find the body and the fields,
and the paragraphs of the body are the text.

The answer depends on the bytes, the code and the pinned libraries: no clock, no memory of other
pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from archive.errors import Unreadable, failures_as_unreadable
from archive.general.article_fields import fields_of, rule_of_each
from archive.general.counters import without_counters
from archive.general.kinds import kind_of
from archive.general.page_addresses import same
from archive.general.paging import paging_of, without_pager
from archive.general.refusals import LITTLE, MESSAGE, dead, refused
from archive.general.rules import ANYWHERE
from archive.general.rules import RULES as GENERAL
from archive.model import Article, Failure, Paging
from archive.page.damage import REPLACEMENT
from archive.page.letters import folded_letters
from archive.page.markdown import markdown
from archive.page.page import Page
from archive.page.page_title import title_of
from archive.page.paragraphs import blocks
from archive.page.pictures import pictures
from archive.platform import Address, Platform, Reading, Rules
from archive.platforms import Platforms, load

MOST_LOST = 4  # one character in so many: with more, the charset is not known
MOVING = frozenset({"video", "live", "special"})  # what may have few words and no picture of ours
# why a platform's own rules read nothing, where its page may be in a layout that they do not know
OTHER_LAYOUT = frozenset({"unknown-layout", "no-title", "no-body", "unexpected-shape", "not-json"})
MUCH, SENTENCES = 200, 5  # characters and sentences that are more than what surrounds an empty page


def extract(
    html: bytes,
    url: str,
    *,
    captured_at: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    platforms: Platforms | None = None,
) -> Article | Failure:
    """Read the article of one page that was saved anywhere. No archive is needed.

    A page of no platform, or in a layout that its platform's rules do not know, is read by the
    general rules. One whose address its platform does not know is a page of no platform then.

    Args:
        html: the body of the answer, content coding undone.
        url: the address of the page, which decides the platform; '' where it is not known.
        captured_at: an aware time, which decides between the rules of several years; None: the
            latest.
        headers: those of the answer, if they are known.
        platforms: None: those of the program, and those described in $ZHENGWEN_PLATFORMS.

    Returns:
        The article, or why there is none.

    Example:
        >>> page = b"<html><body><h1>A page without a text</h1></body></html>"
        >>> extract(page, "https://www.example.org/1.html").outcome
        'unreadable'
    """
    content_type = next(
        (value for name, value in (headers or {}).items() if name.lower() == "content-type"), ""
    )
    page = Page(url=url, body=html, content_type=content_type, captured_at=captured_at)
    platform = (load() if platforms is None else platforms).of_url(url)
    if platform is None:
        return read(page, ANYWHERE, ANYWHERE.locate(url))
    result = read(page, platform, platform.locate(url))
    if isinstance(result, Article) or result.outcome != "unreadable":
        return result
    by_general_rules = read(page, ANYWHERE, ANYWHERE.locate(url))
    return result if isinstance(by_general_rules, Failure) else by_general_rules


def read(page: Page, platform: Platform, address: Address | None) -> Article | Failure:
    """Read a page by the rules of a platform that hold for it and its capture date; one in a layout
    that they do not know by the general rules, which is said by `Article.rules`.

    Args:
        page: the answer.
        platform: whose rules read it.
        address: what the page's URL is there; None where it is nothing that the platform knows.

    Returns:
        The article, or why there is none; never an exception for what a page holds.
    """
    result = _read(page, platform, address, None)
    if isinstance(result, Article) or not _may_be_of_another_layout(result, platform, address):
        return result
    by_general_rules = _read(page, platform, address, GENERAL)
    if isinstance(by_general_rules, Failure):
        return result
    is_enough = _says_much if result.outcome == "empty" else _says_more_than_a_notice
    return by_general_rules if is_enough(by_general_rules) else result


def _may_be_of_another_layout(
    failure: Failure, platform: Platform, address: Address | None
) -> bool:
    if GENERAL in platform.rules or address is None or address.role != "article":
        return False
    return failure.outcome == "empty" or failure.reason in OTHER_LAYOUT


def _says_more_than_a_notice(article: Article) -> bool:
    return len(article.text) > MESSAGE


def _says_much(article: Article) -> bool:
    """Whether an article is on a page that its platform's rules take for empty: it has many
    sentences, and the headline is that of the page."""
    title, page_title = folded_letters(article.title), folded_letters(article.page_title)
    is_headed = bool(title) and title in page_title
    sentences = sum(article.text.count(sign) for sign in "。！？")
    return is_headed and len(article.text) > MUCH and sentences >= SENTENCES


def is_by_general_rules(article: Article) -> bool:
    """Whether a page of a platform was in a layout that its own rules do not know."""
    return article.rules == GENERAL.name and article.platform != ANYWHERE.name


def _read(
    page: Page, platform: Platform, address: Address | None, rules: Rules | None
) -> Article | Failure:
    """Read a page by some rules; None: those of the platform that fit."""
    result: Article | Failure
    try:
        with failures_as_unreadable():
            failure = refused(page) or platform.refusal(page)
            if failure and (rules is None or failure.outcome != "empty"):
                return failure
            rules = rules or choose(platform, page)
            result = _article(page, platform, address, rules, rules.read(page))
    except Unreadable as error:
        result = Failure(outcome="unreadable", reason=error.reason, detail=error.detail)
    # Only a page with little on it can be a message in the place of an article.
    if isinstance(result, Failure):
        return dead(page) or result
    if result.kind not in MOVING and len(result.text) <= LITTLE:
        return dead(page, result.text, result.title) or result
    return result


def choose(platform: Platform, page: Page) -> Rules:
    """The rules for a page: its layout decides, and among rules that fit, its capture date. Raises
    Unreadable where none fit."""
    fitting = [rules for rules in platform.rules if rules.fits(page)]
    if not fitting:
        raise Unreadable("unknown-layout", f"no rules of {platform.name} fit {page.url}")
    day = page.captured_at.date() if page.captured_at else date.max
    return next((rules for rules in fitting if rules.hold_on(day)), fitting[0])


def _article(
    page: Page, platform: Platform, address: Address | None, rules: Rules, reading: Reading
) -> Article | Failure:
    page.check_time()
    paging = paging_of(page)
    lines = _lines(reading, platform)
    if paging:
        lines = without_pager(lines)
        address = _first_page(page, platform, address, paging)
    texts = [text for _, text in lines]
    page_title = title_of(page)
    fields = fields_of(reading, texts, page_title)
    article = Article(
        **fields,
        platform=platform.name,
        native_id=_native_id(page, address, reading),
        url=address.url if address else page.url,
        text="\n".join(texts),
        markdown=markdown(reading.body, texts, page),
        paging=paging,
        page_title=page_title,
        pictures=tuple(pictures(reading.body, page)),
        rules=rules.name,
        found_by=rule_of_each(fields, reading, rules.name),
    )
    if article.kind == "article":
        article = replace(
            article, kind=kind_of(article.text.split("\n"), reading.body, article.pictures)
        )
    if article.kind == "article" and not article.text and not article.pictures:
        return Failure(
            outcome="empty", reason="empty-content", detail=f"the body of {page.url} is empty"
        )
    return _checked(article, page)


def _first_page(
    page: Page, platform: Platform, address: Address | None, paging: Paging
) -> Address | None:
    """The address of the article, which is that of its first page; the page's own where the first
    is no article's."""
    if same(paging.first, page.url) and paging.number == 1:
        return address
    first = platform.locate(paging.first)
    return first if first is not None and first.role == "article" else address


def _lines(reading: Reading, platform: Platform) -> list[tuple[str, str]]:
    """Tag and text of each paragraph of the article."""
    lines = reading.lines
    if lines is None:
        lines = () if reading.body is None else tuple(blocks(reading.body))
    return without_counters([line for line in lines if line[1] not in platform.boilerplate])


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
    """The article, with how many characters of it are lost; a failure where it has no title, or
    most of it is lost."""
    if not article.title:
        return Failure(outcome="unreadable", reason="no-title", detail=page.url)
    if not page.decoded.damaged:
        return article
    words = f"{article.title}{article.text}"
    lost = words.count(REPLACEMENT)
    if lost * MOST_LOST > len(words):
        return Failure(
            outcome="unreadable", reason="undecodable", detail=f"read as {page.decoded.encoding}"
        )
    return replace(article, undecoded=lost)
