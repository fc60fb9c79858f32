"""What in a query is read otherwise than it was meant: operators in small letters, fields that
there are not, a quotation without an end.

Nothing of it is refused where it finds something: 12:30, 国发(2020)1号 and “and” are text too.
"""

from __future__ import annotations

import re

from archive.errors import suggestion

QUOTED = re.compile(r'"[^"]*+"|“[^“”]*+”|「[^「」]*+」|『[^『』]*+』')
OPENED = re.compile('["＂“「『]')
# Words that are typed for the operators, and words that are typed before a colon for a field.
OPERATOR = re.compile(
    r"(?<!\S)(?:(?!AND|OR|NOT)(?i:and|or|not|near|xor)(?!\S)|&&?(?!\S)|\|\|?(?!\S)|-(?=\w)"
    r"|(?:ＡＮＤ|ＯＲ|ＮＯＴ|和|与|或|及|且|并且|或者|不含)(?!\S))"
)
FIELD = re.compile(r"(?<!\S)(?P<name>[^\W\d_][\w]{1,19})\s?[:：](?P<blank>\s?)(?!//)")
ASCII_FIELD = re.compile(r"(?<!\S)(?P<name>[A-Za-z][A-Za-z_]{2,19}):(?P<word>[^\s/]\S*+)")
FIELDS = {
    **dict.fromkeys(("title", "标题", "題目", "标題", "標題", "题目", "题名", "篇名"), "title"),
    **dict.fromkeys(
        ("account", "账号", "帐号", "賬號", "帳號", "账户", "政务号", "公众号", "发布者"), "account"
    ),
}
OPTIONS = {
    **dict.fromkeys(("platform", "平台"), "--platform"),
    **dict.fromkeys(("status", "state", "状态"), "--status"),
    **dict.fromkeys(
        ("date", "published_at", "日期", "时间", "发布时间", "since"), "--since and --until"
    ),
    **dict.fromkeys(("until",), "--until"),
}
BOTH = dict.fromkeys(("text", "body", "content", "正文", "内容", "全文"), "")
NONE = ("作者", "编辑", "来源", "网址", "链接", "文号", "发文机关")


def misread(query: str) -> str | None:
    """What in a query is taken as words and may have been meant otherwise; None where nothing is.

    Example:
        >>> misread("疫情 and 防控")
        'operators are written in capitals (AND, OR, NOT), so “and” is a word here'
    """
    bare = QUOTED.sub(" ", query)
    if match := OPERATOR.search(bare):
        typed = match[0]
        if typed == "-":
            return "write NOT before a word that must not be there, because “-” is text here"
        return f"operators are written in capitals (AND, OR, NOT), so “{typed}” is a word here"
    for match in FIELD.finditer(bare):
        name, blank = match["name"].lower(), bool(match["blank"])
        is_split = blank or bare[match.end("name")] == " "
        if name in ("title", "account") and (is_split or match["name"] != name):
            return f"to look in that field only write {name}:WORD, without a blank"
    if match := OPENED.search(bare):
        return f"the quotation that begins with {match[0]} has no end"
    return None


def unknown_field(query: str) -> str | None:
    """A sentence about a field that a query names and that there is not, with what to type; None
    where it names none.

    Example:
        >>> unknown_field("标题:广州")
        'There is no field 标题; to look in titles only write title:WORD, without a blank.'
    """
    bare = QUOTED.sub(" ", query)
    for match in FIELD.finditer(bare):
        name = match["name"].lower()
        if name not in ("title", "account") and (todo := _instead_of(name)):
            return f"There is no field {match['name']}; {todo}."
    for match in ASCII_FIELD.finditer(bare):
        name = match["name"].lower()
        if name not in ("title", "account"):
            meant = suggestion(name, ("title", "account")).rstrip("?")
            return (
                f"There is no field {match['name']}; "
                f"{f'{meant}, or' if meant else 'title:WORD and account:WORD are fields;'} "
                f'write "{match[0]}" in quotes where it is text.'
            )
    return None


def _instead_of(name: str) -> str | None:
    if field := FIELDS.get(name):
        return f"to look in {field}s only write {field}:WORD, without a blank"
    if option := OPTIONS.get(name):
        return f"use {option}"
    if name in BOTH:
        return "a word without a field is looked for in titles and texts"
    if name in NONE:
        return (
            "title:WORD and account:WORD are fields, and the rest is in the columns of archive.db"
        )
    return None
