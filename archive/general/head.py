"""The head of an article: its headline and byline inside the body, and the lines around them."""

from __future__ import annotations

import re

from archive.general.credits import is_label
from archive.general.patterns import IMPRINT, RECENT, ROW_OF_HEAD, SENTENCE, TIME
from archive.page.letters import letters

LETTER = re.compile(r"[^\W_]")
HEAD_CHARACTERS = 600  # around the headline, where sites print time and source
HEADING_LINES = 8  # of a body that may still be its headline and byline
MOST_BUTTONS = 8  # lines more, with what a reader may press there
NAME = 15  # characters of an account's name
# letter size, follow, share; the channel, with an arrow behind it
BUTTON = re.compile(
    r"(?:字号|字体|[超特较]?大|[中小]|较小|标准|默认|收藏|分享|打印|听全文"
    r"|[^。！？]{2,20}\s*[>›»])[：:]?"
)
FOLLOW = re.compile(r"[+＋]?\s*(?:关注|订阅)|已关注")
LINES_UNDER = 4  # after the body


def split_head(
    paragraphs: list[tuple[str, str]], title: str | None
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Parts a body that begins with headline and byline.

    Args:
        paragraphs: `(tag, text)` of each, from `blocks`.
        title: the headline.

    Returns:
        The paragraphs of headline and byline, and those of the article.
    """
    title_letters = letters(title)
    place = next(
        (
            n + 1
            for n, (_, text) in enumerate(paragraphs[:HEADING_LINES])
            if title_letters and letters(text) == title_letters
        ),
        0,
    )
    end = min(len(paragraphs) - 1, HEADING_LINES + MOST_BUTTONS)
    while place < end:
        text, following = paragraphs[place][1], paragraphs[place + 1][1]
        if _is_byline(text) or BUTTON.fullmatch(text) or FOLLOW.fullmatch(text):
            place += 1
        elif _is_name(text) and (FOLLOW.fullmatch(following) or _is_dated_byline(following)):
            place = min(place + 2, end)
        else:
            break
    return paragraphs[:place], paragraphs[place:]


def _is_name(text: str) -> bool:
    """Whether a line may be the name of the account, over the time or what is pressed to follow."""
    return len(text) <= NAME and not SENTENCE.search(text)


def _is_dated_byline(text: str) -> bool:
    return bool(TIME.search(text)) and _is_byline(text)


def leading(paragraphs: list[tuple[str, str]]) -> str | None:
    """The first line of a body where it can only be the headline: short, no sentence, and the
    byline under it."""
    if len(paragraphs) < 3 or not _is_byline(paragraphs[1][1]):
        return None
    text = paragraphs[0][1]
    return (
        text
        if 6 <= len(text) <= 60 and not SENTENCE.search(text) and not _is_byline(text)
        else None
    )


def _is_byline(text: str) -> bool:
    printed = TIME.search(text)
    rest = TIME.sub("", text)
    if printed and len(rest) < 40 and not SENTENCE.search(rest):
        return True
    if (ROW_OF_HEAD.match(text) and len(text) < 120) or (
        RECENT.search(text) and len(text) < 30 and not SENTENCE.search(text)
    ):
        return True
    return len(text) < 40 and bool(IMPRINT.match(text))


def _begins(line: str, title: str) -> bool:
    """Whether a line begins with the letters of a title, without looking at all of it for
    nothing."""
    first = LETTER.search(line)
    return first is not None and title[:1] == first[0] and letters(line).startswith(title)


def lines_of_head(lines: list[str], title: str | None, body: list[str]) -> list[str]:
    """The lines between the headline and the body, then a few before the headline."""
    start = next((n for n, line in enumerate(lines) if body and line == body[0]), None)
    title_letters = letters(title)
    shown = [n for n, line in enumerate(lines) if _begins(line, title_letters)]
    before = [n for n in shown if start is None or n < start]
    place = before[-1] if before else shown[0] if shown else None
    if place is None:
        end = len(lines[:40]) if start is None else start
        return lines[max(0, end - 12) : end]
    under_headline: list[str] = []
    for line in lines[place + 1 : start if start and start > place else place + 20]:
        if sum(map(len, under_headline)) > HEAD_CHARACTERS:
            break
        under_headline.append(line)
    rest = lines[place][len(title or "") :]
    return ([rest] if rest.strip() else []) + under_headline + lines[max(0, place - 4) : place]


def labels_joined(lines: list[str]) -> list[str]:
    """A label that has a line for itself, with the line that it labels."""
    joined: list[str] = []
    for line in lines:
        if joined and is_label(joined[-1]) and not is_label(line):
            joined[-1] += line if joined[-1].endswith(("：", ":")) else f"：{line}"
        else:
            joined.append(line)
    return joined


def lines_under(lines: list[str], body: list[str]) -> list[str]:
    """The lines right behind the body, where some sites name source and author."""
    end = next((n + 1 for n, line in enumerate(lines) if body and line == body[-1]), len(lines))
    return [
        line
        for line in lines[end : end + LINES_UNDER]
        if len(line) < 60 and re.search("[：:]", line)
    ]
