"""What a reader types, and what it means."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.database import fulltext
from archive.database.terms import terms
from archive.errors import UsageError
from archive.search.expression import Document
from archive.search.parser import parse, phrase
from archive.search.snippet import snippet


def document(text: str, title: str = "", account: str = "") -> Document:
    return Document({"text": text, "title": title, "account": account})


@pytest.mark.parametrize(
    ("query", "text", "matching"),
    [
        ("疫情", "新冠疫情防控", True),
        ("疫情 口罩", "疫情防控", False),
        ("疫情 OR 口罩", "戴口罩", True),
        ("疫情 NOT 口罩", "疫情与口罩", False),
        ("(疫情 OR 口罩) 防控", "口罩防控", True),
        ("（疫情 OR 口罩） 防控", "口罩防控", True),
        ("(疫情 OR 口罩) 防控", "口罩", False),
        ("防控 (疫情 OR 口罩)", "口罩防控", True),
        ("((疫情)", "疫情", True),
        ("疫情 NOT(口罩 OR 消毒)", "疫情与消毒", False),
        ("疫情 NOT（口罩 OR 消毒）", "疫情", True),
        ("(疫情 OR 口罩)NOT 演练", "口罩演练", False),
        ("(疫情)OR(口罩)AND(上海)", "疫情", True),
        ("疫情OR(口罩)", "疫情 口罩", False),
        ('"疫情 OR(口罩)"', "疫情 or 口罩", True),
        ('("疫情，防控" OR 口罩) 上海', "上海疫情：防控", True),
        ('"疫 情"', "疫，情", True),
        ('"疫 情"', "疫情", True),
        ('"疫 情"', "情，疫", False),
        ("“疫情 防控”", "防控疫情", False),
        ("「疫情 防控」", "疫情防控", True),
        ("人类命运共同体", "构建人类命运共同体", True),
        ("人类命运共同体", "人类命运，命运共同体", False),
        ("COVID-19", "covid 19", True),
        ("COVID-19", "19 covid", False),
        ("国发(2020)1号", "国发〔2020〕1号", True),
        ("国发〔2020〕1号", "国发(2020)1号", True),
        ("(2020)1号", "〔2020〕1号", True),
        ("阿卜杜拉·阿卜杜热西提", "阿卜杜拉•阿卜杜热西提", True),
        ("AI", "AID", False),
        ("ai", "使用AI技术", True),
        ("ai技术", "使用AI技术", True),
        ("ＧＤＰ", "GDP增长", True),
        ("™", "ＴＭ", True),
        ("2020年", "２０２０年", True),
        ("2020年", "12020年", False),
        ("gov*", "a government", True),
        ("gov*", "egov", False),
        ("(gov*)", "a government", True),
        ("疫情 （（gov＊）OR x）", "疫情, government", True),
        ("gov*ment", "government", False),
        ('"local gov"*', "local, government", True),
        ("疫*", "防疫情", True),
        ("*情", "疫情", True),
        ('疫情"', "疫情", True),
        (") 疫情 (", "疫情", True),
        ("疫情 AND", "疫情", True),
        ("OR 疫情", "疫情", True),
        ("and", "this and that", True),
        ("title:疫情", "疫情", False),
        ("http://www.gov.cn/", "见 http://www.gov.cn/index", True),
        ("注:疫情", "注：疫情", True),
        ("NOT", "not", False),
        ("NOT 疫情", "疫情", False),
        ("title:", "title", True),
        ("café", "cafe", False),
        ("CAFÉ", "cafe\u0301", True),
        ("𠮷野家", "𠮷野家", True),
    ],
)
def test_a_query_is_read_as_its_reader_means_it(query: str, text: str, matching: bool) -> None:
    try:
        assert parse(query).matches(document(text)) is matching
    except UsageError:
        assert matching is False


def test_fields_search_only_their_column() -> None:
    article = document("正文提到口罩", "疫情通报：上海", "上海发布")
    for query in (
        "title:疫情",
        "title：疫情",
        "account:上海 口罩",
        'title:"通报 上海"',
        "title:(疫情 上海) 口罩",
        "口罩 NOT account:北京",
        "(title:疫情)",
    ):
        assert parse(query).matches(article), query
    for query in ("title:口罩", "account:口罩", "title:(疫情 口罩)", "口罩 NOT account:上海"):
        assert not parse(query).matches(article), query


def test_a_quoted_query_is_text() -> None:
    assert parse(phrase("疫情 OR 口罩 NOT")).matches(document("疫情 or 口罩 not"))
    assert not parse(phrase("疫情 OR 口罩")).matches(document("疫情"))


@pytest.mark.slow
@given(st.text(max_size=40))
def test_any_text_is_a_query_or_a_usage_error(query: str) -> None:
    try:
        expression = parse(query)
    except UsageError:
        return
    assert expression.fts()


def test_terms_are_all_runs_of_up_to_four() -> None:
    wanted = [
        "疫",
        "疫情",
        "疫情防",
        "疫情防控",
        "情",
        "情防",
        "情防控",
        "情防控ai",
        "防",
        "防控",
        "防控ai",
        "控",
        "控ai",
        "ai",
    ]
    assert sorted(terms("疫情防控AI")) == sorted(wanted)


def test_marks_that_the_index_adds_to_the_words_can_not_be_typed() -> None:
    row = {
        "title": "疫情",
        "text": "疫情" * 9,
        "account": "上海",
        "account_id": "1",
        "platform": "demo",
        "status": "live",
        "published_at": None,
    }
    marked = {
        term
        for term in " ".join(fulltext.document(fulltext.Indexed(**row))).split()
        if re.search("[\ue000-\ue005]", term)
    }
    assert len(marked) > 10
    for term in marked:
        try:
            assert not re.search("[\ue000-\ue005]", parse(term, widen=False).fts() or "")
        except UsageError:
            assert not any(map(str.isalnum, term))


SAMPLES = [
    "疫情防控",
    "ＧＤＰ",
    "½杯",
    "ﬁn",
    "e\u0301te\u0301",
    "각",
    "각",
    "👨‍👩‍👧",
    "🇨🇳🇫🇷",
    "，",
    "。",
    "\n",
    "…",
    "㍿",
    "ｶﾞ",
    "İ",
    "a\u0323\u0307",
    "𠮷",
    "x",
    " ",
    "字" * 40,
    "e\ufe0f",
    "。\u0301",
]
CHINESE_OR_SO = st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=30).map("".join)


@given(
    CHINESE_OR_SO,
    CHINESE_OR_SO,
    st.sampled_from([*SAMPLES, "fin", "各", "GDP", "1", "été", "株式会社", "ガ", "防控 OR x"]),
)
@example("", "e\u0301\u0323x", "x")
@example("", "字。\u0301x", "x")
@example("", "x，字。\u0301字", "x")
def test_a_snippet_holds_its_match_and_nothing_that_is_not_there(
    title: str, text: str, query: str
) -> None:
    try:
        expression = parse(query)
    except UsageError:
        return
    if not expression.matches(document(text, title)):
        return
    shown = snippet(title, text, "", expression)
    plain = (
        re.sub("^…(?!…)|…$", "", shown)
        if shown.replace("【", "").replace("】", "") not in (text, title)
        else shown
    )
    bare = plain.replace("【", "").replace("】", "")
    assert any(bare.strip("…") in source.replace("\n", " ") for source in (text, title)), shown
    marked = re.findall("【(.*?)】", shown, re.DOTALL)
    assert marked and all(expression.matches(document(mark)) or "OR" in query for mark in marked), (
        shown
    )
    for piece in (bare, *marked):
        assert not unicodedata.combining(piece[0]) and piece[0] not in "\u200d\ufe0f", shown
        assert not piece.endswith("\u200d"), shown


def test_a_snippet_is_cut_at_punctuation() -> None:
    text = "第一句话。第二句话说到疫情防控工作，还有别的！第三句话。"
    assert snippet("", text, "", parse("疫情防控")) == "第二句话说到【疫情防控】工作，还有别的！"


def test_a_snippet_shows_the_words_together() -> None:
    text = "疫情。" + "别的事情说了很久" * 12 + "。各地做好疫情期间的防控和口罩供应。"
    assert (
        snippet("", text, "", parse("疫情 口罩 防控"))
        == "各地做好【疫情】期间的【防控】和【口罩】供应。"
    )
    assert snippet("疫情通报", "没有", "", parse("疫情")) == "【疫情】通报"
    assert snippet("题", "没有", "上海发布", parse("account:上海")) == "【上海】发布"
