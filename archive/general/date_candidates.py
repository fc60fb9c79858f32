"""All dates of a page: where each is and what it is the date of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from operator import attrgetter
from typing import Literal

from archive.general.date_labels import Label, label_of
from archive.general.patterns import (
    CHANGED,
    CREATED,
    DATED,
    DAY_ALONE,
    IMPRINT,
    IN_ADDRESS,
    IN_SHORT,
    MONTH_ALONE,
    SENTENCE_END,
)
from archive.general.script_dates import script_dates
from archive.model.other_values import OtherDate
from archive.page.dates import from_any, from_zoned
from archive.page.moments import Moment, moments
from archive.page.page import Page

Where = Literal["meta", "element", "head", "script", "page", "address", "signature", "text"]
"""`element`: a `<time>`. `head`: the lines around the headline. `page`: elsewhere outside the
article. `signature`: the end of a document, 落款. `text`: within the article."""

MOST_ELSEWHERE = 10
MOST_READ = 500
PLACES = ("地点", "地 点", "二、地点", "活动地点", "会议地点", "举办地点", "2.地点", "2、地点")
YEARLESS = re.compile(
    r"(?<![\d/年.-])(?:(?:19|20)\d\d)?(\d{1,2})[-/月.](\d{1,2})日?\s{0,3}(\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)(?!\d)"
)
AROUND = 60  # characters of a line in which a date is labelled
LONGEST_LINE = 200
# a year in any form, so that most lines need no search for a date; a search for a set of first
# characters is six times as fast as one for alternatives
YEARS = re.compile(
    r"[12１２一二](?:(?<=1)9\d|(?<=2)0\d|(?<=[１２])[９０]|(?<=[一二])[九〇零○◯OＯoОо0])"
)
# what follows a day within a sentence or a title, and not in a byline
IN_WORDS = re.compile(
    r"(?!来源|作者|星期|周[一二三四五六日]|发布|发表|浏览|阅读|点击|字体|字号|编辑|信息|文章|分享|打印|记者)[\u4e00-\u9fff]"
)
WAY_HERE = re.compile(r"[>＞»]|位置[：:]|[上下]一[篇条]")
CLOCK = re.compile(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
SHORTHAND = re.compile(r"\d{2}-\d{1,2}-\d{1,2}(?=\s*+\d{2}:)")  # 24-03-05 10:23
SHORTHAND_LABELLED = re.compile(
    rf"(?:发布|发表|公开|刊发|上网)(?:日期|时间)\s*+[：:]?\s*+({SHORTHAND.pattern}\s*+\d{{2}}:\d{{2}})"
)
COMPACT_LABELLED = re.compile(  # 发布时间：20240305
    r"(?:发布|发表|公开|刊发|上网)(?:日期|时间)\s*+[：:]\s*+"
    r"((?:19|20)\d\d[01]\d[0-3]\d(?:[012]\d[0-5]\d(?:[0-5]\d)?)?)(?!\d)"
)
WEEKDAY = re.compile(r"\s*[（(]?(?:星期|周)[一二三四五六日天]")
# names of meta data
META: dict[Label, list[str]] = {"published": DATED, "time": CREATED, "updated": CHANGED}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One date of a page.

    `value` is ISO 8601, `name` that of the meta data or of the variable of a script. `byline`: its
    line is a byline and no sentence. `alone`: nothing in its line is of a byline, as with the date
    of a document, and that of a banner; `weekday`: with that of the week.
    """

    value: str
    printed: str | None
    label: Label | None
    where: Where
    name: str = ""
    byline: bool = False
    alone: bool = False
    weekday: bool = False

    @property
    def day(self) -> str:
        """The calendar day."""
        return self.value[:10]

    @property
    def timed(self) -> bool:
        """Whether it says the minute; midnight in meta data and scripts is how programs write a
        day alone."""
        written = self.where in ("head", "page")
        return len(self.value) > 10 and (written or self.value[11:19] != "00:00:00")

    @property
    def other(self) -> OtherDate:
        """As it is stored where another date is taken."""
        where = f"{self.where} {self.name}".strip()
        return OtherDate(self.value, self.printed, self.label, where)


def dates_of_lines(lines: Iterable[str], where: Where) -> Iterator[Candidate]:
    """The dates of lines outside the article.

    Args:
        lines: those of one place.
        where: that place.
    """
    yield from islice(_of_lines(lines, where), MOST_READ)


