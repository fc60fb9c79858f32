"""The Paper's pages by the general rules alone: all of the article, and nothing that is around it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.extraction import read
from archive.general import choice
from archive.general.rules import ANYWHERE
from archive.model import Article
from archive.page.page import Page
from tests.standin.pages import WRAPPING, Story, jsp_page, next_page, seed_story

LAYOUTS = ["next", "dom", "jsp"]
PARAGRAPHS = [
    "云溪县应急管理局今天召开防汛工作会议，部署下一阶段的工作，各镇负责人参加会议。",
    "会议要求",
    "各单位要落实责任，加强值班值守；遇有险情及时报告。",
    "会议强调，要把人民群众的生命安全放在第一位，做好转移安置和物资储备。",
    "（云溪县融媒体中心）",
]


def by_general_rules(story: Story) -> Article:
    page = jsp_page(story) if story.layout == "jsp" else next_page(story)
    url = f"https://www.thepaper.cn/newsDetail_forward_{story.cont_id}"
    article = read(
        Page(url=url, body=page, content_type="text/html", captured_at=datetime.now(UTC)),
        ANYWHERE,
        ANYWHERE.locate(url),
    )
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("marks", [True, False], ids=["with marks", "without marks"])
def test_the_seed_article_by_the_general_rules(
    layout: str, marks: bool, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not marks:
        monkeypatch.setattr(choice, "container", lambda tree: None)
    story = seed_story(shared / "seed" / "article.txt", layout)
    article = by_general_rules(story)

    assert article.text.split("\n") == story.text
    assert article.title == story.title
    assert article.published_at == "2020-02-02T20:52:00+08:00"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("marks", [True, False], ids=["with marks", "without marks"])
@pytest.mark.parametrize("number", [2, 3, 5])
def test_an_article_of_the_layout_by_the_general_rules(
    layout: str, marks: bool, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not marks:
        monkeypatch.setattr(choice, "container", lambda tree: None)
    story = Story(
        11_234_567,
        "云溪县应急管理局召开会议部署下一阶段防汛救灾工作",
        PARAGRAPHS[:number],
        account="云溪发布",
        layout=layout,
    )
    article = by_general_rules(story)

    assert article.text.split("\n") == story.text
    assert (article.title, article.published_at) == (story.title, "2020-02-02T20:52:00+08:00")
    assert not WRAPPING & set(article.text.split("\n"))
