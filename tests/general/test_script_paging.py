"""Pagers that only run scripts: pages of one article, with their addresses where the page says how they are made."""

from __future__ import annotations

import pytest

from archive import extract
from archive.model import Article, Paging
from tests.rigs.paged import HOST, page, text_of

AT = f"{HOST}/zw/202403/t20240305_17.html"
LATER = (f"{HOST}/zw/202403/t20240305_17_2.html", f"{HOST}/zw/202403/t20240305_17_3.html")
ASKED = (f"{AT}?page=2", f"{AT}?page=3")


def links(call: str, number: int = 1) -> str:
    return "<div class='fy'>" + " ".join(
        f"<a {call.format(n=n)}>[{n}]</a>" if n != number else f"<b>{n}</b>" for n in (1, 2, 3)
    ) + "</div>"  # fmt: skip


def paging(pager: str, url: str = AT) -> Paging | None:
    article = extract(page(text_of(1), pager), url)
    assert isinstance(article, Article)
    assert article.text.splitlines() == text_of(1)
    return article.paging


HREF = 'href="javascript:gotoPage({n})"'
SUFFIXED = "<script>function gotoPage(n){ location.href = 't20240305_17_' + n + '.html'; }</script>"


@pytest.mark.parametrize(
    ("pager", "others"),
    [
        (links(HREF) + SUFFIXED, LATER),
        (links("href='#' onclick=\"toPage('{n}')\"") + "<script>function toPage(p){window.location='?page='+p}</script>", ASKED),
        (links("href=\"javascript:page('{n}')\"") + "<script>var page = function(p) { location.replace(location.pathname + \"?page=\" + p); }</script>", ASKED),
        (links("href='javascript:;' onclick='return jump({n})'") + "<script>function jump(i){window.location.href=\"/zw/202403/t20240305_17_\"+i+\".html\";}</script>", LATER),
        (links("onclick='turnPage({n})'") + "<script>function turnPage(i){var u; self.location.href='_'+(i)+'.html'}</script>", LATER),
        (links("href='javascript:goPage({n})'") + "<script>function goPage(n){document.getElementById('f').submit();}</script>", ()),
        (links("href='javascript:gotoPage({n})'"), ()),
        ("<p>共3页 1 <a href='javascript:nextPage(2)'>下一页</a></p>", ()),
        ("<p>全文共3页</p><script>createPageHTML('fy', 3, 0, whatever);</script>", ()),
        ("<script>createPageHTML(3, 0, name, ext, 20);</script>", ()),
        ("<script>createPageHTML('page_div', 3, 0, 't20240305_17', 'html', 9);</script>",
         (f"{HOST}/zw/202403/t20240305_17_1.html", f"{HOST}/zw/202403/t20240305_17_2.html")),
    ],
)  # fmt: skip
def test_the_first_of_three(pager: str, others: tuple[str, ...]) -> None:
    first = paging(pager)
    assert first
    assert (first.number, first.count, tuple(url for _, url in first.others)) == (1, 3, others)


def test_a_later_page_knows_its_number_and_the_first() -> None:
    second = paging(links(HREF, 2) + SUFFIXED, LATER[0])
    assert second
    assert (second.number, second.first) == (2, AT)


@pytest.mark.parametrize(
    "pager",
    [
        links("href='javascript:showPage({n})'") + "<script>function showPage(n){ $('.p').hide(); $('#p'+n).show(); }</script>",
        links("href='javascript:showPage({n})'") + "<div id='page2' style='display:none'></div>",
        "<div id='comments'>" + links("href='javascript:goPage({n})'") + "</div>",
        "<p><a href='javascript:page(2)'>打印</a></p>",
        "<p><a href='javascript:setSize(2)'>2</a></p>",
        "<script>//createPageHTML(3, 0, a, b);</script>",
    ],
)  # fmt: skip
def test_what_leads_to_no_page_is_no_pager(pager: str) -> None:
    article = extract(page(text_of(1), pager), AT)
    assert isinstance(article, Article)
    assert article.paging is None
