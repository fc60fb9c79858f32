"""An empty answer says why it is empty, and a name that nobody has is wrong usage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Archive
from archive.cli.main import cli
from archive.errors import UsageError
from archive.search.misreading import misread, unknown_field
from tests.rigs.corpus import row, write

TEXTS = [
    ("thepaper", "中国广州发布", "广州通报疫情防控", "口罩供应充足。", "2020-02-02"),
    ("thepaper", "中国广州发布", "防汛工作部署", "各区落实防控责任。", "2021-06-01"),
    ("sohu", "济南高新区", "开放时间调整", "图书馆延长开放，疫\u200b情期间限流。", "2020-03-01"),
    (
        "sohu",
        "济南高新区",
        "无日期的通知",
        "co\u00adoperation 与\u2060合作，葛\U000e0100城。",
        None,
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explanation")
    rows = [
        row(number, title, text, account, day) | {"platform": platform}
        for number, (platform, account, title, text, day) in enumerate(TEXTS, 1)
    ]
    write(folder / "archive.db", rows)
    return folder


@pytest.fixture
def archive(folder: Path) -> Iterator[Archive]:
    with Archive(folder) as archive:
        yield archive


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["疫情", "--platform", "thepapr"], "no platform thepapr; did you mean thepaper?"),
        (["疫情", "--platform", "微博"], "no platform 微博; known are "),
        (["疫情", "--account", "广州发布"], "did you mean 中国广州发布?"),
        (["疫情", "--account", "中国广州发步"], "did you mean 中国广州发布?"),
        (["疫情", "--account", "完全不同"], "`zhengwen status` lists its accounts."),
        (["疫情", "--account", "\ud800"], "A filter holds bytes that are no text"),
        (["疫情", "--since", "2021-01-01", "--until", "2020-01-01"], "exchange them"),
    ],
)
def test_a_filter_that_cannot_be_is_wrong_usage(
    folder: Path, words: list[str], sentence: str
) -> None:
    result = run(folder, "search", *words)

    assert result.exit_code == 2 and result.stdout == ""
    assert sentence in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["地震"], "0 hits: no article holds 地震."),
        (["疫情", "地震", "海啸"], "0 hits: no article holds 地震 or 海啸."),
        (["口罩", "图书馆"], "each word is in some article, but none has all that you typed"),
        (
            ["口罩", "--platform", "sohu"],
            "1 article holds what you typed, none with --platform sohu",
        ),
        (["口罩", "--platform", "netease"], "none with --platform netease"),
        (["防控", "--since", "2022-01-01", "--platform", "thepaper"], "(some without --since)"),
        (["疫情", "and", "防控"], "“and” is a word here"),
        (["疫情", "Not", "地震"], "operators are written in capitals"),
        (["疫情", "&&", "地震"], "operators are written in capitals"),
        (["title: 通报"], "write title:WORD, without a blank"),
        (["疫情", "near", "地震"], "“near” is a word here"),
        (["疫情", "或", "地震"], "“或” is a word here"),
        (["\u201c地震"], "the quotation that begins with \u201c has no end"),
        (["thepaper-3"], "`zhengwen show thepaper-3` shows the article"),
        (["https://www.thepaper.cn/newsDetail_forward_3"], "`zhengwen show thepaper-3`"),
        (["疫情", "--offset", "9"], "0 hits from 10 on: there are 2."),
    ],
)
def test_no_hit_has_a_reason(folder: Path, words: list[str], sentence: str) -> None:
    result = run(folder, "search", *words)

    assert result.exit_code == 0 and result.stdout == ""
    assert sentence in result.stderr and result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("标题:广州", "write title:WORD, without a blank"),
        ("账号：济南", "write account:WORD, without a blank"),
        ("platform:sohu", "use --platform"),
        ("发布时间:2020", "use --since and --until"),
        ("口罩 状态:live", "use --status"),
        ("正文:口罩", "looked for in titles and texts"),
        ("作者:张三", "title:WORD and account:WORD are fields"),
        ("tittle:口罩", 'did you mean title, or write "tittle:口罩" in quotes'),
        ("acount:济南", "did you mean account"),
        ("source:口罩", "title:WORD and account:WORD are fields"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--count-by", "all"], ["-o", "hits.csv"]])
def test_a_field_that_there_is_not_is_wrong_usage(
    folder: Path, query: str, sentence: str, more: list[str]
) -> None:
    result = run(folder, "search", query, *more)

    assert result.exit_code == 2 and result.stdout == "" and not Path("hits.csv").exists()
    assert "There is no field" in result.stderr and sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_looks_like_a_field_is_text_where_an_article_holds_it(tmp_path: Path) -> None:
    write(
        tmp_path / "archive.db",
        [row(1, "通报", "会议时间:周一，编号 code:17。", "a", "2020-02-02")],
    )

    for query in ("时间:周一", "code:17", '"code:17"'):
        result = run(tmp_path, "search", query)
        assert result.exit_code == 0 and "thepaper-1" in result.stdout, result.stderr
    assert "There is no field code" in run(tmp_path, "search", "code:17").stderr
    assert run(tmp_path, "search", '"code:17"').stderr == ""
    assert run(tmp_path, "search", '"code:18"').exit_code == 0


@pytest.mark.parametrize("query", ["12:30", "比分2:1", "https://a.example/", '"标题:广州"', "C:x"])
def test_a_colon_alone_makes_no_field(query: str) -> None:
    assert unknown_field(query) is None


@pytest.mark.parametrize(
    "query", ["疫情 AND 防控", "title:通报", "国发(2020)1号", "比分2:1", "12:30"]
)
def test_a_query_that_is_read_as_it_was_meant_gets_no_hint(query: str) -> None:
    assert misread(query) is None


def test_an_archive_without_articles_says_so(tmp_path: Path) -> None:
    write(tmp_path / "archive.db", [])

    assert "the archive has no article yet" in run(tmp_path, "search", "疫情").stderr


def test_hits_that_are_not_shown_are_counted(folder: Path) -> None:
    first = run(folder, "search", "疫情", "--limit", "1", "--json")
    all_of_them = run(folder, "search", "疫情", "--limit", "2")

    assert first.stdout.count("\n") == 1
    assert first.stderr == "Hits 1 to 1 of 2; --offset 1 shows the next ones.\n"
    assert all_of_them.stderr == ""
    assert run(folder, "search", "疫情", "--limit", str(2**63 - 1)).exit_code == 0


@pytest.mark.parametrize("query", ["疫情期间", "疫\u200b情", "cooperation", "与合作", "葛城"])
def test_characters_that_nobody_sees_hide_no_hit(archive: Archive, query: str) -> None:
    hits = archive.search(query)

    assert hits and "【" in hits[0].snippet


@pytest.mark.parametrize(
    "name",
    [
        "thepaper-3",
        "3",
        " 3 ",
        "https://www.thepaper.cn/newsDetail_forward_3",
        "www.thepaper.cn/newsDetail_forward_3",
        "http://m.thepaper.cn/newsDetail_forward_3",
    ],
)
def test_an_article_is_named_by_id_number_or_address(folder: Path, name: str) -> None:
    assert run(folder, "show", name).stdout.startswith("开放时间调整\n")


@pytest.mark.parametrize("name", ["99", "thepaper-99", "https://www.thepaper.cn/", "://", "", "%"])
def test_a_name_of_no_article_gets_a_sentence(folder: Path, name: str) -> None:
    result = run(folder, "show", name)

    assert result.exit_code == 2 and "There is no article" in result.stderr


def test_python_has_reasons_days_and_all_articles(archive: Archive) -> None:
    assert archive.why_none("地震") == "no article holds 地震"
    assert [hit.published_at for hit in archive.search("疫情", until=date(2020, 2, 20))] == [
        "2020-02-02"
    ]
    assert [article.title for article in archive.articles()] == [text[2] for text in TEXTS]
    with pytest.raises(UsageError, match="did you mean 中国广州发布"):
        archive.count("疫情", account="广州发布")


FOLLOWED = """platform,account_id,name,url,state,reason
thepaper,900,云溪发布,https://www.thepaper.cn/gov_900,,
thepaper,901,,https://www.thepaper.cn/gov_901,pause,on leave
"""


@pytest.mark.parametrize("name", ["云溪发布", "900", "901"])
@pytest.mark.parametrize("more", [[], ["--count-by", "all"], ["--platform", "thepaper"]])
def test_an_account_that_is_followed_and_has_no_article_yet_is_known(
    folder: Path, tmp_path: Path, name: str, more: list[str]
) -> None:
    shutil.copy(folder / "archive.db", tmp_path)
    (tmp_path / "accounts.csv").write_text(FOLLOWED, "gb18030")

    result = run(tmp_path, "search", "口罩", "--account", name, *more)

    assert result.exit_code == 0, result.stderr
    words = f"0 hits: no article of {name} was captured yet; `zhengwen crawl {name}` asks for them."
    assert result.stderr == f"{words}\n"


@pytest.mark.parametrize("name", ["云溪发部", "90"])
def test_an_account_that_nobody_follows_is_not(folder: Path, tmp_path: Path, name: str) -> None:
    shutil.copy(folder / "archive.db", tmp_path)
    (tmp_path / "accounts.csv").write_text(FOLLOWED, "utf-8")

    result = run(tmp_path, "search", "口罩", "--account", name)

    assert result.exit_code == 2 and "did you mean" in result.stderr
