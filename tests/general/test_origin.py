"""Source and author from the bylines of invented pages, in many orders, signs and elements."""

from __future__ import annotations

import pytest

from archive import extract
from archive.general.credits import credits_of
from archive.model import Article

BODY = "".join(
    f"<p>{n}月以来，全县供水管网改造工程有序推进，各项任务按期完成，群众反映良好。</p>"
    for n in range(3, 8)
)
# How the line under the headline is written: (label of a case, mark-up, source, author)
UNDER_HEADLINE = [
    ("one line", "<div>来源：县水务局 作者：王秀英 时间：2024-03-05</div>", "县水务局", "王秀英"),
    ("bars", "<div>2024-03-05 10:11 | 来源: 县水务局 | 作者: 王秀英</div>", "县水务局", "王秀英"),
    ("nothing between", "<div>作者：王秀英来源：县水务局2024-03-05</div>", "县水务局", "王秀英"),
    ("no-break", "<div>信息来源：县水务局&nbsp;&nbsp;撰稿：王秀英&nbsp;&nbsp;2024-03-05</div>", "县水务局", "王秀英"),
    ("brackets", "<div>【来源：县水务局】【作者：王秀英】【字体：大 中 小】</div>", "县水务局", "王秀英"),
    ("tabs", "<div>稿源：县水务局\t记者：王秀英\t编辑：李大山</div>", "县水务局", "王秀英"),
    ("cells", "<table><tr><td>来源</td><td>县水务局</td><td>作者</td><td>王秀英</td></tr></table>", "县水务局", "王秀英"),
    ("cells with colons", "<table><tr><td>来源：</td><td>县水务局</td></tr><tr><td>作者：</td><td>王秀英</td></tr></table>", "县水务局", "王秀英"),
    ("terms", "<dl><dt>来源</dt><dd>县水务局</dd><dt>作者</dt><dd>王秀英</dd></dl>", "县水务局", "王秀英"),
    ("boxes", "<div>来源：</div><div>县水务局</div><div>供稿：</div><div>王秀英</div>", "县水务局", "王秀英"),
    ("spans", "<p><span>来源：</span><span>县水务局</span> <span>文/</span><span>王秀英</span></p>", "县水务局", "王秀英"),
    ("set wide", "<p>来　源：县水务局　　　作　者：王 英　　　点击数：12</p>", "县水务局", "王英"),
    ("reporter in source", "<p>来源：县融媒体中心记者 王秀英 2024-03-05</p>", "县融媒体中心", "王秀英"),
    ("reporter of a paper", "<p>云溪日报记者 王秀英　2024-03-05 08:00</p>", "云溪日报", "王秀英"),
    ("two", "<p>来源：县水务局 通讯员：王秀英 李大山 2024-03-05</p>", "县水务局", "王秀英 李大山"),
    ("photographer", "<p>来源：县水务局 摄影：李大山 2024-03-05</p>", "县水务局", None),
    ("photographer first", "<p>摄影：李大山 文字：王秀英 来源：云溪发布</p>", "云溪发布", "王秀英"),
    ("editor", "<p>2024-03-05 来源：云溪发布 责编：李大山 审核：赵大勇</p>", "云溪发布", None),
    ("office gave it", "<p>供稿：县水务局办公室 审核：李大山 发布时间：2024-03-05</p>", "县水务局办公室", None),
    ("person of an office", "<p>供稿：县水务局 王秀英 发布时间：2024-03-05</p>", "县水务局", "王秀英"),
    ("given by an office", "<p>供稿单位：县水务局 供稿人：王秀英 发布日期：2024-03-05</p>", "县水务局", "王秀英"),
    ("publisher", "<p>发布机构：县水务局 发布日期：2024-03-05 浏览次数：9</p>", "县水务局", None),
    ("publisher and source", "<p>发布机构：县政府办公室 来源：县水务局 发布日期：2024-03-05</p>", "县水务局", None),
    ("admin", "<p>来源：县水务局 作者：admin 2024-03-05</p>", "县水务局", None),
    ("column", "<p>来源：县水务局 作者：通知公告 2024-03-05</p>", "县水务局", None),
    ("button", "<p>来源：县水务局 作者：打印 2024-03-05</p>", "县水务局", None),
    ("nothing after it", "<p>来源： 作者： 发布时间：2024-03-05</p>", None, None),
    ("Latin", "<p>Source line 来源：China Daily 作者：王秀英 2024-03-05</p>", "China Daily", "王秀英"),
    ("bars for colons", "<p>来源 | 云溪发布 编辑 | 李大山 作者 | 王秀英</p>", "云溪发布", "王秀英"),
    ("Japanese bars", "<p>来源丨云溪发布　文丨王秀英　图丨李大山</p>", "云溪发布", "王秀英"),
    ("without labels", "<p>2024-03-05 10:11 云溪日报</p>", "云溪日报", None),
    ("provided by", "<p>信息提供：县水务局 录入：李大山 2024-03-05</p>", "县水务局", None),
    ("reprinted", "<p>转载自：云溪日报 时间：2024/03/05 10:11</p>", "云溪日报", None),
    ("three checks", "<p>来源：云溪日报 一审：李大山 二审：赵大勇 三审：孙小梅 2024-03-05</p>", "云溪日报", None),
    ("time between", "<p>来源：云溪日报 2024-03-05 10:11 作者：欧阳小明 阅读：20</p>", "云溪日报", "欧阳小明"),
]  # fmt: skip
# Signed in the text: (label of a case, before the text, after it, source, author)
IN_BODY = [
    ("brackets", "", "<p>（王秀英 李大山）</p>", None, "王秀英 李大山"),
    ("reporter in brackets", "", "<p>（记者 王秀英）</p>", None, "王秀英"),
    ("gave it", "", "<p>（县水务局 王秀英 供稿）</p>", "县水务局", "王秀英"),
    ("text and pictures", "", "<p>图、文：王秀英</p>", None, "王秀英"),
    ("slashes", "", "<p>文/王秀英 图/李大山</p>", None, "王秀英"),
    ("slashes behind", "", "<p>王秀英/文 李大山/摄</p>", None, "王秀英"),
    ("photographer", "", "<p>本报记者 李大山 摄</p>", None, None),
    ("foot", "", "<p>来源：云溪日报</p><p>责任编辑：李大山</p>", "云溪日报", None),
    ("foot in a row", "", "<p>撰稿：王秀英　摄影：李大山　审核：赵大勇</p>", None, "王秀英"),
    ("rare surname", "", "<p>（云溪台记者 奚小丹 仝大山）</p>", "云溪台", "奚小丹 仝大山"),
    ("top", "<p>云溪日报记者王秀英 通讯员李大山</p>", "", "云溪日报", "王秀英"),
    ("dateline", "<p>云溪日报讯（记者 王秀英）全县供水管网改造工程近日启动，计划于年底前完成全部施工任务并投入使用。</p>", "", "云溪日报", "王秀英"),
    ("end of a sentence", "", "<p>目前，工程已经完成总量的八成，余下的部分将在年底以前全部完成并且投入使用，届时全县的供水能力提高一倍。（王秀英 文/图）</p>", None, "王秀英"),
]  # fmt: skip


