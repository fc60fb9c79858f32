"""上一页 and 下一页 that lead nowhere: the end of a list of one page, unless a script may know what a click on them does."""

from __future__ import annotations

import pytest

from archive.page.page import Page
from archive.platforms import gov
from tests.platforms.lists import COLUMN, chunk, html, rows

LIBRARIES = "<script src='/js/jquery-3.6.0.min.js'></script><script src='/js/swiper.min.js'></script>"  # fmt: skip
OWN = "<script src='/static/common.js?v=3'></script>"
ENDS = {
    "words": "<p>首页 <span>上一页</span> <span>下一页</span> 尾页</p>",
    "placeholder links": "<div class='page'><a>上一页</a><a>下一页</a></div>",
    "cells": "<table><tr><td>上一页</td><td>下一页</td></tr></table>",
    "with libraries": f"<div class='fy'><em>上一页</em><em>下一页</em></div>{LIBRARIES}",
    "nameless, with a script": f"<p><font>上一页</font><font>下一页</font></p>{OWN}",
    "traditional": "<ul class='pages'><li>上一頁</li><li>下一頁</li></ul>",
    "named, counted by Baidu": "<div id='pg'><span class='n'>下一页</span></div><script>var _hmt=_hmt||[];_hmt.push(['_trackPageview']);</script>",
    "bold": "<center><b>上一页</b> | <b>下一页</b></center>",
}  # fmt: skip
DOUBTS = {
    "named, with a script": f"<div class='fy'><em>上一页</em><em>下一页</em></div>{OWN}",
    "name in the page": "<span id='nx'>下一页</span><script>document.getElementById('nx').onclick=go</script>",
    "class in the page": "<p><i class='xyy'>下一页</i></p><script>$('.xyy').click(more)</script>",
    "words in a script": "<span>下一页</span><script>if(this.innerText=='下一页')load()</script>",
    "page in a script": "<span>下一页</span><script>var pageNo=1;</script>",
    "attribute of Vue": "<span @click='more'>下一页</span>",
    "data": "<span data-to='2'>下一页</span>",
    "named around": f"<div id='turn'><p><span>下一页</span></p></div>{OWN}",
}  # fmt: skip


def page(pager: str) -> Page:
    body = html(rows(chunk(1)) + pager).encode()
    return Page(url=f"{COLUMN}/tzgg.html", body=body, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize("pager", ENDS.values(), ids=ENDS)
def test_words_that_lead_nowhere_are_an_end(pager: str) -> None:
    assert gov.PLATFORM.discover
    listing = gov.PLATFORM.discover(page(pager))

    assert (listing.more, listing.ended, listing.end) == (None, True, "no_more_links")


@pytest.mark.parametrize("pager", DOUBTS.values(), ids=DOUBTS)
def test_words_that_a_script_may_know_are_none(pager: str) -> None:
    assert gov.PLATFORM.discover
    listing = gov.PLATFORM.discover(page(pager))

    assert listing.end == "unknown" and not listing.ended
