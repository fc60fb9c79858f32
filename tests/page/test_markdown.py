"""The Markdown of an article: a renderer of others makes its text of it again, and nothing else."""

from __future__ import annotations

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.page.markdown import markdown
from archive.page.page import Page, fragment
from archive.page.paragraphs import blocks

URL = "https://www.example.org/zwgk/2024/t20240305_1.html"


def page_of(body: str) -> Page:
    return Page(url=URL, body=f"<html><body>{body}</body></html>".encode())


def markdown_of(body: str) -> str:
    page = page_of(body)
    return markdown(page.tree, [text for _, text in blocks(page.tree)], page)


def rendered(text: str) -> list[str]:
    """The paragraphs of what a renderer makes of Markdown."""
    html = github_flavored_markdown_to_html(text)
    return [" ".join(text.split()) for _, text in blocks(fragment(html or "<p>"))]


def paragraphs(body: str) -> list[str]:
    return [" ".join(text.split()) for _, text in blocks(page_of(body).tree)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>一</h1><h3>二</h3><p>三</p>", "# 一\n\n### 二\n\n三"),
        ("<ul><li>甲</li><li>乙</li></ul>", "- 甲\n- 乙"),
        ("<ol start='3'><li>甲</li><li>乙<br>续</li></ol>", "3. 甲\n4. 乙\n\n   续"),
        ("<ul><li>甲<ul><li>子</li></ul></li><li>乙</li></ul>", "- 甲\n  - 子\n- 乙"),
        ("<p>见<a href='../a.html'>办法</a>。</p>", "见[办法](https://www.example.org/zwgk/a.html)。"),
        ("<p>见<a href='javascript:x()'>办法</a>。</p>", "见办法。"),
        ("<a href='/f(1) 2.doc'>附 件</a>", "[附 件](https://www.example.org/f%281%29%202.doc)"),
        ("<a href='/q?a=1&b=2'>甲</a>", "[甲](https://www.example.org/q?a=1&b=2)"),
        ("<p><img src='a.jpg' alt='图[1]'></p>", f"![图\\[1\\]]({URL.rpartition('/')[0]}/a.jpg)"),
        ("<p><img src='data:image/gif;base64,R0' data-src='/b.png'></p>", "![](https://www.example.org/b.png)"),
        ("<a href='/p.html'><img src='/b.png'></a>", "[![](https://www.example.org/b.png)](https://www.example.org/p.html)"),
        ("<table><tr><th>名</th><th>数</th></tr><tr><td>甲</td><td>1</td></tr></table>", "| 名 | 数 |\n|---|---|\n| 甲 | 1 |"),
        ("<table><tr><td>名</td><td>数</td></tr><tr><td>甲|乙</td><td>1</td><td>注</td></tr></table>", "| 名 | 数 |  |\n|---|---|---|\n| 甲&#124;乙 | 1 | 注 |"),
        ("<table><tr><td><p>一</p><p>二</p></td></tr></table>", "一\n\n二"),
        ("<a href='/x'><p>一</p><p>二</p></a>", "[一](https://www.example.org/x)\n\n[二](https://www.example.org/x)"),
        ("<p>一</p><a href='/x'></a><div></div>", "一"),
    ],
)  # fmt: skip
def test_structure_is_kept(body: str, expected: str) -> None:
    assert markdown_of(body) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# 不是标题", "- 不是列表", "1. 不是列表", "12) 不是列表", "+ 不是", "&gt; 不是引文", "*星* _线_ __粗__",
        "`code`", "[名](http://www.example.org/)", "![图](x.png)", "&lt;b&gt;标签&lt;/b&gt;", "&amp;lt;实体",
        "http://www.example.org/", "www.example.org", "someone@example.org", "~~删~~", "---", "===", "***",
        "| a | b |", "|---|---|", "[^1]", "[x]: http://www.example.org", "\\", "a\\*b", "结尾!", "$x$ $$y$$",
        "[ ] 待办", "&lt;!-- 注 --&gt;", "第1.2条", "1986\\. 年", ":--:", "&amp;#35; 号", "&amp;copy; 版权",
    ],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["<p>{}</p>", "<ul><li>{}</li><li>二</li></ul>", "<h2>{}</h2>",
    "<p>前<a href='/x'>{}</a>后</p>", "<table><tr><td>{0}</td><td>{0}</td></tr></table>"])  # fmt: skip
def test_text_of_the_page_makes_no_markup(text: str, frame: str) -> None:
    body = frame.format(text)
    html = github_flavored_markdown_to_html(markdown_of(body))
    tree = fragment(html)
    assert rendered(markdown_of(body)) == paragraphs(body)
    assert {link.get("href") for link in tree.iter("a")} <= {"https://www.example.org/x"}
    assert not list(tree.iter("img", "em", "strong", "del", "pre", "hr", "blockquote", "input"))
    assert len(list(tree.iter("h1", "h2"))) == ("h2" in frame)
    assert len(list(tree.iter("li"))) == 2 * ("li" in frame)


TEXTS = st.text(alphabet="一二 中\n\t#*_[]()<>&|`\\!-+=.1:/@~$^w", max_size=8)
INLINE = ["b", "span", "a href='/x?y=1&z=(2)'", "img src='p.png' alt='*图*'", "em"]
BLOCKS = ["p", "div", "h2", "ul", "ol start='7'", "li", "table", "tr", "td", "th", "br", "pre", "blockquote"]  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def element(name: str, children: list[str]) -> str:
    tag = name.partition(" ")[0]
    return f"<{name}>" + ("" if tag in ("img", "br") else f"{''.join(children)}</{tag}>")


PIECES = st.recursive(
    TEXTS.map(escaped),
    lambda inner: st.builds(
        element, st.sampled_from([*INLINE, *BLOCKS]), st.lists(inner, max_size=5)
    ),
    max_leaves=25,
)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_without_the_markup_it_is_the_text(body: str) -> None:
    assert rendered(markdown_of(body)) == paragraphs(body)


def test_paragraphs_that_the_rules_left_out_or_added_decide() -> None:
    body = (
        "<p>栏目</p><h2>一</h2><p><img src='/a.png'></p><ul><li>二</li></ul><p>三*</p><p>分享</p>"
    )
    page = page_of(body)
    expected = "## 一\n\n![](https://www.example.org/a.png)\n\n- 二\n\n别\\*\n\n三\\*"
    assert markdown(page.tree, ["一", "二", "别*", "三*"], page) == expected
    assert markdown(None, ["一*", "二"], page) == "一\\*\n\n二"
