"""The words of a pager: numbers of pages, the next one, the last one, and how many there are."""

from __future__ import annotations

import re
import unicodedata

from lxml.html import HtmlElement

from archive.page.fields import start_of

NUMBER = re.compile(r"(?:第)?(\d{1,3})(?:页)?|第(\d{1,3})页\W.{0,60}")
CHINESE_NUMBER = re.compile(r"第([一二三四五六七八九十]{1,3})页")
NEXT = re.compile(
    r"(?:点击|进入|转到|翻到)?下一?[页頁]|后一?页|next(?:page)?|[›»>]{1,2}|余下全文", re.I
)
PREVIOUS = re.compile(r"上一?页|前一?页|上一?頁|prev(?:ious)?(?:page)?|[‹«<]{1,2}", re.I)
EDGE = re.compile(r"首页|第一页|末页|尾页|最后一?页|first|last", re.I)
AROUND = "[]【】()（）·|"
COUNT = re.compile(
    r"(?:共|全文|总)[共有计]?\s*+(\d{1,3})\s*+页"
    r"|(?<![\d/.-])\d{1,3}\s*+/\s*+(\d{1,3})(?:\s*+页|(?![\d/.-]))"
)
COMMENTS = re.compile(r"comment|pinglun|reply|guestbook|liuyan", re.I)
DIGITS = {character: value for value, character in enumerate("一二三四五六七八九", 1)}
LONGEST_WORD = 70  # characters of a link of a pager: 第2页：its subtitle
LONGEST_PAGER = 300  # characters of an element that says how many pages there are


def word_of(element: HtmlElement) -> str | None:
    """What a link of a pager says; None for another link."""
    text = start_of(element, LONGEST_WORD + 1) or element.get("title") or ""
    if not text and (picture := next(element.iter("img"), None)) is not None:
        text = picture.get("alt") or picture.get("title") or ""
    word = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).strip(AROUND)
    if not word or len(word) > LONGEST_WORD:
        return None
    patterns = (NEXT, PREVIOUS, EDGE)
    is_word = number_of(word) is not None or any(pattern.fullmatch(word) for pattern in patterns)
    return word if is_word else None


def number_of(word: str) -> int | None:
    """The number of a page that a word of a pager says; None for another."""
    if match := NUMBER.fullmatch(word):
        return int(match[1] or match[2])
    if match := CHINESE_NUMBER.fullmatch(word):
        tens, ten, ones = match[1].rpartition("十")
        return DIGITS.get(tens, 1 if ten else 0) * (10 if ten else 0) + DIGITS.get(ones, 0)
    return None


def is_of_comments(element: HtmlElement) -> bool:
    """Whether something lies among comments, which have pages of their own."""
    around = [element, *element.iterancestors()][:6]
    return any(COMMENTS.search(f"{each.get('class')} {each.get('id')}") for each in around)


def count_around(element: HtmlElement) -> int | None:
    """How many pages there are, as printed next to a link of a pager; None where it is not."""
    for around in [*element.iterancestors()][:3]:
        text = start_of(around, LONGEST_PAGER + 1) or ""
        if len(text) <= LONGEST_PAGER and (match := COUNT.search(text)):
            return int(match[1] or match[2])
    return None
