"""Which documents and films belong to an article: by element, address, label and box."""

from __future__ import annotations

import pytest

from archive import extract
from archive.model import Article

TEXT = "".join(
    f"<p>云溪县第{n}次会议要求，各镇要落实责任。会议强调，要确保安全，特此通知。</p>"
    for n in range(5)
)
AT = "http://www.yunxi.example/zwgk/202103/t20210301_1.html"


def files(inside: str, outside: str = "", head: str = "") -> list[tuple[str, str]]:
    """Kind and address of what an article has."""
    page = (
        f"<html><head><title>关于召开会议的通知</title>{head}</head><body><ul><li><a href='/'>首页</a></li>"
        f"<li><a href='/zt/guide.pdf'>办事指南</a></li></ul><div class='c'><h1>关于召开会议的通知</h1>"
        f"<p>发布时间：2021-03-01 09:30 来源：云溪县</p><div id='zoom'>{TEXT}{inside}</div>{outside}</div>"
        "<div class='foot'><a href='/files/privacy.doc'>隐私声明</a></div></body></html>"
    )
    article = extract(page.encode(), AT)
    assert isinstance(article, Article), article
    assert "办事指南" not in article.text
    return [
        (file.kind, file.url.removeprefix("http://www.yunxi.example")) for file in article.pictures
    ]


@pytest.mark.parametrize(
    ("inside", "address"),
    [
        ("<a href='/f/1.PDF'>名单</a>", "/f/1.PDF"),
        ("<a href='./P020210301.xlsx?v=2#top'>名单</a>", "/zwgk/202103/P020210301.xlsx?v=2"),
        ("<a href='/download.jsp?wbfileid=55'>附件1：申请表</a>", "/download.jsp?wbfileid=55"),
        (
            "<a href='/module/download/downfile.jsp?filename=9.doc'>申请表</a>",
            "/module/download/downfile.jsp?filename=9.doc",
        ),
        ("<a href='/attach/getFile.do?id=9'>附件：名单</a>", "/attach/getFile.do?id=9"),
        ("<a href='/file/8a7b'>申请表（样式）.docx</a>", "/file/8a7b"),
        ("<a href='/show?name=%E5%90%8D.xls'>名单</a>", "/show?name=%E5%90%8D.xls"),
        ("<a href='javascript:;' onclick=\"window.open('/u/sb.xls')\">申报表</a>", "/u/sb.xls"),
        ("<a href=\"javascript:down('/u/2.zip')\">附件</a>", "/u/2.zip"),
        ("<span><a onclick='dl(\"/u/3.ofd\")'>附件3</a></span>", "/u/3.ofd"),
        ("<iframe src='/u/W0.pdf'></iframe>", "/u/W0.pdf"),
        ("<iframe src='/pdfjs/web/viewer.html?file=/u/W1.pdf'></iframe>", "/u/W1.pdf"),
        ("<iframe src='/pdf/viewer.html?file=%2Fu%2FW2.pdf&amp;p=1'></iframe>", "/u/W2.pdf"),
        ("<object data='/u/o.pdf' type='application/pdf'></object>", "/u/o.pdf"),
        ("<embed src='/u/e.pdf'>", "/u/e.pdf"),
        ('<script>var wzfj = "/u/w.pdf"; show(wzfj);</script>', "/u/w.pdf"),
        ("<script>document.write('<a href=\"/u/dw.doc\">附件</a>')</script>", "/u/dw.doc"),
    ],
)
def test_a_document_of_the_body_is_an_attachment(inside: str, address: str) -> None:
    assert files(inside) == [("attachment", address)]


@pytest.mark.parametrize(
    "outside",
    [
        "<div class='fj'><p>附件：</p><a href='/f/1.pdf'>名单</a></div>",
        "<ul class='attachment-list'><li><a href='/f/1.pdf'>1.名单</a></li></ul>",
        "<p>附件下载：<a href='/f/1.pdf'>名单.pdf</a></p>",
        "<div><b>【相关附件】</b><span><a href='/f/1.pdf'>名单</a></span></div>",
        "<table><tr><td>附件1</td><td><a href='/f/1.pdf'>名单</a></td></tr></table>",
    ],
)
def test_a_box_of_attachments_next_to_the_body_is_the_articles(outside: str) -> None:
    assert files("", outside) == [("attachment", "/f/1.pdf")]


@pytest.mark.parametrize(
    "script",
    [
        "var fj = '/f/1.pdf';",
        'var attachUrl="/f/1.pdf"',
        "pdfurl = '/f/1.pdf'; viewer(pdfurl)",
        "var fileUrl = '/f/1.pdf';",
        "window.fujian='/f/1.pdf'",
    ],
)
def test_a_variable_of_attachments_names_one(script: str) -> None:
    assert files("", head=f"<script>{script}</script>") == [("attachment", "/f/1.pdf")]


@pytest.mark.parametrize(
    ("inside", "address"),
    [
        ("<video src='/v/1.mp4'></video>", "/v/1.mp4"),
        ("<video><source src='/v/2.webm'></video>", "/v/2.webm"),
        ("<audio src='/v/3.mp3'></audio>", "/v/3.mp3"),
        ("<a href='/v/4.mp4'>视频</a>", "/v/4.mp4"),
        ("<embed src='/v/5.flv'>", "/v/5.flv"),
    ],
)
def test_a_film_of_the_body_is_the_articles(inside: str, address: str) -> None:
    assert files(inside) == [("video", address)]


@pytest.mark.parametrize(
    "inside",
    [
        "<a href='/zt/about.html'>附录说明</a>",
        "<a href='/download/'>下载中心</a>",
        "<a href='javascript:window.print()'>打印</a>",
        "<script>var css = 'style.css'; var img = '/i/1.png';</script>",
        "<iframe src='/share.html'></iframe>",
        "<img src='/ueditor/dialogs/attachment/fileTypeImages/icon_pdf.gif'>",
    ],
)
def test_what_leads_to_no_document_is_none(inside: str) -> None:
    assert files(inside) == []


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("<img data-srcset='/i/a-600.jpg 600w, /i/a-1200.jpg 1200w'>", "/i/a-1200.jpg"),
        ("<img srcset='/i/1.jpg, /i/2.jpg 2x'>", "/i/2.jpg"),
        ("<picture><source srcset='/i/big.webp 2x'><img></picture>", "/i/big.webp"),
        ("<picture><source srcset='/i/s.webp'><img src='/i/s.jpg'></picture>", "/i/s.jpg"),
        ("<img src='data:image/gif;base64,R0' data-src='/i/late.jpg'>", "/i/late.jpg"),
    ],
)
def test_a_set_of_sizes_is_one_picture_the_largest(image: str, address: str) -> None:
    assert files(image) == [("picture", address)]