def _of_lines(lines: Iterable[str], where: Where) -> Iterator[Candidate]:
    last = ""
    for line in lines:
        match = None
        if where == "head":
            match = SHORTHAND_LABELLED.search(line) or COMPACT_LABELLED.search(line)
        if match:
            yield Candidate(f"{from_any(match[1])}", match[1], "published", where, byline=True)
        elif where == "head" and CLOCK.fullmatch(line) and YEARS.search(last):
            yield from _of_line(f"{last} {line}", "", where)
        elif YEARS.search(line):
            yield from _of_line(line, last if last.endswith(("：", ":")) else "", where)
        last = line


def _of_line(line: str, before: str, where: Where) -> Iterator[Candidate]:
    end = 0
    for moment in sorted(moments(line), key=attrgetter("start")):
        front = line[end : moment.start] or (before if not end else "")
        label, _ = label_of(front, line[moment.end : moment.end + AROUND])
        yield Candidate(
            moment.value,
            moment.printed,
            label,
            where,
            byline=is_byline(line, moment),
            alone=_is_alone(line, moment),
            weekday=bool(WEEKDAY.match(line, moment.end)),
        )
        end = moment.end


def is_byline(line: str, moment: Moment) -> bool:
    """Whether the line of an unlabelled date is no sentence, and the date no part of one."""
    if len(line) > LONGEST_LINE or SENTENCE_END.search(line):
        return False
    if len(moment.value) > 10:
        sentence = "，" in line and not IMPRINT.search(line)
        return not (sentence and "年" in moment.printed)
    return not IN_WORDS.match(line, moment.end) and not WAY_HERE.search(line)


def _is_alone(line: str, moment: Moment) -> bool:
    """Whether it is a day in the form of documents, with nothing of a byline in its line."""
    return (
        len(moment.value) == 10
        and "年" in moment.printed
        and not IMPRINT.search(line[:LONGEST_LINE])
    )


def without_events(dates: Iterable[Candidate], lines: list[str]) -> Iterator[Candidate]:
    """Dates of which one that is followed by its place, `时间：…` and `地点：…`, is an event's.

    Args:
        dates: those around the headline.
        lines: of the page.
    """
    places = [line for line, following in pairwise(lines) if following.startswith(PLACES)]
    for date in dates:
        is_event = date.label == "time" and any((date.printed or "") in line for line in places)
        yield replace(date, label="event") if is_event else date


def without_year(lines: Iterable[str], day: str) -> Candidate | None:
    """The minute of a day whose line prints no year: `03-05 10:23`.

    Args:
        lines: those around the headline.
        day: ISO 8601, as another place has it.
    """
    for line in lines:
        match = YEARLESS.search(line)
        if match and (int(match[1]), int(match[2])) == (int(day[5:7]), int(day[8:])):
            value = from_any(f"{day} {match[3]}")
            return (value and Candidate(value, match[0], "time", "head", byline=True)) or None
    return None


def split_day(lines: list[str]) -> Iterator[Candidate]:
    """A day set in large figures over its month: `21` and `2024年02月`."""
    for first, second in pairwise(lines):
        if DAY_ALONE.fullmatch(first) and (month := MONTH_ALONE.fullmatch(second)):
            value = from_any(f"{month[1]}-{month[2]}-{first}")
            if value:
                yield Candidate(value, None, None, "head", "day-over-month", byline=True)


def of_meta(meta: dict[str, str], lines: list[str]) -> Iterator[Candidate]:
    """The dates of the page's meta data.

    Args:
        meta: values by name.
        lines: those around the headline: they say whether a zone is meant.
    """
    for label, names in META.items():
        for name in names:
            if (value := meta.get(name)) and (at := from_zoned(value, lines) or from_any(value)):
                yield Candidate(at, value, label, "meta", name)


def of_address(url: str) -> Iterator[Candidate]:
    """The day in an address, the last of several: folders may be those of a column."""
    path = url.partition("?")[0]
    for match in reversed([*IN_ADDRESS.finditer(path), *IN_SHORT.finditer(path)]):
        if at := from_any("-".join(group for group in match.groups() if group)):
            yield Candidate(at, match[0].strip("/"), None, "address")
            return


def of_elements(page: Page, lines: list[str]) -> Iterator[Candidate]:
    """The first `<time>` of a page with a date for programs, and the dates that scripts name, or
    write into the page."""
    elements = list(page.tree.iter("time", "script"))
    times = (element for element in elements if element.tag == "time")
    for element in islice(times, MOST_ELSEWHERE):
        written = (element.get("datetime") or "").strip()
        if at := from_zoned(written, []) or from_any(written):
            updated = "modif" in f"{element.get('itemprop')} {element.get('class')}".lower()
            yield Candidate(at, written, "updated" if updated else "published", "element")
            break
    for name, written, label in script_dates(elements):
        if at := from_zoned(written, lines) or from_any(written):
            yield Candidate(at, written, label, "script", name)
