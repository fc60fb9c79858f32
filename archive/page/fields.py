"""What the rules of every platform need to read fields: Chinese times, the text of an element,
lines of a byline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from lxml.html import HtmlElement

from archive.model.times import CHINA
from archive.page.paragraphs import line

LOCAL_TIME = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:\s*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?)?"
)
ZONED = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s?(Z|[+-]\d\d:?\d\d)")
BYLINE = re.compile(r"^(?P<source>\S*?)(?:首席|高级|资深|实习|特约|见习)?记者\s+(?P<author>.+)$")


def from_milliseconds(value: object) -> str | None:
    """ISO 8601 at +08:00 of epoch milliseconds, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        return None
    moment = datetime.fromtimestamp(value // 1000, UTC).astimezone(CHINA)
    return moment.isoformat()


def from_local(text: str | None) -> str | None:
    """ISO 8601 at +08:00 of a printed Chinese date and time; None where no date stands. A date
    alone stays a date."""
    match = LOCAL_TIME.search(text or "")
    if not match:
        return None
    numbers = [int(part) for part in match.groups() if part is not None]
    try:
        moment = datetime(*numbers, tzinfo=CHINA)  # type: ignore[misc, arg-type]  # 3, 5 or 6 numbers, the zone by name
    except ValueError:
        return None
    return moment.isoformat() if len(numbers) > 3 else moment.date().isoformat()


def from_zoned(text: str, shown: Iterable[str]) -> str | None:
    """ISO 8601 at +08:00 of an ISO time that states another zone; None where it states none.

    Also None where the page shows its readers the same hour as Chinese time: then the zone was
    written by a program that knew none, as many content systems append a Z to whatever they hold.
    """
    match = ZONED.fullmatch(text.strip())
    if not match or (local := from_local(match[1].replace("T", " "))) is None:
        return None
    if any((from_local(line) or "")[:16] == local[:16] for line in shown):
        return None
    return (
        datetime.fromisoformat(match[1] + match[2]).astimezone(CHINA).isoformat(timespec="seconds")
    )


def printed_time(text: str | None) -> str | None:
    """The characters of the first date and time that stand in a text, as they stand there."""
    match = LOCAL_TIME.search(text or "")
    return match[0] if match else None


def agreed_time(milliseconds: object, printed: str | None) -> str | None:
    """The exact time where it says the same minute as the printed one, else the printed one, which
    readers saw."""
    exact, shown = from_milliseconds(milliseconds), from_local(printed)
    return exact if exact and (shown is None or exact[:16] == shown[:16]) else shown


def words(value: object) -> str | None:
    """A text value without the white space around it, None where nothing is left (sites write ' '
    for nothing)."""
    return (line(value) or None) if isinstance(value, str) else None


def text_of(element: HtmlElement | None) -> str | None:
    """All text of an element on one line, or None."""
    return None if element is None else words("".join(element.itertext()))


def byline(text: str | None) -> tuple[str | None, str | None]:
    """`(author, source)` of a printed byline: `石佳/中国青年报`, `澎湃新闻记者 贺梨萍`, `张三`."""
    if not text:
        return None, None
    if match := BYLINE.match(text):
        return match["author"].strip(), match["source"] or None
    author, slash, source = text.partition("/")
    return words(author), words(source) if slash else None
