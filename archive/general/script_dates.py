"""The dates in a page's scripts: values of variables and of JSON, and what is written into the page
(`document.write`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from archive.general.date_labels import Label, label_of

REST = (
    r"[-/年.]\d{1,2}[-/月.]\d{1,2}日?"
    r"(?:[T \-]{1,2}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)?(?!\d)"
)
# Several, since a search for fixed first characters is ten times as fast as one for alternatives.
VALUES = (
    re.compile(rf"20\d\d{REST}"),
    re.compile(rf"19\d\d{REST}"),
    re.compile(r"1\d{9}(?:\d{3})?(?!\d)"),
    re.compile(r"(?<=[\"'])20\d\d[01]\d[0-3]\d(?:[012]\d[0-5]\d(?:[0-5]\d)?)?(?=[\"'])"),
)
KEY = re.compile(
    r"([A-Za-z_$][\w.$-]{0,40})\\?[\"']?\s{0,3}[=:]\s{0,3}(?:new\s{1,2}Date\(\s?)?\\?[\"']?$"
)
WRITTEN = re.compile(r"(?:write(?:ln)?|html|text|append)\(\s{0,3}[\"'](?P<front>[^\n();]{0,50})$")
# document.getElementById("pubtime").innerHTML = "
OF_ELEMENT = re.compile(
    r"(?:ById\(|\$\()\s?[\"']#?([\w-]{1,40})[\"']\s?\)\.\w{1,20}\s?[=(]\s?[\"']$"
)
LONGEST_WRITING = 2000  # characters of a script that writes one date
TAGS = re.compile(r"<[^<>]*>")
BEFORE = 64  # characters in which a value is named
MOST, MOST_VALUES = 20, 2000
MOST_BEFORE = 5  # elements or texts before a script
PUBLISHED = re.compile(
    r"pub|publish|release|issue_?(?:d|t)|(?:news|art|article|post|doc|show|input|add)_?(?:time|date)"
    r"|(?:ori_?)?create_?(?:d|time|date|at)|^ct$|fabu|^fb(?:sj|rq)$|^var_?date$",
    re.I,
)
CHANGED = re.compile(r"update|^up_?date|modif|edit_?(?:time|date)|gengxin|^(?:gx|xg)sj$", re.I)
OTHER = re.compile(
    r"end|expire|deadline|start|begin|server|now|current|sys|build|version|load|login|visit", re.I
)


def script_dates(elements: Iterable[HtmlElement]) -> Iterator[tuple[str, str, Label]]:
    """The dates that a page's scripts name.

    Args:
        elements: of the page; those that are no scripts are passed over.

    Returns:
        Name of the variable or key, the value as written, and the label that its name is; of
        several values of one name the first.
    """
    return islice(_named(elements), MOST)


def _named(elements: Iterable[HtmlElement]) -> Iterator[tuple[str, str, Label]]:
    names: set[str] = set()
    for script, text, match in islice(_values(elements), MOST_VALUES):
        front = text[max(0, match.start() - BEFORE) : match.start()]
        name, label = _name_and_label(front, script, text)
        if label and name not in names:
            names.add(name)
            yield name, match[0], label


def _values(elements: Iterable[HtmlElement]) -> Iterator[tuple[HtmlElement, str, re.Match[str]]]:
    for element in elements:
        text = element.text if element.tag == "script" else None
        if not text:
            continue
        for pattern in VALUES:
            for match in pattern.finditer(text):
                yield element, text, match


def _name_and_label(front: str, script: HtmlElement, text: str) -> tuple[str, Label | None]:
    if element := OF_ELEMENT.search(front):
        name = element[1]
        return name, label_of_name(name) or (None if OTHER.search(name) else "time")
    if key := KEY.search(front):
        name = key[1].rpartition(".")[2]
        return name, label_of_name(name) or (None if OTHER.search(name) else _written(script, text))
    if written := WRITTEN.search(front):
        label, _ = label_of(TAGS.sub("", written["front"]).strip() or _text_before(script), "")
        return "document.write", label or "time"
    return "document.write", _written(script, text)


def _written(script: HtmlElement, text: str) -> Label | None:
    """What the text before a script that writes into the page calls what it writes."""
    if len(text) > LONGEST_WRITING or "document.write" not in text:
        return None
    label, named = label_of(_text_before(script), "")
    return label if named else None


def label_of_name(name: str) -> Label | None:
    """What a variable or key names: a date of publication, of a change, or neither.

    Example:
        >>> label_of_name("pubTime"), label_of_name("update_time"), label_of_name("serverTime")
        ('published', 'updated', None)
    """
    if CHANGED.search(name):
        return "updated"
    if OTHER.search(name):
        return None
    return "published" if PUBLISHED.search(name) else None


def _text_before(script: HtmlElement) -> str:
    """The text right before a script, which labels what it writes."""
    text = ""
    for previous in islice(script.itersiblings(preceding=True), MOST_BEFORE):
        text = (previous.tail or "") + text
        if text.strip():
            return text
        if isinstance(previous.tag, str):  # no comment
            text = "".join(islice(previous.itertext(), MOST_BEFORE))
    parent = script.getparent()
    return text if text.strip() or parent is None else parent.text or ""
