"""An address that was guessed is that of the next page of a list, or a site answers it with something else and status 200."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from archive.general.list_form import form_of
from archive.general.listing_answer import read_listing, refusal_of
from archive.model import Account, Failure
from archive.page.page import Page
from archive.platform import Listing
from archive.platforms import gov
from crawler.ledger.walk import Walk

COLUMN = "http://www.yunxi.gov.cn/xw/list_1.html"
NAV = "<div class='nav'><ul><li><a href='/'>云溪县人民政府网首页</a></li><li><a href='/zw/'>政务公开信息栏目</a></li></ul></div>"


def row(number: int) -> str:
    return f"<li><a href='/xw/203103/t20310301_{number}.html'>关于做好第{number}期供水保障的通知</a><span>2031-03-01</span></li>"


def page(
    title: str, rows: str, box: str = "<ul class='list'>{}</ul>", url: str = COLUMN, end: str = ""
) -> Page:
    html = f"<html><head><title>{title}</title></head><body>{NAV}{box.format(rows)}{end}</body></html>"  # fmt: skip
    return Page(url=url, body=html.encode(), status=200, content_type="text/html; charset=utf-8")


LISTED = page("通知公告_云溪县人民政府", "".join(map(row, range(1, 5))))
SECOND = COLUMN.replace("_1", "_2")
NEWS = "".join(f"<p><a href='/sz/203102/t20310201_{n}.html'>县长第{n}次调研工业园区</a></p>" for n in range(5))  # fmt: skip
HOME_BOX = "<div class='banner'><table><tr><td>{}</td></tr></table></div>"
AS_LIST = "".join(map(row, range(20, 24)))

OTHERS = {
    "the home page": page("云溪县人民政府", NEWS, HOME_BOX, SECOND),
    "a notice with a title": page("页面不存在", "<p>去首页</p>", url=SECOND),
    "a notice with news": page("404 - 云溪县人民政府", NEWS, HOME_BOX, SECOND),
    "a list without rows": page("通知公告_云溪县人民政府", "", url=SECOND),
    "an error of the server": page("系统出错了", AS_LIST, url=SECOND),
    "notice without a title": page("", "<p>您访问的页面不存在</p>", url=SECOND),
}
DOUBTFUL = {
    "a home page of the same title": page("通知公告_云溪县人民政府", NEWS, HOME_BOX, SECOND),
    "a list in another box": page("通知公告_云溪县人民政府", AS_LIST, "<ol>{}</ol>", SECOND),
    "another column of one make": page("工作动态_云溪县人民政府", AS_LIST, url=SECOND),
    "another site": page("云溪日报数字报", NEWS, HOME_BOX, SECOND),
    "a page by scripts": page("正在加载", "<div id='app'></div>", "{}", SECOND),
}
NEXT = {
    "the same": page("通知公告_云溪县人民政府", AS_LIST, url=SECOND),
    "a number in the title": page("通知公告（第2页）_云溪县人民政府", AS_LIST, url=SECOND),
    "a Chinese number": page("通知公告 第二页_云溪县人民政府", AS_LIST, url=SECOND),
    "numbers in English": page("通知公告_云溪县人民政府 - Page 2 of 9", AS_LIST, url=SECOND),
    "of so many": page("通知公告（第2页，共9页）_云溪县人民政府", AS_LIST, url=SECOND),
    "one row": page("通知公告-2_云溪县人民政府", row(99), url=SECOND),
    "without a title": page("", AS_LIST, url=SECOND),
    "a numbered class": page(
        "通知公告_云溪县人民政府", AS_LIST, "<ul class='list2'>{}</ul>", SECOND
    ),
}


def read(answer: Page, form: str) -> Listing | Failure:
    assert gov.PLATFORM.discover
    return read_listing(
        answer, gov.PLATFORM.discover, lambda page: refusal_of(page, gov.PLATFORM), form
    )


def walked(answer: Page, first: Page = LISTED) -> Walk:
    """The walk through the first page, and what is answered for the second, which it guessed."""
    walk = Walk(account=Account(platform="gov", account_id="xw", url=COLUMN), begun_at="2031")
    listing = read(first, "")
    assert isinstance(listing, Listing) and listing.more and listing.trial
    assert urlsplit(listing.more.url).path == "/xw/list_2.html"
    walk.add(listing)
    second = read(answer, form_of(first))
    if isinstance(second, Failure):
        walk.fail(second)
    else:
        walk.add(second)
    return walk


@pytest.mark.parametrize("answer", OTHERS.values(), ids=OTHERS)
def test_what_a_site_answers_instead_of_a_page_is_the_end_of_the_list(answer: Page) -> None:
    walk = walked(answer)

    assert len(walk.seen) == 4 and walk.failure is None
    assert walk.complete and walk.progress.end == "no_more_links"


@pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_page_of_another_title_has_no_entry_of_the_list_and_is_no_end(answer: Page) -> None:
    walk = walked(answer)

    assert len(walk.seen) == 4 and walk.failure is None
    assert not walk.complete and walk.progress.end == "unknown"


@pytest.mark.parametrize("answer", NEXT.values(), ids=NEXT)
def test_the_next_page_of_the_list_is_read(answer: Page) -> None:
    assert len(walked(answer).seen) > 4


def test_signs_of_more_pages_stay_where_the_guess_was_answered_with_the_home_page() -> None:
    more = page("通知公告_云溪县人民政府", "".join(map(row, range(1, 5))), end="<p>共9页</p>")

    walk = walked(OTHERS["the home page"], more)

    assert not walk.complete and walk.progress.end == "unknown"


def test_data_have_no_form() -> None:
    assert form_of(Page(url=COLUMN, body=b'{"list": []}')) == ""