def _page(head: str, body: str) -> Article:
    html = (
        "<html><head><meta charset=utf-8><title>云溪县供水管网改造有序推进</title></head><body>"
        f"<h1>云溪县供水管网改造有序推进</h1>{head}<div class='content'>{body}</div></body></html>"
    )
    article = extract(html.encode(), "http://www.yunxi.example/a/1.html")
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize(
    ("head", "source", "author"),
    [case[1:] for case in UNDER_HEADLINE],
    ids=[case[0] for case in UNDER_HEADLINE],
)
def test_line_under_the_headline(head: str, source: str | None, author: str | None) -> None:
    article = _page(head, BODY)
    assert (article.source, article.author) == (source, author)


@pytest.mark.parametrize(
    ("before", "after", "source", "author"),
    [case[1:] for case in IN_BODY],
    ids=[case[0] for case in IN_BODY],
)
def test_signed_in_the_text(
    before: str, after: str, source: str | None, author: str | None
) -> None:
    article = _page("<p>2024-03-05 10:11</p>", before + BODY + after)
    assert (article.source, article.author) == (source, author)


@pytest.mark.parametrize(
    "line",
    [
        "记者从县水务局获悉，工程已经完成",
        "他率领记者参观了工程",
        "作者协会召开会议",
        "这篇文章的作者在文中写道",
        "图书馆举办文学讲座",
    ],
)
def test_prose_has_no_credits(line: str) -> None:
    assert not credits_of(line)


def test_a_second_place_confirms_a_name() -> None:
    """The site puts its own name in the meta data; the line and the foot name the paper."""
    html = (
        "<html><head><meta charset=utf-8><meta name=ContentSource content=云溪政府网>"
        "<title>云溪县供水管网改造有序推进</title></head><body><h1>云溪县供水管网改造有序推进</h1>"
        f"<p>2024-03-05 来源：云溪日报</p><div class=content>{BODY}<p>来源：云溪日报</p></div></body></html>"
    )
    article = extract(html.encode(), "http://www.yunxi.example/a/1.html")
    assert isinstance(article, Article)
    assert article.source == "云溪日报"
    alone = html.replace("<p>来源：云溪日报</p>", "").encode()
    article = extract(alone, "http://www.yunxi.example/a/1.html")
    assert isinstance(article, Article)
    assert article.source == "云溪政府网"


@pytest.mark.parametrize(
    "name", ["https://www.yunxi.example/u/1", "sina_mobile", "讚 2", "admin", "系统管理员", "佚名"]
)
def test_what_is_no_name_in_meta_data(name: str) -> None:
    head = f"<meta name=author content='{name}'><p>2024-03-05 来源：云溪日报</p>"
    assert _page(head, BODY).author is None


@pytest.mark.parametrize(
    "credit",
    [
        "作者：王秀英",
        "<span>作者：</span><a href='/w/1'>王秀英</a>",
        "文/王秀英",
        "撰稿｜王秀英",
        "本报记者 王秀英",
        "（通讯员 王秀英）",
    ],
)
def test_a_credit_is_found_behind_other_short_lines(credit: str) -> None:
    above = "<p>发表时间：06/02/2022 - 13:48</p><p>音频 04:29</p><p>播客 © 云溪台</p><p>云溪早报摘要</p>"
    text = "<p>全县供水管网改造工程有序推进，各项任务按期完成。</p>" * 6
    page = (
        "<html><head><title>全县供水改造有序推进</title></head><body><h1>全县供水改造有序推进</h1>"
        f"<div class='content'>{above}<div>{credit}</div><p>7 分钟</p>{text}</div></body></html>"
    )
    article = extract(page.encode(), "https://www.yunxi.example/a/1.html")

    assert isinstance(article, Article)
    assert article.author == "王秀英"
