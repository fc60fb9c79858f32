"""Attachments whose address names no file: by label, attribute, box or list. The site's own links
never are."""

from __future__ import annotations

import pytest

from tests.page.test_attachments import files

D = "/d?id=1"


@pytest.mark.parametrize(
    "link",
    [
        f"<a href='{D}'>附件1</a>",
        f"<a href='{D}'>附件：云溪县防汛办法.pdf</a>",
        f"<a href='{D}'>附 件 二</a>",
        f"<a href='{D}'>【附件】</a>",
        f"<a href='{D}'>附表3：分配表</a>",
        f"<a href='{D}'>点击下载附件</a>",
        f"<a href='{D}'>通知附件2</a>",
        f"<a href='{D}' title='分配表.xls'>点击查看</a>",
        f"<a href='{D}' download>分配表</a>",
        f"<a href='{D}' download='名单.docx'>名单</a>",
        f"<a href='{D}' type='application/msword'>名单</a>",
        f"<a onclick=\"window.open('{D}')\" href='javascript:;'>附件1：名单</a>",
        f"<a onclick=\"down('{D}')\" href='#'>名单.xlsx</a>",
        f"<embed src='{D}' type='application/pdf'>",
        f"<p>附件：<a href='{D}'>云溪县防汛办法</a></p>",
        f"<div class='fj-list'><a href='{D}'>防汛办法</a></div>",
        f"<div id='attachment'><a href='{D}'>防汛办法</a></div>",
        f"<table><tr><td>附件</td><td><a href='{D}'>防汛办法</a></td></tr></table>",
    ],
)
def test_a_link_that_is_called_attachment_is_one(link: str) -> None:
    assert files(link) == [("attachment", D)]


@pytest.mark.parametrize(
    "outside",
    [
        f"<div class='article_attachments'><a href='{D}'>防汛办法</a></div>",
        f"<p>附件下载：<a href='{D}'>防汛办法</a></p>",
        f"<ul><li>附件</li><li><a href='{D}'>防汛办法</a></li></ul>",
        f"<div><b>【相关附件】</b><span><a href='{D}'>防汛办法</a></span></div>",
        f"<dl class='fujian'><dd><a href='{D}'>防汛办法</a></dd></dl>",
    ],
)
def test_a_box_next_to_the_body_has_attachments(outside: str) -> None:
    assert files("", outside) == [("attachment", D)]


def test_a_list_of_attachments_goes_on_after_its_first_entry() -> None:
    inside = "<p>附件：1.<a href='/d?id=1'>甲表</a></p>" + "".join(
        f"<p>{n}.<a href='/d?id={n}'>第{n}表</a></p>" for n in (2, 3)
    )
    after = "<p>会议要求，各镇要落实责任，并于每月五日前报送上月的情况，逾期不报的予以通报。</p><p><a href='/d?id=9'>别的</a></p>"

    assert files(inside + after) == [("attachment", f"/d?id={n}") for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/d?id=1'>下载客户端</a>",
        "<a href='/d?id=1'>打印本页</a>",
        "<a href='/d?id=1'>分享到微信</a>",
        "<a href='/d?id=1'>【关闭窗口】</a>",
        "<a href='/download.jsp?app=2'>云溪发布APP下载</a>",
        "<a href='/f/reader.zip'>下载PDF阅读器</a>",
        "<a href='/f/1.pdf'>打印</a>",
        "<a href='https://apps.apple.com/cn/app/id1?mt=8'>附件1</a>",
        "<a href='/f/yunxi.apk'>附件</a>",
        "<p>附件：<a href='/share?id=1'>分享</a></p>",
        "<div class='attach'><a href='/app?id=1'>安卓客户端</a></div>",
    ],
)
def test_the_sites_own_links_are_no_attachments(link: str) -> None:
    assert files(link) == []


@pytest.mark.parametrize(
    "link",
    [
        "<a href='#fj1'>附件1</a>",
        "<a href='t20210301_1.html#fj1'>附件1</a>",
        "<a href='/zt/1.shtml'>附件1</a>",
        "<a href='/fj/'>附件</a>",
        "<a href='/i/1.jpg'>附件1</a>",
        "<a href='/d?id=1'>云溪县防汛办法</a>",
        "<a href='/d?id=1'>附件所列单位</a>",
        "<div class='fj-header'><a href='/d?id=1'>福建</a></div>",
        "<p>附件所列各单位要落实责任：<a href='/d?id=1'>名单</a></p>",
    ],
)
def test_what_is_not_called_attachment_is_none(link: str) -> None:
    assert files(link) == []
