"""What is read of a page without a tree of all of it is what the tree has."""

from __future__ import annotations

import random
from datetime import datetime

import pytest

from archive.errors import Unreadable
from archive.page.page import Page
from archive.platforms.kit.selectors import text_at
from archive.platforms.kit.unparsed import Beginning, text_with
from archive.platforms.thepaper import HEAD, NEXT
from tests.standin.pages import CHINA, Story, next_page

MARK = "index_cententWrap__"
PAGE = next_page(
    Story(1, "停水通知", ["明日停水。"], published=datetime(2031, 3, 1, tzinfo=CHINA))
).decode()
# what changes for a parser what is behind it, or has the words that are looked for
PIECES = (
    *("<!--", "-->", "<!-- 责任编辑：赵敏 -->", "<![CDATA[", "<?php", "<script>", "</script>"),
    *("<SCRIPT>", "</Script>", "<textarea>", "</textarea>", "<title>", "<noscript>", "<svg>"),
    *("<div", ">", '"', "='", '="', '<img alt="', "<p/>", "<a href=x/>", "<span/>", "</span>"),
    *("<span>责任编辑：赵敏</span>", "<b>责任编辑：<i>赵敏</i></b>", "<p>责任编辑：赵&amp;敏</p>"),
    *(
        "<span />责任编辑：赵敏</span>",
        '<i title="责任编辑：赵敏">',
        "责任编辑：钱进",
        "来源：新华社",
    ),
    *("</body>", "</html>", "<body>", '<html class="index_name__1">', "<HTML lang=zh>", "<table>"),
    *('<i class="index_name__2">', "<span>来源：", "&#26469;", "&nbsp;", "\r\n", "\x01", MARK),
    *("<style>", "<template>", "<iframe>", "<div>" * 30, "</div>" * 30, "<select>", "<form>"),
)


def same(text: str) -> bool:
    """Whether both ways give the same of a page; for one that has no tree both say so, or only the
    way that needs it."""
    of_tree, unparsed = (Page(url="", body=text.encode()) for _ in range(2))
    head = Beginning(unparsed, MARK)
    try:
        expected = (
            text_at(of_tree, NEXT.account, "index_name__"),
            text_at(of_tree, NEXT.source, "来源"),
            text_at(of_tree, NEXT.editor, "责任编辑"),
        )
    except Unreadable:
        return True
    return expected == (
        head.text_at(NEXT.account, "index_name__"),
        head.text_at(NEXT.source, "来源", HEAD),
        text_with(unparsed, "责任编辑", NEXT.editor),
    )


def changed(text: str, chance: random.Random) -> str:
    """A page in which some pieces are put in, and some of its own are missing."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(text))
        if chance.random() < 0.7:
            text = text[:place] + chance.choice(PIECES) + text[place:]
        else:
            text = text[:place] + text[place + chance.randint(1, 40) :]
    return text


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_page_is_read_as_its_tree(seed: int) -> None:
    chance = random.Random(seed)
    texts = [changed(PAGE, chance) for _ in range(150)]
    assert [text for text in texts if not same(text)] == []


@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_before_and_behind_the_article(piece: str) -> None:
    for place in (PAGE.index("<h1"), PAGE.index("来源"), PAGE.index("责任编辑")):
        assert same(PAGE[:place] + piece + PAGE[place:])
        assert same(PAGE[:place] + piece + PAGE[place:].replace("责任编辑：", "责任编辑：李丽"))


def test_the_page_itself_needs_no_tree() -> None:
    page = Page(url="", body=PAGE.replace("责任编辑：", "责任编辑：李丽").encode())
    head = Beginning(page, MARK)
    assert head.text_at(NEXT.account, "index_name__") == "济南高新区"
    assert head.text_at(NEXT.source, "来源", HEAD) == "来源：澎湃新闻·澎湃号·政务"
    assert text_with(page, "责任编辑", NEXT.editor) == "责任编辑：李丽"
    assert "tree" not in vars(page)
