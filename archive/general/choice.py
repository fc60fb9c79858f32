"""The body of a page of unknown make: by its mark, by vote, or what follows the headline."""

from __future__ import annotations

from copy import deepcopy

from lxml.html import HtmlElement

from archive.general.containers import container
from archive.general.furniture import is_imprint, is_information
from archive.general.hidden import hidden_body
from archive.general.patterns import SENTENCE_END
from archive.general.pruning import article_lines, prune
from archive.general.story import Story, stories
from archive.general.vote import body as likeliest
from archive.page.files import holds_files
from archive.page.letters import folded_letters, letters
from archive.page.page import Page
from archive.page.paragraphs import blocks

WRITTEN = 3  # sentences of a body that is not compared with what follows the headline
PROSE = 150  # characters of it, likewise
FAR = 3  # times what follows nearest to the headline; then a body farther off is looked at
OVER = 3  # lines over the headline; with so many a body has more than the article
MOST = 0.6  # of what follows the headline; a body that holds so much of it is it


def chosen_body(page: Page, title: str | None) -> HtmlElement | None:
    """Finds the element that holds the article, and nothing around it.

    Args:
        page: the page, whose tree is not changed.
        title: the headline, if it is known.

    Returns:
        A copy, or None where nothing on the page is an article.
    """
    known = container(page.tree)
    body = None if known is None else prune(deepcopy(known))
    if body is not None and _is_prose(body):
        return body
    if body is None:
        body = likeliest(page.tree, title)
    lines = _own_lines(body)
    if _is_written(lines):
        under_headline = _prose_under(page, title) if _begins_early(body, title) else None
        return body if under_headline is None else under_headline
    unseen = hidden_body(page, title)
    if unseen is not None and _size(_own_lines(unseen)) > _size(lines):
        return unseen
    under = list(stories(page.tree, title))
    if not under:
        return body if _sentences(lines) or _size(lines) >= PROSE else None
    return _by_headline(body, lines, under)


def _begins_early(body: HtmlElement | None, title: str | None) -> bool:
    """Whether a body has the menus too that are over the headline."""
    texts = [folded_letters(text) for _, text in blocks(body)] if body is not None else []
    headline = folded_letters(title)
    return bool(headline) and headline in texts[OVER:]


def _prose_under(page: Page, title: str | None) -> HtmlElement | None:
    """What follows the headline, where it is prose and not much less than all that does."""
    under = [(story, _sentences(_own_lines(story.body))) for story in stories(page.tree, title)]
    if not under or not under[0][1] or max(count for _, count in under) >= FAR * under[0][1]:
        return None
    return _trimmed(under[0][0].body)


def _by_headline(
    body: HtmlElement | None, lines: list[str], under: list[Story]
) -> HtmlElement | None:
    """The body where it is most of what follows the headline, else what follows it."""
    own = letters("".join(lines))
    nearest = under[0]
    for story in under if own else ():
        if story.letters < nearest.letters * FAR and story is not nearest:
            continue
        if own in letters("".join(text for _, text in blocks(story.body))):
            return body if len(own) >= MOST * story.letters else _trimmed(story.body)
    return _trimmed(nearest.body)


def _trimmed(body: HtmlElement) -> HtmlElement:
    """Without what is said of the article before and behind it: date, source, buttons."""
    for parts in (list(body), list(reversed(body))):
        for part in parts:
            if part.tag != "br" and (
                holds_files(part)
                or any(not is_information(text) for _, text in blocks(part))
                or (part.tail or "").strip()
            ):
                break
            if part.getparent() is not None:
                body.remove(part)
    return prune(body)


def _own_lines(body: HtmlElement | None) -> list[str]:
    if body is None:
        return []
    lines = (text for _, text in article_lines(blocks(body)))
    return [line for line in lines if not (is_information(line) or is_imprint(line))]


def _is_prose(body: HtmlElement) -> bool:
    """Whether so much of a body is prose that it needs no walk to see that some line is."""
    ends = SENTENCE_END.findall("".join(body.itertext()))
    return len(ends) >= WRITTEN or bool(_sentences(_own_lines(body)))


def _is_written(lines: list[str]) -> bool:
    return _sentences(lines) >= WRITTEN and _size(lines) >= PROSE


def _size(lines: list[str]) -> int:
    return sum(map(len, lines))


def _sentences(lines: list[str]) -> int:
    return sum(len(SENTENCE_END.findall(line)) for line in lines)
